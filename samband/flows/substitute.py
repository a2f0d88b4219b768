"""A picker does not find what was ordered and proposes something else; the customer agrees at the counter or from afar.

The lower price wins: the substitute is charged what it costs, but never more than what was paid for what it stands for,
and the difference goes back. From the proposal on the substitute is held; agreed to, it takes the place of the goods in
stock, order and basket in one transaction.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction

from samband.commerce.catalog import queries as catalog
from samband.commerce.fulfillment import changing, substituting, substitutions
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.fulfillment.substitutions import SubstitutionView
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.inventory import taking_over
from samband.commerce.orders import amending
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.orders.rules import DraftLine
from samband.commerce.payments import refunds
from samband.commerce.pricing import queries as pricing
from samband.events.fulfillment import FulfillmentCancelled
from samband.events.orders import LineReplaced
from samband.kernel.clock import now
from samband.kernel.goods import Line, Position
from samband.kernel.languages import pick
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict, Refusal
from samband.timeline import claim, on, told_at_once
from samband.timeline.chores import every

from .change_order import Fewer, take_off, write_off
from .refund_order import refund_order

log = structlog.get_logger("samband.fulfillment")

ANSWER_WITHIN = timedelta(minutes=30)
"""How long the picker's basket waits for an answer unless they say otherwise."""

REASON = "price"
"""Why the difference is given back."""


class NoSubstitute(Conflict):
    """That cannot be had in its place: it is not sold there, is in the order already, or has another currency."""

    code = "no_substitute"


# --- proposed


def propose(
    fulfillment_id: UUID,
    goods: Line,
    substitute: str,
    *,
    substitution_id: UUID,
    answer_within: timedelta = ANSWER_WITHIN,
    missing: bool = False,
) -> SubstitutionView:
    """Propose as many units of another SKU for these; it is held meanwhile. Asking twice with one id is asking once.

    `missing`: the goods are not where the books say, which will be put right. Raises UnknownFulfillment, NotPermitted
    unless it is being picked, NotOrdered, TooFewLeft, ProposedAlready, NoSubstitute, SoldOut, KeyReused, Invalid.
    """
    view = fulfillments.fulfillment(fulfillment_id)
    order = orders.order(view.order_id)
    at = now()
    with transaction.atomic(), told_at_once():
        claimed = claim("propose_substitute", str(substitution_id), [fulfillment_id, goods, substitute, missing])
        if claimed.earlier is None:
            line = _line(order, view, goods, substitute)
            inventory.hold(substitution_id, (_spot(view, substitute, goods),), at + answer_within, order.channel)
            substituting.propose(
                substitution_id,
                fulfillment_id,
                goods,
                substitute,
                worth=amending.worth(order.lines, goods.sku, goods.quantity),
                price=line.total,
                currency=order.total.currency,
                answer_until=at + answer_within,
                missing=missing,
                key=claimed,
            )
    return substitutions.substitution(substitution_id)


def _spot(view: FulfillmentView, sku: str, goods: Line) -> Position:
    return Position(view.location, sku, goods.quantity)


def _line(order: OrderView, view: FulfillmentView, goods: Line, substitute: str) -> DraftLine:
    """The substitute's line as it would be charged now. Raises NoSubstitute."""
    item = catalog.items([substitute]).get(substitute)
    tag = pricing.tags([substitute], order.market, order.channel).get(substitute)
    if item is None or tag is None or not item.published(order.channel, now()):
        raise NoSubstitute(sku=substitute[:64], reason="not_sold")
    if tag.unit.currency != order.total.currency:
        raise NoSubstitute(sku=substitute, reason="other_currency")
    if any((line.location, line.sku) == (view.location, substitute) for line in stock.hold(order.id).lines):
        raise NoSubstitute(sku=substitute, reason="ordered_already")
    label = pick(item.variant_labels, order.language)
    name = pick(item.names, order.language)
    most = amending.worth(order.lines, goods.sku, goods.quantity)
    return amending.charged(
        tag.unit, goods.quantity, tag.vat_basis_points, most, substitute, f"{name}, {label}" if label else name
    )


# --- answered


