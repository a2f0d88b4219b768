"""The product export: the first row of a handle describes the product, each row with a price is a variant of it."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from samband.commerce.catalog.drafts import LONGEST_NAME, LONGEST_TEXT, ProductDraft, VariantDraft
from samband.commerce.catalog.gtins import is_gtin
from samband.flows.take_over import Choices, Ground, Offer
from samband.kernel.goods import MOST_OF_ONE, SKU
from samband.kernel.refusal import Refusal

from ..naming import slug
from ..rejects import Rejects
from .plain import plain_text
from .sheet import Record, Sheet, minor, records, reject, told

DEFAULT_OPTION = "Default Title"
HEAVIEST_GRAMS = 100_000_000
OTHER = "other"


@dataclass(slots=True)
class Product:
    """A product with the rows that tell of it, the offer it becomes, and how its options and category are called."""

    offer: Offer
    parts: list[Record]
    category: tuple[str, str]
    choices: list[Choices]


@dataclass
class Products:
    """What is in a product export: products that can be offered, and what of them is left behind, by code."""

    sheet: Sheet
    products: list[Product] = field(default_factory=list)
    rows: int = 0
    left: Counter[str] = field(default_factory=Counter)


def read(sheet: Sheet, ground: Ground, rejects: Rejects) -> Products:
    """Every row is part of a product or among the rejects."""
    found = Products(sheet)
    handles: dict[str, list[Record]] = {}
    for record in records(sheet, rejects):
        found.rows += 1
        handle = record["Handle"]
        if not handle:
            reject(sheet, rejects, [record], "incomplete", "The row has no handle.")
        elif handle in handles and record["Title"]:
            reject(sheet, rejects, [record], "repeated", "Another product has this handle.")
        elif handle not in handles and not record["Title"]:
            reject(sheet, rejects, [record], "incomplete", "The first row of a product has its title.")
        else:
            handles.setdefault(handle, []).append(record)
    found.rows += rejects.reasons["unreadable"]
    taken = _Taken()
    for handle, parts in handles.items():
        _read_product(found, handle, parts, ground, rejects, taken)
    return found


@dataclass
class _Taken:
    """SKUs and GTINs that products before had."""

    skus: set[str] = field(default_factory=set)
    gtins: set[str] = field(default_factory=set)


def _read_product(
    found: Products, handle: str, parts: list[Record], ground: Ground, rejects: Rejects, taken: _Taken
) -> None:
    sheet = found.sheet
    pictures = [part for part in parts[1:] if not part["Variant Price"] and part["Image Src"]]
    parts = [part for part in parts if part not in pictures]
    try:
        if parts[0]["Gift Card"].lower() == "true":
            raise _Unfit("not_goods", "A gift card is money, not goods.")
        product = _product(found.left, handle, parts, ground, taken)
    except _Unfit as unfit:
        reject(sheet, rejects, parts, unfit.reason, unfit.because)
    except Refusal as refusal:
        reject(sheet, rejects, parts, "refused", told(refusal))
    else:
        found.products.append(product)
        found.left["pictures"] += sum(bool(part.first("Image Src", "Variant Image")) for part in parts)
    reject(sheet, rejects, pictures, "picture")


class _Unfit(Exception):
    def __init__(self, reason: str, because: str = "") -> None:
        super().__init__(reason)
        self.reason, self.because = reason, because


def _product(left: Counter[str], handle: str, parts: list[Record], ground: Ground, taken: _Taken) -> Product:
    head = parts[0]
    if len(head["Title"]) > LONGEST_NAME or len(text := plain_text(head["Body (HTML)"])) > LONGEST_TEXT:
        raise _Unfit("too_large", "The title or the description is too long.")
    options = [head[f"Option{nth} Name"] for nth in (1, 2, 3)]
    variants = [_variant(left, head, part, options, ground, taken) for part in parts]
    if len({one.draft.sku for one in variants}) < len(variants):
        raise _Unfit("repeated", "Two variants have the same SKU.")
    taken.skus.update(one.draft.sku for one in variants)
    taken.gtins.update(one.draft.gtin for one in variants if one.draft.gtin)
    kind = head["Type"]
    category = (slug(kind) or (_code(kind) if kind else OTHER), kind or OTHER)
    draft = ProductDraft(
        slug=slug(handle) or _code(handle),
        category=category[0],
        names={ground.language: head["Title"]},
        texts={ground.language: text} if text else {},
        variants=tuple(one.draft for one in variants),
        vat_class="zero" if all(part["Variant Taxable"].lower() == "false" for part in parts) else "standard",
    )
    offer = Offer(
        draft=draft,
        prices={one.draft.sku: one.price for one in variants},
        stock={one.draft.sku: one.stock for one in variants},
        shown=head["Published"].lower() != "false" and head["Status"].lower() in ("", "active"),
    )
    return Product(offer, parts, category, list(_choices(parts, options)))


@dataclass(frozen=True, slots=True)
class _Variant:
    draft: VariantDraft
    price: int
    stock: int


def _variant(
    left: Counter[str], head: Record, part: Record, options: Sequence[str], ground: Ground, taken: _Taken
) -> _Variant:
    values = [part[f"Option{nth} Value"] for nth in (1, 2, 3)]
    sku = part["Variant SKU"].lstrip("'") or derived_sku(head["Title"], values)
    if not SKU.fullmatch(sku):
        raise _Unfit("no_sku")
    if sku in taken.skus:
        raise _Unfit("repeated", "A product before has this SKU.")
    if not part["Variant Price"]:
        raise _Unfit("incomplete", "A variant has no price.")
    price = _price(part["Variant Price"], ground.currency)
    left["crossed_out"] += _price(part["Variant Compare At Price"], ground.currency) > price
    gtin: str | None = part["Variant Barcode"].lstrip("'")
    if gtin and (not is_gtin(gtin) or gtin in taken.gtins):
        left["barcodes"] += 1
        gtin = None
    grams = _whole(part["Variant Grams"])
    if not 0 <= grams <= HEAVIEST_GRAMS:
        raise _Unfit("too_large", "That is no weight in grams.")
    attributes = {
        attribute_code(option): choice_code(value)
        for option, value in zip(options, values, strict=True)
        if option and value and value != DEFAULT_OPTION
    }
    return _Variant(VariantDraft(sku, attributes, gtin or None, grams or None), price, _stock(left, part))


def _stock(left: Counter[str], part: Record) -> int:
    quantity = _whole(part["Variant Inventory Qty"])
    if not part["Variant Inventory Tracker"]:
        left["stock_not_counted"] += 1
        return 0
    if quantity > MOST_OF_ONE:
        raise _Unfit("too_large", "More in stock than can be.")
    left["negative_stock"] += quantity < 0
    return max(quantity, 0)


def _price(text: str, currency: str) -> int:
    try:
        amount = minor(text, currency)
    except Refusal as refusal:
        fine = "finer" in refusal.message
        raise _Unfit("finer_than_a_penny" if fine else "unreadable", f"{text!r} is not a price.") from refusal
    if amount < 0:
        raise _Unfit("negative_price")
    return amount


def _whole(text: str) -> int:
    """A whole number, also as 12.0; nothing is none."""
    digits = text.removesuffix(".0")
    if digits and not (digits.isascii() and digits.removeprefix("-").isdigit() and len(digits) < 16):
        raise _Unfit("unreadable", f"{text!r} is not a whole number.")
    return int(digits or 0)


def derived_sku(title: str, values: Sequence[str]) -> str:
    """The SKU of a variant that has none there: made of its name, which lines of orders tell too."""
    chosen = [value for value in values if value and value != DEFAULT_OPTION]
    return named_sku(f"{title} - {' / '.join(chosen)}" if chosen else title)


def named_sku(name: str) -> str:
    """A SKU made of a name as orders write it: "Mug - Blue / Large"."""
    plain = slug(name).upper()
    return plain if plain and len(plain) <= 64 else f"{plain[:40]}-{_code(name)}".strip("-").upper()


def attribute_code(option: str) -> str:
    """The code of the attribute that an option becomes."""
    return slug(option)[:60].strip("-") or _code(option)


def choice_code(value: str) -> str:
    """The code of one of its choices."""
    return slug(value)[:60].strip("-") or _code(value)


def _code(text: str) -> str:
    """A code for what has no Latin letters: always the same."""
    return "x" + hashlib.blake2b(text.encode(), digest_size=5).hexdigest()


def _choices(parts: Sequence[Record], options: Sequence[str]) -> Iterator[Choices]:
    for nth, option in enumerate(options, 1):
        values = {part[f"Option{nth} Value"] for part in parts} - {"", DEFAULT_OPTION}
        if option and values:
            yield Choices(attribute_code(option), option, {choice_code(value): value for value in sorted(values)})
