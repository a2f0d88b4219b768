"""Customers: finding one, knowing them, and putting their particulars right."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.pricing import queries as pricing
from samband.customers.accounts import commands
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.rules import Particulars
from samband.flows.customer_orders import customer_orders
from samband.flows.customer_story import KINDS, customer_story
from samband.kernel.geography import TIME_ZONES
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Refusal

from .. import event_texts, reading
from ..doors import me, opens
from ..pages import Done, answer, page, words_for

A_PAGE = 40
LATEST_ORDERS = 20


@opens("customers")
def found(request: HttpRequest) -> HttpResponse:
    """The latest customers, or those that match."""
    text = reading.asked(request)
    people = accounts.search(text, before=reading.cursor(request), most=A_PAGE + 1)
    return page(
        request,
        "customers.html",
        q=text,
        people=people[:A_PAGE],
        before=people[A_PAGE - 1].id if len(people) > A_PAGE else None,
    )


@opens("customers")
def customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """One customer with their timeline."""
    accounts.customer(customer_id)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        words = words_for(me(request))
        kind = request.GET.get("kind", "")
        kind = kind if kind in KINDS else ""
        story = customer_story(customer_id, kind or None, request.GET.get("before", "")[:100])
        return page(
            request,
            "customer.html",
            refusal=refusal,
            words=words,
            one=accounts.customer(customer_id),
            addresses=accounts.addresses(customer_id),
            orders=customer_orders(customer_id, most=LATEST_ORDERS),
            kind=kind,
            kinds=tuple(KINDS),
            story=[(one, event_texts.sentence(one.code, one.details, words)) for one in story.moments],
            before=story.before,
            groups=sorted({one.customer_group for one in pricing.price_lists().values() if one.customer_group}),
            countries=tuple(TIME_ZONES),
        )

    def correct(request: HttpRequest) -> Done:
        given = request.POST
        email = reading.text(given, "email", 254)
        commands.change(
            customer_id,
            name=reading.text(given, "name", 500),
            phone=reading.text(given, "phone", 40),
            language=reading.chosen(given, "language", tuple(LANGUAGES)),
            email=email or None,
            group=reading.text(given, "group", 40),
        )
        return Done(_("The particulars are corrected."))

    def correct_address(request: HttpRequest) -> Done:
        given = request.POST
        fields = ("name", "line1", "city", "country", "postcode", "line2", "phone")
        clean = Particulars(**{field: reading.text(given, field, 500) for field in fields})
        address_id = reading.uuid(given, "address")
        commands.save_address(customer_id, clean, address_id=address_id, default=reading.ticked(given, "default"))
        return Done(_("The address is corrected."))

    return answer(request, show, {"correct": correct, "address": correct_address})
