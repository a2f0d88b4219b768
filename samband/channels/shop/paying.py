"""Ways to pay as a form shows them: what each comes to, when it is due, and why one cannot be had."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.payments import queries as payments
from samband.commerce.payments.plans import Plan
from samband.commerce.payments.queries import MethodView
from samband.commerce.payments.words import PLAN_NAMES
from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES
from samband.kernel.money import Money

from .storefronts import CHANNEL, Storefront
from .wording import Words

CARD, PAY_LATER, TRANSFER, ON_DELIVERY, GIFT_CARD = "card", "pay_later", "transfer", "on_delivery", "gift_card"
CHOICES = (CARD, PAY_LATER, TRANSFER, ON_DELIVERY)
"""What is chosen for the whole, or for whatever gift cards leave; the order in which it is offered."""

OUR_FORM = "sandbox"
"""The provider whose card fields are ours; the others have a page or fields of their own."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What is to be paid when the goods go this way. `way` is empty where there is nothing to choose."""

    way: str
    ways: tuple[str, ...]
    amount: Money


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan for one amount in words: every instalment with its day, what it comes to, and what it costs a year."""

    id: str
    name: str
    first: str
    parts: tuple[tuple[str, str], ...]
    total: str
    cost: str
    rate: str


@dataclass(frozen=True, slots=True)
class WayToPay:
    """A way to pay. `on` are the ways of the goods on which it can be had, `why_not` the reasons on the others;
    `plans` of each way, in the same order on all of them."""

    method: str
    provider: str
    name: str
    hint: str
    on: tuple[str, ...]
    why_not: Mapping[str, str]
    plans: Mapping[str, tuple[PlanView, ...]]
    lasts: timedelta | None

    @property
    def ours(self) -> bool:
        """Whether the card is typed into fields of ours."""
        return self.method == CARD and self.provider == OUR_FORM


@dataclass(frozen=True, slots=True)
class NotHere:
    """A way to pay that nothing chosen here could open, and why."""

    method: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class WaysToPay:
    """All of them, for each of these sums."""

    sums: tuple[Sum, ...]
    choices: tuple[WayToPay, ...]
    not_here: tuple[NotHere, ...]

    def choice(self, method: str) -> WayToPay | None:
        return next((one for one in self.choices if one.method == method), None)

    def without(self, hindered: Callable[[WayToPay], bool]) -> "WaysToPay":
        """The same without those that take too long."""
        late = tuple(NotHere(one.method, one.name, _("It takes too long.")) for one in self.choices if hindered(one))
        choices = tuple(one for one in self.choices if not hindered(one))
        return WaysToPay(self.sums, choices, (*late, *self.not_here))


def ways_to_pay(front: Storefront, sums: Sequence[Sum]) -> WaysToPay:
    """What can be chosen for these sums. A way that can be had on one of them is a choice; the rest are told apart."""
    offered = {one.way: payments.methods(front.market, CHANNEL, one.amount, one.ways) for one in sums}
    known: dict[str, dict[str, MethodView]] = {}
    for way, views in offered.items():
        for view in views:
            known.setdefault(view.method, {}).setdefault(way, view)
    words = Words(front.language)
    choices, not_here = [], []
    for method in sorted(known, key=_place):
        views_of = known[method]
        if method in CHOICES and any(view.available for view in views_of.values()):
            choices.append(_choice(method, views_of, words, front.market))
        elif method != GIFT_CARD and (told := _not_here(views_of, words)):
            not_here.append(told)
    return WaysToPay(tuple(sums), tuple(choices), tuple(not_here))


def _place(method: str) -> int:
    return CHOICES.index(method) if method in CHOICES else len(CHOICES)


def _choice(method: str, views: Mapping[str, MethodView], words: Words, market: str) -> WayToPay:
    some = next(iter(views.values()))
    return WayToPay(
        method=method,
        provider=some.provider,
        name=words.text(dict(some.names)),
        hint=_hint(method, some.provider),
        on=tuple(way for way, view in views.items() if view.available),
        why_not={way: why_not(view, words) for way, view in views.items() if not view.available},
        plans={way: tuple(_plans(view, words, market)) for way, view in views.items() if view.available},
        lasts=max((view.lasts for view in views.values() if view.lasts), default=None),
    )


def _not_here(views: Mapping[str, MethodView], words: Words) -> NotHere | None:
    some = next(iter(views.values()))
    if some.reason == "nothing_to_pay":
        return None
    return NotHere(some.method, words.text(dict(some.names)), why_not(some, words))


def _hint(method: str, provider: str) -> str:
    match method:
        case "card" if provider == OUR_FORM:
            return _("The number goes to the bank and is kept nowhere else.")
        case "card":
            return _("You type the card in on the next page, into the bank's own fields.")
        case "pay_later":
            return _("The goods now, the money in your own time. You confirm it with a code from the bank.")
        case "transfer":
            return _("You get account and reference, and a code for your banking app. We begin when the money is here.")
        case "on_delivery":
            return _("You pay whoever brings it.")
        case _:
            return ""


def why_not(view: MethodView, words: Words) -> str:
    """Why a way to pay cannot be had, in a sentence."""
    match view.reason:
        case "only_in_a_store":
            return _("At a till in our stores.")
        case "needs_a_terminal":
            return _("At the terminal in our stores.")
        case "terminal_instead":
            return _("At the till your card goes into the terminal.")
        case "only_for_parcels":
            return _("Only for what is brought to you.")
        case "goods_leave_now":
            return _("Only if the goods leave us later.")
        case "below_smallest" if view.smallest:
            return _("From %(amount)s.") % {"amount": words.money(view.smallest)}
        case "above_largest" if view.largest:
            return _("Up to %(amount)s.") % {"amount": words.money(view.largest)}
        case "currency_not_taken":
            return _("Not in this currency.")
        case "nothing_to_pay":
            return _("There is nothing left to pay.")
        case _:
            return _("Not offered at the moment.")


def _plans(view: MethodView, words: Words, market: str) -> Iterator[PlanView]:
    zone = TIME_ZONES.get(market, "UTC")
    for plan in view.plans:
        parts = tuple((words.date(now() + timedelta(days=one.after_days), zone), one) for one in plan.parts)
        yield PlanView(
            id=plan.id,
            name=words.text(PLAN_NAMES.get(plan.id, {})) or _parts_said(plan),
            first=_first(plan, words, parts[0][0]),
            parts=tuple((_("today") if not one.after_days else day, words.money(one.amount)) for day, one in parts),
            total=words.money(plan.total),
            cost=words.money(plan.cost) if plan.cost else "",
            rate=words.percent(plan.annual_rate_basis_points),
        )


def _parts_said(plan: Plan) -> str:
    return ngettext("In %(num)s part", "In %(num)s parts", plan.instalments) % {"num": plan.instalments}


def _first(plan: Plan, words: Words, day: str) -> str:
    """A plan in half a line: how often how much, beginning when."""
    each = words.money(plan.each)
    if plan.instalments == 1:
        return _("%(amount)s on %(day)s") % {"amount": each, "day": day}
    said = {"times": plan.instalments, "amount": each, "day": day}
    if not plan.first_after_days:
        return _("%(times)s × %(amount)s, the first today") % said
    return _("%(times)s × %(amount)s, the first on %(day)s") % said
