"""Where in the shop somebody is: a language and a market. One address, one language, one price."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.queries import MarketView
from samband.kernel.languages import LANGUAGES, pick

CHANNEL = "shop"


@dataclass(frozen=True, slots=True)
class Storefront:
    """A language and a market (its code in capitals)."""

    language: str
    market: str

    @property
    def code(self) -> str:
        """As it stands in addresses, such as el-gr."""
        return f"{self.language}-{self.market.lower()}"

    @property
    def view(self) -> MarketView:
        return pricing.markets()[self.market]

    @property
    def currency(self) -> str:
        return self.view.currency

    @property
    def country(self) -> str:
        return self.view.country

    @property
    def market_name(self) -> str:
        return pick(self.view.names, self.language)

    def at(self, path: str = "") -> str:
        """The address of a page of this storefront."""
        return f"/{self.code}/{path}"

    def product(self, slug: str, sku: str | None = None) -> str:
        return f"/{self.code}/p/{slug}/" + (f"?sku={quote(sku)}" if sku else "")

    def category(self, slug: str) -> str:
        return f"/{self.code}/c/{slug}/"


def named(code: str) -> Storefront | None:
    """The storefront of an address, if there is one."""
    language, _, market = code.partition("-")
    front = Storefront(language, market.upper())
    return front if language in LANGUAGES and front.market in pricing.markets() else None


def all_of_them() -> tuple[Storefront, ...]:
    """Every language in every market."""
    return _every(tuple(pricing.markets()))


@lru_cache(maxsize=8)
def _every(markets: tuple[str, ...]) -> tuple[Storefront, ...]:
    return tuple(Storefront(language, market) for market in markets for language in LANGUAGES)


class StorefrontConverter:
    """The first part of every address. Whether we sell there is asked when the page is."""

    regex = "(?:" + "|".join(LANGUAGES) + ")-[a-z]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
