"""What is known of every customer, computed from their touchpoints: kept for speed, never the only copy of anything."""

from django.db import models


class Profile(models.Model):
    """A customer's traits; `traits.TRAITS` says what each means. Amounts are in the smallest unit of their currency."""

    customer = models.UUIDField(primary_key=True)
    first_seen = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)
    first_channel = models.TextField(null=True, db_collation="C")
    last_channel = models.TextField(null=True, db_collation="C")
    channels = models.IntegerField(default=0)
    touchpoints = models.IntegerField(default=0)
    active_days = models.IntegerField(default=0)
    has_account = models.BooleanField(default=False)
    has_email = models.BooleanField(default=False)
    has_phone = models.BooleanField(default=False)
    has_loyalty = models.BooleanField(default=False)
    orders = models.IntegerField(default=0)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(null=True)
    order_gap_days = models.IntegerField(null=True)
    value = models.BigIntegerField(default=0)
    currency = models.TextField(null=True, db_collation="C")
    average_order = models.BigIntegerField(null=True)
    refunded = models.BigIntegerField(default=0)
    spent = models.JSONField(default=dict)
    returns = models.IntegerField(default=0)
    favourite_category = models.TextField(null=True, db_collation="C")
    preferred_store = models.TextField(null=True, db_collation="C")
    payment_habit = models.TextField(null=True, db_collation="C")
    delivery_habit = models.TextField(null=True, db_collation="C")
    country = models.TextField(null=True, db_collation="C")
    language = models.TextField(null=True, db_collation="C")
