"""Segments, who is in them, and what they said before. Membership is a conclusion: it can be reckoned anew any time."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Segment(models.Model):
    """A named condition over customers.

    `live` once it was filled for this version: only then is it kept up to date. `branches` are the categories it names
    with all that lie below them, `needs` the segments it asks about. Until `swept_at` time has been taken into account.
    """

    id = models.AutoField(primary_key=True)
    slug = models.TextField(unique=True, db_collation="C")
    definition = models.JSONField()
    version = models.IntegerField()
    branches = models.JSONField(default=dict)
    needs = ArrayField(models.TextField(), default=list)
    live = models.BooleanField(default=False)
    size = models.BigIntegerField(default=0)
    saved_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)


class Version(models.Model):
    """What a segment said from a moment on; None once it was removed. Never changed."""

    id = models.BigAutoField(primary_key=True)
    segment = models.TextField(db_collation="C")
    version = models.IntegerField()
    definition = models.JSONField(null=True)
    by = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "version"], name="segment_version_once")]


class Membership(models.Model):
    """A customer is in a segment. `how` says whether that was told, see `following`; up to ALONG they are in now."""

    pk = models.CompositePrimaryKey("segment", "customer")
    segment = models.IntegerField()
    customer = models.UUIDField()
    how = models.SmallIntegerField(default=0)
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer", "segment"], include=["how"], name="segments_of_customer")]


class Waiting(models.Model):
    """Customers of whom something changed that a segment may ask about: a queue.

    `late` ones came while a segment was being filled, and wait until it is.
    """

    id = models.BigAutoField(primary_key=True)
    customers = ArrayField(models.UUIDField())
    late = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())


class Day(models.Model):
    """How many were in a segment at the end of a day (UTC), or now if it is today."""

    pk = models.CompositePrimaryKey("segment", "day")
    segment = models.IntegerField()
    day = models.DateField()
    size = models.BigIntegerField()
