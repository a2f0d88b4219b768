"""The people who work here, and the keys of programs that work with us."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from samband.kernel.ids import new_id

from . import rules


class Members(BaseUserManager["Member"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        member = self.model(email=email.strip().lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member


class Member(AbstractBaseUser):
    """One of the staff. `location` is the code of the store where they usually stand."""

    id = models.UUIDField(primary_key=True, default=new_id)
    email = models.EmailField(unique=True)
    name = models.TextField()
    role = models.TextField()
    location = models.TextField(blank=True, default="")
    language = models.TextField(default="en")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]
    objects = Members()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=sorted(rules.ROLES)), name="member_role_known")
        ]

    def may(self, part: str, *, change: bool = False) -> bool:
        """Whether this person's role opens a part of the console (to change things there)."""
        return self.is_active and rules.may(self.role, part, change=change)


class ApiKey(models.Model):
    """A key for the HTTP API. Only its hash is kept; the prefix finds it."""

    prefix = models.TextField(primary_key=True)
    hash = models.BinaryField()
    name = models.TextField()
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class SignInFailure(models.Model):
    """A password that was wrong; too many of them close the door for a while."""

    email_hash = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["email_hash", "at"], name="sign_in_failure_at")]


class Pin(models.Model):
    """The digits by which somebody is known at a till. Whoever reads this table alone learns nothing from it."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="pin")
    hash = models.TextField()
    set_at = models.DateTimeField()


class PinTry(models.Model):
    """A PIN that was tried at a place, such as a device, and not found right (yet)."""

    place = models.TextField()
    member_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "at"], name="pin_try_at")]
