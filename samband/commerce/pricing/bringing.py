"""What bringing goods costs: asked once for each way, for the dearest class among the goods that go it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from samband.kernel.money import Money

from .quotes import PricedLine, QuoteLine, ShippingOffer, Terms, VatShare
from .refusals import NotShippable
from .tagging import Params, Reason
from .vat import vat_within


@dataclass(frozen=True, slots=True)
class Parcel:
    """The goods of a quote that go one way, and what is asked for it: `offers` by shipping class."""

    method: str
    offers: Mapping[str, ShippingOffer]

    def dearest(self, worth: int, without: frozenset[str] = frozenset()) -> tuple[str, ShippingOffer]:
        """The class that decides when all the goods are worth this much; `without` are classes that cost nothing."""
        return max(
            ((name, ShippingOffer(0) if name in without else offer) for name, offer in self.offers.items()),
            key=lambda one: (one[1].asked_for(worth), one[1].amount, one[0]),
        )

    def asked(self, worth: int, without: frozenset[str] = frozenset()) -> int:
        """What is asked for it, in minor units."""
        return self.dearest(worth, without)[1].asked_for(worth)


def parcels(lines: Sequence[QuoteLine], terms: Terms, method: str | None) -> tuple[Parcel, ...]:
    """The goods by the ways they go. Where pickup has no rate it is free. Raises NotShippable, naming the SKU."""
    ways: dict[str, dict[str, ShippingOffer]] = {}
    if method is not None and not lines:
        ways[method] = {"": ShippingOffer(0)}
    for line in lines:
        way = line.method or method
        if way is not None:
            ways.setdefault(way, {})[line.shipping_class] = _offer(line, terms, way)
    return tuple(Parcel(way, ways[way]) for way in sorted(ways))


def _offer(line: QuoteLine, terms: Terms, way: str) -> ShippingOffer:
    if way == "ship":
        if found := terms.shipping.get(line.shipping_class):
            return found
        raise NotShippable(sku=line.sku, shipping_class=line.shipping_class, market=terms.market)
    return (terms.pickup.get(line.shipping_class) if way == "pickup" else None) or ShippingOffer(0)


def reasons(parcels: Sequence[Parcel], worth: int, currency: str) -> tuple[Reason, ...]:
    """Why bringing goods worth this much costs what it does, before promotions."""
    if not parcels:
        return (Reason("shipping_not_chosen", {}),)
    return tuple(reason for parcel in parcels for reason in _reasons(parcel, worth, currency))


def _reasons(parcel: Parcel, worth: int, currency: str) -> tuple[Reason, ...]:
    name, offer = parcel.dearest(worth)
    if not offer.amount:
        return (Reason("shipping_free", {"method": parcel.method}),)
    about: Params = {
        "method": parcel.method, "shipping_class": name, "amount": offer.amount, "currency": currency,
    }  # fmt: skip
    if not offer.asked_for(worth):
        return (Reason("shipping_free_from", {**about, "free_from": offer.free_from or 0}),)
    why = Reason("shipping_class", about)
    if offer.free_from is None:
        return (why,)
    missing = offer.free_from - worth
    above = Reason("shipping_free_above", {"free_from": offer.free_from, "missing": missing, "currency": currency})
    return why, above


def share_out(shipping: Money, lines: Sequence[PricedLine]) -> dict[int, Money]:
    """Shipping is taxed like the goods it brings: shared over their rates by what they cost."""
    worth: dict[int, int] = {}
    for line in lines:
        worth[line.vat_basis_points] = worth.get(line.vat_basis_points, 0) + line.total.amount
    if not worth:
        return {}
    rates = sorted(worth, reverse=True)
    if not any(worth.values()):
        worth[rates[0]] = 1
    return dict(zip(rates, shipping.split([worth[rate] for rate in rates]), strict=True))


def summarise(lines: Iterable[PricedLine], shares: Mapping[int, Money], currency: str) -> tuple[VatShare, ...]:
    """Everything by the rate it is taxed at, highest first."""
    gross = {rate: share.amount for rate, share in shares.items()}
    vat = {rate: vat_within(share.amount, rate) for rate, share in shares.items()}
    for line in lines:
        gross[line.vat_basis_points] += line.total.amount
        vat[line.vat_basis_points] += line.vat.amount
    return tuple(
        VatShare(
            rate, Money(gross[rate] - vat[rate], currency), Money(vat[rate], currency), Money(gross[rate], currency)
        )
        for rate in shares
    )


def vat_of(shares: Mapping[int, Money], currency: str) -> Money:
    """The VAT that shared out shipping contains."""
    return Money(sum(vat_within(share.amount, rate) for rate, share in shares.items()), currency)
