"""The people who work here, and the keys of programs that work with us."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
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


class FactorRule(models.Model):
    """What the house says of a role: whether whoever has it needs a second factor."""

    role = models.TextField(primary_key=True)
    needed = models.BooleanField()
    by = models.TextField(default="")
    at = models.DateTimeField()


class Authenticator(models.Model):
    """The secret that somebody's authenticator app shares with us, sealed; it counts once a first code proved it.

    `last_step` is the step of thirty seconds whose code was used last: none of it or before it is taken again.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="authenticator")
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)


class Passkey(models.Model):
    """A key pair that lives in somebody's phone, computer or security key: we know the public half."""

    id = models.UUIDField(primary_key=True, default=new_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    transports = models.JSONField(default=list)
    name = models.TextField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Challenge(models.Model):
    """A random question that a passkey is to sign: for one purpose, once, and soon."""

    hash = models.BinaryField(primary_key=True)
    purpose = models.TextField()
    until = models.DateTimeField()


class RecoveryCode(models.Model):
    """A code for whoever lost their other factors. Only a keyed hash is kept, and it opens once."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="recovery_codes")
    hash = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "hash"], name="recovery_code_once")]


class Session(models.Model):
    """Somebody's sitting at the console. Whoever reads this table cannot take it over: the key is not in it."""

    hash = models.BinaryField(primary_key=True)
    member_id = models.UUIDField(null=True)
    data = models.TextField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    agent = models.TextField(default="")
    address = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["member_id"], name="staff_session_member"),
            models.Index(fields=["seen_at"], name="staff_session_seen"),
        ]


class Note(models.Model):
    """What somebody of the staff, or a program, did or saw. Rows are only added (the database refuses anything else).

    `about` are subjects such as `customer:0192…`; `seal` is the number of the seal that covers it, set once.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.TextField()
    door = models.TextField()
    outcome = models.TextField()
    deed = models.TextField()
    about = ArrayField(models.TextField(), default=list)
    code = models.TextField(default="")
    request = models.TextField(default="")
    refuses = models.BigIntegerField(null=True)
    seal = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["about"], name="staff_note_about"),
            models.Index(fields=["actor", "id"], name="staff_note_actor"),
            models.Index(fields=["at"], name="staff_note_at"),
            models.Index(fields=["seal", "id"], name="staff_note_seal"),
            models.Index(fields=["refuses"], condition=models.Q(refuses__isnull=False), name="staff_note_refuses"),
            models.Index(fields=["id"], condition=models.Q(seal__isnull=True), name="staff_note_unsealed"),
        ]


class Seal(models.Model):
    """So many notes, fixed: `rows` holds the id and the digest of each, `hash` covers them and the seal before.

    The hash is keyed with the house's secret, so whoever can write to the database alone cannot mend the chain.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    rows = models.BinaryField()
    hash = models.BinaryField()
