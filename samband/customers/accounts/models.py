"""Everything that names a person lives in these tables and nowhere else in the shop."""

from django.db import models
from django.db.models.functions import Lower

from samband.kernel.ids import new_id


class Customer(models.Model):
    """Somebody we can recognise again. `email` is kept in lower case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.TextField(null=True, unique=True)
    name = models.TextField(default="")
    phone = models.TextField(default="")
    language = models.TextField(default="en")
    market = models.TextField(null=True)
    group = models.TextField(null=True)
    source = models.TextField(default="shop")
    source_reference = models.TextField(null=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_reference"], name="customer_source"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | models.Q(email=Lower("email")),
                name="customer_email_lower",
            ),
        ]


class Address(models.Model):
    """Where goods go. One kept with an order has no customer and never changes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    customer_id = models.UUIDField(null=True, db_index=True)
    of_customer_id = models.UUIDField(null=True, db_index=True)
    name = models.TextField()
    line1 = models.TextField()
    line2 = models.TextField(default="")
    postcode = models.TextField(default="")
    city = models.TextField()
    country = models.TextField()
    phone = models.TextField(default="")
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["customer_id"], condition=models.Q(is_default=True), name="address_one_default"
            )
        ]


class Contact(models.Model):
    """Whom to tell about an order; a guest has one too."""

    id = models.UUIDField(primary_key=True, default=new_id)
    customer_id = models.UUIDField(null=True, db_index=True)
    email = models.TextField()
    name = models.TextField()
    phone = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["email"], opclasses=["text_pattern_ops"], name="contact_email_begins")]


class SignInCode(models.Model):
    """A code that was mailed to prove an address. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.TextField()
    code_hash = models.TextField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["email", "asked_at"], name="sign_in_code_email")]
