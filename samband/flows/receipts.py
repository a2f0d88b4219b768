"""The receipt of what was sold at a till: for the screen, for the mail, and for the printer beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, override, pgettext

from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.payments import queries as payments
from samband.commerce.payments.queries import IntentView
from samband.commerce.tills import queries as tills
from samband.commerce.tills.queries import SaleView
from samband.commerce.tills.rules import OfflineSale, read
from samband.customers.accounts import rules as accounts
from samband.engagement.messaging import commands as messaging
from samband.kernel import wording
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.languages import DEFAULT, LANGUAGES, pick
from samband.kernel.money import Money
from samband.staff import queries as staff

CASH = "cash"
SECURED = ("authorised", "captured", "partly_refunded", "refunded")


@dataclass(frozen=True, slots=True)
class Store:
    """Who sold it: name and address of the store."""

    code: str
    name: str
    address: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sold:
    """A line. `total` is what was paid, `discount` what came off; both include VAT."""

    sku: str
    name: str
    quantity: int
    unit: Money
    discount: Money
    total: Money
    vat_basis_points: int


@dataclass(frozen=True, slots=True)
class Vat:
    """What was taxed at one rate."""

    basis_points: int
    net: Money
    vat: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Paid:
    """A tender. `given` and `change` are of cash, where they are known."""

    method: str
    name: str
    amount: Money
    given: Money | None
    change: Money | None
    paid_with: str


@dataclass(frozen=True, slots=True)
class Coming:
    """Goods that were not carried away: how, from where and when they come."""

    kind: str
    location: str
    names: Mapping[str, str]
    start: datetime | None
    until: datetime | None
    goods: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt. `texts` are its words in its language; `offline` says that the till made it without its line."""

    number: str
    order_id: UUID | None
    at: datetime
    zone: str
    store: Store
    cashier: str
    language: str
    lines: tuple[Sold, ...]
    discount: Money
    shipping: Money
    total: Money
    vat: tuple[Vat, ...]
    tenders: tuple[Paid, ...]
    parts: tuple[Coming, ...] = ()
    offline: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)


def of_order(order_id: UUID, language: str = "") -> Receipt:
    """The receipt of an order, in a language (else the one it was bought in). Raises OrderNotFound."""
    order = orders.order(order_id)
    told = language if language in LANGUAGES else order.language
    site = inventory.locations().get(order.sold_at)
    sale = tills.sale_of_order(order_id)
    return Receipt(
        number=order.number,
        order_id=order.id,
        at=sale.sold_at if sale and sale.sold_at else order.placed_at or order.created_at,
        zone=site.time_zone if site else "UTC",
        store=store_of(site, told),
        cashier=_cashier(order.sold_by),
        language=told,
        lines=tuple(
            Sold(line.sku, line.name, line.quantity, line.unit, line.discount, line.total, line.vat_basis_points)
            for line in order.lines
        ),
        discount=_discount(order),
        shipping=order.shipping,
        total=order.total,
        vat=_vat(order),
        tenders=_tenders(order_id, sale, told),
        parts=_parts(order),
        offline=sale is not None,
        texts=texts(told),
    )


def of_sale(sale: OfflineSale, location: str) -> Receipt:
    """The receipt of a sale that is no order yet: what the device says was sold. Raises UnknownLocation."""
    site, currency = inventory.location(location), sale.currency
    lines = tuple(
        Sold(
            line.sku, line.name, line.quantity, Money(line.unit, currency), Money(0, currency),
            Money(line.total, currency), line.vat_basis_points,
        )
        for line in sale.lines
    )  # fmt: skip
    rates: dict[int, tuple[int, int]] = {}
    for line in sale.lines:
        total, vat = rates.get(line.vat_basis_points, (0, 0))
        rates[line.vat_basis_points] = (total + line.total, vat + line.vat)
    return Receipt(
        number=f"{str(sale.sale_id)[:8].upper()}-{sale.sequence}",
        order_id=None,
        at=sale.sold_at,
        zone=site.time_zone,
        store=store_of(site, sale.language),
        cashier=_cashier(sale.sold_by),
        language=sale.language,
        lines=lines,
        discount=Money(0, currency),
        shipping=Money(0, currency),
        total=Money(sale.total, currency),
        vat=tuple(
            Vat(rate, Money(total - vat, currency), Money(vat, currency), Money(total, currency))
            for rate, (total, vat) in sorted(rates.items())
        ),
        tenders=_cash(sale, sale.language),
        offline=True,
        texts=texts(sale.language),
    )


