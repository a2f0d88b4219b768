"""Where goods lie, how many, who has a claim on them, and every move that made it so."""

from django.db import models
from django.db.models import F, Q

from samband.kernel.ids import new_id

BYTES = "C"
"""Codes are compared byte by byte: quickest, and on every machine the same order, which is the order we lock in."""


class Location(models.Model):
    """A store or a warehouse. Its address is the retailer's own, not a person's."""

    code = models.TextField(primary_key=True, db_collation=BYTES)
    kind = models.TextField()
    name = models.TextField()
    names = models.JSONField(default=dict)
    market = models.TextField()
    country = models.TextField()
    address = models.JSONField(default=dict)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    time_zone = models.TextField()
    opening = models.JSONField(default=dict)
    pickup = models.BooleanField()
    ships = models.BooleanField()
    position = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["store", "warehouse"]), name="location_kind"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="location_place",
            ),
        ]


class Level(models.Model):
    """How many units of a SKU lie at a location, how many of them are spoken for, and how many we never promise.

    The key begins with the SKU because availability is asked by SKU; it is also the order in which everybody locks.
    """

    pk = models.CompositePrimaryKey("sku", "location_id")
    sku = models.TextField(db_collation=BYTES)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, db_column="location", db_index=False, related_name="+"
    )
    on_hand = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    safety = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["location", "sku"], name="level_at_location")]
        constraints = [
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="level_on_hand"),
            models.CheckConstraint(condition=Q(held__gte=0, held__lte=F("on_hand")), name="level_never_sold_twice"),
            models.CheckConstraint(condition=Q(safety__gte=0), name="level_safety"),
        ]


class Move(models.Model):
    """One line of the ledger: units that came (+) to a level or left (-) it, and why. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    location = models.TextField(db_collation=BYTES)
    sku = models.TextField(db_collation=BYTES)
    quantity = models.BigIntegerField()
    kind = models.TextField()
    reason = models.TextField(default="")
    reference = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sku", "id"], name="move_of_sku")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["receive", "transfer_in", "import"], quantity__gt=0)
                | Q(kind__in=["issue", "transfer_out"], quantity__lt=0)
                | (Q(kind="adjust") & ~Q(quantity=0)),
                name="move_sign_fits_kind",
            ),
        ]


class Hold(models.Model):
    """Goods set aside: `live` until it lapses, `kept` once it is an allocation, `closed` when nothing of it is left."""

    id = models.UUIDField(primary_key=True)
    state = models.TextField(default="live")
    lapses_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["lapses_at"], name="hold_lapses", condition=Q(state="live"))]
        constraints = [models.CheckConstraint(condition=Q(state__in=["live", "kept", "closed"]), name="hold_state")]


class HoldLine(models.Model):
    """Units of one level in a hold: `quantity` when it began, `left` still set aside."""

    pk = models.CompositePrimaryKey("hold_id", "sku", "location")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, db_column="hold", db_index=False, related_name="lines")
    location = models.TextField(db_collation=BYTES)
    sku = models.TextField(db_collation=BYTES)
    quantity = models.BigIntegerField()
    left = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["sku", "location"], name="hold_line_open", condition=Q(left__gt=0))]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="hold_line_quantity"),
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("quantity")), name="hold_line_left"),
        ]
