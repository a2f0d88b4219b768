"""What can be done about the staff and their keys."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from samband.kernel.clock import now
from samband.kernel.ids import readable_code, secret_token
from samband.kernel.languages import DEFAULT, LANGUAGES
from samband.kernel.refusal import Invalid, NotFound

from . import refusals, rules
from .models import ApiKey, Member, SignInFailure

MOST_FAILURES = 8
FAILURES_COUNT_FOR = timedelta(minutes=15)


def add_member(
    email: str, name: str, role: str, password: str, *, location: str = "", language: str = DEFAULT
) -> Member:
    """Take somebody on. Raises WeakPassword, UnknownRole, AlreadyThere, Invalid."""
    if role not in rules.ROLES:
        raise refusals.UnknownRole(role=role[:40])
    if language not in LANGUAGES:
        raise Invalid("There is no such language.")
    member = Member(email=email.strip().lower(), name=name.strip(), role=role, location=location, language=language)
    try:
        validate_email(member.email)
        validate_password(password, member)
    except ValidationError as error:
        if "email" in (error.code or "") or "valid email" in " ".join(error.messages):
            raise Invalid("That is not an e-mail address.") from error
        raise refusals.WeakPassword() from error
    member.set_password(password)
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as error:
        raise refusals.AlreadyThere() from error
    return member


def sign_in(email: str, password: str) -> Member:
    """The member whose password this is. Raises WrongPassword; TooManyPasswords after eight in a quarter of an hour."""
    email = email.strip().lower()
    email_hash = hashlib.sha256(email.encode()).digest()
    recent = SignInFailure.objects.filter(email_hash=email_hash, at__gt=now() - FAILURES_COUNT_FOR)
    if recent.count() >= MOST_FAILURES:
        raise refusals.TooManyPasswords()
    member = Member.objects.filter(email=email, is_active=True).first()
    if member is None:
        make_password(password)  # an unknown address takes as long as a wrong password
    if member is None or not member.check_password(password):
        SignInFailure.objects.create(email_hash=email_hash, at=now())
        raise refusals.WrongPassword()
    SignInFailure.objects.filter(email_hash=email_hash).delete()
    return member


def speak(member_id: object, language: str) -> None:
    """Show the console to this person in another language from now on."""
    if language not in LANGUAGES:
        raise Invalid("There is no such language.")
    if not Member.objects.filter(pk=member_id).update(language=language):
        raise NotFound()


def issue_key(name: str, scopes: Sequence[str], secret: str | None = None) -> str:
    """Make a key for the API and return it: the only time it is seen whole. `secret` fixes it (for the demo)."""
    if unknown := sorted(set(scopes) - set(rules.SCOPES)):
        raise refusals.UnknownScope(scopes=unknown)
    if not name.strip():
        raise Invalid("A key has a name.")
    prefix, secret = ("demo", secret) if secret else (readable_code(8).lower(), secret_token())
    ApiKey.objects.update_or_create(
        prefix=prefix,
        defaults={
            "hash": rules.hash_of(secret),
            "name": name.strip(),
            "scopes": sorted(set(scopes)),
            "created_at": now(),
            "revoked_at": None,
        },
    )
    return f"sb_{prefix}_{secret}"


def revoke_key(prefix: str) -> None:
    """Let a key open nothing any more. Raises NotFound."""
    if not ApiKey.objects.filter(prefix=prefix, revoked_at__isnull=True).update(revoked_at=now()):
        raise NotFound("No such key is in use.")
