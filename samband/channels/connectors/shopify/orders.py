"""The order export: the first row of an order tells its totals, each row one line of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from samband.commerce.orders.rules import LONGEST_NAME, MOST_LINES, DraftLine, Historic
from samband.customers.accounts import rules
from samband.flows.take_over import Deal
from samband.kernel.goods import MOST_OF_ONE
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal

from ..rejects import Rejects
from ..tally import Worth, times
from .customers import clean_name, clean_phone
from .products import named_sku
from .sheet import Record, Sheet, minor, records, reject, told

OVER = frozenset({"voided", "expired"})
SETTLED = frozenset({"paid", "partially_refunded", "refunded"})
CHANNEL = "import"


@dataclass(frozen=True, slots=True)
class Order:
    """An order that is over, with whom to tell about it. `deal` has neither customer nor contact yet."""

    deal: Deal
    email: str
    name: str
    phone: str
    parts: list[Record]


@dataclass
class Orders:
    """Orders that can be history. `worth` is that of their lines: quantity × price as they stand in the file.

    `currencies` are those of all orders, rejected ones too.
    """

    orders: list[Order] = field(default_factory=list)
    rows: int = 0
    worth: Worth = field(default_factory=Worth)
    left: Counter[str] = field(default_factory=Counter)
    currencies: set[str] = field(default_factory=set)


def read(sheet: Sheet, source: str, markets: Mapping[str, str], language: str, rejects: Rejects) -> Orders:
    """Every row is part of an order or among the rejects. `markets` tells by currency where an order is written."""
    found = Orders()
    by_name: dict[str, list[Record]] = {}
    for record in records(sheet, rejects):
        found.rows += 1
        if not record["Name"] or (record["Name"] not in by_name and not record["Total"]):
            reject(sheet, rejects, [record], "incomplete", "The first row of an order has its name and total.",
                   [worth_of(record)])  # fmt: skip
        else:
            by_name.setdefault(record["Name"], []).append(record)
    found.rows += rejects.reasons["unreadable"]
    for name, parts in by_name.items():
        found.currencies.add(parts[0]["Currency"][:8])
        try:
            order = _order(name, parts, source, markets, language, found.left)
        except Unfit as unfit:
            reject(sheet, rejects, parts, unfit.reason, unfit.because, list(map(worth_of, parts)))
        except Refusal as refusal:
            reject(sheet, rejects, parts, "unreadable", told(refusal), list(map(worth_of, parts)))
        else:
            found.orders.append(order)
            for part in parts:
                found.worth.add(worth_of(part))
    return found


def worth_of(record: Record) -> Decimal | None:
    """Quantity × price of the line; None if that cannot be read."""
    return times(record["Lineitem quantity"], record["Lineitem price"])


class Unfit(Exception):
    """The order cannot be history, for a reason that rejects know."""

    def __init__(self, reason: str, because: str = "") -> None:
        super().__init__(reason)
        self.reason, self.because = reason, because


def _order(
    name: str, parts: list[Record], source: str, markets: Mapping[str, str], language: str, left: Counter[str]
) -> Order:
    head = parts[0]
    if any(part["Total"] for part in parts[1:]):
        raise Unfit("repeated", "Two orders have this name.")
    currency = head["Currency"]
    if currency not in markets:
        raise Unfit("unknown_currency", f"No market of ours trades in {currency[:8]}.")
    state, taken, given_back = _ending(head, currency)
    lines, shipping, shipping_vat = _lines(head, parts, currency)
    total = minor(head["Total"], currency)
    vat = shipping_vat + sum(line.vat for line in lines)
    order = Historic(
        source=source,
        reference=name,
        number=name,
        kind="sale",
        state=state,
        customer_id=None,
        channel=CHANNEL,
        market=markets[currency],
        language=language,
        currency=currency,
        total=total,
        total_net=total - vat,
        total_vat=vat,
        shipping=shipping,
        shipping_vat=shipping_vat,
        placed_at=_moment(head["Created at"]),
        lines=tuple(lines),
        refunded=given_back,
    )
    email = rules.email(head["Email"]) if head["Email"] else ""
    phone = clean_phone(head.first("Phone", "Billing Phone", "Shipping Phone"), head["Billing Country"], left)
    return Order(
        Deal(order, taken, given_back), email, clean_name(head.first("Billing Name", "Shipping Name")), phone, parts
    )


def _ending(head: Record, currency: str) -> tuple[str, int, int]:
    """The order's state, what was taken for it and what was given back."""
    total, back = minor(head["Total"], currency), minor(head["Refunded Amount"], currency)
    paid = head["Financial Status"].lower()
    if paid in OVER:
        if back:
            raise Unfit("does_not_add_up", "Money went back of an order that was never paid.")
        return "cancelled", 0, 0
    if paid not in SETTLED or minor(head["Outstanding Balance"], currency):
        if head["Cancelled at"] and paid == "pending" and not back:
            return "cancelled", 0, 0
        raise Unfit("still_open")
    fits = {"paid": back == 0, "partially_refunded": 0 < back < total, "refunded": back == total}[paid]
    if not fits:
        raise Unfit(
            "does_not_add_up", f"It is {paid}, but {head['Refunded Amount'] or 0} of {head['Total']} went back."
        )
    if head["Cancelled at"]:
        return "cancelled", total, back
    if head["Fulfillment Status"].lower() == "fulfilled":
        return "completed", total, back
    if paid == "refunded":
        return "cancelled", total, back
    raise Unfit("still_open")


