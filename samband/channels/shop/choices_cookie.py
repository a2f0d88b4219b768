"""What a browser lets us do, as it carries it: `samband_choices`, which our scripts may read and nobody else sets.

`1.<preferences><statistics><marketing>.<seconds>[.<visitor>]`: a digit for each category, 1 if it was agreed to; when
that was said (Unix time); and, only once something was agreed to, a number of 32 hexadecimal digits that stands for the
browser. It is the number under which consents are kept, and under which the browser may tell what is done in it.
"""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpResponse

from samband.customers.consent.purposes import MARKETING, PREFERENCES, STATISTICS

NAME = "samband_choices"
ASKED = (PREFERENCES, STATISTICS, MARKETING)
LASTS = timedelta(days=180)
"""After half a year it is asked again, whatever was said."""

_FORM = re.compile(r"1\.([01]{3})\.(\d{1,11})(?:\.([0-9a-f]{32}))?")


@dataclass(frozen=True, slots=True)
class Choices:
    """The categories agreed to, when that was said, and the browser's number (empty if nothing was agreed to)."""

    agreed: frozenset[str]
    at: datetime
    visitor: str

    def __str__(self) -> str:
        flags = "".join(str(int(category in self.agreed)) for category in ASKED)
        said = f"1.{flags}.{int(self.at.timestamp())}"
        return f"{said}.{self.visitor}" if self.visitor else said


def read(value: str) -> Choices | None:
    """What the cookie says; nothing for one that is not of this form."""
    found = _FORM.fullmatch(value)
    if found is None:
        return None
    flags, at, visitor = found.groups()
    agreed = frozenset(category for category, flag in zip(ASKED, flags, strict=True) if flag == "1")
    return Choices(agreed, datetime.fromtimestamp(int(at), UTC), visitor or "") if agreed or not visitor else None


def made(agreed: Collection[str], at: datetime, before: Choices | None) -> Choices:
    """What is carried from now on. Who agrees to nothing gets no number, and loses the one they had."""
    number = (before.visitor if before else "") or secrets.token_hex(16)
    return Choices(frozenset(agreed), at, number if agreed else "")


def keep(response: HttpResponse, choices: Choices) -> None:
    """Scripts of ours read it: they must know what they may do before they do it."""
    seconds = int(LASTS.total_seconds())
    response.set_cookie(NAME, str(choices), max_age=seconds, secure=settings.SECURE, samesite="Lax")
