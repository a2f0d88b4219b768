"""Customers: finding one, knowing them whole, putting their particulars right, and deciding who is who."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.inventory import queries as inventory
from samband.commerce.pricing import queries as pricing
from samband.customers.accounts import commands
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.rules import Particulars
from samband.customers.profiles import telling
from samband.customers.segments import queries as segments
from samband.flows import decide_who
from samband.flows.customer_profile import CustomerProfile, customer_profile, find_customers, one_customer
from samband.flows.customer_story import KINDS, Moment, customer_story
from samband.flows.known_customer import known_customer
from samband.kernel.geography import TIME_ZONES
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import NotFound, Refusal
from samband.staff import recorded
from samband.staff.recorded import Asked

from .. import customer_words, event_texts, reading, record_words, touch_texts
from ..doors import CUSTOMER, about, me, opens
from ..pages import Deed, Done, answer, page, words_for
from ..words import Words
from .record import actors

A_PAGE = 40
LOOKS_SHOWN = 8
LONGEST_REASON = 300


@opens("customers", sees=CUSTOMER)
def found(request: HttpRequest) -> HttpResponse:
    """The latest customers, or those that match."""
    text = reading.asked(request)
    people = find_customers(text, _country(request), reading.cursor(request), A_PAGE + 1)
    about(request, *(f"customer:{one.customer}" for one in people[:A_PAGE]))
    last = next((one.account for one in reversed(people[:A_PAGE]) if one.account), None)
    return page(
        request,
        "customers.html",
        q=text,
        people=people[:A_PAGE],
        before=last.id if last and len(people) > A_PAGE else None,
        say_who=customer_words,
    )


def _country(request: HttpRequest) -> str | None:
    """Where a telephone number without its country is dialled: where whoever asks stands."""
    site = inventory.locations().get(me(request).location)
    return site.country if site else None


@opens("customers", sees=CUSTOMER)
def customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """One customer, whole. Whatever id of theirs is asked for leads to the one they have now."""
    known = known_customer(customer_id)
    if request.method != "POST" and known.customer != customer_id:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponseRedirect(reverse("console:customer", args=[known.customer]) + query)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return _shown(request, customer_profile(known), refusal)

    return answer(request, show, {**_particulars(customer_id), **_deciding(customer_id)})


def _shown(request: HttpRequest, one: CustomerProfile, refusal: Refusal | None) -> HttpResponse:
    words = words_for(me(request))
    wanted = _Wanted(request, words)
    whose = [f"customer:{one.known.customer}", *(f"account:{account}" for account in one.known.account_ids)]
    about(request, *whose)
    looked = recorded.found(Asked(about=whose), None, LOOKS_SHOWN) if me(request).may("record") else ()
    story = customer_story(
        one.known.customer,
        wanted.kind or None,
        request.GET.get("before", "")[:200],
        channel=wanted.channel,
        since=wanted.since,
        until=wanted.until,
        known=one.known,
    )
    return page(
        request,
        "customer.html",
        refusal=refusal,
        words=words,
        one=one,
        known=one.known,
        say_who=customer_words,
        segments=_segments(one, words),
        addresses=[(account, accounts.addresses(account)) for account in one.known.account_ids],
        wanted=wanted,
        kinds=tuple(KINDS),
        channels=sorted({*telling.channels(one.known.customer), *(card.channel for card in one.orders)}),
        story=_in_words(story.moments, words),
        before=story.before,
        channel_of=touch_texts.channel,
        groups=sorted({one.customer_group for one in pricing.price_lists().values() if one.customer_group}),
        countries=tuple(TIME_ZONES),
        looked=looked,
        looked_names=actors(looked),
        say_record=record_words,
    )


def _segments(one: CustomerProfile, words: Words) -> list[str]:
    """The segments they are in, by name."""
    names = {view.slug: words.text(view.definition.names) for view in segments.listed()} if one.segments else {}
    return [names.get(slug) or slug for slug in one.segments]


class _Wanted:
    """What of the timeline is asked for: a kind, a channel, from a day to a day, both on the clock of whoever asks."""

    def __init__(self, request: HttpRequest, words: Words) -> None:
        kind, self.channel = request.GET.get("kind", ""), reading.asked(request, "channel", 60)
        self.kind = kind if kind in KINDS else ""
        self.first, self.last = reading.asked(request, "from", 10), reading.asked(request, "to", 10)
        self.since = _midnight(self.first, words.zone)
        last = _midnight(self.last, words.zone)
        self.until = None if last is None else last + timedelta(days=1)

    @property
    def narrowed(self) -> bool:
        """Whether less than everything is asked for, apart from the kind."""
        return bool(self.channel or self.since or self.until)

    def query(self, **other: str) -> str:
        """The address of the same, but for this."""
        asked = {"kind": self.kind, "channel": self.channel, "from": self.first, "to": self.last, **other}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


def _midnight(text: str, zone: str) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time(), ZoneInfo(zone)) if text else None
    except (ValueError, OverflowError):
        return None


def _in_words(moments: Sequence[Moment], words: Words) -> list[tuple[Moment, str]]:
    """Each moment with its sentence; goods are called by their names, which are asked for all at once."""
    skus = sorted({moment.touch.sku for moment in moments if moment.touch and moment.touch.sku})
    goods = catalog.items(skus) if skus else {}
    return [(moment, _said(moment, words, goods)) for moment in moments]


def _said(moment: Moment, words: Words, goods: Mapping[str, Item]) -> str:
    if moment.touch:
        return touch_texts.sentence(moment.touch, words, goods)
    return event_texts.sentence(moment.code, moment.details, words)


def _particulars(customer_id: UUID) -> dict[str, Deed]:
    def correct(request: HttpRequest) -> Done:
        given = request.POST
        email = reading.text(given, "email", 254)
        commands.change(
            _account(customer_id, given.get("account", "")),
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
        account, address_id = _account(customer_id, given.get("account", "")), reading.uuid(given, "address")
        commands.save_address(account, clean, address_id=address_id, default=reading.ticked(given, "default"))
        return Done(_("The address is corrected."))

    return {"correct": correct, "address": correct_address}


def _account(customer_id: UUID, asked: str) -> UUID:
    """The account that a form speaks of, if it is one of this customer's. Raises NotFound."""
    account = reading.as_uuid(asked)
    if account not in known_customer(customer_id).account_ids:
        raise NotFound("That is no account of this customer.")
    return account


