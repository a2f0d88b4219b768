"""Where goods lie, how many, who has a claim on them, and every move that made it so."""

from django.contrib.postgres.indexes import BrinIndex
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

    `fences` is {channel: {"id": fence, "left": units}} of the open fences here, null without any, and `fenced` the sum
    of what is left in them. They lie in the level because a statement that waited for a row sees that row as it is by
    then, and every other as it was. The key begins with the SKU because availability is asked by SKU; it is also the
    order in which everybody locks.
    """

    pk = models.CompositePrimaryKey("sku", "location_id")
    sku = models.TextField(db_collation=BYTES)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, db_column="location", db_index=False, related_name="+"
    )
    on_hand = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    safety = models.BigIntegerField(default=0)
    fenced = models.BigIntegerField(db_default=0)
    fences = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["location", "sku"], name="level_at_location")]
        constraints = [
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="level_on_hand"),
            models.CheckConstraint(
                condition=Q(held__gte=0, fenced__gte=0, on_hand__gte=F("held") + F("fenced")),
                name="level_never_sold_twice",
            ),
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
        indexes = [
            models.Index(fields=["sku", "id"], name="move_of_sku"),
            # How fast goods sell is asked now and then; what is sold is written all the time. Moves lie in the order of
            # time nearly, so an index of whole blocks finds the latest and costs the ledger next to nothing.
            BrinIndex(fields=["at"], name="move_at", autosummarize=True, pages_per_range=32),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["receive", "transfer_in", "import"], quantity__gt=0)
                | Q(kind__in=["issue", "transfer_out"], quantity__lt=0)
                | (Q(kind="adjust") & ~Q(quantity=0)),
                name="move_sign_fits_kind",
            ),
        ]


class Fence(models.Model):
    """Units of a level that are kept for one channel, and the rules that give them back. What is left of it stands in
    its level while it is open.
    """

    id = models.UUIDField(primary_key=True)
    channel = models.TextField()
    location = models.TextField(db_collation=BYTES)
    sku = models.TextField(db_collation=BYTES)
    quantity = models.BigIntegerField()
    until = models.DateTimeField(null=True)
    hours_before_closing = models.FloatField(null=True)
    idle_days = models.IntegerField(null=True)
    free_below = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_for = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "location", "channel"], condition=Q(ended_at__isnull=True), name="fence_one_a_channel"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="fence_quantity"),
            models.CheckConstraint(condition=~Q(channel=""), name="fence_channel"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_for="") | (Q(ended_at__isnull=False) & ~Q(ended_for="")),
                name="fence_ended",
            ),
        ]


class Hold(models.Model):
    """Goods set aside: `live` until it lapses, `kept` once it is an allocation, `closed` when nothing of it is left.

    An `allotment` is what a till device may sell while its line is down: it is never kept, may grow, stays live while
    it is empty, and lapses some time after `sells_until`, which is what the device was told.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.TextField(db_default="order")
    state = models.TextField(default="live")
    channel = models.TextField(db_default="")
    device = models.TextField(db_default="")
    sells_until = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["lapses_at"], name="hold_lapses", condition=Q(state="live")),
            models.Index(fields=["id"], name="hold_allotments", condition=Q(kind="allotment", state="live")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["live", "kept", "closed"]), name="hold_state"),
            models.CheckConstraint(
                condition=Q(kind="order", sells_until__isnull=True)
                | (Q(kind="allotment", sells_until__isnull=False) & ~Q(state="kept")),
                name="hold_kind",
            ),
        ]


class HoldLine(models.Model):
    """Units of one level in a hold: `quantity` set aside at first, `left` still, `drawn` of these out of a fence."""

    pk = models.CompositePrimaryKey("hold_id", "sku", "location")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, db_column="hold", db_index=False, related_name="lines")
    location = models.TextField(db_collation=BYTES)
    sku = models.TextField(db_collation=BYTES)
    quantity = models.BigIntegerField()
    left = models.BigIntegerField()
    drawn = models.BigIntegerField(db_default=0)
    fence = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["sku", "location"], name="hold_line_open", condition=Q(left__gt=0)),
            models.Index(fields=["fence"], name="hold_line_fence", condition=Q(fence__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="hold_line_quantity"),
            models.CheckConstraint(condition=Q(left__gte=0, left__lte=F("quantity")), name="hold_line_left"),
            models.CheckConstraint(
                condition=Q(drawn__gte=0, drawn__lte=F("left")) & (Q(drawn=0) | Q(fence__isnull=False)),
                name="hold_line_drawn",
            ),
        ]
