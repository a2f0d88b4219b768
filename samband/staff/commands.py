"""What can be done about the staff and their keys."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from samband.kernel.clock import now
from samband.kernel.ids import readable_code, secret_token
from samband.kernel.languages import DEFAULT, LANGUAGES
from samband.kernel.refusal import Invalid, KeyReused, NotFound

from . import refusals, rules
from .models import ApiKey, Member, SignInFailure

MOST_FAILURES = 8
FAILURES_COUNT_FOR = timedelta(minutes=15)
DEMO = "demo"
"""The name of the one key whose secret is given and not drawn."""


def add_member(
    email: str,
    name: str,
    role: str,
    password: str,
    *,
    location: str = "",
    language: str = DEFAULT,
    member_id: UUID | None = None,
) -> Member:
    """Take somebody on; asking twice with one id is asking once.

    Raises WeakPassword, UnknownRole, AlreadyThere, Invalid.
    """
    if role not in rules.ROLES:
        raise refusals.UnknownRole(role=role[:40])
    if language not in LANGUAGES:
        raise Invalid("There is no such language.")
    if not name.strip():
        raise Invalid("A name is needed.", fields=["name"])
    member = Member(email=email.strip().lower(), name=name.strip(), role=role, location=location, language=language)
    if member_id is not None:
        member.id = member_id
        if earlier := Member.objects.filter(pk=member_id, email=member.email).first():
            return earlier
    try:
        validate_email(member.email)
    except ValidationError as error:
        raise Invalid("That is not an e-mail address.") from error
    _give_password(member, password)
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as error:
        if member_id is not None and (earlier := Member.objects.filter(pk=member_id, email=member.email).first()):
            return earlier
        raise refusals.AlreadyThere() from error
    return member


def set_password(email: str, password: str) -> None:
    """Give somebody another password; wrong ones before it are forgotten. Raises NotFound, WeakPassword."""
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(email=email.strip().lower()).first()
        if member is None:
            raise NotFound("There is nobody with this e-mail.")
        _give_password(member, password)
        member.save(update_fields=["password"])
        SignInFailure.objects.filter(email_hash=_hashed(member.email)).delete()


def _give_password(member: Member, password: str) -> None:
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise refusals.WeakPassword() from error
    member.set_password(password)


def deactivate(email: str, *, by: UUID | None = None) -> None:
    """Let somebody in no more; their session ends with it. Raises NotFound, and LastAdmin if nobody could undo it.

    `by` is the id of whoever asks: nobody shuts themselves out.
    """
    with transaction.atomic():
        # All admins are locked in one order, so that two who dismiss each other do not both succeed.
        admins = list(Member.objects.select_for_update().filter(role="admin", is_active=True).order_by("pk"))
        member = Member.objects.select_for_update().filter(email=email.strip().lower()).first()
        if member is None:
            raise NotFound("There is nobody with this e-mail.")
        if member.pk == by or (member.is_active and [one.pk for one in admins] == [member.pk]):
            raise refusals.LastAdmin()
        Member.objects.filter(pk=member.pk).update(is_active=False)


def reactivate(email: str) -> None:
    """Let somebody in again. Raises NotFound."""
    if not Member.objects.filter(email=email.strip().lower()).update(is_active=True):
        raise NotFound("There is nobody with this e-mail.")


def sign_in(email: str, password: str) -> Member:
    """The member whose password this is. Raises WrongPassword; TooManyPasswords after eight in a quarter of an hour."""
    email = email.strip().lower()
    email_hash = _hashed(email)
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


def _hashed(email: str) -> bytes:
    """Keyed, for whoever typed it may be anybody, and an address is soon guessed from a plain hash."""
    return hmac.new(settings.SECRET_KEY.encode(), f"sign-in:{email}".encode(), hashlib.sha256).digest()


def speak(member_id: UUID, language: str) -> None:
    """Show the console to this person in another language from now on."""
    if language not in LANGUAGES:
        raise Invalid("There is no such language.")
    if not Member.objects.filter(pk=member_id).update(language=language):
        raise NotFound()


def issue_key(name: str, scopes: Sequence[str], secret: str | None = None, *, key: str | None = None) -> str:
    """Make a key for the API and return it: the only time it is seen whole. `secret` fixes it (for the demo).

    Asking twice with one idempotency `key` makes one key. Raises UnknownScope, Invalid.
    """
    if unknown := sorted(set(scopes) - set(rules.SCOPES)):
        raise refusals.UnknownScope(scopes=unknown)
    if not name.strip():
        raise Invalid("A key has a name.")
    if key is not None:
        return _issue_once(name, scopes, key)
    prefix, secret = (DEMO, secret) if secret else (readable_code(8).lower(), secret_token())
    # One that is there stays as it is: the demo, opened again, does not bring back a key that was revoked.
    if prefix != DEMO or not ApiKey.objects.filter(prefix=DEMO).exists():
        ApiKey.objects.create(
            prefix=prefix,
            hash=rules.hash_of(secret),
            name=name.strip(),
            scopes=sorted(set(scopes)),
            created_at=now(),
        )
    return f"sb_{prefix}_{secret}"


def _issue_once(name: str, scopes: Sequence[str], key: str) -> str:
    """Prefix and secret follow from the idempotency key and the server's own secret, so a repeat finds them again."""
    drawn = hmac.new(settings.SECRET_KEY.encode(), f"api-key:{key}".encode(), hashlib.sha256).hexdigest()
    secret = hmac.new(settings.SECRET_KEY.encode(), f"api-secret:{key}".encode(), hashlib.sha256).hexdigest()
    fields = {
        "hash": rules.hash_of(secret),
        "name": name.strip(),
        "scopes": sorted(set(scopes)),
        "created_at": now(),
    }
    issued, _ = ApiKey.objects.get_or_create(prefix=drawn[:12], defaults=fields)
    if (issued.name, issued.scopes) != (fields["name"], fields["scopes"]):
        raise KeyReused()
    return f"sb_{issued.prefix}_{secret}"


def revoke_key(prefix: str) -> None:
    """Let a key open nothing any more. Raises NotFound."""
    if not ApiKey.objects.filter(prefix=prefix, revoked_at__isnull=True).update(revoked_at=now()):
        raise NotFound("No such key is in use.")
