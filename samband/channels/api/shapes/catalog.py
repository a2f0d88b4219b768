"""Products, categories and attributes."""

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from .words import Channel, Code, Id, Moment, Money, Next, Reason, Shown, Sku, Slug, SomeTexts, Texts, Wish

Kind = Literal["number", "choice", "text", "flag"]
MediaPath = Annotated[str, Meta(description="Below the address /media/.", examples=["ab/cdef0123.webp"])]
Value = Annotated[
    Any,
    Meta(
        description="A number, a choice code or an array of them, a text or one a language, or true or false.",
        examples=["grey"],
    ),
]

ValueGiven = Annotated[
    Annotated[int, Meta(ge=-(10**12), le=10**12)]
    | Annotated[float, Meta(ge=-1e12, le=1e12)]
    | bool
    | Annotated[str, Meta(max_length=500)]
    | Annotated[tuple[Annotated[str, Meta(max_length=63)], ...], Meta(max_length=20)]
    | dict[str, Annotated[str, Meta(max_length=500)]],
    Meta(
        description="A number, a choice code or an array of them, a text or one a language, or true or false.",
        examples=["grey"],
    ),
]


class Category(Shown):
    """A category with those below it, in the merchant's order."""

    slug: Slug
    parent: Slug | None
    names: Texts
    texts: Texts
    position: int
    children: tuple["Category", ...]


class CategoryList(Shown):
    """The category tree."""

    items: tuple[Category, ...]


class CategoryWish(Wish):
    """A category as it shall be."""

    names: SomeTexts
    parent: Slug | None = None
    texts: SomeTexts = field(default_factory=dict)
    position: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class Attribute(Shown):
    """Something that can be said of products. `choices` holds labels by language by code and, for a colour, `hex`."""

    code: Code
    kind: Kind
    names: Texts
    unit: Annotated[str, Meta(examples=["cm"])]
    choices: Annotated[dict[str, dict[str, str]], Meta(examples=[{"grey": {"en": "Grey", "hex": "#8a8d91"}}])]
    facet: bool
    position: int


class AttributeList(Shown):
    """Every attribute, in the merchant's order."""

    items: tuple[Attribute, ...]


class AttributeWish(Wish):
    """An attribute as it shall be."""

    kind: Kind
    names: SomeTexts
    unit: Annotated[str, Meta(max_length=16, examples=[""])] = ""
    choices: Annotated[
        dict[str, dict[str, Annotated[str, Meta(max_length=100)]]],
        Meta(max_length=500, examples=[{"grey": {"en": "Grey", "hex": "#8a8d91"}}]),
    ] = field(default_factory=dict)
    facet: bool = False
    position: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class Swatch(Shown):
    """A colour that a product comes in."""

    sku: Sku
    colour: Annotated[str, Meta(examples=["#8a8d91"])]
    labels: Texts


class ListedProduct(Shown):
    """A product in a list. `stock`: to be had in a store of the market, by sending, only elsewhere, or not at all."""

    product_id: Id
    slug: Slug
    names: Texts
    category: Slug
    image: MediaPath | None
    alts: Texts
    skus: tuple[Sku, ...]
    swatches: tuple[Swatch, ...]
    price: Annotated[
        Money | None,
        Meta(description="The lowest for one piece among its SKUs: VAT included, less the offers that anybody gets."),
    ]
    regular: Annotated[Money | None, Meta(description="What it costs without a reduction, where there is one.")]
    lowest_30: Annotated[
        Money | None, Meta(description="The lowest price of the thirty days before the reduction (2019/2161, art. 6a).")
    ]
    promotions: Annotated[tuple[str, ...], Meta(description="The offers that reduce it.", examples=[["summer"]])]
    several_prices: bool
    stock: Literal["in_store", "to_send", "elsewhere", "sold_out"]


class FacetValue(Shown):
    """A value to filter by, and how many of the products found have it."""

    value: Annotated[str, Meta(examples=["grey"])]
    label: Annotated[str, Meta(examples=["Grey"])]
    count: int
    chosen: bool


class Facet(Shown):
    """An attribute to filter by. Values of a number are ranges such as `80..120`; `low` and `high` span them all."""

    code: Code
    kind: Kind
    name: Annotated[str, Meta(examples=["Colour"])]
    unit: Annotated[str, Meta(examples=[""])]
    values: tuple[FacetValue, ...]
    low: float | None
    high: float | None


class PriceRange(Shown):
    """The span of prices found, in minor units, and what was asked for."""

    low: Annotated[int, Meta(examples=[1990])]
    high: Annotated[int, Meta(examples=[289900])]
    chosen_low: int | None
    chosen_high: int | None


class ProductList(Shown):
    """A page of products found."""

    items: tuple[ListedProduct, ...]
    next: Next
    total: int
    facets: tuple[Facet, ...]
    price_range: PriceRange | None
    did_you_mean: Annotated[str | None, Meta(examples=[None])]


class AssortmentRow(Shown):
    """A product, shown to shoppers or not. `channels` names where it is published."""

    product_id: Id
    slug: Slug
    names: Texts
    category: Slug
    skus: tuple[Sku, ...]
    image: MediaPath | None
    channels: tuple[Channel, ...]
    changed_at: Moment


