"""Promotions and their coupons: begun, changed and ended; and what goods cost before."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.catalog import queries as catalog
from samband.commerce.pricing import commands
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.promotions import WEEKDAYS
from samband.commerce.pricing.queries import PromotionView
from samband.events.pricing import CouponsIssued
from samband.kernel.clock import now
from samband.kernel.refusal import NotFound, Refusal

from .. import promotion_form, promotion_words, reading, state_words
from ..doors import me, opens
from ..pages import Done, answer, page, words_for

MOST_MADE = 10_000


@opens("prices")
def promotions(request: HttpRequest) -> HttpResponse:
    """All promotions, those that hold or will hold first."""
    at = now()
    order = ("live", "coming", "over", "ended")
    views = sorted(pricing.promotions(), key=lambda one: order.index(promotion_words.state(one, at)))
    return page(request, "promotions.html", promotions=views, at=at, say_it=promotion_words)


@opens("prices", change=True)
def new_promotion(request: HttpRequest) -> HttpResponse:
    """The form for a promotion of one kind."""
    kind = request.GET.get("kind", promotion_form.KINDS[0])
    if kind not in promotion_form.KINDS:
        raise NotFound()

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(request, "promotion_new.html", refusal=refusal, **_form(None, kind))

    def save(request: HttpRequest) -> Done:
        code = reading.needed(request.POST, "code", 64)
        _save(request, code, kind, new=True)
        return Done(_("The promotion is there."), reverse("console:promotion", args=[code]))

    return answer(request, show, {"save": save})


@opens("prices")
def promotion(request: HttpRequest, code: str) -> HttpResponse:
    """One promotion: what it is, who makes use of it, and the form to change it."""
    kind = promotion_form.kind_of(pricing.promotion(code).promotion)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        one = pricing.promotion(code)
        return page(
            request,
            "promotion.html",
            refusal=refusal,
            one=one,
            at=now(),
            uses=pricing.uses(code),
            **_form(one, kind),
        )

    def save(request: HttpRequest) -> Done:
        _save(request, code, kind)
        return Done(_("The promotion is changed."))

    def end(request: HttpRequest) -> Done:
        commands.end_promotion(code, key=reading.key(request))
        return Done(_("The promotion takes nothing off any more."))

    return answer(request, show, {"save": save, "end": end})


def _form(one: PromotionView | None, kind: str) -> dict[str, Any]:
    """What the form of a promotion needs to be shown."""
    promotion = one.promotion if one else None
    return {
        "kind": kind,
        "kinds": promotion_words.KINDS,
        "promotion": promotion,
        "held": promotion_form.fields(promotion, kind),
        "currencies": promotion_form.currencies(),
        "markets": tuple(pricing.markets()),
        "channels": tuple(state_words.CHANNELS),
        "weekdays": WEEKDAYS,
        "shipping_classes": tuple(state_words.SHIPPING_CLASSES),
        "part_rows": promotion_form.PART_ROWS,
        "tier_rows": promotion_form.TIER_ROWS,
        "say_it": promotion_words,
    }


def _save(request: HttpRequest, code: str, kind: str, *, new: bool = False) -> None:
    typed = promotion_form.read(request.POST, code, kind, words_for(me(request)).zone)
    commands.save_promotion(typed, new=new, key=reading.key(request))


@opens("prices")
def coupons(request: HttpRequest, code: str) -> HttpResponse:
    """The codes that open a promotion, and the form to make more."""
    found = pricing.promotion(code)
    text, number = reading.asked(request), reading.page_number(request)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        batch_id = _batch(request)
        rows, more = pricing.coupons(code, text, number, batch_id=batch_id)
        return page(
            request,
            "coupons.html",
            refusal=refusal,
            one=found,
            coupons=rows,
            more=more,
            q=text,
            number=number,
            batch_id=batch_id,
            at=now(),
            say_it=promotion_words,
        )

    def issue(request: HttpRequest) -> Done:
        issued = _issue(request, code)
        told = ngettext("%(count)s coupon was made.", "%(count)s coupons were made.", issued.count)
        to = f"{reverse('console:coupons', args=[code])}?batch={issued.batch_id}"
        return Done(told % {"count": issued.count}, to)

    def end(request: HttpRequest) -> Done:
        commands.end_coupons(code, [reading.needed(request.POST, "coupon", 40)], key=reading.key(request))
        return Done(_("The coupon opens nothing any more."))

    return answer(request, show, {"issue": issue, "end": end})


def _batch(request: HttpRequest) -> UUID | None:
    return reading.cursor(request, "batch")


def _issue(request: HttpRequest, code: str) -> CouponsIssued:
    given, zone = request.POST, words_for(me(request)).zone
    codes = promotion_form.codes(given, "codes")
    return commands.issue_coupons(
        code,
        codes=codes,
        count=0 if codes else reading.whole(given, "count", 1, MOST_MADE),
        limit_total=reading.maybe_whole(given, "limit_total", 1),
        limit_per_customer=reading.maybe_whole(given, "limit_per_customer", 1),
        valid_from=reading.moment(given, "valid_from", zone),
        valid_until=reading.moment(given, "valid_until", zone),
        key=reading.key(request),
    )


@opens("prices")
def price_history(request: HttpRequest, sku: str) -> HttpResponse:
    """What a SKU cost in a market, and what must stand beside a reduction now."""
    sku = reading.sku(sku)
    market = request.GET.get("market", "")
    markets = tuple(pricing.markets())
    market = market if market in markets else (markets[0] if markets else "")
    channel = request.GET.get("channel", "")
    channel = channel if channel in state_words.CHANNELS else "shop"
    item = catalog.items([sku]).get(sku)
    steps = pricing.history(sku, market, channel) if market else ()
    if item is None and not steps:
        raise NotFound()
    return page(
        request,
        "price_history.html",
        sku=sku,
        item=item,
        steps=steps,
        tag=pricing.tags([sku], market, channel).get(sku) if market else None,
        markets=markets,
        market=market,
        channels=tuple(state_words.CHANNELS),
        channel=channel,
        names=pricing.promotion_names(),
    )
