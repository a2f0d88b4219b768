"""A bank of its own to try everything on, steered by test card numbers: cards typed in, cards held to a terminal, and
paying later.

Its books are tables of its own; each deed is one statement that commits by itself, so that it stands apart from our
transactions as a real bank would. Of a card it keeps brand and last four digits only, and it takes no real ones.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import IntegrityError, connection

from samband.kernel.clock import in_future, now
from samband.kernel.ids import new_id
from samband.kernel.money import Money

from ..offering import Offer
from ..plans import Plan, bounds, plans
from ..refusals import CardRefused, Forged, PaymentNotFound
from . import Answer, Approved, Ask, Challenge, Declined, Notice, Unclear

CARDS = {
    "4242424242424242": "approve",
    "5555555555554444": "approve",
    "4000000000000002": "decline",
    "4000000000009995": "insufficient_funds",
    "4000000000003220": "second_factor",
    "4000000000000119": "time_out",
    "4000000000000259": "late",
    "4000000000000267": "twice",
}
"""The cards this bank knows, and what it does with each."""

PAYERS = {"": "approve", "confirm": "second_factor", "refuse": "decline"}
"""What may be sent as the token to pay later: as itself, to confirm it on the payer's own phone, or to be refused."""

SECOND_FACTOR = "1234"
WRONG_CODES_ALLOWED = 3
LATE_SECONDS = 3
RETRY_SECONDS = 10
MOST_TRIES = 50

_CHARGE_COLUMNS = """reference, key, amount, currency, automatic, state, authorised, captured, reason, paid_with"""

# Nobody waits for the disk: whoever counts on an answer commits after it, and what is committed later is on disk later.
_CHARGE = f"""
with quietly as materialized (select set_config('synchronous_commit', 'off', true)),
made as (
    insert into payments_sandboxcharge (
        reference, key, amount, currency, automatic, state, authorised, captured, reason, method, plan, paid_with,
        return_url, language, created_at, decided_at)
    select %(reference)s, %(key)s, %(amount)s::bigint, %(currency)s, %(automatic)s::bool, %(state)s,
           %(authorised)s::bigint, %(captured)s::bigint, %(reason)s, %(method)s, %(plan)s, %(paid_with)s,
           %(return_url)s, %(language)s, %(now)s::timestamptz, %(decided_at)s::timestamptz
    from quietly
    on conflict (key) do nothing
    returning {_CHARGE_COLUMNS}
), owed as (
    insert into payments_sandboxnotice (id, charge_id, owed, due_at)
    select %(notice)s::uuid, reference, %(owed)s::int, %(due_at)s::timestamptz from made where %(owed)s::int > 0
)
select {_CHARGE_COLUMNS} from made
union all select {_CHARGE_COLUMNS} from payments_sandboxcharge where key = %(key)s
limit 1
"""

_DECIDE_DUE = """
update payments_sandboxcharge set state = 'authorised', authorised = amount,
    captured = case when automatic then amount else 0 end
where key = %s and state = 'pending' and decided_at <= %s::timestamptz
"""

_DEED = """
with earlier as (
    select approved from payments_sandboxoperation where key = %(key)s
), done as (
    update payments_sandboxcharge set {change}
    where reference = %(reference)s and {condition} and not exists (select from earlier)
    returning reference
), told as (
    insert into payments_sandboxoperation (key, charge_id, kind, amount, approved)
    select %(key)s, reference, %(kind)s, %(amount)s::bigint, exists (select from done)
    from payments_sandboxcharge where reference = %(reference)s and not exists (select from earlier)
    returning approved
)
select approved from earlier union all select approved from told
"""

_CAPTURE = _DEED.format(
    change="captured = captured + %(amount)s::bigint",
    condition="state = 'authorised' and currency = %(currency)s"
    " and captured + voided + %(amount)s::bigint <= authorised",
)
_REFUND = _DEED.format(
    change="refunded = refunded + %(amount)s::bigint",
    condition="currency = %(currency)s and refunded + %(amount)s::bigint <= captured",
)
_VOID = _DEED.format(
    change="""voided = authorised - captured,
              state = case when state = 'declined' or captured > 0 then state else 'voided' end,
              reason = case when state in ('pending', 'challenged') then 'voided' else reason end""",
    condition="%(currency)s::text is null",
)


