"""How the console says amounts, times, places and goods to the person who looks."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item, Spec
from samband.commerce.inventory import queries as inventory
from samband.commerce.pricing import queries as pricing
from samband.customers.accounts.rules import Particulars
from samband.kernel import wording
from samband.kernel.languages import LANGUAGES, pick
from samband.kernel.money import Money

MINUTE, HOUR, DAY = 60, 3600, 86_400


REMEMBERED_SECONDS = 5.0


class _Categories:
    """What categories are called, as this process last read it: a page says many of them."""

    def __init__(self) -> None:
        self._names: Mapping[str, Mapping[str, str]] = {}
        self._until = 0.0

    def named(self) -> Mapping[str, Mapping[str, str]]:
        if time.monotonic() >= self._until:
            found, waiting = {}, list(catalog.tree())
            while waiting:
                node = waiting.pop()
                found[node.slug] = node.names
                waiting.extend(node.children)
            self._names, self._until = found, time.monotonic() + REMEMBERED_SECONDS
        return self._names

    def forget(self) -> None:
        self._until = 0.0


_categories = _Categories()
forget = _categories.forget
"""Have this process read anew what categories are called."""


@dataclass(frozen=True, slots=True)
class Words:
    """Wording in one language, on the clocks of one zone, for templates."""

    language: str
    zone: str

    def money(self, amount: Money) -> str:
        return wording.money(amount, self.language)

    def text(self, texts: Mapping[str, str]) -> str:
        return pick(texts, self.language)

    def number(self, value: float | Decimal) -> str:
        return wording.number(value, self.language)

    def signed(self, value: int) -> str:
        return f"+{wording.number(value, self.language)}" if value > 0 else wording.number(value, self.language)

    def percent(self, basis_points: int) -> str:
        return wording.percent(basis_points, self.language)

    def moment(self, at: datetime, zone: str = "") -> str:
        return wording.moment(at, self.language, zone or self.zone)

    def day(self, at: datetime, zone: str = "") -> str:
        return wording.day(at, self.language, zone or self.zone)

    def hour(self, at: datetime, zone: str = "") -> str:
        return wording.hour(at, self.language, zone or self.zone)

    def between(self, first: datetime, last: datetime, zone: str = "") -> str:
        """When something was promised: two days, or two times of one day."""
        one, other = self.day(first, zone), self.day(last, zone)
        if one != other:
            return _("%(first)s – %(last)s") % {"first": one, "last": other}
        return f"{one}, {self.hour(first, zone)}–{self.hour(last, zone)}"

    def lasting(self, seconds: float) -> str:
        """So long, roughly."""
        if seconds < MINUTE:
            return ngettext("%(count)s second", "%(count)s seconds", round(seconds)) % {"count": round(seconds)}
        if seconds < HOUR:
            minutes = round(seconds / MINUTE)
            return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
        if seconds < 2 * DAY:
            hours = round(seconds / HOUR)
            return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
        days = round(seconds / DAY)
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}

    # --- for fields of forms

    def typed(self, amount: Money | None) -> str:
        """An amount as it is typed into a field."""
        return "" if amount is None else f"{amount.decimal:f}"

    def local(self, at: datetime | None, zone: str = "") -> str:
        """A moment as a field for date and time wants it."""
        return "" if at is None else f"{at.astimezone(ZoneInfo(zone or self.zone)):%Y-%m-%dT%H:%M}"

    # --- places, people and goods

    def place(self, code: str) -> str:
        """A location by its name in this language, or its code when we do not know it."""
        site = inventory.locations().get(code)
        return (pick(site.names, self.language) or site.name) if site else code

    def zone_of(self, code: str) -> str:
        site = inventory.locations().get(code)
        return site.time_zone if site else self.zone

    def market(self, code: str | None) -> str:
        known = pricing.markets().get(code or "")
        return (pick(known.names, self.language) or known.code) if known else (code or "")

    def price_list(self, code: str) -> str:
        known = pricing.price_lists().get(code)
        return pick(known.names, self.language) if known and known.names else code

    def tongue(self, code: str) -> str:
        return LANGUAGES.get(code, code)

    def address(self, given: Particulars) -> list[str]:
        """The lines of an address."""
        town = f"{given.postcode} {given.city}".strip()
        return [line for line in (given.name, given.line1, given.line2, town, given.country, given.phone) if line]

    def item(self, item: Item | None, sku: str = "") -> str:
        """A SKU's product and variant; the SKU itself when the catalog does not know it."""
        if item is None:
            return sku
        label = pick(item.variant_labels, self.language)
        return f"{pick(item.names, self.language)}, {label}" if label else pick(item.names, self.language)

    def category(self, slug: str) -> str:
        """A category by its name in this language, or its code when the catalog does not know it."""
        return pick(_categories.named().get(slug, {}), self.language) or slug

    def spec(self, spec: Spec) -> str:
        """What is said of a product, with its unit."""
        if spec.kind == "flag":
            return _("Yes") if spec.value else _("No")
        if spec.kind == "number":
            return wording.measure(spec.value, spec.unit, self.language)
        return pick(spec.labels, self.language) or str(spec.value)
