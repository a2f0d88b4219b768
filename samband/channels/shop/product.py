"""The product page: every answer a buyer needs, on one page."""

from django.http import HttpResponse

from samband.commerce.catalog.views import MediaView, ProductPage, Spec
from samband.flows.piece_price import Piece
from samband.flows.shop_window import Offer, shop_window
from samband.kernel.money import Money

from .announcing import announcements, reductions
from .cards import picture
from .pages import page, render
from .storefronts import CHANNEL
from .visits import Visit
from .wording import Words


@page()
def product(visit: Visit, slug: str) -> HttpResponse:
    """Four statements. Raises NoSuchProduct. A SKU that is not this product's shows the first that can be had."""
    front = visit.front
    window = shop_window(slug, CHANNEL, front.market, visit.group)
    shown = window.page
    offer = window.offer(visit.request.GET.get("sku"))
    stores = [store for store in offer.stores if store.site.country == front.country]
    return render(
        visit,
        "product.html",
        page=shown,
        window=window,
        offer=offer,
        stores=stores,
        stores_abroad=[store for store in offer.stores if store.site.country != front.country],
        reductions=reductions(offer.piece, Words(front.language)) if offer.piece else (),
        announcements=announcements(offer.piece, front) if offer.piece else (),
        specs=_specs(shown, offer),
        pictures=_pictures(shown, offer),
        models=[media for media in shown.media if media.kind == "model3d"],
        picture=picture,
        vat=_vat(offer.piece) if offer.piece else None,
        most=min(offer.available, 99),
        canonical=front.product(slug),
    )


def _vat(piece: Piece) -> Money:
    """The VAT in what is paid for one."""
    return piece.line.vat if piece.line else piece.tag.unit - piece.tag.net


def _specs(page: ProductPage, offer: Offer) -> list[Spec]:
    own = {spec.code for spec in offer.variant.specs}
    return [*offer.variant.specs, *(spec for spec in page.specs if spec.code not in own)]


def _pictures(page: ProductPage, offer: Offer) -> list[MediaView]:
    """The variant's own pictures, then the product's, then those of its siblings."""
    images = [media for media in page.media if media.kind == "image"]
    return sorted(images, key=lambda media: (media.sku != offer.variant.sku, media.sku is not None))
