"""What can be done about the staff and their keys."""

import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from samband.events.staff import SignInChanged
from samband.kernel.clock import now
from samband.kernel.ids import readable_code, secret_token
from samband.kernel.languages import DEFAULT, LANGUAGES
from samband.kernel.refusal import Invalid, KeyReused, NotFound
from samband.timeline import record as tell

from . import guessing, record, refusals, rules, secrecy, session_store
from .guessing import Whence
from .models import ApiKey, Member, Session

FROM_ANYWHERE = Whence()
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
            record.did("member_added", [record.member(member.id), f"role:{role}"])
    except IntegrityError as error:
        if member_id is not None and (earlier := Member.objects.filter(pk=member_id, email=member.email).first()):
            return earlier
        raise refusals.AlreadyThere() from error
    return member


def set_password(email: str, password: str) -> None:
    """Give somebody another password; wrong ones before it count no more, and whoever is in is out.

    Raises NotFound, WeakPassword.
    """
    with transaction.atomic():
        member = _locked(email)
        _replace_password(member, password, by_others=True)


def change_password(member_id: UUID, old: str, new: str, whence: Whence = FROM_ANYWHERE) -> None:
    """Somebody gives themselves another password; whoever is in by the old one is out, they themselves too.

    Raises WrongPassword, TooManyPasswords, WeakPassword.
    """
    prove_password(member_id, old, whence)
    with transaction.atomic():
        _replace_password(Member.objects.select_for_update().get(pk=member_id), new, by_others=False)


def _replace_password(member: Member, password: str, *, by_others: bool) -> None:
    _give_password(member, password)
    member.save(update_fields=["password"])
    Session.objects.filter(member_id=member.pk).delete()
    record.did("password_changed", [record.member(member.pk)])
    tell(SignInChanged(member_id=member.pk, what="password", by_others=by_others))


def _give_password(member: Member, password: str) -> None:
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise refusals.WeakPassword() from error
    member.set_password(password)


def change_role(email: str, role: str, *, by: UUID | None = None) -> None:
    """Let somebody do other things from now on; they sign in anew. Asking twice is asking once.

    Raises NotFound, UnknownRole, OwnRole if they ask for themselves, LastAdmin.
    """
    if role not in rules.ROLES:
        raise refusals.UnknownRole(role=role[:40])
    with transaction.atomic():
        admins = _locked_admins()
        member = _locked(email)
        if member.pk == by:
            raise refusals.OwnRole()
        if member.role == role:
            return
        if [one.pk for one in admins] == [member.pk]:
            raise refusals.LastAdmin()
        Member.objects.filter(pk=member.pk).update(role=role)
        Session.objects.filter(member_id=member.pk).delete()
        record.did("role_changed", [record.member(member.pk), f"role:{role}"])


def deactivate(email: str, *, by: UUID | None = None) -> None:
    """Let somebody in no more; their session ends with it. Raises NotFound, and LastAdmin if nobody could undo it.

    `by` is the id of whoever asks: nobody shuts themselves out.
    """
    with transaction.atomic():
        admins = _locked_admins()
        member = _locked(email)
        if member.pk == by or (member.is_active and [one.pk for one in admins] == [member.pk]):
            raise refusals.LastAdmin()
        Member.objects.filter(pk=member.pk).update(is_active=False)
        Session.objects.filter(member_id=member.pk).delete()
        record.did("member_deactivated", [record.member(member.pk)])


def reactivate(email: str) -> None:
    """Let somebody in again. Raises NotFound."""
    with transaction.atomic():
        member = _locked(email)
        Member.objects.filter(pk=member.pk).update(is_active=True)
        record.did("member_reactivated", [record.member(member.pk)])


def _locked_admins() -> list[Member]:
    """All admins, locked in one order, so that two who dismiss each other do not both succeed."""
    return list(Member.objects.select_for_update().filter(role="admin", is_active=True).order_by("pk"))


def _locked(email: str) -> Member:
    member = Member.objects.select_for_update().filter(email=email.strip().lower()).first()
    if member is None:
        raise NotFound("There is nobody with this e-mail.")
    return member


def sign_in(email: str, password: str, whence: Whence = FROM_ANYWHERE) -> Member:
    """The member whose password this is. Raises WrongPassword; TooManyPasswords with `retry_after` seconds.

    An unknown address, a wrong password and somebody who is let in no more look and take the same.
    """
    email = email.strip().lower()
    whose = [record.email(email)]
    member = Member.objects.filter(email=email, is_active=True).first()
    try:
        guessing.count_password(_account(email, member), whence)
    except refusals.TooManyPasswords as refusal:
        record.refused("sign_in", refusal.code, whose)
        raise
    if member is None:
        make_password(password)  # an unknown address takes as long as a wrong password
    if member is None or not member.check_password(password):
        record.refused("sign_in", refusals.WrongPassword.code, whose)
        raise refusals.WrongPassword()
    guessing.forget_password(_account(email, member), whence)
    return member


def let_in(member_id: UUID) -> Member:
    """Somebody who has proved who they are. Raises WrongPassword if they are let in no more."""
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    if member is None:
        raise refusals.WrongPassword()
    return member


def prove_password(member_id: UUID, password: str, whence: Whence = FROM_ANYWHERE) -> None:
    """Somebody who is in says once more who they are. Raises WrongPassword, TooManyPasswords."""
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    if member is None:
        raise refusals.WrongPassword()
    guessing.count_password(_account(member.email, member), whence)
    if not member.check_password(password):
        raise refusals.WrongPassword()
    guessing.forget_password(_account(member.email, member), whence)


def end_sessions(member_id: UUID, name: str = "") -> int:
    """Sign somebody out everywhere, or in the one session of this name; returns how many ended."""
    with transaction.atomic():
        record.did("signed_out_there" if name else "signed_out_everywhere", [record.member(member_id)])
        theirs = Session.objects.filter(member_id=member_id)
        ended = [one.pk for one in theirs if not name or session_store.name_of_hash(one.pk) == name]
        return theirs.filter(pk__in=ended).delete()[0]


def _account(email: str, member: Member | None) -> str:
    """For whom tries are counted: an address with its password of now, so that another password begins anew."""
    return secrecy.keyed("account", f"{email} {member.password if member else ''}").hex()[:32]


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
        with transaction.atomic():
            ApiKey.objects.create(
                prefix=prefix,
                hash=rules.hash_of(secret),
                name=name.strip(),
                scopes=sorted(set(scopes)),
                created_at=now(),
            )
            record.did("key_issued", [record.key(prefix), *sorted(set(scopes))])
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
    with transaction.atomic():
        issued, is_new = ApiKey.objects.get_or_create(prefix=drawn[:12], defaults=fields)
        if is_new:
            record.did("key_issued", [record.key(issued.prefix), *issued.scopes])
    if (issued.name, issued.scopes) != (fields["name"], fields["scopes"]):
        raise KeyReused()
    return f"sb_{issued.prefix}_{secret}"


def revoke_key(prefix: str) -> None:
    """Let a key open nothing any more. Raises NotFound."""
    with transaction.atomic():
        if not ApiKey.objects.filter(prefix=prefix, revoked_at__isnull=True).update(revoked_at=now()):
            raise NotFound("No such key is in use.")
        record.did("key_revoked", [record.key(prefix)])