class Sandbox:
    """The sandbox bank as a payment provider."""

    name = "sandbox"
    methods: tuple[str, ...] = ("card", "card_present", "pay_later")
    signature_header = "X-Sandbox-Signature"
    at_once = False
    by_hand = False

    def offer(self, method: str, amount: Money) -> Offer:
        """Any amount by card; within bounds, in parts to be paid later."""
        if method != "pay_later":
            return Offer()
        smallest, largest = bounds(amount.currency)
        outside = "below_smallest" if amount < smallest else "above_largest" if largest < amount else ""
        return Offer(outside, plans(amount), smallest, largest)

    def authorise(self, ask: Ask) -> Answer:
        """Do what the card stands for. Raises TimeoutError for the card that is never answered."""
        behaviour, paid_with = _read_payer(ask.token) if ask.method == "pay_later" else _read_token(ask.token)
        if behaviour == "time_out":
            raise TimeoutError
        approved = behaviour in ("approve", "twice")
        amount = ask.amount.amount
        states = {"late": "pending", "second_factor": "challenged"}
        row = _one(
            _CHARGE,
            {
                "reference": f"ch_{secrets.token_urlsafe(18)}",
                "key": ask.key,
                "amount": amount,
                "currency": ask.amount.currency,
                "automatic": ask.automatic,
                "state": "authorised" if approved else states.get(behaviour, "declined"),
                "authorised": amount if approved else 0,
                "captured": amount if approved and ask.automatic else 0,
                "reason": {"decline": "card_declined", "insufficient_funds": "insufficient_funds"}.get(behaviour, ""),
                "method": ask.method,
                "plan": ask.plan,
                "paid_with": paid_with,
                "return_url": ask.return_url,
                "language": ask.language,
                "now": now(),
                "decided_at": in_future(seconds=LATE_SECONDS),
                "notice": new_id(),
                "owed": {"late": 1, "twice": 2}.get(behaviour, 0),
                "due_at": in_future(seconds=LATE_SECONDS if behaviour == "late" else 0),
            },
        )
        # No row: the same key was being written at this moment by somebody else. It will be there to look up.
        return _answer(row) if row else Unclear()

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        return _deed(_CAPTURE, "capture", reference, amount, key)

    def void(self, reference: str, key: str) -> Answer:
        return _deed(_VOID, "void", reference, None, key)

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        return _deed(_REFUND, "refund", reference, amount, key)

    def look_up(self, key: str) -> Answer | None:
        _do(_DECIDE_DUE, [key, now()])
        if row := _one(f"select {_CHARGE_COLUMNS} from payments_sandboxcharge where key = %s", [key]):
            return _answer(row)
        row = _one("select approved, charge_id from payments_sandboxoperation where key = %s", [key])
        return _told(*row) if row else None

    def read_notice(self, body: bytes, signature: str) -> Notice:
        if not hmac.compare_digest(sign(body).encode(), signature.encode(errors="replace")):
            raise Forged()
        try:
            told = msgspec.json.decode(body, type=_Letter)
            return Notice(id=told.id, key=told.key, answer=told.answer())
        except msgspec.DecodeError:
            raise Forged("The notice cannot be read.") from None


class _Letter(msgspec.Struct):
    """What a notice of this bank says."""

    id: str
    key: str
    reference: str
    outcome: str
    captured: bool
    amount: int
    currency: str
    reason: str
    paid_with: str

    def answer(self) -> Answer:
        if self.outcome == "approved":
            return Approved(self.reference, self.captured, Money(self.amount, self.currency), self.paid_with)
        return Declined(self.reason)


def _answer(row: Any) -> Answer:
    reference, _, amount, currency, _, state, authorised, captured, reason, paid_with = row
    if state == "authorised" or (state == "voided" and authorised):
        return Approved(reference, captured > 0, Money(amount, currency), paid_with)
    if state == "challenged":
        return Challenge(reference, f"/hooks/bank/{reference}")
    return Unclear() if state == "pending" else Declined(reason or "card_declined")


