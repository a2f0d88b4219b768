"""What was captured, where it came from, and what was seen before. Written in bulk: the ORM only draws these tables."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from .shapes import KINDS

BYTES = "C"


class Source(models.Model):
    """Where touchpoints come from. `namespace` names the system whose userIds it sends; its key is kept as a hash."""

    id = models.SmallAutoField(primary_key=True)
    slug = models.TextField(unique=True, db_collation=BYTES)
    name = models.TextField()
    kind = models.TextField()
    namespace = models.TextField(db_collation=BYTES)
    write_key_hash = models.BinaryField(null=True, unique=True)
    secret_ref = models.TextField(default="")
    needs_consent = models.BooleanField(default=False)
    largest_batch = models.IntegerField(null=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=KINDS), name="source_kind")]


class EventName(models.Model):
    """What happened, by name: a touchpoint carries the number."""

    id = models.AutoField(primary_key=True)
    name = models.TextField(unique=True, db_collation=BYTES)


class Lifetime(models.Model):
    """One life of the database: the table is not logged, so that this row is gone after a crash, and with a failover.

    What was committed last without waiting for the disk may be gone with it.
    """

    id = models.SmallIntegerField(primary_key=True)
    token = models.UUIDField()


class Touchpoint(models.Model):
    """One thing captured. `identifier` is the number of the strongest identifier it came with, 0 for nobody's.

    `device` is a weaker one that came along. Never changed; gone only by erasure and when its time is over.
    """

    position = models.BigAutoField(primary_key=True)
    identifier = models.BigIntegerField()
    device = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    worth = models.BigIntegerField(null=True)
    event = models.IntegerField()
    source = models.SmallIntegerField()
    currency = models.TextField(null=True, db_collation=BYTES)
    channel = models.TextField(db_collation=BYTES)
    place = models.TextField(null=True, db_collation=BYTES)
    sku = models.TextField(null=True, db_collation=BYTES)
    category = models.TextField(null=True, db_collation=BYTES)
    order_ref = models.TextField(null=True, db_collation=BYTES)
    payload = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["identifier", "position"], name="touchpoint_of_identifier"),
            models.Index(fields=["event", "occurred_at"], include=["identifier"], name="touchpoint_by_event"),
            BrinIndex(fields=["received_at"], pages_per_range=32, name="touchpoint_received"),
        ]


class Seen(models.Model):
    """A message of a source that was taken in, by the hash of both: whenever it comes again, it is known."""

    message = models.UUIDField(primary_key=True)


class Touched(models.Model):
    """Identifiers of which something was captured: a queue for whoever follows customers, one row a transaction."""

    id = models.BigAutoField(primary_key=True)
    identifiers = ArrayField(models.BigIntegerField())


class Rejected(models.Model):
    """How many items of a source were not taken in on a day, and why. Of the items themselves nothing is kept."""

    source = models.SmallIntegerField()
    day = models.DateField()
    code = models.TextField(db_collation=BYTES)
    count = models.BigIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "day", "code"], name="rejected_once")]
