"""Gift cards: issuing one, finding one by its last four characters, and what happened on it; which goods are some."""

from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.orders import queries as orders
from samband.commerce.payments import gift_cards, gift_ledger
from samband.commerce.payments.gift_cards import HandedOut
from samband.commerce.payments.rules import GIFT_CARD_REASONS
from samband.kernel.money import MINOR_DIGITS
from samband.kernel.refusal import Refusal

from .. import reading
from ..doors import me, opens
from ..pages import Done, answer, page, words_for

A_PAGE = 50
MOST_DAYS = 36_500
ISSUED_FOR = tuple(code for code in GIFT_CARD_REASONS if code not in ("sold", "order_cancelled"))
"""What people issue cards for; selling and cancelling orders the house does itself."""


@opens("orders")
def found(request: HttpRequest) -> HttpResponse:
    """The latest gift cards, or those that end in these four; and the form for a new one."""
    last4 = reading.asked(request, longest=20).replace("-", "")[-4:].upper()

    def show(refusal: Refusal | None = None, issued: HandedOut | None = None) -> HttpResponse:
        return page(
            request,
            "gift_cards.html",
            refusal=refusal,
            q=last4,
            cards=gift_ledger.found(last4, A_PAGE),
            issued=issued,
            products=gift_cards.gift_card_products(),
            currencies=tuple(MINOR_DIGITS),
            reasons=ISSUED_FOR,
        )

    def sell(request: HttpRequest) -> Done:
        given = request.POST
        sku = reading.needed(given, "sku", 64)
        if sku not in catalog.items([sku]):
            raise reading.NotRead(field="sku", want="something")
        worth = reading.amount(given, "amount", reading.chosen(given, "currency", tuple(MINOR_DIGITS)))
        gift_cards.save_gift_card_product(sku, worth, reading.maybe_whole(given, "days", 1, MOST_DAYS))
        return Done(_("This SKU is sold as a gift card from now on."))

    def sell_no_more(request: HttpRequest) -> Done:
        gift_cards.drop_gift_card_product(reading.needed(request.POST, "sku", 64), request.POST.get("currency", ""))
        return Done(_("This SKU is no gift card any more."))

    if request.method == "POST" and request.POST.get("deed") == "issue":
        # Its code is shown in this answer and kept nowhere, so there is nothing to go on to.
        try:
            return show(issued=_issue(request))
        except Refusal as refusal:
            return show(refusal=refusal)
    return answer(request, show, {"sell": sell, "sell-no-more": sell_no_more})


def _issue(request: HttpRequest) -> HandedOut:
    given = request.POST
    currency = reading.chosen(given, "currency", tuple(MINOR_DIGITS))
    return gift_cards.issue_gift_card(
        uuid5(NAMESPACE_OID, f"gift-card/{reading.key(request)}"),
        reading.amount(given, "amount", currency),
        reason=reading.chosen(given, "reason", ISSUED_FOR),
        expires_at=_until(request),
        by=me(request).id,
    )


def _until(request: HttpRequest) -> datetime | None:
    if not reading.text(request.POST, "until", 20):
        return None
    return reading.end_of_day(request.POST, "until", words_for(me(request)).zone)


@opens("orders")
def card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """One gift card and everything that happened on it."""
    one = gift_ledger.card(card_id)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        now_is = gift_ledger.card(card_id)
        return page(
            request,
            "gift_card.html",
            refusal=refusal,
            one=now_is,
            entries=gift_ledger.entries(card_id),
            order=orders.cards([now_is.order_id]).get(now_is.order_id) if now_is.order_id else None,
            reasons=ISSUED_FOR,
        )

    def adjust(request: HttpRequest) -> Done:
        amount = reading.amount(request.POST, "amount", one.currency)
        off = reading.chosen(request.POST, "way", ("on", "off")) == "off"
        reason = reading.chosen(request.POST, "reason", ISSUED_FOR)
        gift_cards.adjust_gift_card(
            card_id, -amount if off else amount, reason, key=reading.key(request), by=me(request).id
        )
        return Done(_("The gift card is changed."))

    def cancel(request: HttpRequest) -> Done:
        gift_cards.cancel_gift_card(card_id, reading.chosen(request.POST, "reason", ISSUED_FOR), by=me(request).id)
        return Done(_("The gift card can no longer be spent."), reverse("console:gift-card", args=[card_id]))

    return answer(request, show, {"adjust": adjust, "cancel": cancel})
