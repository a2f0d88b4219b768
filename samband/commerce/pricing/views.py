"""What pricing answers with about itself: plain values, never rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.kernel.money import Money

from .promotions import Promotion


@dataclass(frozen=True, slots=True)
class MarketView:
    """A market: `country` is ISO 3166, `currency` ISO 4217; `names` by language."""

    code: str
    country: str
    currency: str
    default_language: str
    names: dict[str, str]
    position: int


@dataclass(frozen=True, slots=True)
class PriceListView:
    """A price list; an absent market, channel or customer group means any. `names` by language."""

    code: str
    currency: str
    market: str | None
    channel: str | None
    customer_group: str | None
    includes_vat: bool
    valid_from: datetime | None
    valid_until: datetime | None
    priority: int
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What a SKU costs in one list: minor units of the list's currency, with VAT if the list includes it."""

    price_list: str
    sku: str
    amount: int
    currency: str
    includes_vat: bool


@dataclass(frozen=True, slots=True)
class PriceStep:
    """A time during which one unit cost the same, VAT included; no `unit`: it was not for sale. It may go on still.

    `regular` is what it would have cost without the reduction that held then.
    """

    since: datetime
    until: datetime | None
    unit: Money | None
    regular: Money | None
    price_list: str | None
    promotions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VatRateView:
    """A VAT rate in basis points and the moment from which it holds."""

    country: str
    vat_class: str
    basis_points: int
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class ShippingRateView:
    """What sending (or handing over) a class of goods costs: minor units of the market's currency, VAT included."""

    market: str
    shipping_class: str
    method: str
    amount: int
    free_from: int | None


@dataclass(frozen=True, slots=True)
class PromotionView:
    """A promotion, when it was ended if it was, and how many orders make use of it.

    Only what is counted is told: promotions with a limit, and those that a coupon opens.
    """

    promotion: Promotion
    ended_at: datetime | None
    uses: int
    coupons: int


@dataclass(frozen=True, slots=True)
class CouponView:
    """A code and how often orders make use of it."""

    code: str
    promotion: str
    batch_id: UUID
    limit_total: int | None
    limit_per_customer: int | None
    customer_id: UUID | None
    valid_from: datetime | None
    valid_until: datetime | None
    ended_at: datetime | None
    uses: int


@dataclass(frozen=True, slots=True)
class UseView:
    """An order that makes use of a promotion. `state`: reserved, kept, freed."""

    order_id: UUID
    promotion: str
    coupon: str | None
    customer_id: UUID | None
    state: str
    at: datetime
