"""A till sold while its line was down, and now tells of it: each sale becomes an order once, or waits for a person.

One transaction a sale. What it finds decides: goods that the device had been allotted are handed on, others are taken
off the shelf, the cash is captured into the drawer in which it lies, the goods are in the customer's hands. Where that
cannot be (there is no such stock, or the sale does not add up), the sale is kept as it was told, its money is counted
in the drawer as unsettled, and a person decides. Whatever is told again is answered as it was the first time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from samband.commerce.catalog import queries as catalog
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.inventory.refusals import SoldOut
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders.rules import Draft, DraftGroup, DraftLine
from samband.commerce.payments import asking
from samband.commerce.payments import commands as payments
from samband.commerce.payments.commands import Begun
from samband.commerce.pricing import queries as pricing
from samband.commerce.tills import drawers, offline, rules
from samband.commerce.tills import queries as tills
from samband.commerce.tills.queries import DeviceView, DrawerView, SaleView
from samband.commerce.tills.refusals import CannotAccept, NoSuchDrawer
from samband.commerce.tills.rules import Note, OfflineSale
from samband.customers.accounts import queries as accounts
from samband.kernel.clock import now
from samband.kernel.goods import Line, Position, gathered
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import NotFound, Refusal
from samband.staff import queries as staff
from samband.timeline import told_at_once

from .till_snapshot import CHANNEL, pieces

CASH = "cash"
NEVER_ALLOTTED = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Arriving:
    """A sale that is being taken in: what was told, under which id it is kept, and what it says."""

    device: DeviceView
    told: Any
    digest: bytes
    key: UUID
    said: UUID | None
    drawer: DrawerView | None
    sale: OfflineSale | None


@dataclass(frozen=True, slots=True)
class _Made:
    """The order that a sale became, and the goods that its allotment did not have."""

    order_id: UUID
    number: str
    from_shelf: tuple[Position, ...]


@transaction.atomic
def take_in(device: DeviceView, told: Any) -> dict[str, Any]:
    """Take in what a device tells of a sale (JSON as it was sent), and give back what it is answered.

    The answer has `state` taken, taken_with_note or conflict, `sale_id`, `order_id`, `number` and `notes`. Asking twice
    is asking once, also at the same moment. Nothing is refused: what cannot be an order is kept as a conflict.
    """
    digest = rules.digest(told)
    sale_id, said = offline.id_of(told, digest)
    offline.alone(sale_id)
    if answered := offline.earlier(sale_id, digest):
        return answered
    key, read = offline.free_id(sale_id, digest), rules.read(told)
    sale = read if isinstance(read, OfflineSale) else None
    arriving = _Arriving(device, told, digest, key, said, _drawer(device, sale), sale)
    reasons = _hindered(arriving, read)
    if sale and not reasons:
        outcome = _try(arriving, sale)
        if isinstance(outcome, _Made):
            return _taken(arriving, sale, outcome)
        reasons = outcome
    return _conflict(arriving, reasons)


def _drawer(device: DeviceView, sale: OfflineSale | None) -> DrawerView | None:
    """The drawer in which the money lies: one of the device's store, in the sale's currency."""
    try:
        drawer = tills.drawer(sale.drawer_id) if sale else None
    except NoSuchDrawer:
        return None
    if drawer and sale and (drawer.location, drawer.float.currency) == (device.location, sale.currency):
        return drawer
    return None


def _hindered(arriving: _Arriving, read: OfflineSale | Note) -> list[Note]:
    """Why it cannot be an order, as far as that is seen without trying."""
    if not isinstance(read, OfflineSale):
        return [read]
    market = stock.location(arriving.device.location).market
    found = list(rules.faults(read))
    if arriving.key != read.sale_id:
        found.append({"code": "sale_id_reused"})
    if arriving.device.state == "revoked":
        found.append({"code": "device_revoked"})
    if read.market != market:
        found.append({"code": "other_market", "market": market})
    elif read.currency != pricing.markets()[market].currency:
        found.append({"code": "other_currency", "currency": pricing.markets()[market].currency})
    elif arriving.drawer is None:
        found.append({"code": "drawer_unknown"})
    known = catalog.items([line.sku for line in read.lines])
    found += [{"code": "unknown_sku", "sku": line.sku} for line in read.lines if line.sku not in known]
    return found


def _try(arriving: _Arriving, sale: OfflineSale) -> _Made | list[Note]:
    """Make it an order, or tell what hinders it; then nothing of it was done."""
    try:
        with transaction.atomic(), told_at_once():
            return _make_order(arriving.device.id, arriving.device.location, arriving.key, sale)
    except SoldOut as refusal:
        return [
            {"code": "out_of_stock", "sku": at["sku"], "wanted": at["wanted"], "available": at["available"]}
            for at in refusal.details["short"]
        ]
    except Refusal as refusal:
        return [{"code": refusal.code}]


def _make_order(device_id: UUID, location: str, key: UUID, sale: OfflineSale) -> _Made:
    """The sale as an order that is paid and in the customer's hands. Raises SoldOut, and what its parts refuse."""
    order_id, goods = new_id(), gathered([Line(line.sku, line.quantity) for line in sale.lines])
    customer_id = _customer(sale)
    drafted = order_commands.draft(_draft(order_id, location, key, sale, goods, customer_id))
    positions = tuple(Position(location, line.sku, line.quantity) for line in goods)
    allotment_id = _own_allotment(device_id, sale) or NEVER_ALLOTTED
    handed = inventory.hand_on(allotment_id, order_id, positions, shelf=True, channel=CHANNEL)
    intent_id = _pay(order_id, sale)
    order_commands.place(order_id)
    _hand_over(order_id, customer_id, location, goods, drafted.number)
    inventory.issue(order_id, positions)
    if intent_id:
        drawers.put_in(sale.drawer_id, intent_id, order_id, Money(sale.total, sale.currency), by=sale.sold_by)
    return _Made(order_id, drafted.number, handed.from_shelf)


