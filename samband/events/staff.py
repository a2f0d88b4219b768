"""What staff tells: that somebody's way of signing in was changed, so that they hear of it. Ids and codes only."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class SignInChanged(Event, about="member_id"):
    """`what`: password, authenticator_added or _removed, passkey_added or _removed, codes_drawn, reset (of all).

    `by_others`: somebody else did it, and not they themselves.
    """

    member_id: UUID
    what: str
    by_others: bool = False
