"""What a session knows of whoever sits there: when they last proved who they are, and what they still have to do."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import login
from django.http import HttpRequest

from samband.kernel.clock import now
from samband.kernel.refusal import Forbidden
from samband.staff import commands as staff
from samband.staff import factors, record

BACKEND = "django.contrib.auth.backends.ModelBackend"
PROVED, ENROL, PENDING = "proved_at", "must_enrol", "second_step"

FRESH = timedelta(minutes=15)
"""How long after a proof the dangerous deeds go without another."""

STEP_LASTS = timedelta(minutes=10)
"""How long after the password the second factor may follow."""


class StepOver(Forbidden):
    """It took too long since the password; sign in again."""

    code = "second_step_over"


def come_in(request: HttpRequest, member_id: UUID) -> None:
    """They are who they say: let them in, under a session that nobody knew before."""
    member = staff.let_in(member_id)
    # Nothing of whoever sat here before is taken along, not even the name of the session.
    request.session.flush()
    login(request, member, backend=BACKEND)
    request.session[PROVED] = now().timestamp()
    if factors.needed()[member.role] and not factors.standing(member.id).any:
        request.session[ENROL] = True
    record.note(record.member(member.id), "sign_in", [record.member(member.id)], "did")


def wait_for_second(request: HttpRequest, member_id: UUID, onward: str) -> None:
    """The password was right; nobody is in before the second factor is, too."""
    request.session.flush()
    request.session[PENDING] = [str(member_id), now().timestamp(), onward]


def waiting(request: HttpRequest) -> tuple[UUID, str]:
    """Whose second factor is waited for, and where they wanted to go. Raises StepOver."""
    held = request.session.get(PENDING)
    if not held or now() - _moment(held[1]) > STEP_LASTS:
        raise StepOver()
    return UUID(held[0]), held[2]


def prove_again(request: HttpRequest) -> None:
    """They proved themselves anew: the session goes on under another key."""
    request.session.cycle_key()
    request.session[PROVED] = now().timestamp()


def is_fresh(request: HttpRequest) -> bool:
    """Whether the last proof is recent enough for a dangerous deed."""
    held = request.session.get(PROVED)
    return held is not None and now() - _moment(held) <= FRESH


def must_enrol(request: HttpRequest) -> bool:
    """Whether their role needs a second factor and they have none yet."""
    return ENROL in request.session


def enrolled(request: HttpRequest) -> None:
    """They have one now."""
    request.session.pop(ENROL, None)


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, tz=now().tzinfo)