class AssortmentList(Shown):
    """A page of the assortment, the latest change first."""

    items: tuple[AssortmentRow, ...]
    next: Next
    total: int


class Spec(Shown):
    """What is said of a product. `labels` words a choice or a text; a number comes in `unit`."""

    code: Code
    kind: Kind
    names: Texts
    unit: Annotated[str, Meta(examples=[""])]
    value: Value
    labels: Texts
    colours: tuple[str, ...]


class Step(Shown):
    """A category on the way to the product."""

    slug: Slug
    names: Texts


class Variant(Shown):
    """One SKU. `labels` tells it from its siblings."""

    sku: Sku
    gtin: Annotated[str | None, Meta(examples=["5690000000015"])]
    labels: Texts
    swatch: Annotated[str, Meta(examples=["#8a8d91"])]
    specs: tuple[Spec, ...]
    weight_grams: int | None
    image: MediaPath | None


class Medium(Shown):
    """A picture or a 3D model."""

    id: Id
    kind: Literal["image", "model3d"]
    path: MediaPath
    alts: Texts
    sku: Sku | None
    width: int | None
    height: int | None


class Window(Shown):
    """Where and when a product may be seen."""

    channel: Channel
    visible_from: Moment
    visible_until: Moment | None


class Product(Shown):
    """A whole product in every language, shown to shoppers or not: `windows` says where and when it is."""

    product_id: Id
    slug: Slug
    names: Texts
    texts: Texts
    category: Slug
    path: tuple[Step, ...]
    specs: tuple[Spec, ...]
    variants: tuple[Variant, ...]
    media: tuple[Medium, ...]
    windows: tuple[Window, ...]
    vat_class: Annotated[str, Meta(examples=["standard"])]
    shipping_class: Annotated[str, Meta(examples=["bulky"])]
    return_days: Annotated[int, Meta(examples=[30])]
    created_at: Moment
    changed_at: Moment
    revision: int


class VariantWish(Wish):
    """One SKU. `attributes` holds what differs from its siblings."""

    sku: Sku
    attributes: Annotated[dict[str, ValueGiven], Meta(max_length=200, examples=[{"colour": "grey"}])] = field(
        default_factory=dict
    )
    gtin: Annotated[str, Meta(max_length=14, examples=["5690000000015"])] | None = None
    weight_grams: Annotated[int, Meta(ge=0, le=100_000_000)] | None = None


class ProductWish(Wish):
    """A whole product as it shall be: what is not mentioned will not be there."""

    category: Slug
    names: SomeTexts
    variants: Annotated[tuple[VariantWish, ...], Meta(min_length=1, max_length=500)]
    texts: SomeTexts = field(default_factory=dict)
    attributes: Annotated[dict[str, ValueGiven], Meta(max_length=200, examples=[{"width": 228}])] = field(
        default_factory=dict
    )
    vat_class: Literal["standard", "food", "zero"] = "standard"
    shipping_class: Annotated[str, Meta(max_length=32, examples=["bulky"])] = "parcel"
    return_days: Annotated[int, Meta(ge=0, le=3650)] = 30


class PublicationWish(Wish):
    """From when and until when to show it: from now on and for good, unless said otherwise."""

    visible_from: Moment | None = None
    visible_until: Moment | None = None


class Tag(Shown):
    """What one unit costs in the price lists: `unit` with VAT, `net` without; a cart notes the `unit` as seen.

    `regular` is what everybody pays without an end in sight, where that is more. `lowest_30` is the lowest price of the
    thirty days before a reduction began, by a list or by a promotion.
    """

    sku: Sku
    unit: Money
    net: Money
    vat_basis_points: Annotated[int, Meta(examples=[2400])]
    price_list: Annotated[str, Meta(examples=["isk-regular"])]
    regular: Money | None
    reasons: tuple[Reason, ...]
    lowest_30: Money | None


class Piece(Shown):
    """What one piece costs somebody who has nothing in their cart: `unit`, less the offers that anybody gets.

    `regular` is what it costs without a reduction, where there is one, and `lowest_30` the lowest price of the thirty
    days before it.
    """

    unit: Money
    regular: Money | None
    lowest_30: Money | None
    promotions: tuple[str, ...]
    reasons: tuple[Reason, ...]


class Promised(Shown):
    """Between when and when."""

    earliest: Moment
    latest: Moment


class AtStore(Shown):
    """Units to be had at a store, and when one ordered now could be picked up."""

    location: Annotated[str, Meta(examples=["RVK"])]
    available: int
    promise: Promised | None


class Sending(Shown):
    """Having one sent: when it comes, what that costs, and from what worth of goods it is free."""

    promise: Promised
    cost: Money
    free_from: Money | None


class VariantOffer(Shown):
    """A SKU as it can be bought now. Without a price it is not for sale in the market.

    `piece` is what one piece comes to, `price` what stands in the lists.
    """

    sku: Sku
    piece: Piece | None
    price: Tag | None
    available: int
    stores: tuple[AtStore, ...]
    sending: Sending | None


class Offer(Shown):
    """A product as it can be bought in a market at this moment. What does not travel is never sent."""

    product_id: Id
    slug: Slug
    market: Annotated[str, Meta(examples=["IS"])]
    at: Moment
    travels: bool
    return_days: Annotated[int, Meta(examples=[30])]
    offers: tuple[VariantOffer, ...]
