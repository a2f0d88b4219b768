"""The story as it is kept: entries that are never changed, and the deliveries still owed to reactions."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One event. `position` gives the order; entries about one subject commit in that order.

    `correlation` is the id of the request that it followed from.
    """

    position = models.BigAutoField(primary_key=True)
    name = models.TextField()
    subject = models.TextField()
    customer_id = models.UUIDField(null=True)
    payload = models.JSONField()
    key = models.TextField(null=True, unique=True)
    asked = models.BinaryField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())
    correlation = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "position"], name="entry_subject"),
            models.Index(
                fields=["customer_id", "position"], name="entry_customer", condition=models.Q(customer_id__isnull=False)
            ),
        ]


class Delivery(models.Model):
    """An entry that a reaction has not yet taken in. Taking it in deletes the row in the same transaction.

    `set_aside_at` marks one that failed to the end and waits for a person.
    """

    id = models.BigAutoField(primary_key=True)
    position = models.BigIntegerField()
    reaction = models.TextField()
    subject = models.TextField()
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.IntegerField(db_default=0)
    error = models.TextField(db_default="")
    set_aside_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["reaction", "position"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["reaction", "subject", "position"],
                name="delivery_order",
                condition=models.Q(set_aside_at__isnull=True),
            ),
            models.Index(fields=["position"], name="delivery_due", condition=models.Q(set_aside_at__isnull=True)),
        ]
