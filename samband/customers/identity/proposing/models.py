"""What the matching keeps: the retailer's rules, and what each run of it learned and found. Nobody's particulars."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .ruling import AGREEING


class Rule(models.Model):
    """When a proposal is accepted without a person. Never changed; one that no longer holds has ended."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    least = models.FloatField()
    agreeing = ArrayField(models.TextField())
    uncontradicted = models.BooleanField()
    set_by = models.UUIDField()
    set_at = models.DateTimeField()
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(ended_at__isnull=True), name="matching_rule_name"),
            models.CheckConstraint(condition=Q(least__gte=0.9, least__lt=1), name="matching_rule_least"),
            models.CheckConstraint(
                condition=Q(agreeing__contained_by=list(AGREEING), agreeing__len__gt=0), name="matching_rule_agreeing"
            ),
        ]


class Run(models.Model):
    """One time that everybody was compared: how many, what was learned (figures by field), what came of it."""

    id = models.BigAutoField(primary_key=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    records = models.BigIntegerField()
    compared = models.BigIntegerField()
    proposed = models.IntegerField()
    accepted = models.IntegerField()
    withdrawn = models.IntegerField()
    model = models.JSONField()