def _own_allotment(device_id: UUID, sale: OfflineSale) -> UUID | None:
    """The allotment that the sale names, if it is this device's: nobody sells what was set aside for another."""
    found = tills.allotment_by_id(sale.allotment_id) if sale.allotment_id else None
    return found.id if found and found.device_id == device_id else None


def _customer(sale: OfflineSale) -> UUID | None:
    """Whose order it is, if they are (still) somebody we know."""
    if sale.customer_id is None:
        return None
    try:
        return accounts.customer(sale.customer_id).id
    except NotFound:
        return None


def _draft(
    order_id: UUID, location: str, key: UUID, sale: OfflineSale, goods: tuple[Line, ...], customer_id: UUID | None
) -> Draft:
    at = now()
    return Draft(
        order_id=order_id,
        customer_id=customer_id,
        contact_id=None,
        cart_id=None,
        channel=CHANNEL,
        market=sale.market,
        language=sale.language,
        currency=sale.currency,
        total=sale.total,
        total_net=sale.total - sale.vat,
        total_vat=sale.vat,
        shipping=0,
        shipping_vat=0,
        lines=tuple(
            DraftLine(
                sku=line.sku,
                name=line.name,
                quantity=line.quantity,
                unit=line.unit,
                total=line.total,
                net=line.total - line.vat,
                vat=line.vat,
                vat_basis_points=line.vat_basis_points,
            )
            for line in sale.lines
        ),
        groups=(DraftGroup(kind="carry", location=location, goods=goods, promised_from=at, promised_until=at),),
        quote={"offline": {"sale": str(key), "sold_at": sale.sold_at.isoformat(), "snapshot": sale.snapshot}},
        sold_at=location,
        sold_by=sale.sold_by,
    )


def _pay(order_id: UUID, sale: OfflineSale) -> UUID | None:
    """The cash is in the drawer already: it is written down as such. None for what was free."""
    if not sale.total:
        return None
    intent_id, amount = new_id(), Money(sale.total, sale.currency)
    payments.start(intent_id, order_id, sale.total, sale.currency, CASH, CASH, "automatic", asking=True)
    begun = Begun(payments.authorise_key(intent_id), amount, automatic=True, provider=CASH, method=CASH)
    payments.note_answer(intent_id, asking.put(begun, str(sale.drawer_id)))
    return intent_id


def _hand_over(order_id: UUID, customer_id: UUID | None, location: str, goods: tuple[Line, ...], number: str) -> None:
    at, fulfillment_id = now(), new_id()
    fulfillment.request(fulfillment_id, order_id, customer_id, "carry", location, goods, at, at, order_number=number)
    fulfillment.hand_over(fulfillment_id)


def _taken(arriving: _Arriving, sale: OfflineSale, made: _Made) -> dict[str, Any]:
    notes = _notes(arriving, sale, made.from_shelf)
    answer = _answer(arriving, "taken_with_note" if notes else "taken", notes, made)
    offline.keep_taken(
        arriving.key, arriving.device.id, arriving.device.location, arriving.told, arriving.digest, sale,
        made.order_id, answer, notes,
    )  # fmt: skip
    return answer


def _conflict(arriving: _Arriving, reasons: Sequence[Note]) -> dict[str, Any]:
    answer = _answer(arriving, "conflict", reasons, None)
    drawer, sale = arriving.drawer, arriving.sale
    offline.keep_conflict(
        arriving.key, arriving.device.id, arriving.device.location, arriving.told, arriving.digest, sale,
        drawer.id if drawer else None, answer, reasons,
    )  # fmt: skip
    if drawer and sale and sale.cash:
        drawers.set_apart(drawer.id, arriving.key, sale.cash, by=sale.sold_by)
    return answer


def _answer(arriving: _Arriving, state: str, notes: Sequence[Note], made: _Made | None) -> dict[str, Any]:
    return {
        "sale_id": str(arriving.said) if arriving.said else None,
        "kept_as": str(arriving.key),
        "state": state,
        "order_id": str(made.order_id) if made else None,
        "number": made.number if made else None,
        "notes": list(notes),
    }


