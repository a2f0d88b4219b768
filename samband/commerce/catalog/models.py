"""The assortment as it is kept: categories, typed attributes, products with variants, media and publication."""

from django.db import models
from django.db.models import F, Q

VAT_CLASSES = ("standard", "food", "zero")
ATTRIBUTE_KINDS = ("number", "choice", "text", "flag")
MEDIA_KINDS = ("image", "model3d")


class Revision(models.Model):
    """One row. Whoever changes the catalog first draws its next number here and so waits for whoever is changing it.

    Numbers come from a sequence and the row stays locked until the change commits: numbers become visible in
    their order, and one that was rolled back never comes again.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="revision_one_row")]


class Category(models.Model):
    """A place in the tree. `names` and `texts` hold one text a language."""

    slug = models.TextField(primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    position = models.IntegerField(default=0)
    names = models.JSONField()
    texts = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("slug")), name="category_not_below_itself"
            )
        ]


class Attribute(models.Model):
    """What can be said of a product. A number has a unit.

    A choice has a list of `[code, labels]` in the merchant's order, with a label a language and, for a colour, `hex`.
    """

    code = models.TextField(primary_key=True)
    kind = models.TextField()
    unit = models.TextField(default="")
    names = models.JSONField()
    choices = models.JSONField(default=list)
    facet = models.BooleanField(default=False)
    position = models.IntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=ATTRIBUTE_KINDS), name="attribute_kind")]


class Product(models.Model):
    """What a shopper looks at. `attributes` holds values by attribute code; what differs is kept with the variants."""

    id = models.UUIDField(primary_key=True)
    slug = models.TextField(unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    names = models.JSONField()
    texts = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict)
    vat_class = models.TextField(default="standard")
    shipping_class = models.TextField(default="parcel")
    return_days = models.IntegerField(default=30)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(vat_class__in=VAT_CLASSES), name="product_vat_class"),
            models.CheckConstraint(condition=Q(return_days__gte=0, return_days__lte=3650), name="product_return_days"),
        ]


class Variant(models.Model):
    """What is sold: one stock-keeping unit. `labels` and `swatch` are its attributes in words and colour, kept."""

    sku = models.TextField(primary_key=True)
    gtin = models.TextField(null=True, unique=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    attributes = models.JSONField(default=dict)
    labels = models.JSONField(default=dict)
    swatch = models.TextField(default="")
    position = models.IntegerField(default=0)
    weight_grams = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(gtin__isnull=True) | Q(gtin__regex=r"^([0-9]{8}|[0-9]{12,14})$"), name="variant_gtin"
            ),
            models.CheckConstraint(
                condition=Q(weight_grams__isnull=True) | Q(weight_grams__gte=0), name="variant_weight"
            ),
        ]


class Media(models.Model):
    """A picture or a 3D model; with a SKU, of that variant only. `path` is below the media folder, named by content."""

    id = models.UUIDField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="media")
    sku = models.TextField(null=True)
    kind = models.TextField()
    path = models.TextField()
    alts = models.JSONField(default=dict)
    position = models.IntegerField(default=0)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)

    class Meta:
        verbose_name_plural = "media"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MEDIA_KINDS), name="media_kind"),
            models.UniqueConstraint(fields=["product", "sku", "path"], nulls_distinct=False, name="media_once"),
        ]


class Publication(models.Model):
    """Where and when a product may be seen."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="publications")
    channel = models.TextField()
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "channel"], name="publication_once"),
            models.CheckConstraint(
                condition=Q(visible_until__isnull=True) | Q(visible_until__gt=F("visible_from")),
                name="publication_window",
            ),
        ]
