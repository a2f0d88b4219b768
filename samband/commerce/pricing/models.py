"""What a market charges: price lists, VAT rates and shipping rates. Amounts are minor units."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from .vat import VAT_CLASSES

METHODS = ("ship", "pickup")

LARGEST_PRICE = 10**9
"""Minor units beyond which a price is taken for a mistake; a million pieces of it still fit a Money."""


class Market(models.Model):
    """Where we sell: one country, one currency. The currency never changes, for amounts are kept in it."""

    code = models.TextField(primary_key=True)
    country = models.TextField()
    currency = models.TextField()
    default_language = models.TextField()
    names = models.JSONField()
    position = models.IntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="market_country"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="market_currency"),
            # A price list names its market together with its currency, so that the two cannot disagree.
            models.UniqueConstraint(fields=["code", "currency"], name="market_code_currency"),
        ]


class VatRate(models.Model):
    """What a country takes of a class of goods from a moment on, in hundredths of a percent."""

    country = models.TextField()
    vat_class = models.TextField()
    valid_from = models.DateTimeField()
    basis_points = models.IntegerField()
    pk = models.CompositePrimaryKey("country", "vat_class", "valid_from")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(vat_class__in=VAT_CLASSES), name="vat_rate_class"),
            models.CheckConstraint(condition=Q(basis_points__gte=0, basis_points__lte=10_000), name="vat_rate_range"),
            models.CheckConstraint(condition=~Q(vat_class="zero") | Q(basis_points=0), name="vat_rate_zero"),
        ]


class SkuVatClass(models.Model):
    """The class of a SKU that is not taxed at the standard rate, as the catalog told it."""

    sku = models.TextField(primary_key=True)
    vat_class = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(vat_class__in=VAT_CLASSES), name="sku_vat_class")]


class SkuCategory(models.Model):
    """The category of a SKU's product, as the catalog told it; by it promotions know their goods."""

    sku = models.TextField(primary_key=True)
    category = models.TextField()


class PriceList(models.Model):
    """Prices for somebody, somewhere, for a while. An absent market, channel or group means any.

    It holds from `valid_from` until just before `valid_until`. `announced_until` is the moment up to which
    its windows' openings and closings have been told to the house.
    """

    code = models.TextField(primary_key=True)
    currency = models.TextField()
    market = models.ForeignKey(Market, models.PROTECT, null=True)
    channel = models.TextField(null=True)
    customer_group = models.TextField(null=True)
    includes_vat = models.BooleanField()
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    priority = models.IntegerField(db_default=0)
    names = models.JSONField()
    announced_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="price_list_currency"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lt=F("valid_until")),
                name="price_list_window",
            ),
        ]


class Price(models.Model):
    """What one unit costs in a list, in the list's currency."""

    sku = models.TextField()
    price_list = models.ForeignKey(PriceList, models.PROTECT, db_index=False)
    amount = models.BigIntegerField()
    pk = models.CompositePrimaryKey("sku", "price_list")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0, amount__lte=LARGEST_PRICE), name="price_amount"),
        ]
        indexes = [models.Index(fields=["price_list", "sku"], name="price_of_list")]


class ShippingRate(models.Model):
    """What a market asks, VAT included, for bringing a class of goods; free from so much worth of goods."""

    market = models.ForeignKey(Market, models.PROTECT, db_index=False)
    shipping_class = models.TextField()
    method = models.TextField()
    amount = models.BigIntegerField()
    free_from = models.BigIntegerField(null=True)
    pk = models.CompositePrimaryKey("market", "shipping_class", "method")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(method__in=METHODS), name="shipping_rate_method"),
            models.CheckConstraint(condition=Q(amount__gte=0, amount__lte=LARGEST_PRICE), name="shipping_rate_amount"),
            models.CheckConstraint(
                condition=Q(free_from__isnull=True) | Q(free_from__gte=0), name="shipping_rate_free_from"
            ),
        ]


