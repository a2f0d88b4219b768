"""The page behind a shelf's or a product's code: what it is, what it costs here, where it is, and how to have it."""

from django.http import HttpResponse

from samband.commerce.catalog.views import MediaView, ProductPage, Spec
from samband.commerce.inventory.queries import LocationView
from samband.commerce.spots.queries import SpotView
from samband.flows.at_shelf import Around, AtShelf, at_shelf
from samband.flows.piece_price import Piece
from samband.kernel.money import Money

from .explaining import offers_said
from .pages import page, render
from .visitors import Visitor
from .words import Words

MOST_AROUND = 6


def show(visitor: Visitor, spot: SpotView, site: LocationView, token: str) -> HttpResponse:
    """The goods that a spot speaks of. Raises NoSuchProduct."""
    return _show(visitor, at_shelf(str(spot.sku), site, spot.place, visitor.group), site, spot=spot, token=token)


@page()
def goods(visitor: Visitor, sku: str) -> HttpResponse:
    """The same for something that was scanned on a visit. Raises VisitOver, NoSuchProduct."""
    visit = visitor.on_visit()
    site = visitor.site
    assert site is not None
    return _show(visitor, at_shelf(sku, site, visit.place, visitor.group), site, spot=None, token="")


def _show(visitor: Visitor, seen: AtShelf, site: LocationView, spot: SpotView | None, token: str) -> HttpResponse:
    shown, offer = seen.window.page, seen.offer
    inside = visitor.visit if visitor.visit and visitor.visit.location == site.code else None
    return render(
        visitor,
        "shelf.html",
        seen=seen,
        shown=shown,
        offer=offer,
        site=site,
        spot=spot,
        token=token,
        inside=inside,
        begins=spot is not None and inside is None,
        vat=_vat(offer.piece),
        offers=offers_said(seen, Words(visitor.language)),
        around=[one for one in _having(seen) if one.store.site.country == site.country][:MOST_AROUND],
        abroad=[one for one in _having(seen) if one.store.site.country != site.country][:MOST_AROUND],
        picture_of=_first_picture(shown, offer.variant.sku),
        specs=_specs(seen),
    )


def _vat(piece: Piece | None) -> Money | None:
    """The VAT within what one piece costs."""
    if piece is None:
        return None
    return piece.line.vat if piece.line else piece.tag.unit - piece.tag.net


def _having(seen: AtShelf) -> list[Around]:
    return [one for one in seen.around if one.store.available]


def _first_picture(shown: ProductPage, sku: str) -> MediaView | None:
    """The variant's own picture, else the product's, else a sibling's."""
    images = [media for media in shown.media if media.kind == "image"]
    return min(images, key=lambda media: (media.sku != sku, media.sku is not None), default=None)


def _specs(seen: AtShelf) -> list[Spec]:
    own = {spec.code for spec in seen.offer.variant.specs}
    return [*seen.offer.variant.specs, *(spec for spec in seen.window.page.specs if spec.code not in own)]
