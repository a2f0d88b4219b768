"""Giving somebody everything that is kept about them: a file for programs, with a page for people beside it.

Every room gives out its own; what none of them keeps is not there. The file is written once, lies for a week, and opens
by a signed link that is good for an hour, for nobody but whoever asked.
"""

import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.conf import settings
from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere

from samband.commerce.pricing import queries as pricing
from samband.customers.accounts import privacy as accounts
from samband.customers.rights import commands, queries, rules
from samband.customers.rights.queries import RequestView
from samband.customers.rights.refusals import FileGone, NothingKept, NotYours
from samband.customers.touchpoints import queries as touchpoints
from samband.engagement.messaging import commands as messaging
from samband.kernel import wording
from samband.kernel.clock import now
from samband.kernel.reach import Reach
from samband.timeline.chores import every

from . import files_of_customer as files
from .reach_customer import reach_of, rooms

log = structlog.get_logger("samband.flows")

SALT = "export-link"
AT_ONCE = 2_000
"""Whoever has more touchpoints than this is written by a chore, and told by mail when it is done."""

TITLES: Mapping[str, str] = {
    "accounts": N_("Your particulars, addresses, and whom we told about your orders"),
    "orders": N_("What you ordered"),
    "payments": N_("How you paid, and gift cards you bought"),
    "fulfillment": N_("Parcels, pickups and what carriers told us"),
    "cart": N_("Your carts"),
    "pricing": N_("Your coupons and the offers you used"),
    "tills": N_("Sales at a till whose line was down"),
    "spots": N_("Tables and shelves you scanned"),
    "identity": N_("What we know you by, and how we concluded that it is you"),
    "touchpoints": N_("What you did with us, on every channel"),
    "profiles": N_("What we worked out from that"),
    "segments": N_("Groups of customers you are in"),
    "consent": N_("What you allowed us and what you refused"),
    "messaging": N_("That we wrote to you, and what is about to be sent"),
    "timeline": N_("What happened with your orders and your account, step by step"),
    "rights": N_("What you asked us about your data"),
}


# --- asking


def ask_for_export(
    customer: UUID,
    *,
    by: str,
    account: UUID | None = None,
    member: UUID | None = None,
    ground: str = "own_wish",
    language: str = "en",
) -> UUID:
    """Write down that a customer wants everything kept about them; the request's id. Raises NothingKept.

    What is little is written at once.
    """
    subject = reach_of(customer).customer
    request_id = commands.ask(
        "export", subject, by=by, account=account, member=member, ground=ground, language=language
    )
    asked = queries.request(request_id)
    if asked.is_live and not _is_much(_reach(asked)):
        make_export(request_id)
    return request_id


def _reach(asked: RequestView) -> Reach:
    """For somebody who asks for themselves no more than is proved to be theirs: a file must not tell of another."""
    return reach_of(asked.account or asked.subject, proved=asked.ground == "own_wish")


def _is_much(reach: Reach) -> bool:
    return len(touchpoints.of_numbers(reach.numbers, most=AT_ONCE + 1)) > AT_ONCE


# --- writing