class PromotionRow(models.Model):
    """A promotion as it was last saved. `branches` is every category below those it names, as the catalog told it."""

    code = models.TextField(primary_key=True)
    definition = models.JSONField()
    branches = models.JSONField()
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    weekly = models.BooleanField(db_default=False)
    ended_at = models.DateTimeField(null=True)
    announced_until = models.DateTimeField()


class Tally(models.Model):
    """How often a promotion of which there is only so much is in use. Others are not counted, so nobody waits.

    Where there is a row, `taken` is the number of uses that are not freed.
    """

    promotion = models.OneToOneField(PromotionRow, models.PROTECT, primary_key=True)
    limit_total = models.IntegerField(null=True)
    limit_per_customer = models.IntegerField(null=True)
    taken = models.IntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__gte=0), name="tally_taken"),
            models.CheckConstraint(
                condition=Q(limit_total__isnull=True) | Q(taken__lte=F("limit_total")), name="tally_within"
            ),
        ]


class Coupon(models.Model):
    """A code that opens a promotion, in capitals. `taken` is counted where there is a limit in all.

    It holds from `valid_from` until just before `valid_until`; one with a `customer_id` is theirs alone.
    """

    code = models.TextField(primary_key=True)
    promotion = models.ForeignKey(PromotionRow, models.PROTECT, db_index=False)
    batch_id = models.UUIDField()
    limit_total = models.IntegerField(null=True)
    limit_per_customer = models.IntegerField(null=True)
    customer_id = models.UUIDField(null=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    taken = models.IntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code=Upper("code")), name="coupon_in_capitals"),
            models.CheckConstraint(condition=Q(taken__gte=0), name="coupon_taken"),
            models.CheckConstraint(
                condition=Q(limit_total__isnull=True) | Q(taken__lte=F("limit_total")), name="coupon_within"
            ),
        ]
        indexes = [
            models.Index(fields=["promotion", "code"], name="coupon_of_promotion"),
            models.Index(fields=["customer_id"], name="coupon_of_customer", condition=Q(customer_id__isnull=False)),
        ]


class CustomerTally(models.Model):
    """How often one customer makes use of something that each may have only so often."""

    customer_id = models.UUIDField()
    kind = models.TextField()
    code = models.TextField()
    taken = models.IntegerField()
    pk = models.CompositePrimaryKey("customer_id", "kind", "code")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("promotion", "coupon")), name="customer_tally_kind"),
            models.CheckConstraint(condition=Q(taken__gte=0), name="customer_tally_taken"),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="customer_tally_code")]


class PromotionUse(models.Model):
    """An order makes use of a promotion, perhaps by a coupon: reserved with its draft, kept when placed, or freed."""

    order_id = models.UUIDField()
    promotion = models.ForeignKey(PromotionRow, models.PROTECT, db_index=False)
    coupon = models.TextField(null=True)
    customer_id = models.UUIDField(null=True)
    state = models.TextField()
    at = models.DateTimeField()
    pk = models.CompositePrimaryKey("order_id", "promotion")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=("reserved", "kept", "freed")), name="promotion_use_state"),
        ]
        indexes = [
            models.Index(fields=["promotion"], name="promotion_use_of"),
            models.Index(fields=["coupon"], name="promotion_use_coupon", condition=Q(coupon__isnull=False)),
        ]


class PriceChange(models.Model):
    """What a SKU cost in a list from a moment on; no amount: nothing any more. Only ever added to."""

    id = models.BigAutoField(primary_key=True)
    sku = models.TextField()
    price_list = models.TextField()
    amount = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sku", "id"], name="price_change_of_sku")]


class ListChange(models.Model):
    """Whom, where and when a price list was for, from a moment on. Only ever added to."""

    id = models.BigAutoField(primary_key=True)
    price_list = models.TextField()
    definition = models.JSONField()
    at = models.DateTimeField()


class PromotionChange(models.Model):
    """What a promotion was from a moment on; no definition: it was over. Only ever added to."""

    id = models.BigAutoField(primary_key=True)
    promotion = models.TextField()
    definition = models.JSONField(null=True)
    at = models.DateTimeField()


class Edition(models.Model):
    """How often anything here has changed. Triggers count, in the transaction of the change."""

    id = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="edition_only_one")]
