"""What people ask of us about their data, what was done, and who is not to come back by an import. No table names one.

The one exception lasts seconds: an erasure that has begun carries what it looks for in files, until it is done.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .rules import BY, GROUNDS, KINDS, STATES


class Request(models.Model):
    """Somebody asked for their data, or to be forgotten. To be answered by `deadline`.

    `subject` is the customer as they were known when they asked, `account` the account they asked from. `because` says
    what it waits for or why it ended; `file` is the name of an export below SAMBAND_HOME/exports while there is one.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    state = models.TextField()
    subject = models.UUIDField(db_index=True)
    account = models.UUIDField(null=True, db_index=True)
    by = models.TextField()
    member = models.UUIDField(null=True)
    agreed_by = models.UUIDField(null=True)
    ground = models.TextField()
    language = models.TextField(default="en")
    because = models.TextField(default="")
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    file = models.TextField(default="")
    size = models.BigIntegerField(default=0)
    good_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="rights_kind"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="rights_state"),
            models.CheckConstraint(condition=Q(by__in=BY), name="rights_by"),
            models.CheckConstraint(condition=Q(ground__in=GROUNDS), name="rights_ground"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "agreed", "waiting"], ended_at__isnull=True)
                | (~Q(state__in=["open", "agreed", "waiting"]) & Q(ended_at__isnull=False)),
                name="rights_ended_dated",
            ),
            models.CheckConstraint(condition=Q(file="") | Q(good_until__isnull=False), name="rights_file_lapses"),
            models.UniqueConstraint(
                fields=["subject", "kind"], condition=Q(state__in=["open", "agreed", "waiting"]), name="rights_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="rights_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["good_until"], name="rights_lapses", condition=~Q(file="")),
        ]


class Erasure(models.Model):
    """A person was forgotten: begun, then every room at once (`rooms`), then files, then `done`.

    `keys` are keyed hashes of what they were known by. `sought` is what files are searched for; it goes with the files.
    """

    id = models.UUIDField(primary_key=True)
    request = models.UUIDField(null=True)
    customer = models.UUIDField()
    accounts = ArrayField(models.UUIDField(), default=list)
    keys = ArrayField(models.UUIDField(), default=list)
    state = models.TextField()
    sought = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["begun", "rooms", "done"]), name="rights_erasure_state"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(sought__isnull=True, done_at__isnull=False), name="rights_done_is_bare"
            ),
        ]
        indexes = [models.Index(fields=["began_at"], name="rights_unfinished", condition=~Q(state="done"))]


class Suppressed(models.Model):
    """An address that no import may bring back: only its keyed hash. It goes when the person comes themselves."""

    key = models.UUIDField(primary_key=True)
    erasure = models.UUIDField()
    at = models.DateTimeField()


class Keeping(models.Model):
    """A rule of keeping that this house has set other than the usual: so many days, or None for ever."""

    rule = models.TextField(primary_key=True)
    days = models.IntegerField(null=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days__isnull=True) | Q(days__gte=0), name="rights_days")]
