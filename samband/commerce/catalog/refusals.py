"""What the catalog refuses."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


class NoSuchProduct(NotFound):
    """There is no such product, or it is not shown here now."""

    code = "product_not_found"


class NoSuchCategory(NotFound):
    """There is no such category."""

    code = "category_not_found"


class NoSuchAttribute(NotFound):
    """There is no such attribute."""

    code = "attribute_not_found"


class BadText(Invalid):
    """A text is missing, too long, or in a language we do not speak."""

    code = "catalog_text"


class BadCode(Invalid):
    """A slug or code has letters it may not have."""

    code = "catalog_code"


class CategoryLoop(Conflict):
    """A category cannot come to lie below itself."""

    code = "category_loop"


class CategoryInUse(Conflict):
    """Something is still in the category."""

    code = "category_in_use"


class BadAttribute(Invalid):
    """An attribute is not described well enough to check values against it."""

    code = "attribute_definition"


class WrongValue(Invalid):
    """A value does not fit its attribute."""

    code = "attribute_value"


class AttributeInUse(Conflict):
    """Products hold values that the change would make meaningless."""

    code = "attribute_in_use"


class BadProduct(Invalid):
    """The product is not described well enough."""

    code = "product_draft"


class BadGtin(Invalid):
    """That is not a GTIN: it has 8, 12, 13 or 14 digits and its last one checks the others."""

    code = "gtin"


class SkuTaken(Conflict):
    """Another product has this SKU."""

    code = "sku_taken"


class GtinTaken(Conflict):
    """Another variant has this GTIN."""

    code = "gtin_taken"


class SlugTaken(Conflict):
    """Another product has this slug."""

    code = "slug_taken"


class BadWindow(Invalid):
    """A product must be visible from before it is visible until."""

    code = "publication_window"


class MediaRefused(Invalid):
    """The file is not what it claims to be, or holds what could do harm."""

    code = "media_refused"


class MediaTooLarge(Invalid):
    """The file is larger than we keep."""

    code = "media_too_large"
    status = 413


class BadAsk(Invalid):
    """A search cannot be understood as it was sent."""

    code = "search_ask"
