"""Orders as they are kept. The database itself refuses totals that do not add up and states that do not exist."""

from django.db import models
from django.db.models import F, Q

KINDS = ("sale", "credit")
STATES = ("draft", "placed", "completed", "cancelled")
GROUP_KINDS = ("ship", "pickup", "carry", "serve")


class Order(models.Model):
    """One agreement. Amounts are minor units of `currency`, VAT included unless the name says otherwise.

    A credit is an order with negative amounts. `source` is empty for what was sold here; for history from
    another system it names that system, and `source_reference` is the order's name there.
    `quote` is what the shopper saw when the total was agreed; it names no person. A `patient` draft stays open for
    another way to pay when one is declined. `sold_at` is the location of the till or the spot where it was agreed and
    `sold_by` who of the staff did; what is carried away from there needs no contact.
    """

    id = models.UUIDField(primary_key=True)
    number = models.TextField(db_collation="C")
    kind = models.TextField()
    state = models.TextField()
    customer_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)
    cart_id = models.UUIDField(null=True)
    channel = models.TextField()
    market = models.TextField()
    language = models.TextField()
    currency = models.TextField()
    total = models.BigIntegerField()
    total_net = models.BigIntegerField()
    total_vat = models.BigIntegerField()
    shipping = models.BigIntegerField()
    shipping_vat = models.BigIntegerField()
    refunded = models.BigIntegerField(db_default=0)
    quote = models.JSONField()
    reason = models.TextField(db_default="")
    patient = models.BooleanField(db_default=False)
    sold_at = models.TextField(db_default="")
    sold_by = models.UUIDField(null=True)
    source = models.TextField(db_default="")
    source_reference = models.TextField(db_default="")
    created_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="orders_number_once"),
            models.UniqueConstraint(
                fields=["source", "source_reference"], name="orders_source_once", condition=~Q(source="")
            ),
            models.UniqueConstraint(
                fields=["cart_id"],
                name="orders_cart_sold_once",
                condition=Q(state__in=["placed", "completed"], cart_id__isnull=False),
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="orders_kind_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="orders_state_known"),
            models.CheckConstraint(condition=Q(total=F("total_net") + F("total_vat")), name="orders_total_adds_up"),
            models.CheckConstraint(
                condition=Q(kind="sale", total__gte=0, shipping__gte=0) | Q(kind="credit", total__lte=0),
                name="orders_sign_fits_kind",
            ),
            models.CheckConstraint(condition=Q(refunded__gte=0), name="orders_refunded_positive"),
            models.CheckConstraint(
                condition=Q(contact_id__isnull=False) | ~Q(source="") | ~Q(sold_at=""), name="orders_contact_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(placed_at__isnull=False), name="orders_placed_dated"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "placed"], closed_at__isnull=True)
                | Q(state__in=["completed", "cancelled"], closed_at__isnull=False),
                name="orders_closed_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="orders_recent"),
            models.Index(
                fields=["customer_id", "created_at", "id"],
                name="orders_of_customer",
                condition=Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["state", "created_at", "id"], name="orders_open", condition=Q(state__in=["draft", "placed"])
            ),
            models.Index(fields=["cart_id"], name="orders_draft_of_cart", condition=Q(state="draft")),
            models.Index(fields=["contact_id"], name="orders_of_guest", condition=Q(customer_id__isnull=True)),
        ]


class OrderLine(models.Model):
    """What was sold, as it was shown and priced. Quantities and amounts of a credit are negative.

    `total` is what is paid: what promotions took off, VAT included, is told by `discount` (≥ 0).
    """

    pk = models.CompositePrimaryKey("order_id", "position")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    position = models.IntegerField()
    sku = models.TextField()
    name = models.TextField()
    quantity = models.IntegerField()
    unit = models.BigIntegerField()
    total = models.BigIntegerField()
    net = models.BigIntegerField()
    vat = models.BigIntegerField()
    vat_basis_points = models.IntegerField()
    cancelled_quantity = models.IntegerField(db_default=0)
    discount = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total=F("net") + F("vat")), name="orders_line_adds_up"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, total__gte=0, net__gte=0, vat__gte=0)
                | Q(quantity__lt=0, total__lte=0, net__lte=0, vat__lte=0),
                name="orders_line_sign_fits",
            ),
            models.CheckConstraint(
                condition=Q(unit__gte=0, vat_basis_points__gte=0, vat_basis_points__lte=10_000, discount__gte=0),
                name="orders_line_price_sane",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_quantity=0) | Q(cancelled_quantity__gt=0, cancelled_quantity__lte=F("quantity")),
                name="orders_line_cancelled_within",
            ),
        ]


class OrderGroup(models.Model):
    """Goods of one order that come from one location in one way. `goods` is {SKU: quantity}.

    `place` is the spot in the location where they are brought, such as a table; `slot_id` the agreed delivery slot.
    """

    pk = models.CompositePrimaryKey("order_id", "position")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="groups", db_index=False)
    position = models.IntegerField()
    kind = models.TextField()
    location = models.TextField()
    goods = models.JSONField()
    address_id = models.UUIDField(null=True)
    promised_from = models.DateTimeField(null=True)
    promised_until = models.DateTimeField(null=True)
    slot_id = models.UUIDField(null=True)
    place = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=GROUP_KINDS), name="orders_group_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="ship") | Q(address_id__isnull=False), name="orders_group_shipped_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(promised_until__isnull=True) | Q(promised_from__lte=F("promised_until")),
                name="orders_group_promise_in_order",
            ),
        ]
