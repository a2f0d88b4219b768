"""Products, categories and attributes over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query

from samband.commerce.catalog import commands, queries
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.catalog.refusals import (
    AttributeInUse,
    BadAsk,
    BadAttribute,
    BadCode,
    BadGtin,
    BadProduct,
    BadText,
    BadWindow,
    CategoryInUse,
    CategoryLoop,
    GtinTaken,
    MediaRefused,
    MediaTooLarge,
    NoSuchCategory,
    NoSuchProduct,
    SkuTaken,
    SlugTaken,
    WrongValue,
)
from samband.commerce.catalog.search import Ask
from samband.commerce.catalog.views import ProductPage
from samband.commerce.pricing.refusals import UnknownMarket
from samband.flows.listing import Listed, Priced
from samband.flows.listing import listing as look_for
from samband.flows.shop_window import shop_window

from .answers import Answer
from .cursors import Cursor, Limit, Pages
from .operations import Door
from .refusals import BadCursor, WrongParameter
from .shapes import catalog as shapes
from .shapes.words import shown

CHANNEL = "api"
PRODUCTS_A_PAGE = 24
MEDIA = {
    "image/svg+xml": ("image", "svg"),
    "image/png": ("image", "png"),
    "image/jpeg": ("image", "jpg"),
    "image/webp": ("image", "webp"),
    "model/gltf-binary": ("model3d", "glb"),
}
MOST_MEDIA_BYTES = 20 * 1024 * 1024

ProductRef = Annotated[str, Path(description="The product's slug or id.")]
Language = Literal["en", "is", "pl", "lv", "el"]
Market = Annotated[str, Query(min_length=1, max_length=64, description="A market's code, such as IS.")]
Alt = Annotated[str, Query(max_length=200, description="What it shows, in this language.")]

door = Door("Catalog", "Products, their variants, pictures and attributes, the category tree, and searching it all.")


@door.get(
    "/products",
    scope="catalog:read",
    answers=shapes.ProductList,
    refuses=(BadAsk, UnknownMarket, BadCursor),
)
def list_products(
    request: HttpRequest,
    market: Market,
    language: Annotated[Language, Query(description="In which labels are told, and names sorted.")] = "en",
    text: Annotated[str, Query(max_length=200, description="Words, a SKU or a GTIN; typing errors are forgiven.")] = "",
    category: Annotated[str | None, Query(max_length=120, description="Only what is in this category.")] = None,
    filter: Annotated[  # noqa: A002 - what everybody calls it
        list[str],
        Query(
            max_length=30,
            description="`code:value,value` or `code:from..to`: `colour:grey,blue`, `price:..50000`. Repeatable.",
        ),
    ] = [],  # noqa: B006 - Ninja's way to say that none is fine
    sort: Annotated[
        Literal["relevance", "price", "price_desc", "newest", "name"],
        Query(description="In what order; without words, relevance is the newest first."),
    ] = "relevance",
    cursor: Cursor = "",
    limit: Limit = PRODUCTS_A_PAGE,
) -> Answer:
    """Find products that can be bought in a market.

    Published products with a price there, with the lowest price, how they can be had, and what the result can be
    narrowed by. Labels of facets are in the `language`.
    """
    pages = Pages(request, cursor)
    page = pages.after(int) or 1
    ask = Ask(
        channel=CHANNEL,
        market=market,
        language=language,
        text=text,
        category=category,
        filters=dict(_filter(one) for one in filter),
        sort=sort,
        page=page,
        per_page=limit,
    )
    listed = look_for(ask)
    more = listed.found.total > page * limit
    following = pages.next(page + 1) if more else None
    return pages.answer(_list(listed, following), following)


def _filter(text: str) -> tuple[str, tuple[str, ...]]:
    code, colon, values = text.partition(":")
    if not colon or not code or not values:
        raise WrongParameter(errors=[{"where": "query.filter", "message": "A filter is code:value,value."}])
    return code, tuple(values.split(","))


def _list(listed: Listed, following: str | None) -> shapes.ProductList:
    found = listed.found
    return shapes.ProductList(
        items=tuple(_listed(one, how) for one, how in zip(listed.products, listed.stock, strict=True)),
        next=following,
        total=found.total,
        facets=tuple(shown(facet, shapes.Facet) for facet in found.facets),
        price_range=shown(found.price_range, shapes.PriceRange) if found.price_range else None,
        did_you_mean=found.did_you_mean,
    )


def _listed(one: Priced, how: str) -> shapes.ListedProduct:
    card, piece = one.card, one.piece
    return shown(
        {
            **{name: getattr(card, name) for name in card.__slots__},
            "price": piece and piece.unit,
            "regular": piece and piece.regular,
            "lowest_30": piece and piece.lowest_30,
            "promotions": piece.promotions if piece else (),
            "several_prices": one.several,
            "stock": how,
        },
        shapes.ListedProduct,
    )


@door.get("/assortment", scope="catalog:read", answers=shapes.AssortmentList, refuses=(BadCursor,))
def list_assortment(
    request: HttpRequest,
    text: Annotated[str, Query(max_length=200, description="Part of a name, slug or SKU, or a GTIN.")] = "",
    cursor: Cursor = "",
) -> Answer:
    """List every product, shown to shoppers or not.

    Fifty a page, the latest change first.
    """
    pages = Pages(request, cursor)
    page = pages.after(int) or 1
    found = queries.console_products(text, page)
    following = pages.next(page + 1) if found.total > page * queries.PER_PAGE else None
    items = tuple(shown(row, shapes.AssortmentRow) for row in found.rows)
    return pages.answer(shapes.AssortmentList(items=items, next=following, total=found.total), following)


@door.get("/products/{product}", scope="catalog:read", answers=shapes.Product, refuses=(NoSuchProduct,))
def get_product(request: HttpRequest, product: ProductRef) -> shapes.Product:
    """Read a product by its slug or id, shown to shoppers or not."""
    return _shown(_page(product))


@door.get("/skus/{path:sku}", scope="catalog:read", answers=shapes.Product, refuses=(NoSuchProduct,))
def get_product_by_sku(request: HttpRequest, sku: str) -> shapes.Product:
    """Read the product that a SKU is a variant of."""
    item = queries.items([sku]).get(sku)
    if item is None:
        raise NoSuchProduct(sku=sku[:64])
    return _shown(queries.product_by_id(item.product_id))


@door.get("/gtins/{gtin}", scope="catalog:read", answers=shapes.Product, refuses=(NoSuchProduct,))
def get_product_by_gtin(request: HttpRequest, gtin: str) -> shapes.Product:
    """Read the product with this GTIN (EAN, UPC), with or without leading zeros."""
    return _shown(queries.product_by_id(queries.by_gtin(gtin).product_id))


@door.get(
    "/products/{product}/offer", scope="catalog:read", answers=shapes.Offer, refuses=(NoSuchProduct, UnknownMarket)
)
def get_offer(request: HttpRequest, product: ProductRef, market: Market) -> shapes.Offer:
    """Read how a product can be bought in a market now.

    For each variant its price and why, units at each store and when they could be picked up, when it would be
    delivered and what that costs. Only for products published on the channel `api`.
    """
    slug = _page(product).slug if _as_id(product) else product
    window = shop_window(slug, CHANNEL, market)
    return shapes.Offer(
        product_id=window.page.product_id,
        slug=window.page.slug,
        market=market,
        at=window.at,
        travels=window.travels,
        return_days=window.page.return_days,
        offers=tuple(
            shown(
                {
                    "sku": offer.variant.sku,
                    "piece": offer.piece,
                    "price": offer.tag,
                    "available": offer.available,
                    "stores": [
                        {"location": store.site.code, "available": store.available, "promise": store.promise}
                        for store in offer.stores
                    ],
                    "sending": offer.sending,
                },
                shapes.VariantOffer,
            )
            for offer in window.offers
        ),
    )


@door.put(
    "/products/{product}",
    scope="catalog:write",
    asks=shapes.ProductWish,
    answers=shapes.Product,
    refuses=(
        BadProduct,
        BadText,
        BadCode,
        BadGtin,
        WrongValue,
        NoSuchCategory,
        SlugTaken,
        SkuTaken,
        GtinTaken,
    ),
)
def save_product(request: HttpRequest, product: str, ask: shapes.ProductWish) -> shapes.Product:
    """Create the product with this slug, or make it as described.

    What the body does not mention will not be there afterwards. It is not shown anywhere until it is published.
    """
    changed = commands.save_product(
        ProductDraft(
            slug=product,
            category=ask.category,
            names=ask.names,
            texts=ask.texts,
            attributes=ask.attributes,
            vat_class=ask.vat_class,
            shipping_class=ask.shipping_class,
            return_days=ask.return_days,
            variants=tuple(VariantDraft(one.sku, one.attributes, one.gtin, one.weight_grams) for one in ask.variants),
        )
    )
    return _shown(queries.product_by_id(changed.product_id))


@door.put(
    "/products/{product}/publications/{channel}",
    scope="catalog:write",
    asks=shapes.PublicationWish,
    answers=shapes.Product,
    refuses=(NoSuchProduct, BadWindow, BadCode),
)
def publish_product(
    request: HttpRequest, product: ProductRef, channel: str, ask: shapes.PublicationWish
) -> shapes.Product:
    """Show a product on a channel, from now or a moment, until a moment or for good."""
    product_id = _id_of(product)
    commands.publish(product_id, channel, ask.visible_from, ask.visible_until)
    return _shown(queries.product_by_id(product_id))


@door.delete("/products/{product}/publications/{channel}", scope="catalog:write", status=204, refuses=(NoSuchProduct,))
def withdraw_product(request: HttpRequest, product: ProductRef, channel: str) -> None:
    """Show a product on a channel no longer."""
    commands.withdraw(_id_of(product), channel)


@door.post(
    "/products/{product}/media",
    scope="catalog:write",
    media=tuple(MEDIA),
    answers=shapes.Product,
    status=201,
    most_bytes=MOST_MEDIA_BYTES,
    refuses=(NoSuchProduct, BadText, MediaRefused, MediaTooLarge),
)
def attach_medium(
    request: HttpRequest,
    product: ProductRef,
    content: bytes,
    sku: Annotated[str | None, Query(max_length=64, description="The variant that it shows, if only one.")] = None,
    alt_en: Alt = "",
    alt_is: Alt = "",
    alt_pl: Alt = "",
    alt_lv: Alt = "",
    alt_el: Alt = "",
) -> shapes.Product:
    """Give a product a picture or a 3D model.

    The body is the file itself, of the type that Content-Type says; it is looked into, and an SVG with scripts is
    refused. The same file again only changes its words.
    """
    kind, suffix = MEDIA[str(request.content_type)]
    alts = {"en": alt_en, "is": alt_is, "pl": alt_pl, "lv": alt_lv, "el": alt_el}
    said = {language: alt for language, alt in alts.items() if alt}
    product_id = _id_of(product)
    commands.attach_media(product_id, kind, content, f"upload.{suffix}", said, sku)
    return _shown(queries.product_by_id(product_id))


@door.delete("/products/{product}/media/{uuid:medium}", scope="catalog:write", status=204, refuses=(NoSuchProduct,))
def detach_medium(request: HttpRequest, product: ProductRef, medium: UUID) -> None:
    """Take a picture or a 3D model away from a product."""
    commands.detach_media(_id_of(product), medium)


@door.get("/categories", scope="catalog:read", answers=shapes.CategoryList)
def list_categories(request: HttpRequest) -> shapes.CategoryList:
    """Read the category tree."""
    return shapes.CategoryList(items=tuple(shown(root, shapes.Category) for root in queries.tree()))


@door.put(
    "/categories/{slug}",
    scope="catalog:write",
    asks=shapes.CategoryWish,
    answers=shapes.Category,
    refuses=(NoSuchCategory, CategoryLoop, BadCode, BadText),
)
def save_category(request: HttpRequest, slug: str, ask: shapes.CategoryWish) -> shapes.Category:
    """Create a category or change it."""
    commands.save_category(slug, ask.parent, ask.names, ask.texts, ask.position)
    node, _ = queries.category(slug)
    return shown(node, shapes.Category)


@door.delete("/categories/{slug}", scope="catalog:write", status=204, refuses=(NoSuchCategory, CategoryInUse))
def remove_category(request: HttpRequest, slug: str) -> None:
    """Take an empty category away."""
    commands.remove_category(slug)


@door.get("/attributes", scope="catalog:read", answers=shapes.AttributeList)
def list_attributes(request: HttpRequest) -> shapes.AttributeList:
    """Read what can be said of products."""
    return shapes.AttributeList(items=tuple(shown(one, shapes.Attribute) for one in queries.attributes().values()))


@door.put(
    "/attributes/{code}",
    scope="catalog:write",
    asks=shapes.AttributeWish,
    answers=shapes.Attribute,
    refuses=(BadCode, BadText, BadAttribute, AttributeInUse),
)
def save_attribute(request: HttpRequest, code: str, ask: shapes.AttributeWish) -> shapes.Attribute:
    """Create an attribute or change it."""
    commands.save_attribute(
        code,
        ask.kind,
        ask.names,
        unit=ask.unit,
        choices=ask.choices,
        facet=ask.facet,
        position=ask.position,
    )
    return shown(queries.attributes()[code], shapes.Attribute)


def _shown(page: ProductPage) -> shapes.Product:
    return shown(page, shapes.Product)


def _page(product: str) -> ProductPage:
    return queries.product_by_id(_id_of(product))


def _id_of(product: str) -> UUID:
    """The id of a product named by its id or slug. Raises NoSuchProduct."""
    known = _as_id(product) or queries.ids_of([product]).get(product)
    if known is None:
        raise NoSuchProduct(product=product[:120])
    return known


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
