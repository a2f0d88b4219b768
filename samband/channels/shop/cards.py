"""Products as cards: everything a card shows, worked out once, so that the template only writes it down."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from samband.flows.listing import ELSEWHERE, IN_STORE, SOLD_OUT, TO_SEND, Listed, Priced
from samband.kernel import wording
from samband.kernel.languages import pick

from .announcing import announcements
from .storefronts import Storefront

MOST_SWATCHES = 5


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


def cards(listed: Listed, front: Storefront) -> list[CardView]:
    return [card(product, how, front) for product, how in zip(listed.products, listed.stock, strict=True)]


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