@dataclass(frozen=True, slots=True)
class _Item:
    sku: str
    name: str
    quantity: int
    worth: int
    less: int


def _lines(head: Record, parts: Sequence[Record], currency: str) -> tuple[list[DraftLine], int, int]:
    """The lines with discount and VAT shared out, shipping, and VAT of shipping. Raises Unfit if they do not add up."""
    if len(parts) > MOST_LINES:
        raise Unfit("too_many_lines")
    items = [_item(part, currency) for part in parts]
    amounts = {
        name: minor(head[name], currency) for name in ("Subtotal", "Shipping", "Taxes", "Total", "Discount Amount")
    }
    if min(amounts.values()) < 0:
        raise Unfit("does_not_add_up", "An amount is less than nothing.")
    less, discount = sum(item.less for item in items), amounts["Discount Amount"]
    off = sum(item.worth for item in items) - amounts["Subtotal"]
    # Exports differ in whether the discount of the order counts those of its lines.
    if off not in (discount, discount + less) or off < less:
        raise Unfit("does_not_add_up", "The lines less the discount are not the subtotal.")
    before, shipping, taxes = amounts["Subtotal"], amounts["Shipping"], amounts["Taxes"]
    included = before + shipping == amounts["Total"]
    if not included and before + shipping + taxes != amounts["Total"]:
        raise Unfit("does_not_add_up", "Subtotal, shipping and taxes are not the total.")
    goods = _shared(before, [item.worth - item.less for item in items], currency)
    taxed = _shared(taxes, [*goods, shipping], currency)
    rate = _rate(taxes, before + shipping - (taxes if included else 0))
    lines = [
        _line(item, amount, vat, rate, included) for item, amount, vat in zip(items, goods, taxed[:-1], strict=True)
    ]
    return lines, shipping + (0 if included else taxed[-1]), taxed[-1]


def _item(part: Record, currency: str) -> _Item:
    name, quantity = part["Lineitem name"], part["Lineitem quantity"]
    if not name or not quantity:
        raise Unfit("incomplete", "A line has no name or no quantity.")
    if not (quantity.isascii() and quantity.isdigit()) or len(name) > LONGEST_NAME:
        raise Unfit("unreadable", "A line has no whole quantity, or too long a name.")
    units, price = int(quantity), minor(part["Lineitem price"], currency)
    less = minor(part["Lineitem discount"], currency)
    if not 1 <= units <= MOST_OF_ONE or price < 0 or not 0 <= less <= units * price:
        raise Unfit("does_not_add_up", "A line has less than one unit, or costs less than nothing.")
    return _Item(part["Lineitem sku"].lstrip("'") or named_sku(name), name, units, units * price, less)


def _shared(amount: int, weights: Sequence[int], currency: str) -> list[int]:
    """The amount in proportion to the weights, to the last minor unit."""
    if not amount:
        return [0] * len(weights)
    if not sum(weights):
        raise Unfit("does_not_add_up", "There is an amount, but nothing that it could be for.")
    return [part.amount for part in Money(amount, currency).split(weights)]


def _rate(taxes: int, net: int) -> int:
    """The VAT that the order was taxed by on the whole, in basis points."""
    return min(round(taxes * 10_000 / net), 10_000) if net > 0 else 0


def _line(item: _Item, amount: int, vat: int, rate: int, included: bool) -> DraftLine:
    total = amount if included else amount + vat
    if vat > total:
        raise Unfit("does_not_add_up", "There is more tax than price.")
    return DraftLine(item.sku, item.name, item.quantity, total // item.quantity, total, total - vat, vat, rate)


def _moment(text: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise Unfit("unreadable", "It is not told when the order was made.")