def store_of(site: LocationView | None, language: str) -> Store:
    """The head of a receipt."""
    if site is None:
        return Store("", "Samband", ())
    address = tuple(part for part in (site.address.get(name, "") for name in ("line1", "line2")) if part)
    town = " ".join(part for part in (site.address.get("postcode", ""), site.address.get("city", "")) if part)
    return Store(site.code, pick(site.names, language) or site.name, (*address, *((town,) if town else ())))


def _cashier(member_id: UUID | None) -> str:
    """The first name: whoever reads a receipt need not know more."""
    name = staff.names({member_id}).get(member_id, "") if member_id else ""
    return name.split(" ")[0]


def _discount(order: OrderView) -> Money:
    off = Money(0, order.total.currency)
    for line in order.lines:
        off += line.discount
    return off


def _vat(order: OrderView) -> tuple[Vat, ...]:
    """What the lines are taxed at, and what bringing them is: as it was shown, where a quote says it rate by rate."""
    currency = order.total.currency
    shown = order.quote.get("vat_summary")
    if isinstance(shown, list) and shown:
        return tuple(
            Vat(one["basis_points"], *(Money(one[part]["amount"], currency) for part in ("net", "vat", "total")))
            for one in shown
        )
    rates: dict[int, list[Money]] = {}
    for line in order.lines:
        sums = rates.setdefault(line.vat_basis_points, [Money(0, currency)] * 3)
        rates[line.vat_basis_points] = [sums[0] + line.net, sums[1] + line.vat, sums[2] + line.total]
    return tuple(Vat(rate, *sums) for rate, sums in sorted(rates.items()))


def _tenders(order_id: UUID, sale: SaleView | None, language: str) -> tuple[Paid, ...]:
    told = read(sale.payload) if sale else None
    if isinstance(told, OfflineSale):
        return _cash(told, language)
    return tuple(_paid(intent, language) for intent in payments.of_order(order_id) if intent.state in SECURED)


def _cash(sale: OfflineSale, language: str) -> tuple[Paid, ...]:
    name, currency = method_name(CASH, language), sale.currency
    return tuple(
        Paid(CASH, name, Money(one.amount, currency), Money(one.given, currency), Money(one.change, currency), "")
        for one in sale.tenders
    )


def _paid(intent: IntentView, language: str) -> Paid:
    return Paid(intent.method, method_name(intent.method, language), intent.amount, None, None, intent.paid_with)


def _parts(order: OrderView) -> tuple[Coming, ...]:
    sites = inventory.locations()
    return tuple(
        Coming(
            group.kind,
            group.location,
            sites[group.location].names if group.location in sites else {},
            group.promised_from,
            group.promised_until,
            group.goods,
        )
        for group in order.groups
        if group.kind != "carry"
    )


def method_name(method: str, language: str) -> str:
    """What a way to pay is called on a receipt."""
    with override(language if language in LANGUAGES else DEFAULT):
        return {
            CASH: pgettext("receipt", "Cash"),
            "card": gettext("Payment card"),
            "card_present": gettext("Payment card"),
            "gift_card": pgettext("receipt", "Gift card"),
            "pay_later": pgettext("receipt", "Pay later"),
            "transfer": pgettext("receipt", "Bank transfer"),
            "on_delivery": pgettext("receipt", "On delivery"),
        }.get(method, method)


def texts(language: str) -> dict[str, str]:
    """The words of a receipt."""
    with override(language if language in LANGUAGES else DEFAULT):
        return {
            "receipt": pgettext("receipt", "Receipt"),
            "served_by": pgettext("receipt", "Served by"),
            "discount": pgettext("receipt", "Discount"),
            "delivery": gettext("Delivery"),
            "total": pgettext("receipt", "Total"),
            "vat": pgettext("receipt", "VAT"),
            "net": pgettext("receipt", "Without VAT"),
            "given": pgettext("receipt", "Given"),
            "change": pgettext("receipt", "Change"),
            "ship": pgettext("receipt", "Will be sent"),
            "pickup": pgettext("receipt", "To be picked up"),
            "serve": pgettext("receipt", "Will be served"),
            "offline": pgettext("receipt", "Made while the line was down"),
            "thanks": pgettext("receipt", "Thank you, and welcome back"),
        }


def mail(order_id: UUID, email: str, language: str, *, key: str) -> None:
    """Send the receipt of an order by mail, soon and once for each `key`. Raises NotAnEmail, OrderNotFound."""
    receipt = of_order(order_id, language)
    order = orders.order(order_id)
    messaging.queue(
        "receipt",
        f"receipt:{order_id}:{key}",
        email=accounts.email(email),
        language=receipt.language,
        about=f"order:{order_id}",
        facts={"receipt": written(receipt)},
        customer_id=order.customer_id,
    )