def _deciding(customer_id: UUID) -> dict[str, Deed]:
    def take_back(request: HttpRequest) -> Done:
        number, reason = _assertion(request), reading.needed(request.POST, "reason", LONGEST_REASON)
        decide_who.take_back(customer_id, number, str(me(request).id), reason, key=reading.key(request))
        return Done(_("It is taken back. Everything that followed from it has followed back."))

    def restore(request: HttpRequest) -> Done:
        decide_who.restore(customer_id, _assertion(request), str(me(request).id), key=reading.key(request))
        return Done(_("It holds again."))

    def decide(request: HttpRequest) -> Done:
        other = one_customer(reading.needed(request.POST, "who", 320), _country(request))
        reason = reading.needed(request.POST, "reason", LONGEST_REASON)
        decision = reading.chosen(request.POST, "decision", ("same", "different"))
        deed: Callable[..., object] = decide_who.same if decision == "same" else decide_who.different
        deed(customer_id, other, str(me(request).id), reason, key=reading.key(request))
        if decision == "same":
            return Done(_("They are one person now."), reverse("console:customer", args=[customer_id]))
        return Done(_("They are kept apart from now on."))

    def share(request: HttpRequest) -> Done:
        shared = reading.chosen(request.POST, "shared", ("yes", "no")) == "yes"
        identifier = reading.uuid(request.POST, "identifier")
        decide_who.mark_shared(customer_id, identifier, str(me(request).id), shared=shared, key=reading.key(request))
        if shared:
            return Done(_("It is known to be used by many, and joins nobody."))
        return Done(_("It is known to be one person’s."))

    return {"take-back": take_back, "restore": restore, "decide": decide, "share": share}


def _assertion(request: HttpRequest) -> int:
    """The assertion that a form speaks of. Raises NotFound for what is no number of one."""
    said = request.POST.get("assertion", "")
    if not said.isdecimal() or len(said) > 18:
        raise NotFound("There is no such assertion.")
    return int(said)
