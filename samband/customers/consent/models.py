"""What was said about being written to and about the use of data, word for word; nothing here names anybody."""

from django.db import models

from samband.kernel.ids import new_id


class Wording(models.Model):
    """A text somebody was shown when they answered. Never changed; `own` ones the retailer wrote.

    `about` is a purpose, a category of the web, or `choices`: the question of the shop's dialogue as a whole. Of the
    own ones about the same in the same language the latest is shown; an empty one brings the shipped text back.
    """

    id = models.BigAutoField(primary_key=True)
    about = models.TextField()
    language = models.TextField()
    version = models.TextField()
    text = models.TextField()
    own = models.BooleanField(default=False)
    by = models.TextField(default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.F("about"), models.F("language"), models.F("version"), models.Func("text", function="md5"),
                name="consent_wording_once",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["about", "language", "-id"], name="consent_wording_own", condition=models.Q(own=True))
        ]


class Entry(models.Model):
    """One answer about one address and one purpose. Never changed.

    `address` is the key of the identifier, `kind` its kind; `at` when it was said, `recorded_at` when we heard of it.
    `key` makes a repeat a repeat, `proof` names what shows it (an asking, a webhook, a sheet of paper), `by` is the
    member of staff who wrote it down.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.TextField(null=True, unique=True)
    address = models.UUIDField()
    kind = models.TextField()
    purpose = models.TextField()
    granted = models.BooleanField()
    source = models.TextField()
    channel = models.TextField()
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, db_index=False)
    account = models.UUIDField(null=True)
    proof = models.TextField(default="")
    by = models.TextField(default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(condition=models.Q(at__lte=models.F("recorded_at")), name="consent_entry_not_ahead"),
        ]
        indexes = [
            models.Index(fields=["address", "purpose", "at"], name="consent_entry_address"),
            models.Index(fields=["recorded_at"], name="consent_entry_recorded"),
        ]


class Standing(models.Model):
    """The answer that holds for one address and one purpose: the latest entry's, of two at once the refusal.

    Others read this table as `queries.RELATION`.
    """

    pk = models.CompositePrimaryKey("address", "purpose")
    address = models.UUIDField()
    purpose = models.TextField()
    kind = models.TextField()
    granted = models.BooleanField()
    at = models.DateTimeField()
    entry = models.UUIDField()


class Asking(models.Model):
    """Somebody typed an address and agreed; the mail that was sent there waits to be answered.

    `email` is emptied once it was confirmed or its time is over: an address nobody confirmed is not kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    address = models.UUIDField(db_index=True)
    email = models.TextField()
    token_hash = models.BinaryField(unique=True)
    purposes = models.JSONField()
    shown = models.JSONField()
    language = models.TextField()
    source = models.TextField()
    channel = models.TextField()
    account = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="consent_asking_open", condition=~models.Q(email="")),
        ]
