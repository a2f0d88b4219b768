"""What the API would tell a program that asks for one piece of something, and where the doors say different things."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import StringConstraints

from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.refusals import UnknownLocation
from samband.flows.parity import Question, Said, channels, parity, told_of
from samband.flows.shop_window import shop_window

from .cart_answers import CHANNEL
from .operations import Door
from .parameters import Skus
from .shapes import parity as shapes

door = Door(
    "Parity", "Every channel is asked the same at the same moment; each difference has its reason, or is a fault."
)


def answer(question: Question) -> Said:
    """What `getOffer` says."""
    try:
        window = shop_window(question.slug, CHANNEL, question.market, at=question.at)
    except NoSuchProduct:
        return Said(None)
    return told_of(window, window.offer(question.sku), question, CHANNEL, ("ship", "pickup"))


@door.get("/parity", scope="catalog:read", answers=shapes.DifferenceList, refuses=(UnknownLocation,))
def list_differences(
    request: HttpRequest,
    sku: Skus,
    location: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=32)]],
        Query(
            max_length=100, description="Asked for at these stores; at all of them, unless said otherwise. Repeatable."
        ),
    ] = [],  # noqa: B006 - Ninja's way to say that none is fine
) -> shapes.DifferenceList:
    """Read where channels say different things of SKUs at stores.

    Of availability, price, ways to have goods and to pay, and how long they may be returned. SKUs that are not sold
    anywhere are passed over.
    """
    for code in location:
        inventory.location(code)
    found = tuple(parity(list(dict.fromkeys(sku)), location or None))
    return shapes.DifferenceList(
        channels=channels(),
        items=tuple(
            shapes.ChannelsDiffer(
                sku=one.sku,
                location=one.location,
                aspect=one.aspect,
                told=dict(one.told),
                reason=one.reason,
                fault=one.is_fault,
            )
            for one in found
        ),
        faults=sum(one.is_fault for one in found),
    )
