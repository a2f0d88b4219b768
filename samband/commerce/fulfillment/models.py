"""What a location was told to get ready, how far it is, and when it got there."""

from django.db import models
from django.db.models import F, Q

from .transitions import STATES

SHIP_STATES = ("requested", "picking", "shipped", "delivered", "cancelled")
PICKUP_STATES = ("requested", "picking", "ready", "handed_over", "expired", "cancelled")
WAITED = ("ready", "handed_over", "expired")
SENT = ("shipped", "delivered")
OPEN = ("requested", "picking", "ready")


class Fulfillment(models.Model):
    """Goods of one order from one location, on one way to the customer: a parcel, or a pickup in the store."""

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField()
    position = models.IntegerField()
    number = models.TextField(unique=True)
    customer_id = models.UUIDField(null=True)
    address_id = models.UUIDField(null=True)
    kind = models.TextField()
    location = models.TextField(db_collation="C")
    state = models.TextField(default="requested")
    pickup_code = models.TextField(null=True)
    promised_from = models.DateTimeField()
    promised_until = models.DateTimeField()
    wait_until = models.DateTimeField(null=True)
    carrier = models.TextField(default="")
    tracking = models.TextField(default="")
    cancel_reason = models.TextField(default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    picking_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["location", "state", "promised_until"], name="fulfillment_open", condition=Q(state__in=OPEN)
            ),
            models.Index(fields=["wait_until"], name="fulfillment_waits", condition=Q(state="ready")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order_id", "position"], name="fulfillment_of_order"),
            models.UniqueConstraint(
                fields=["location", "pickup_code"], name="pickup_code_once", condition=Q(state="ready")
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="fulfillment_state"),
            models.CheckConstraint(
                condition=Q(kind="ship", state__in=SHIP_STATES) | Q(kind="pickup", state__in=PICKUP_STATES),
                name="fulfillment_state_fits_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WAITED) | Q(pickup_code__isnull=False, wait_until__isnull=False),
                name="fulfillment_waits_with_code",
            ),
            models.CheckConstraint(condition=~Q(state__in=SENT) | ~Q(carrier=""), name="fulfillment_sent_by_carrier"),
            models.CheckConstraint(
                condition=Q(kind="pickup") | Q(address_id__isnull=False), name="fulfillment_parcel_has_address"
            ),
            models.CheckConstraint(condition=Q(promised_from__lte=F("promised_until")), name="fulfillment_promise"),
        ]


class FulfillmentLine(models.Model):
    """Units of a SKU to get ready, and how many are in the basket."""

    pk = models.CompositePrimaryKey("fulfillment_id", "sku")
    fulfillment = models.ForeignKey(
        Fulfillment, on_delete=models.PROTECT, db_column="fulfillment", db_index=False, related_name="lines"
    )
    sku = models.TextField(db_collation="C")
    quantity = models.IntegerField()
    picked = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="fulfillment_line_quantity"),
            models.CheckConstraint(
                condition=Q(picked__gte=0, picked__lte=F("quantity")), name="fulfillment_line_picked"
            ),
        ]


class WrongCodes(models.Model):
    """How often a wrong pickup code was tried. Kept apart, because it must stand when the try itself is undone."""

    fulfillment_id = models.UUIDField(primary_key=True)
    tries = models.IntegerField()
    locked_until = models.DateTimeField(null=True)
