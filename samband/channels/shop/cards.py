"""Products as cards: everything a card shows, worked out once, so that the template only writes it down."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template import engines
from django.utils.translation import gettext as _
from markupsafe import Markup

from samband.flows.listing import ELSEWHERE, IN_STORE, SOLD_OUT, TO_SEND, Priced
from samband.kernel import wording
from samband.kernel.languages import pick

from .announcing import announcements
from .storefronts import Storefront

MOST_SWATCHES = 5
SEEN_AT_ONCE = 4
MOST_KEPT = 10_000
"""Some ten megabytes of written cards."""


@dataclass(frozen=True, slots=True)
class CardView:
    """A card in words. `was` is the regular price where the price is lower now, `off` by how much in percent, `lowest`
    the lowest price of the thirty days before, `offer` what more of it would bring."""

    href: str
    sku: str
    category: str
    name: str
    image: str
    alt: str
    price: str
    several: bool
    was: str
    off: int
    lowest: str
    offer: str
    colours: tuple[str, ...]
    more: int
    stock: str
    stock_said: str


def cards(
    products: Iterable[Priced],
    stock: Iterable[str],
    front: Storefront,
    edition: tuple[int, str],
    group: str | None,
    at_once: int = SEEN_AT_ONCE,
) -> Markup:
    """The cards as they stand on a page; pictures are loaded `at_once` for so many, for the others when they come into
    view."""
    return Markup("\n").join(
        [
            _written(product, how, front, (edition, group), number > at_once)
            for number, (product, how) in enumerate(zip(products, stock, strict=True), 1)
        ]
    )


_kept: dict[tuple[object, ...], Markup] = {}


def forget() -> None:
    """Write every card anew."""
    _kept.clear()


def _written(product: Priced, how: str, front: Storefront, edition: tuple[object, ...], lazy: bool) -> Markup:
    """A card, kept per process for as long as neither catalog nor prices nor its stock change."""
    key = (product.card.product_id, front, how, lazy, edition)
    if (known := _kept.get(key)) is None:
        template = engines["jinja2"].env.get_template("shop/card.html")  # type: ignore[attr-defined]
        known = Markup(template.render(card=card(product, how, front), lazy=lazy).rstrip())
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = known
    return known


def card(product: Priced, how: str, front: Storefront) -> CardView:
    shown, piece = product.card, product.piece
    regular = piece.regular if piece else None
    name = pick(shown.names, front.language)
    colours = tuple(swatch.colour for swatch in shown.swatches)
    return CardView(
        href=front.product(shown.slug),
        sku=next(iter(shown.skus), ""),
        category=shown.category,
        name=name,
        image=picture(shown.image),
        alt=pick(shown.alts, front.language) or name,
        price=wording.money(piece.unit, front.language) if piece else "",
        several=product.several,
        was=wording.money(regular, front.language) if regular else "",
        off=_off(regular.amount, piece.unit.amount) if regular and piece else 0,
        lowest=wording.money(piece.lowest_30, front.language) if piece and piece.lowest_30 else "",
        offer=next(iter(announcements(piece, front, briefly=True)), "") if piece else "",
        colours=colours[:MOST_SWATCHES] if len(colours) > 1 else (),
        more=max(len(colours) - MOST_SWATCHES, 0),
        stock=how,
        stock_said=stock_said(how),
    )


def picture(path: str | None) -> str:
    """The address of a picture, or of the drawing that stands for one."""
    return f"{settings.MEDIA_URL}{path}" if path else f"{settings.STATIC_URL}shop/no-picture.svg"


def _off(regular: int, amount: int) -> int:
    return (regular - amount) * 100 // regular


def stock_said(how: str) -> str:
    """How a product can be had, in a few words."""
    return {
        IN_STORE: _("In store now"),
        TO_SEND: _("Can be sent"),
        ELSEWHERE: _("In stores abroad"),
        SOLD_OUT: _("Sold out"),
    }[how]
