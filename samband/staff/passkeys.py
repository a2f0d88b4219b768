"""Passkeys (WebAuthn, level 2): a browser signs a random question of ours with a key that never leaves its owner."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, generate_challenge
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from samband.events.staff import SignInChanged
from samband.kernel.clock import now
from samband.kernel.refusal import NotFound
from samband.timeline import record as tell

from . import guessing, record, refusals
from .models import Challenge, Member, Passkey

LASTS = timedelta(minutes=5)
MOST_PASSKEYS = 20
MOST_BYTES = 20_000
NAME = "Samband"


@dataclass(frozen=True)
class Site:
    """Where the browser says it is: the host that passkeys are for, and the whole origin."""

    host: str
    origin: str


def ask_to_make(member_id: UUID, site: Site) -> str:
    """What the browser is to make a passkey from, as JSON. Raises NotFound, TooManyPasskeys."""
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    if member is None:
        raise NotFound()
    there = list(Passkey.objects.filter(member_id=member_id))
    if len(there) >= MOST_PASSKEYS:
        raise refusals.TooManyPasskeys()
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=member.id.bytes,
        user_name=member.email,
        user_display_name=member.name,
        challenge=_challenge(f"make:{member_id}"),
        exclude_credentials=_described(there),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def keep(member_id: UUID, answer: str, name: str, site: Site) -> None:
    """The browser made one: keep its public half. Raises PasskeyRefused, PasskeyKnown."""
    try:
        sent = _read(answer)
        made = verify_registration_response(
            credential=sent,
            expected_challenge=_taken(sent, f"make:{member_id}"),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise refusals.PasskeyRefused() from error
    transports = sent.get("response", {}).get("transports", [])
    known = {one.value for one in AuthenticatorTransport}
    try:
        with transaction.atomic():
            Passkey.objects.create(
                member_id=member_id,
                credential=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                transports=sorted({one for one in transports if one in known}),
                name=name[:60],
                made_at=now(),
            )
            record.did("passkey_added", [record.member(member_id)])
            tell(SignInChanged(member_id=member_id, what="passkey_added"))
    except IntegrityError as error:
        raise refusals.PasskeyKnown() from error


def ask_to_sign(purpose: str, site: Site, *, of: UUID | None = None, address: str = "") -> str:
    """The question to a browser, as JSON, for one purpose; `of` one member, or of whoever can answer.

    Raises TooManyCodes if it is asked too often from one address.
    """
    guessing.count_code("passkey-asked", address, (guessing.PASSKEYS_ASKED,))
    theirs = list(Passkey.objects.filter(member_id=of)) if of else []
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=_challenge(purpose),
        allow_credentials=_described(theirs) if of else None,
        # Alone it stands for both factors, so whoever holds it must have shown who they are.
        user_verification=UserVerificationRequirement.PREFERRED if of else UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def signed_by(purpose: str, answer: str, site: Site, *, of: UUID | None = None) -> UUID:
    """Whose passkey answered. Raises PasskeyRefused for what is forged, old, replayed, or of another site or person.

    Also for one whose counter did not go on: then somebody has copied it.
    """
    try:
        sent = _read(answer)
        challenge = _taken(sent, purpose)
        passkey = Passkey.objects.select_related("member").get(credential=base64url_to_bytes(str(sent["rawId"])))
        _check_whose(passkey, sent, of)
        proved = verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=of is None,
        )
    except Passkey.DoesNotExist as error:
        raise refusals.PasskeyRefused() from error
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise refusals.PasskeyRefused() from error
    # The counter as it was read is in the condition: of two answers with one counter, one is refused.
    unmoved = Passkey.objects.filter(pk=passkey.pk, sign_count=passkey.sign_count)
    if not unmoved.update(sign_count=proved.new_sign_count, used_at=now()):
        raise refusals.PasskeyRefused()
    return passkey.member_id


def rename(member_id: UUID, passkey_id: UUID, name: str) -> None:
    """Call it something else. Raises NotFound."""
    if not Passkey.objects.filter(member_id=member_id, pk=passkey_id).update(name=name[:60]):
        raise NotFound("There is no such passkey.")


def remove(member_id: UUID, passkey_id: UUID) -> None:
    """It is a factor no more. Raises NotFound."""
    with transaction.atomic():
        if not Passkey.objects.filter(member_id=member_id, pk=passkey_id).delete()[0]:
            raise NotFound("There is no such passkey.")
        record.did("passkey_removed", [record.member(member_id)])
        tell(SignInChanged(member_id=member_id, what="passkey_removed"))


def sweep() -> int:
    """Forget questions that nobody answered; returns how many."""
    return Challenge.objects.filter(until__lt=now()).delete()[0]


def _challenge(purpose: str) -> bytes:
    challenge = generate_challenge()
    Challenge.objects.create(hash=_hash(challenge), purpose=purpose, until=now() + LASTS)
    return challenge


def _taken(sent: dict[str, Any], purpose: str) -> bytes:
    """The question that was answered, if we asked it for this and it was not answered yet: it is gone with that."""
    response = sent["response"]
    if not isinstance(response, dict):
        raise refusals.PasskeyRefused()
    said = json.loads(base64url_to_bytes(str(response["clientDataJSON"])))
    challenge = base64url_to_bytes(str(said["challenge"]))
    if not Challenge.objects.filter(pk=_hash(challenge), purpose=purpose, until__gt=now()).delete()[0]:
        raise refusals.PasskeyRefused()
    return challenge


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > MOST_BYTES:
        raise refusals.PasskeyRefused()
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise refusals.PasskeyRefused()
    return found


def _check_whose(passkey: Passkey, sent: dict[str, Any], of: UUID | None) -> None:
    """It is the one who is asked, or whoever the passkey itself names; somebody who may still come in."""
    response = sent["response"]
    named = response.get("userHandle") if isinstance(response, dict) else None
    if named and base64url_to_bytes(str(named)) != passkey.member_id.bytes:
        raise refusals.PasskeyRefused()
    if (of is not None and passkey.member_id != of) or not passkey.member.is_active:
        raise refusals.PasskeyRefused()


def _described(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(one.credential), transports=[AuthenticatorTransport(named) for named in one.transports]
        )
        for one in passkeys
    ]


def _hash(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()