def _deed(statement: str, kind: str, reference: str, amount: Money | None, key: str) -> Answer:
    values = {
        "key": key,
        "kind": kind,
        "reference": reference,
        "amount": amount.amount if amount else 0,
        "currency": amount.currency if amount else None,
    }
    try:
        row = _one(statement, values)
    except IntegrityError:
        # The same key at the same moment: one of the two was undone whole by the key's uniqueness.
        row = _one("select approved from payments_sandboxoperation where key = %s", [key])
    return _told(row[0], reference) if row else Declined("unknown_charge")


def _told(approved: bool, reference: str) -> Answer:
    return Approved(reference) if approved else Declined("not_allowed")


# Cards -----------------------------------------------------------------------------------------------------------


def tokenise(number: str, expiry: str, cvc: str) -> str:
    """A token that stands for a test card; the number itself is kept nowhere.

    `number` may have spaces; `expiry` is month/year such as 04/29; `cvc` three or four digits. Raises CardRefused with
    `field` (number, expiry, cvc) and `reason`; a card that is not one of the bank's own test cards is refused too.
    """
    digits = re.sub(r"[ -]", "", number)
    if not re.fullmatch(r"[0-9]{12,19}", digits) or not _luhn(digits):
        raise CardRefused("That is not a card number.", field="number", reason="malformed")
    if digits not in CARDS:
        raise CardRefused("Only test cards are taken here.", field="number", reason="not_a_test_card")
    _check_expiry(expiry)
    if not re.fullmatch(r"[0-9]{3,4}", cvc.strip()):
        raise CardRefused("That is not a security code.", field="cvc", reason="malformed")
    brand = "visa" if digits.startswith("4") else "mastercard"
    content = msgspec.json.encode([CARDS[digits], f"{brand} {digits[-4:]}", secrets.token_hex(8)])
    return f"tok_{base64.urlsafe_b64encode(content).decode()}.{sign(content)}"


def _check_expiry(expiry: str) -> None:
    parts = re.fullmatch(r"\s*(0?[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})\s*", expiry)
    if not parts:
        raise CardRefused("That is not an expiry date.", field="expiry", reason="malformed")
    today = now()
    if (2000 + int(parts[2]), int(parts[1])) < (today.year, today.month):
        raise CardRefused("The card has expired.", field="expiry", reason="expired")