def make_export(request_id: UUID) -> None:
    """Write the file and let it be fetched. Raises NoSuchRequest, RequestEnded, NotAgreed, NothingKept."""
    asked = queries.request(request_id)
    reach = _reach(asked)
    files.folder(files.EXPORTS).mkdir(parents=True, exist_ok=True, mode=0o700)
    path = files.folder(files.EXPORTS) / f"{request_id}.zip"
    draft = path.with_suffix(".new")
    try:
        with open(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            write(reach, file, asked.language)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    commands.hand_out(request_id, path.name, path.stat().st_size)


def write(reach: Reach, file: Any, language: str) -> None:
    """Write a ZIP with data.json, which has everything, and a README in a language, part by part."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("README.txt", _readme(language))
        with pack.open("data.json", "w", force_zip64=True) as member:
            for chunk in as_json(reach):
                member.write(chunk)


def as_json(reach: Reach) -> Iterator[bytes]:
    """Everything as one JSON object, a member for each room, piece by piece."""
    about = {"made_at": now(), "customer": reach.customer, "accounts": reach.accounts}
    yield b'{"about":' + _json(about)
    for label, room in rooms():
        yield b',\n"' + label.encode() + b'":{'
        for nth, (part, told) in enumerate(room.export(reach).items()):
            yield (b"," if nth else b"") + b'\n"' + part.encode() + b'":'
            yield from _part(told)
        yield b"}"
    yield b"}\n"


def _part(told: Any) -> Iterator[bytes]:
    """A list that comes piece by piece is written so: nobody's life has to fit into memory."""
    if not isinstance(told, Iterator):
        yield _json(told)
        return
    yield b"["
    for nth, one in enumerate(told):
        yield (b",\n" if nth else b"") + _json(one)
    yield b"]"


def _json(told: Any) -> bytes:
    return msgspec.json.encode(told, enc_hook=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    return str(value)


def _readme(language: str) -> str:
    text = io.StringIO()
    with translation.override(language):
        text.write(_("Everything we keep about you") + "\n\n")
        text.write(
            _(
                "Made on %(when)s.",
            )
            % {"when": wording.moment(now(), language)}
            + "\n"
        )
        text.write(_("data.json holds it all, in a form that programs can read. Its parts:") + "\n\n")
        for label, _room in rooms():
            text.write(f"  {label}: {_(TITLES[label]) if label in TITLES else label}\n")
        text.write("\n" + _("Amounts are in the smallest unit of their currency, times in UTC.") + "\n")
        text.write(_("Of your card we know the brand and the last four digits. Passwords there are none.") + "\n\n")
        text.write(_("You may correct what is wrong and have the rest erased, in your account:") + "\n")
        text.write(f"{settings.SITE_URL}/\n")
    return text.getvalue()


# --- fetching


def link_token(request_id: UUID, asker: str) -> str:
    """What a link carries by which this asker, and nobody else, fetches the file within an hour."""
    return signing.dumps([request_id.hex, asker], salt=SALT, compress=False)


def fetch(token: str, asker: str, by: str) -> Path:
    """The file that a link opens, noted as fetched. Raises FileGone, NotYours."""
    try:
        said, whose = signing.loads(token, salt=SALT, max_age=rules.LINK_GOOD_FOR)
        request_id = UUID(hex=said)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise FileGone() from error
    if whose != asker:
        raise NotYours()
    path = files.folder(files.EXPORTS) / commands.note_fetched(request_id, by)
    if not path.is_file():
        raise FileGone()
    return path


# --- going on by itself


@every(seconds=5)
def make_exports() -> int:
    """Write what was asked for and is much; whoever asked is told by mail. Returns how many."""
    done = 0
    for request_id in queries.due("export", most=5):
        try:
            make_export(request_id)
            _tell(queries.request(request_id))
            done += 1
        except NothingKept:
            commands.withdraw(request_id)
        except Exception as error:
            log.error("export_failed", request=str(request_id), error=type(error).__name__)
            commands.put_off(request_id)
    return done


def _tell(asked: RequestView) -> None:
    own = accounts.particulars([asked.account] if asked.account else [])
    for row in own:
        if asked.by == "customer" and row["email"]:
            messaging.queue(
                "data_ready",
                f"data_ready:{asked.id}",
                email=row["email"],
                language=asked.language,
                about=f"request:{asked.id}",
                facts={"link": _page(asked.language, row["market"]), "days": rules.FILE_GOOD_FOR.days},
                customer_id=row["id"],
            )


def _page(language: str, market: str | None) -> str:
    """Where somebody sees to their own data."""
    front = market or next(iter(pricing.markets()), "GB")
    return f"{settings.SITE_URL}/{language}-{front.lower()}/account/data/"


@every(seconds=600)
def lapse_exports() -> int:
    """Remove what nobody may fetch any more; returns how many files."""
    names = queries.lapsed_files()
    gone = sum(files.remove(files.folder(files.EXPORTS) / name) for name in names)
    commands.note_gone(names)
    return gone
