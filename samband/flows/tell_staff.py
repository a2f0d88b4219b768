"""Whoever works here hears by mail when their way of signing in was changed, by themselves or by somebody else."""

from samband.engagement.messaging.commands import queue
from samband.events.staff import SignInChanged
from samband.kernel.ids import new_id
from samband.staff import queries as staff
from samband.timeline import on

KIND = "staff_sign_in_changed"


@on(SignInChanged)
def tell_of_changed_sign_in(event: SignInChanged) -> None:
    """A mail for each change: two alike are two."""
    if person := staff.colleague(event.member_id):
        queue(
            KIND,
            f"{KIND}:{new_id()}",
            email=person.email,
            language=person.language,
            about=event.subject,
            facts={"what": event.what, "by_others": event.by_others},
        )
