"""What people are known by, what says that two of these are one person's, and what people decided about it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

BYTES = "C"


class Identifier(models.Model):
    """A node. `id` is its number, `kind` its place in the kernel's KINDS, `customer` the key of the leading identifier
    of the component it is in now (its own key at first).

    `shared` says that it has more neighbours than one person would have, `marked` that a person said so. Once erased it
    is an empty stone: no value, no key, no customer.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.SmallIntegerField()
    namespace = models.TextField(db_collation=BYTES, default="")
    value = models.TextField(null=True)
    key = models.UUIDField(null=True, unique=True)
    customer = models.UUIDField(null=True, db_index=True)
    shared = models.BooleanField(db_default=False)
    marked = models.BooleanField(db_default=False)
    first_seen = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, value__isnull=False, key__isnull=False, customer__isnull=False)
                | Q(erased_at__isnull=False, value__isnull=True, key__isnull=True, customer__isnull=True),
                name="identifier_whole_or_erased",
            )
        ]


class Assertion(models.Model):
    """An edge: `source` says by `rule` that `a` and `b` are one person's (or, by "different", that they are not).

    Said once for all: a repeat adds nothing. `reason` is what a person gave for a decision. Never changed, and deleted
    only with an erased identifier.
    """

    id = models.BigAutoField(primary_key=True)
    a = models.BigIntegerField()
    b = models.BigIntegerField()
    rule = models.TextField(db_collation=BYTES)
    source = models.TextField(db_collation=BYTES)
    first_at = models.DateTimeField()
    asserted_at = models.DateTimeField(db_default=Now())
    reason = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b", "rule", "source"], name="assertion_said_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="assertion_one_direction"),
        ]
        indexes = [
            models.Index(fields=["b", "a"], name="assertion_from_b"),
            # What holds of a shared value, too, is few among its many neighbours.
            models.Index(
                fields=["a"], name="assertion_strong_a", condition=Q(rule__in=["same", "different", "verified"])
            ),
            models.Index(
                fields=["b"], name="assertion_strong_b", condition=Q(rule__in=["same", "different", "verified"])
            ),
        ]


class Retraction(models.Model):
    """An assertion was taken back, until it is restored. Nothing else of the row ever changes."""

    id = models.BigAutoField(primary_key=True)
    assertion = models.BigIntegerField(db_index=True)
    at = models.DateTimeField()
    by = models.TextField()
    reason = models.TextField(default="")
    restored_at = models.DateTimeField(null=True)
    restored_by = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assertion"], condition=Q(restored_at__isnull=True), name="retraction_once_at_a_time"
            )
        ]


class Pending(models.Model):
    """An assertion that the components do not know of yet. `recount`: even a shared value is counted anew."""

    assertion = models.BigIntegerField(primary_key=True)
    recount = models.BooleanField(db_default=False)


class Moved(models.Model):
    """Customers whose identifiers are others now, those that are no more among them: the follower's queue."""

    id = models.BigAutoField(primary_key=True)
    customers = ArrayField(models.UUIDField())


class Review(models.Model):
    """A pair for a person to decide: a *conflict* that was held back, or a *proposal* of the matching."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    a = models.BigIntegerField()
    b = models.BigIntegerField()
    assertion = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=list)
    weight = models.FloatField(null=True)
    state = models.TextField(default="open")
    opened_at = models.DateTimeField()
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b", "kind"], name="review_of_a_pair"),
            models.CheckConstraint(condition=Q(kind__in=["conflict", "proposal"]), name="review_kind"),
            models.CheckConstraint(condition=Q(state__in=["open", "accepted", "rejected"]), name="review_state"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="review_one_direction"),
        ]
        indexes = [
            models.Index(fields=["b"], name="review_from_b"),
            models.Index(fields=["kind", "id"], name="review_open", condition=Q(state="open")),
        ]


class Edition(models.Model):
    """How often identifiers were erased: the one row says whether a number that somebody remembers may be stale."""

    id = models.SmallIntegerField(primary_key=True)
    edition = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="edition_one_row")]


class RollCall(models.Model):
    """How far a flow got that goes through everybody whom another room knows already; `done` once at the end."""

    name = models.TextField(primary_key=True)
    after = models.UUIDField(null=True)
    done = models.BooleanField(db_default=False)


class KeyedWith(models.Model):
    """Which secret the keys here were made with: the one row holds what it makes of a word of ours."""

    id = models.SmallIntegerField(primary_key=True)
    made = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="keyed_with_one_row")]