def _notes(arriving: _Arriving, sale: OfflineSale, from_shelf: Sequence[Position]) -> list[Note]:
    """What is worth telling about a sale that was taken."""
    at = now()
    found = [*_prices(arriving.device.location, sale, at), *_allotment(sale, from_shelf, at)]
    if off := rules.clock_note(sale.sold_at, at, arriving.device.skew_ms):
        found.append(off)
    if arriving.drawer and arriving.drawer.state != "open":
        found.append({"code": "drawer_closed"})
    if offline.repeats_sequence(arriving.device.id, sale.sequence, sale.sale_id):
        found.append({"code": "sequence_repeated", "sequence": sale.sequence})
    cashier = staff.cashier(sale.sold_by)
    if cashier is None or cashier.location not in ("", arriving.device.location):
        found.append({"code": "cashier_unknown"})
    if sale.customer_id and _customer(sale) is None:
        found.append({"code": "customer_unknown"})
    return found


def _prices(location: str, sale: OfflineSale, at: datetime) -> list[Note]:
    """Where the goods cost something else by now, or are sold no more. They were sold at the device's price."""
    items = catalog.items([line.sku for line in sale.lines])
    now_sold = {sku: item for sku, item in items.items() if item.published(CHANNEL, at)}
    prices = pieces(now_sold, location, at)
    found: list[Note] = []
    for line in sale.lines:
        piece = prices.get(line.sku)
        if piece is None:
            found.append({"code": "withdrawn", "sku": line.sku})
        elif piece.unit.amount != line.unit:
            found.append({"code": "price_differs", "sku": line.sku, "sold": line.unit, "now": piece.unit.amount})
        if piece and piece.tag.vat_basis_points != line.vat_basis_points:
            rates = {"sold": line.vat_basis_points, "now": piece.tag.vat_basis_points}
            found.append({"code": "vat_differs", "sku": line.sku, **rates})
    return found


def _allotment(sale: OfflineSale, from_shelf: Sequence[Position], at: datetime) -> list[Note]:
    if not from_shelf or sale.allotment_id is None:
        return []
    allotted = tills.allotment_by_id(sale.allotment_id)
    if allotted and allotted.sell_until < at:
        return [{"code": "allotment_lapsed"}]
    return [{"code": "allotment_overdrawn", "sku": spot.sku, "quantity": spot.quantity} for spot in from_shelf]


# --- what a person decides


@transaction.atomic
def accept(key: UUID, location: str | None, by: UUID, correct_stock: bool, remark: str = "") -> SaleView:
    """The sale was as it says, and becomes an order. `correct_stock`: what the books lack of the goods was found.

    Raises NoSuchSale, AlreadyResolved, CannotAccept, and SoldOut if the stock is not to be corrected.
    """
    kept = offline.in_conflict(key, location)
    sale = rules.read(msgspec.json.decode(kept.payload))
    if not isinstance(sale, OfflineSale) or kept.cash != sale.cash or rules.faults(sale):
        raise CannotAccept()
    with told_at_once():
        if correct_stock:
            _find(kept.device_id, kept.location, sale, key)
        made = _make_order(kept.device_id, kept.location, key, sale)
        if kept.drawer_id and kept.cash:
            drawers.set_apart(kept.drawer_id, key, -kept.cash, by=by, step="out")
        offline.resolve(key, "accepted", by, remark, made.order_id)
    return tills.sale(key)


def _find(device_id: UUID, location: str, sale: OfflineSale, key: UUID) -> None:
    """The goods left the house, so they were there: what the books lack of them is found first."""
    goods = gathered([Line(line.sku, line.quantity) for line in sale.lines])
    left = _allotted(device_id, sale)
    here = {
        sku: sum(at.available for at in places if at.location == location)
        for sku, places in stock.available([line.sku for line in goods], CHANNEL).items()
    }
    lacking = {line.sku: line.quantity - left.get(line.sku, 0) - here.get(line.sku, 0) for line in goods}
    found = tuple(Position(location, sku, units) for sku, units in sorted(lacking.items()) if units > 0)
    if found:
        inventory.adjust(location, found, "found", f"sale {key}")


def _allotted(device_id: UUID, sale: OfflineSale) -> Mapping[str, int]:
    """What is left of the sale's allotment."""
    allotment_id = _own_allotment(device_id, sale)
    if allotment_id is None:
        return {}
    try:
        hold = stock.hold(allotment_id)
    except Refusal:
        return {}
    return {line.sku: line.left for line in hold.lines} if hold.state == "live" else {}


@transaction.atomic
def cancel(key: UUID, location: str | None, by: UUID, refunded_from_drawer: bool, remark: str = "") -> SaleView:
    """The sale was none. Its money went back out of the drawer, or stays in it as if somebody had put it in.

    Raises NoSuchSale, AlreadyResolved.
    """
    kept = offline.in_conflict(key, location)
    if kept.drawer_id and kept.cash:
        drawers.set_apart(kept.drawer_id, key, -kept.cash, by=by, step="out")
        if not refunded_from_drawer:
            drawers.keep_surplus(kept.drawer_id, key, kept.cash, by)
    offline.resolve(key, "cancelled", by, remark)
    return tills.sale(key)
