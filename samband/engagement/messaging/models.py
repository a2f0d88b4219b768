"""Messages to be sent, being sent and sent."""

from django.db import models

from samband.kernel.ids import new_id

STATES = ("queued", "sending", "sent", "failed")


class Message(models.Model):
    """One message to one address. `send_key` is unique, so nothing is said twice.

    `email` and `facts` are emptied once it is sent or given up: what stays is that, not what it said to whom.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    send_key = models.TextField(unique=True)
    kind = models.TextField()
    language = models.TextField()
    email = models.TextField()
    contact_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    about_subject = models.TextField()
    facts = models.JSONField()
    state = models.TextField(default="queued")
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="message_state"),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(email="", facts={}), name="message_sent_says_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=models.Q(state__in=["queued", "sending"])),
            models.Index(
                fields=["customer_id"], name="message_customer", condition=models.Q(customer_id__isnull=False)
            ),
            models.Index(fields=["about_subject"], name="message_about"),
            models.Index(fields=["created_at"], name="message_failed", condition=models.Q(state="failed")),
        ]