def written(receipt: Receipt) -> dict[str, Any]:
    """The receipt with its amounts and moments as its language writes them: for the mail and the printer."""
    language = receipt.language

    def money(amount: Money) -> str:
        return wording.money(amount, language)

    return {
        "number": receipt.number,
        "at": wording.moment(receipt.at, language, receipt.zone),
        "store": asdict(receipt.store),
        "cashier": receipt.cashier,
        "offline": receipt.offline,
        "lines": [
            {
                "name": line.name,
                "quantity": wording.number(line.quantity, language),
                "unit": money(line.unit),
                "discount": money(-line.discount) if line.discount else "",
                "total": money(line.total),
            }
            for line in receipt.lines
        ],
        "discount": money(-receipt.discount) if receipt.discount else "",
        "shipping": money(receipt.shipping) if receipt.shipping else "",
        "total": money(receipt.total),
        "vat": [
            {
                "rate": wording.percent(one.basis_points, language),
                "net": money(one.net),
                "vat": money(one.vat),
                "total": money(one.total),
            }
            for one in receipt.vat
        ],
        "tenders": [
            {
                "name": " ".join(part for part in (one.name, one.paid_with) if part),
                "amount": money(one.amount),
                "given": money(one.given) if one.given else "",
                "change": money(one.change) if one.change else "",
            }
            for one in receipt.tenders
        ],
        "parts": [_part(one, receipt) for one in receipt.parts],
        "texts": dict(receipt.texts),
    }


def _part(part: Coming, receipt: Receipt) -> dict[str, Any]:
    days = [wording.day(moment, receipt.language, receipt.zone) for moment in (part.start, part.until) if moment]
    return {
        "kind": receipt.texts.get(part.kind, part.kind),
        "place": pick(part.names, receipt.language) if part.kind == "pickup" else "",
        "when": " – ".join(dict.fromkeys(days)),
        "goods": [f"{line.quantity} × {_name(line.sku, receipt.lines)}" for line in part.goods],
    }


def _name(sku: str, lines: Sequence[Sold]) -> str:
    return next((line.name for line in lines if line.sku == sku), sku)


def report_texts(language: str) -> dict[str, str]:
    """The words of a drawer's report."""
    with override(language if language in LANGUAGES else DEFAULT):
        return {
            "X": pgettext("drawer report", "Reading (X)"),
            "Z": pgettext("drawer report", "Closing (Z)"),
            "float": pgettext("drawer report", "Float"),
            "sale": pgettext("drawer report", "Sales"),
            "refund": pgettext("drawer report", "Given back"),
            "pay_in": pgettext("drawer report", "Put in"),
            "pay_out": pgettext("drawer report", "Taken out"),
            "unsettled": pgettext("drawer report", "Sales in conflict"),
            "sales": pgettext("drawer report", "Number of sales"),
            "expected": pgettext("drawer report", "Should be there"),
            "counted": pgettext("drawer report", "Counted"),
            "difference": pgettext("drawer report", "Difference"),
            "late": pgettext("drawer report", "Came to light afterwards"),
            "opened": pgettext("drawer report", "Opened"),
            "closed": pgettext("drawer report", "Closed"),
        }


def report_lines(drawer_id: UUID, language: str) -> list[tuple[str, str]]:
    """A drawer's report as pairs of words and figures, line by line. Raises NoSuchDrawer."""
    report = tills.report(drawer_id)
    drawer, words = report.drawer, report_texts(language)
    zone = inventory.location(drawer.location).time_zone
    heading = words[report.kind] + (f" {drawer.number}" if drawer.number else "")
    lines = [
        (heading, drawer.location),
        (words["opened"], wording.moment(drawer.opened_at, language, zone)),
        (words["closed"], wording.moment(drawer.closed_at or now(), language, zone)),
        (words["sales"], wording.number(report.sales, language)),
        *((words[kind], wording.money(amount, language)) for kind, amount in report.sums.items()),
        (words["expected"], wording.money(drawer.expected, language)),
    ]
    for name, amount in (("counted", drawer.counted), ("difference", drawer.difference)):
        if amount is not None:
            lines.append((words[name], wording.money(amount, language)))
    if drawer.late:
        lines.append((words["late"], wording.money(drawer.late, language)))
    return lines if report.kind == "Z" else [line for line in lines if line[0] != words["closed"]]
