"""Places in a store that a phone can speak to, who is visiting, and who may leave with goods."""

from django.db import models
from django.db.models import F, Q

from .rules import KINDS, SELLING

BYTES = "C"


class Spot(models.Model):
    """A table, a seat, a shelf, a product's label or a door of one store. `number` stands in its codes.

    Codes carry an `edition`: with the next one, all that were printed before open nothing any more.
    """

    number = models.AutoField(primary_key=True)
    location = models.TextField(db_collation=BYTES)
    code = models.TextField(db_collation=BYTES)
    kind = models.TextField()
    name = models.TextField()
    sku = models.TextField(null=True, db_collation=BYTES)
    category = models.TextField(default="")
    on_screen = models.BooleanField(default=False)
    edition = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "code"], name="spot_of_location"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="spot_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=SELLING, sku__isnull=False) | (~Q(kind__in=SELLING) & Q(sku__isnull=True)),
                name="spot_sells_what_it_says",
            ),
            models.CheckConstraint(condition=Q(edition__gte=1, edition__lte=65_535), name="spot_edition"),
        ]


class StoreWord(models.Model):
    """Which edition of its word of the day a store is at; a store without a row is at the first."""

    location = models.TextField(primary_key=True, db_collation=BYTES)
    edition = models.IntegerField()
    changed_at = models.DateTimeField()


class WrongWords(models.Model):
    """How often wrong words came from somewhere this hour. `who` is a keyed hash that changes every day."""

    who = models.BinaryField(primary_key=True)
    tries = models.IntegerField()
    since = models.DateTimeField(db_index=True)


class Visit(models.Model):
    """Somebody with a phone in a store. `presence` says how we know: screen, nearby or word."""

    id = models.UUIDField(primary_key=True)
    location = models.TextField(db_collation=BYTES)
    spot = models.IntegerField()
    place = models.TextField()
    purpose = models.TextField()
    presence = models.TextField()
    cart_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    good_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["location", "opened_at"], name="visit_of_location")]
        constraints = [
            models.CheckConstraint(condition=Q(presence__in=["screen", "nearby", "word"]), name="visit_presence"),
            models.CheckConstraint(condition=Q(purpose__in=["serve", "carry"]), name="visit_purpose"),
            models.CheckConstraint(condition=Q(good_until__gt=F("opened_at")), name="visit_lasts"),
        ]


class ExitPass(models.Model):
    """Leave to walk out with the goods of one order: checked by a door once, or lapsed when the store closes.

    `looked_at`: whether the staff is to compare bag and list; `found` what came of it (right, differs).
    """

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField(unique=True)
    location = models.TextField(db_collation=BYTES)
    state = models.TextField(default="open")
    looked_at = models.BooleanField()
    found = models.TextField(default="")
    issued_at = models.DateTimeField()
    good_until = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    checked_by = models.UUIDField(null=True)
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["good_until"], name="exit_pass_open", condition=Q(state="open"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", checked_at__isnull=True, lapsed_at__isnull=True)
                | Q(state="checked", checked_at__isnull=False, lapsed_at__isnull=True)
                | Q(state="lapsed", lapsed_at__isnull=False, checked_at__isnull=True),
                name="exit_pass_state",
            ),
            models.CheckConstraint(
                condition=Q(found="") | Q(found__in=["right", "differs"], state="checked"), name="exit_pass_found"
            ),
        ]
