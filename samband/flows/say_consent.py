"""Saying what may be done: from the shop's dialogue, beside a typed address, by a link in a letter, over a counter."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction

from samband.customers.consent import asking, purposes, wordings
from samband.customers.consent import commands as consent
from samband.customers.consent.asking import Confirmed
from samband.customers.consent.commands import Said, Saying
from samband.customers.consent.deciding import Address
from samband.customers.consent.wordings import Shown
from samband.customers.identity import commands as identity
from samband.engagement.messaging import commands as messaging
from samband.kernel.clock import now
from samband.kernel.identifier import Identifier, identifier

NEWSLETTER = "newsletter_email"


@transaction.atomic
def choose(
    address: Address,
    agreed: frozenset[str],
    shown: Mapping[str, Shown],
    *,
    gpc: bool,
    source: str,
    channel: str,
    account: UUID | None = None,
) -> tuple[Said, ...]:
    """Write down which categories of the web somebody agreed to, and so which purposes; the others they refused.

    `shown` holds the text for each category (or under `choices` one for all), `gpc` that the browser refuses for its
    user what REFUSED_BY_GPC names. Raises Invalid for a category there is not.
    """
    said = []
    for slug, granted in purposes.answers(agreed, gpc=gpc).items():
        category = purposes.PURPOSES[slug].category
        text = shown.get(category) or shown[wordings.CHOICES]
        by_browser = gpc and slug in purposes.REFUSED_BY_GPC and category in agreed
        said.append(
            Saying(
                address=address, purpose=slug, granted=granted, source="gpc" if by_browser else source, channel=channel,
                wording=text.text, version=text.version, language=text.language, account=account,
            )
        )  # fmt: skip
    return consent.say_many(said)


@transaction.atomic
def ask_for_letters(
    email: str, language: str, market: str, *, source: str, channel: str, account: UUID | None = None
) -> None:
    """Mail an address the question whether the newsletter is wanted there; nothing counts until it is answered.

    Whether we know the address is not told. Raises NotAnIdentifier, TooMany.
    """
    to = identifier("email", email)
    shown = wordings.shown(NEWSLETTER, language)
    asked = asking.ask(to, [shown], source=source, channel=channel, language=language, account=account)
    messaging.queue(
        kind="newsletter_confirm",
        send_key=f"asking:{asked.id}",
        email=to.value,
        language=language,
        about=f"asking:{asked.id}",
        facts={
            "link": f"{settings.SITE_URL}/{language}-{market.lower()}/newsletter/confirm/{asked.token}/",
            "text": shown.text,
        },
        customer_id=account,
    )


@transaction.atomic
def confirm_letters(token: str) -> Confirmed:
    """The mail was answered: what was agreed to counts, and the address is one that people are known by.

    Raises NotAnAsking.
    """
    confirmed = asking.confirm(token)
    if confirmed.email:
        _know(identifier("email", confirmed.email))
    return confirmed


@transaction.atomic
def answer(
    to: Identifier | Address,
    answers: Mapping[str, bool],
    language: str,
    *,
    source: str,
    channel: str,
    account: UUID | None = None,
    proof: str = "",
    by: str = "",
    key: str | None = None,
    versions: Mapping[str, str] | None = None,
) -> tuple[Said, ...]:
    """Write down what somebody said about purposes, asked with the texts that are shown in this language.

    `versions` says which version of a text they had before them, by what it asks about; else the one shown now. For an
    address that was proved, or by whoever heard them say it (`by`). Raises NoSuchPurpose, NotForThatAddress.
    """
    if isinstance(to, Identifier):
        _know(to)
    address = Address.of(to) if isinstance(to, Identifier) else to
    said = []
    for purpose, granted in answers.items():
        about = purposes.asked_about(purpose)
        shown = wordings.as_shown(about, language, (versions or {}).get(about, ""))
        said.append(
            Saying(
                address=address, purpose=purpose, granted=granted, source=source, channel=channel, wording=shown.text,
                version=shown.version, language=language, account=account, proof=proof, by=by,
                key=f"{key}:{purpose}" if key else None,
            )
        )  # fmt: skip
    return consent.say_many(said)


def _know(one: Identifier) -> None:
    """What was said is said under an identifier we know, so that it is found with the rest of the customer."""
    identity.meet([one], now())