def _luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    doubled = (int(digit) * (2 if i % 2 else 1) for i, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def tap(number: str) -> str:
    """What the terminal at the till reads when this test card is held to it. Raises CardRefused."""
    return tokenise(number, "12/99", "000")


def _read_payer(token: str) -> tuple[str, str]:
    if token not in PAYERS:
        raise CardRefused("That is not a token of this bank.", field="token", reason="malformed")
    return PAYERS[token], ""


def _read_token(token: str) -> tuple[str, str]:
    try:
        content = base64.urlsafe_b64decode(token.removeprefix("tok_").partition(".")[0])
        signature = token.partition(".")[2]
        if not hmac.compare_digest(sign(content).encode(), signature.encode(errors="replace")):
            raise CardRefused("That is not a token of this bank.", field="token", reason="forged")
        behaviour, paid_with, _ = msgspec.json.decode(content, type=tuple[str, str, str])
    except (ValueError, msgspec.DecodeError):
        raise CardRefused("That is not a token of this bank.", field="token", reason="malformed") from None
    return behaviour, paid_with


def sign(body: bytes) -> str:
    """HMAC-SHA256 of the raw body with the bank's secret, in hexadecimal."""
    return hmac.new(settings.PAYMENT_SANDBOX_SECRET.encode(), body, hashlib.sha256).hexdigest()


# The second factor -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtTheBank:
    """What the payer sees at the bank. `open` while they can still decide. `plan`: what they agree to pay later, if so.

    The instalments of a plan count from `asked_at`.
    """

    reference: str
    amount: Money
    paid_with: str
    plan: Plan | None
    asked_at: datetime
    return_url: str
    language: str
    open: bool
    tries_left: int


def at_the_bank(reference: str) -> AtTheBank:
    """The charge that a payer is asked about. Raises PaymentNotFound."""
    row = _one(
        "select reference, amount, currency, paid_with, plan, created_at, return_url, language, state = 'challenged',"
        " wrong_codes from payments_sandboxcharge where reference = %s",
        [reference],
    )
    if row is None:
        raise PaymentNotFound()
    reference, amount, currency, paid_with, plan, asked_at, return_url, language, still_open, wrong = row
    left = max(0, WRONG_CODES_ALLOWED - wrong)
    money = Money(amount, currency)
    chosen = next((one for one in plans(money) if one.id == plan), None)
    return AtTheBank(reference, money, paid_with, chosen, asked_at, return_url, language, still_open, left)


def approve(reference: str, code: str) -> bool:
    """The payer approves with the code; False if it is the wrong one. After three wrong ones the charge is declined.

    A charge that is decided already stays as it is.
    """
    if hmac.compare_digest(code.strip().encode(errors="replace"), SECOND_FACTOR.encode()):
        _decide(
            "state = 'authorised', authorised = amount, captured = case when automatic then amount else 0 end",
            reference,
        )
        return True
    row = _one(
        "update payments_sandboxcharge set wrong_codes = wrong_codes + 1 where reference = %s and state = 'challenged'"
        " returning wrong_codes",
        [reference],
    )
    if row and row[0] >= WRONG_CODES_ALLOWED:
        reject(reference, "second_factor_failed")
    return False


def reject(reference: str, reason: str = "second_factor_rejected") -> None:
    """The payer says no. A charge that is decided already stays as it is."""
    _decide("state = 'declined', reason = %(reason)s", reference, reason)


def _decide(change: str, reference: str, reason: str = "") -> None:
    """Decide a challenge, once, and owe a notice of it."""
    _do(
        f"with decided as (update payments_sandboxcharge set {change}"
        " where reference = %(reference)s and state = 'challenged' returning reference)"
        " insert into payments_sandboxnotice (id, charge_id, owed, due_at)"
        " select %(notice)s::uuid, reference, 1, %(now)s::timestamptz from decided",
        {"reference": reference, "reason": reason, "notice": new_id(), "now": now()},
    )


# Notices ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice that is due, as it goes over the wire."""

    id: UUID
    body: bytes
    signature: str


def due_notices(most: int = 100) -> list[OwedNotice]:
    """The notices that are due now, signed. One that is owed twice comes again after `was_sent`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select n.id, c.key from payments_sandboxnotice n"
            " join payments_sandboxcharge c on c.reference = n.charge_id"
            " where n.owed > 0 and n.due_at <= %s::timestamptz order by n.due_at, n.id limit %s",
            [now(), most],
        )
        due = cursor.fetchall()
    return [_letter(notice_id, key) for notice_id, key in due]


def _letter(notice_id: UUID, key: str) -> OwedNotice:
    _do(_DECIDE_DUE, [key, now()])
    row = _one(f"select {_CHARGE_COLUMNS} from payments_sandboxcharge where key = %s", [key])
    reference, _, amount, currency, _, state, _, captured, reason, paid_with = row
    letter = _Letter(
        id=str(notice_id),
        key=key,
        reference=reference,
        outcome="approved" if state == "authorised" else "declined",
        captured=captured > 0,
        amount=amount,
        currency=currency,
        reason=reason or "card_declined",
        paid_with=paid_with,
    )
    body = msgspec.json.encode(letter)
    return OwedNotice(notice_id, body, sign(body))


def was_sent(notice_id: UUID, taken: bool) -> None:
    """A notice was taken, or has to be tried again later (up to fifty times)."""
    _do(
        "update payments_sandboxnotice set"
        " owed = case when %s::bool then owed - 1 when tries >= %s::int then 0 else owed end,"
        " tries = tries + 1, due_at = %s::timestamptz where id = %s::uuid and owed > 0",
        [taken, MOST_TRIES, now() if taken else in_future(seconds=RETRY_SECONDS), notice_id],
    )


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def _do(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
