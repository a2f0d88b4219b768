"""What of an order that stands may still be amended: units taken off, a substitute in their place, where a part goes.

The total that was agreed and paid stays as it is. What is taken off gets a line of its own, cancelled, with its share
of the money; that much is to be refunded. A substitute gets a line too, and is paid for out of that share. So the lines
sum to the total at every moment, and what is kept of it is the total less what was refunded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from samband.events.orders import GroupRedirected, LineReplaced, LineTakenOff
from samband.kernel.goods import Line
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid
from samband.timeline import command

from .models import Order, OrderGroup, OrderLine
from .queries import LineView
from .refusals import DoesNotAddUp, NoSuchGroup, NotPlaced, OrderNotFound, TooFewOrdered
from .rules import DraftLine


@dataclass(frozen=True, slots=True)
class Share:
    """Some units of a line, and what of its money is theirs; minor units."""

    position: int
    quantity: int
    total: int
    vat: int
    discount: int


def worth(lines: Sequence[LineView], sku: str, quantity: int) -> int:
    """What was paid for so many units that would be taken off now; minor units. Raises TooFewOrdered with `left`."""
    rows = [
        OrderLine(
            position=line.position,
            sku=line.sku,
            quantity=line.quantity,
            unit=line.unit.amount,
            total=line.total.amount,
            vat=line.vat.amount,
            discount=line.discount.amount,
            cancelled_quantity=line.cancelled_quantity,
        )
        for line in lines
    ]
    return sum(share.total for share in _shares(rows, Line(sku, quantity)))


@command
def take_off(order_id: UUID, sku: str, quantity: int, amount: int) -> LineTakenOff:
    """So many units of a SKU are not wanted any more; `amount` (minor units) is what they are worth, as `worth` says.

    Raises OrderNotFound, NotPlaced, TooFewOrdered with `left`, or DoesNotAddUp if they are worth something else by now.
    """
    order = _standing(order_id)
    _cancel(order, Line(sku, quantity), amount)
    return LineTakenOff(
        order_id=order_id,
        number=order.number,
        customer_id=order.customer_id,
        sku=sku,
        quantity=quantity,
        amount=amount,
        currency=order.currency,
    )


@command
def put_in_place(
    order_id: UUID, group: int, sku: str, quantity: int, amount: int, substitute: DraftLine
) -> LineReplaced:
    """Something else in place of so many units of a SKU, in the group (its position) that had them.

    `amount` is what those are worth, as in `take_off`; the substitute may cost no more. Raises as `take_off`, and
    NoSuchGroup.
    """
    order = _standing(order_id)
    if substitute.net + substitute.vat != substitute.total or not 0 <= substitute.total <= amount:
        raise DoesNotAddUp(sku=substitute.sku)
    if substitute.sku == sku:
        raise Invalid("A substitute is something else.", sku=sku)
    off = _cancel(order, Line(sku, quantity), amount)
    _pay_out_of(order, off, substitute.total)
    lines = OrderLine.objects.filter(order_id=order_id)
    OrderLine.objects.create(
        order_id=order_id,
        position=max(line.position for line in lines) + 1,
        sku=substitute.sku,
        name=substitute.name,
        quantity=substitute.quantity,
        unit=substitute.unit,
        total=substitute.total,
        net=substitute.net,
        vat=substitute.vat,
        vat_basis_points=substitute.vat_basis_points,
        discount=substitute.discount,
    )
    _put_in_group(order_id, group, substitute)
    _add_vat_up(order)
    return LineReplaced(
        order_id=order_id,
        number=order.number,
        customer_id=order.customer_id,
        sku=sku,
        quantity=quantity,
        substitute=substitute.sku,
        substitute_quantity=substitute.quantity,
        amount=amount - substitute.total,
        currency=order.currency,
    )


@command
def redirect_group(
    order_id: UUID,
    group: int,
    address_id: UUID | None,
    slot_id: UUID | None,
    promised_from: datetime,
    promised_until: datetime,
) -> GroupRedirected:
    """A parcel of the order (its group's position) goes to this address, in this slot or none, with this promise.

    Raises OrderNotFound, NotPlaced, NoSuchGroup.
    """
    order = _standing(order_id)
    found = OrderGroup.objects.filter(order_id=order_id, position=group, kind="ship")
    if not found.update(
        address_id=address_id, slot_id=slot_id, promised_from=promised_from, promised_until=promised_until
    ):
        raise NoSuchGroup(order=str(order_id), group=group)
    return GroupRedirected(
        order_id=order_id, number=order.number, customer_id=order.customer_id, group=group, slot_id=slot_id
    )


def _standing(order_id: UUID) -> Order:
    """Lock an order that stands: nobody else amends it meanwhile, or calls it off."""
    found = Order.objects.select_for_update(no_key=True).filter(pk=order_id).first()
    if found is None:
        raise OrderNotFound()
    if found.state != "placed":
        raise NotPlaced(order=str(order_id), state=found.state)
    return found


def _shares(lines: Sequence[OrderLine], wanted: Line) -> list[Share]:
    """Of which lines the units are taken, those that cost most a unit first: what was free stays the longest."""
    live = [line for line in lines if line.sku == wanted.sku and not line.cancelled_quantity and line.quantity > 0]
    live.sort(key=lambda line: (-line.total / line.quantity, -line.position))
    missing, shares = wanted.quantity, []
    for line in live:
        if missing:
            units = min(missing, line.quantity)
            shares.append(_share(line, units))
            missing -= units
    if missing:
        raise TooFewOrdered(sku=wanted.sku, left=wanted.quantity - missing)
    return shares


def _share(line: OrderLine, units: int) -> Share:
    """What of a line's money belongs to so many of its units: nothing is lost between them and the rest."""
    if units == line.quantity:
        return Share(line.position, units, line.total, line.vat, line.discount)
    total = _part(line.total, units, line.quantity)
    vat = _part(line.vat, total, line.total) if line.total else 0
    if line.unit * line.quantity - line.discount == line.total:
        discount = line.unit * units - total
    else:
        discount = _part(line.discount, units, line.quantity)
    return Share(line.position, units, total, vat, discount)


def _part(amount: int, share: int, whole: int) -> int:
    """So large a share of an amount, rounded half up."""
    return (2 * amount * share + whole) // (2 * whole)


def _cancel(order: Order, wanted: Line, amount: int) -> list[OrderLine]:
    """Cancel units, each part on a line of its own; the cancelled lines."""
    lines = list(OrderLine.objects.filter(order_id=order.pk).order_by("position"))
    shares = _shares(lines, wanted)
    if sum(share.total for share in shares) != amount:
        raise DoesNotAddUp("They are worth something else by now.", sku=wanted.sku)
    at = {line.position: line for line in lines}
    last, cancelled = max(at), []
    for share in shares:
        line = at[share.position]
        if share.quantity < line.quantity:
            _keep_rest(order, line, share)
            last += 1
            line = _split_off(order, line, share, last)
        _update(order, line, cancelled_quantity=line.quantity)
        cancelled.append(line)
    return cancelled


def _keep_rest(order: Order, line: OrderLine, share: Share) -> None:
    total, vat = line.total - share.total, line.vat - share.vat
    _update(
        order,
        line,
        quantity=line.quantity - share.quantity,
        total=total,
        vat=vat,
        net=total - vat,
        discount=line.discount - share.discount,
    )


def _split_off(order: Order, line: OrderLine, share: Share, position: int) -> OrderLine:
    return OrderLine.objects.create(
        order_id=order.pk,
        position=position,
        sku=line.sku,
        name=line.name,
        quantity=share.quantity,
        unit=line.unit,
        total=share.total,
        net=share.total - share.vat,
        vat=share.vat,
        vat_basis_points=line.vat_basis_points,
        discount=share.discount,
    )


def _pay_out_of(order: Order, cancelled: Sequence[OrderLine], amount: int) -> None:
    """Let what was cancelled pay so much for something else: it is worth that much less."""
    for line in cancelled:
        paid = min(amount, line.total)
        if paid:
            total = line.total - paid
            vat = _part(line.vat, total, line.total)
            _update(order, line, total=total, vat=vat, net=total - vat)
            amount -= paid


def _put_in_group(order_id: UUID, group: int, substitute: DraftLine) -> None:
    found = OrderGroup.objects.filter(order_id=order_id, position=group).first()
    if found is None:
        raise NoSuchGroup(order=str(order_id), group=group)
    goods = {**found.goods, substitute.sku: found.goods.get(substitute.sku, 0) + substitute.quantity}
    OrderGroup.objects.filter(order_id=order_id, position=group).update(goods=goods)


def _add_vat_up(order: Order) -> None:
    """Goods at another rate of VAT: the total is the same, its VAT is not."""
    vat = order.shipping_vat + sum(OrderLine.objects.filter(order_id=order.pk).values_list("vat", flat=True))
    Order.objects.filter(pk=order.pk).update(total_vat=vat, total_net=order.total - vat)


def _update(order: Order, line: OrderLine, **fields: Any) -> None:
    OrderLine.objects.filter(order_id=order.pk, position=line.position).update(**fields)
    for name, value in fields.items():
        setattr(line, name, value)


def charged(unit: Money, quantity: int, vat_basis_points: int, most: int, sku: str, name: str) -> DraftLine:
    """The line of a substitute that costs so much a unit, VAT included, but no more in all than `most` minor units.

    VAT is taken out of the total, rounded half up.
    """
    whole = unit.amount * quantity
    total = min(whole, most)
    vat = _part(total, vat_basis_points, 10_000 + vat_basis_points)
    return DraftLine(
        sku=sku,
        name=name,
        quantity=quantity,
        unit=unit.amount,
        total=total,
        net=total - vat,
        vat=vat,
        vat_basis_points=vat_basis_points,
        discount=whole - total,
    )
