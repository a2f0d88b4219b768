"""Devices that may come in, drawers with the money in them, and every sale that a device made by itself."""

from django.db import models
from django.db.models import Q

from samband.kernel.ids import new_id

KINDS = ("pos", "kiosk", "door", "board")
MOVEMENTS = ("float", "sale", "refund", "pay_in", "pay_out", "unsettled")
"""What moves money in a drawer. *Unsettled* is the money of sales in conflict: there, but no order's yet."""

SALE_STATES = ("taken", "conflict", "accepted", "cancelled")


class Device(models.Model):
    """A till, kiosk, door reader or board. Of its token only the hash is known; without one it is not enrolled yet.

    `skew_ms` is how far its clock was ahead of ours when it last told; `last_sequence` the highest number of a sale of
    its own that we have.
    """

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    location = models.TextField()
    kind = models.TextField()
    token_hash = models.BinaryField(null=True, unique=True)
    created_at = models.DateTimeField()
    enrolled_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    skew_ms = models.BigIntegerField(null=True)
    last_sequence = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="tills_device_kind"),
            models.CheckConstraint(condition=Q(last_sequence__gte=0), name="tills_device_sequence"),
        ]


class EnrolmentCode(models.Model):
    """What somebody types into a device to enrol it: good once, for a while."""

    hash = models.BinaryField(primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Drawer(models.Model):
    """A cash drawer from its opening to its closing. `balance` is the sum of its movements.

    `number` counts the closings of a location; `report` is what was printed at the closing.
    """

    id = models.UUIDField(primary_key=True)
    location = models.TextField()
    currency = models.TextField()
    state = models.TextField(default="open")
    balance = models.BigIntegerField(db_default=0)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    opened_on = models.UUIDField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    number = models.IntegerField(null=True)
    counted = models.BigIntegerField(null=True)
    expected = models.BigIntegerField(null=True)
    note = models.TextField(db_default="")
    report = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "number"], name="tills_closing_once"),
            models.CheckConstraint(
                condition=Q(
                    state="open", closed_at=None, closed_by=None, number=None, counted=None, expected=None, report=None
                )
                | Q(
                    state="closed",
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    number__gte=1,
                    counted__gte=0,
                    expected__isnull=False,
                    report__isnull=False,
                ),
                name="tills_drawer_state",
            ),
        ]
        indexes = [models.Index(fields=["location", "-opened_at"], name="tills_drawer_of_location")]


class DrawerAtDevice(models.Model):
    """Which drawer a device puts its money into. A drawer may stand under several devices."""

    device = models.OneToOneField(Device, on_delete=models.PROTECT, primary_key=True)
    drawer = models.ForeignKey(Drawer, on_delete=models.PROTECT)


class DrawerMovement(models.Model):
    """Money into (+) or out of (-) a drawer. Never changed, never deleted. `key` names the deed, which is done once.

    `late` says that the drawer was closed when we learned of it: the money was there when it was counted.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.TextField(unique=True)
    drawer = models.ForeignKey(Drawer, on_delete=models.PROTECT)
    kind = models.TextField()
    amount = models.BigIntegerField()
    reason = models.TextField(db_default="")
    order_id = models.UUIDField(null=True)
    sale_id = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    late = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MOVEMENTS), name="tills_movement_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["float", "sale", "pay_in"], amount__gte=0)
                | Q(kind__in=["refund", "pay_out"], amount__lte=0)
                | Q(kind="unsettled"),
                name="tills_movement_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["drawer", "at"], name="tills_movement_of_drawer"),
            models.Index(fields=["order_id"], name="tills_movement_of_order", condition=Q(order_id__isnull=False)),
        ]


class QueuedSale(models.Model):
    """A sale that a device made by itself, exactly as it told it, and what became of it.

    `payload` is JSON, kept as text because a text of a device may hold what the database's JSON may not. `digest` is of
    it, so that the same sale told twice is known from another under its id. `answer` is what
    the device is told each time. `cash` is what it says went into the drawer. Since `redacted_at` only money and goods
    are left of the payload.
    """

    id = models.UUIDField(primary_key=True)
    sale_id = models.UUIDField()
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    sequence = models.BigIntegerField(null=True)
    digest = models.BinaryField()
    payload = models.TextField()
    sold_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    location = models.TextField()
    currency = models.TextField(db_default="")
    total = models.BigIntegerField(null=True)
    cash = models.BigIntegerField(db_default=0)
    drawer_id = models.UUIDField(null=True)
    state = models.TextField()
    order_id = models.UUIDField(null=True, unique=True)
    notes = models.JSONField(default=list)
    answer = models.JSONField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.UUIDField(null=True)
    remark = models.TextField(db_default="")
    redacted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sale_id", "digest"], name="tills_sale_told_once"),
            models.CheckConstraint(condition=Q(state__in=SALE_STATES), name="tills_sale_state"),
            models.CheckConstraint(
                condition=Q(state__in=["taken", "accepted"], order_id__isnull=False)
                | Q(state__in=["conflict", "cancelled"], order_id=None),
                name="tills_sale_has_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["taken", "conflict"], resolved_at=None)
                | Q(state__in=["accepted", "cancelled"], resolved_at__isnull=False),
                name="tills_sale_resolved",
            ),
            models.CheckConstraint(condition=Q(cash=0) | Q(drawer_id__isnull=False), name="tills_cash_in_a_drawer"),
        ]
        indexes = [
            models.Index(fields=["device", "sequence"], name="tills_sale_of_device"),
            models.Index(fields=["location", "-received_at"], name="tills_conflict", condition=Q(state="conflict")),
            models.Index(fields=["received_at"], name="tills_sale_as_told", condition=Q(redacted_at=None)),
        ]


class Allotted(models.Model):
    """What a device was given of the stock, so that it may sell it by itself. `id` is the hold in inventory."""

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    sell_until = models.DateTimeField()
    given = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device"], name="tills_one_allotment", condition=Q(ended_at=None)),
        ]


class Snapshot(models.Model):
    """How far the goods that a store's tills carry along have come. `made_of` tells when to make them anew."""

    location = models.TextField(primary_key=True)
    version = models.BigIntegerField(db_default=0)
    made_of = models.TextField(db_default="")
    made_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)


class SnapshotItem(models.Model):
    """One piece of goods in it. `version` is the one in which it last changed; without a body it is gone."""

    pk = models.CompositePrimaryKey("location", "sku")
    location = models.TextField(db_collation="C")
    sku = models.TextField(db_collation="C")
    version = models.BigIntegerField()
    body = models.TextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["location", "version"], name="tills_snapshot_since")]


class Deed(models.Model):
    """Something a device asked for under a key of its own, and what came of it: the same key is the same deed."""

    pk = models.CompositePrimaryKey("device_id", "key")
    device_id = models.UUIDField()
    key = models.TextField(db_collation="C")
    asked = models.BinaryField()
    about = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="tills_deed_at")]
