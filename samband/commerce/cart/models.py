"""What somebody means to buy. A cart is open until it is ordered, or joined into its owner's own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

MOST_OF_ONE = 999
MOST_LINES = 200
MOST_COUPONS = 10


class Cart(models.Model):
    """One cart. `version` moves with every edit; a customer has one open cart at most.

    `coupons` are the codes that were entered, in capitals, whatever pricing makes of them.
    """

    id = models.UUIDField(primary_key=True)
    customer_id = models.UUIDField(null=True)
    market = models.TextField()
    currency = models.TextField()
    state = models.TextField(db_default="open")
    joined_into = models.UUIDField(null=True)
    order_id = models.UUIDField(null=True)
    version = models.BigIntegerField(db_default=0)
    coupons = ArrayField(models.TextField(), default=list, db_default=[])
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["joined_into"], condition=Q(joined_into__isnull=False), name="cart_parts")]
        constraints = [
            models.UniqueConstraint(fields=["customer_id"], name="cart_one_open", condition=Q(state="open")),
            models.UniqueConstraint(fields=["order_id"], name="cart_order_once"),
            models.CheckConstraint(condition=Q(state__in=["open", "ordered", "joined"]), name="cart_state"),
            models.CheckConstraint(
                condition=Q(state="ordered", order_id__isnull=False) | (~Q(state="ordered") & Q(order_id__isnull=True)),
                name="cart_ordered",
            ),
            models.CheckConstraint(
                condition=Q(state="joined", joined_into__isnull=False)
                | (~Q(state="joined") & Q(joined_into__isnull=True)),
                name="cart_joined",
            ),
            models.CheckConstraint(condition=Q(coupons__len__lte=MOST_COUPONS), name="cart_coupons_most"),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | ~Q(joined_into=models.F("id")), name="cart_not_into_itself"
            ),
        ]


class CartLine(models.Model):
    """So many of a SKU. `seen_amount` is the price of one, in the cart's currency, that the shopper was last shown."""

    cart = models.ForeignKey(Cart, models.CASCADE, db_index=False)
    sku = models.TextField()
    quantity = models.IntegerField()
    seen_amount = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("cart", "sku")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE), name="cart_line_quantity"),
            models.CheckConstraint(
                condition=Q(seen_amount__isnull=True) | Q(seen_amount__gte=0), name="cart_line_seen"
            ),
        ]