def agree(substitution_id: UUID, *, by: str = "customer", key: str) -> SubstitutionView:
    """The customer takes the substitute; the difference goes back to them. Asking twice with one key is asking once.

    `by`: customer or counter. Raises UnknownSubstitution, SubstitutionOver, NotPermitted if it was picked meanwhile,
    TooFewLeft if the goods turned up, NotPlaced, NoSubstitute, HoldLapsed, MoreThanCaptured, KeyReused; then nothing
    has changed.
    """
    view = substitutions.substitution(substitution_id)
    replaced = _agree(view, by, key)
    if replaced.amount:
        refund_order(view.order_id, Money(replaced.amount, replaced.currency), REASON, key=_refund_key(view))
    return substitutions.substitution(substitution_id)


def _refund_key(view: SubstitutionView) -> str:
    return f"substitute-{view.id}"


def _agree(view: SubstitutionView, by: str, key: str) -> LineReplaced:
    goods = Line(view.sku, view.quantity)
    with transaction.atomic(), told_at_once():
        claimed = claim("agree_to_substitute", key, [view.id, by])
        if isinstance(claimed.earlier, LineReplaced):
            return claimed.earlier
        fulfillment = fulfillments.fulfillment(view.fulfillment_id)
        order = orders.order(view.order_id)
        line = _as_proposed(_line(order, fulfillment, goods, view.substitute), view)
        substituting.answer(view.id, "agreed", by)
        if back := view.worth - Money(line.total, view.worth.currency):
            refunds.reserve_order_refund(order.id, back, REASON, _refund_key(view))
        replaced: LineReplaced = amending.put_in_place(
            order.id,
            [one.id for one in fulfillments.of_order(order.id)].index(fulfillment.id) + 1,
            goods.sku,
            goods.quantity,
            view.worth.amount,
            line,
            key=claimed,
        )
        freed = _spot(fulfillment, goods.sku, goods)
        taking_over.take_over(order.id, view.id, (freed,))
        changing.extend(fulfillment.id, view.substitute, goods.quantity)
        changing.reduce(fulfillment.id, goods.sku, goods.quantity, while_picking=True)
        if view.missing:
            write_off(freed)
        return replaced


def _as_proposed(line: DraftLine, view: SubstitutionView) -> DraftLine:
    """The line at the price that was proposed or, should it have fallen since, at the price now."""
    unit = Money(line.unit, view.price.currency)
    return amending.charged(unit, line.quantity, line.vat_basis_points, view.price.amount, line.sku, line.name)


@transaction.atomic
def decline(substitution_id: UUID, *, by: str = "customer", key: str) -> SubstitutionView:
    """The customer does not want it: the substitute is free again, and the goods are still to be found or left out.

    Raises UnknownSubstitution, SubstitutionOver, KeyReused.
    """
    substituting.answer(substitution_id, "declined", by, key=key)
    _let_go(substitution_id)
    return substitutions.substitution(substitution_id)


def _let_go(substitution_id: UUID) -> None:
    if stock.hold(substitution_id).state == "live":
        inventory.release(substitution_id, "released", key=f"substitute-{substitution_id}")


def leave_out(fulfillment_id: UUID, goods: Line, *, key: str, missing: bool = False) -> Fewer:
    """What a picker does not find and has no substitute for is left out; its money goes back. Once for one key.

    The last units of an order call it off. Raises as `change_order.fewer`.
    """
    return take_off(fulfillment_id, goods, "other", key=key, while_picking=True, missing=missing, by="retailer")


# --- not answered


@every(30)
def lapse_substitutes() -> int:
    """What nobody answered in time is over: the substitute is free again. Returns how many were due."""
    due = substitutions.overdue(now())
    for view in due:
        _end(view, "lapsed")
    return len(due)


@on(FulfillmentCancelled)
def forget_substitutes(event: FulfillmentCancelled) -> None:
    """What is not picked any more needs no substitute."""
    for view in substitutions.of_fulfillment(event.fulfillment_id):
        if view.state == "proposed":
            substituting.answer(view.id, "lapsed", "nobody")
            _let_go(view.id)


def _end(view: SubstitutionView, said: str) -> None:
    try:
        with transaction.atomic():
            substituting.answer(view.id, said, "nobody")
            _let_go(view.id)
    except Refusal as refusal:
        log.info("substitute_answered_meanwhile", substitution=str(view.id), code=refusal.code)
