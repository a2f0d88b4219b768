"""The door itself: every operation, and one way of saying no whatever goes wrong."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from samband.kernel.refusal import Refusal

from . import (
    allocation,
    bodies,
    carts,
    catalog,
    checkout,
    consents,
    customers,
    delivering,
    fulfillments,
    gift_cards,
    health,
    order_changes,
    orders,
    parity,
    payments,
    prices,
    privacy,
    profiles,
    promotions,
    segments,
    stock,
    timeline,
)
from . import cart_offers as cart_offers  # more operations on carts
from . import money_by_hand as money_by_hand  # and on payments
from . import paying as paying
from .operations import Door
from .problems import as_refusal, problem
from .refusals import BodyTooLarge, MethodNotAllowed, NoSuchPath, WrongParameter

View = Callable[..., HttpResponse]

DOORS: tuple[Door, ...] = (
    catalog.door,
    prices.door,
    promotions.door,
    stock.door,
    allocation.door,
    carts.door,
    checkout.door,
    orders.door,
    payments.door,
    gift_cards.door,
    fulfillments.door,
    order_changes.door,
    delivering.door,
    parity.door,
    customers.door,
    profiles.door,
    privacy.door,
    consents.door,
    segments.door,
    timeline.door,
    health.door,
)

api = NinjaAPI(title="Samband", version="1", openapi_url=None, docs_url=None, urls_namespace="api")
# Addresses are tried in this order, so those of the busiest come first.
for one in sorted(DOORS, key=lambda door: door not in (carts.door, checkout.door)):
    api.add_router("", one.router)


def _say_no(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    return problem(as_refusal(error if isinstance(error, Exception) else error()))


for kind in (Exception, Refusal, ValidationError, HttpError, Http404):
    api.add_exception_handler(kind, _say_no)


def at_the_door(view: View) -> View:
    """What holds for every address of ours: nothing leaves but answers and problems, and HEAD is GET without a body."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        head_only = request.method == "HEAD"
        if head_only:
            request.method = "GET"
        try:
            _check_address(request)
            response = view(request, *args, **kwargs)
        except Exception as error:
            response = problem(_of_django(error))
        if response.status_code == 405:
            allowed = sorted(word.strip() for word in response.headers["Allow"].split(","))
            response = problem(MethodNotAllowed(allowed=allowed))
        if head_only:
            request.method = "HEAD"  # so that whoever sends it leaves the body out
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # nobody is signed in here by a cookie
    return answer


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Whatever is at no address of ours."""
    raise NoSuchPath()


def _check_address(request: HttpRequest) -> None:
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        raise WrongParameter(errors=[{"where": "", "message": "No text may hold a NUL character."}])


def _of_django(error: Exception) -> Refusal:
    """What Django itself refuses, in our words."""
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge(most_bytes=bodies.MOST_BYTES)
    if isinstance(error, SuspiciousOperation):
        return WrongParameter()
    if isinstance(error, Http404):
        return NoSuchPath()
    return as_refusal(error)
