"""Who tried what too often of late: hashes and counts, in a table that a crash may empty."""

from django.db import models


class Tried(models.Model):
    """So many tries of one kind by one of those who try, until a moment at which they are forgotten."""

    who = models.BinaryField(primary_key=True)
    spent = models.IntegerField()
    over_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["over_at"], name="tried_over")]
