"""What is going on: whether anybody delivers, who may come in, and whether the house is still the demo's."""

from collections.abc import Iterator

from django.conf import settings

from samband.conf import environment
from samband.timeline.queries import backlog

from .finding import Finding, look, well, wrong

MOST_BEHIND_SECONDS = 300


def examine() -> Iterator[Finding]:
    yield _delivery()
    yield _set_aside()
    yield _one_secret()
    yield _admin()
    yield _demo()


def _delivery() -> Finding:
    behind = backlog()
    told = f"{behind.waiting} waiting, the oldest for {behind.oldest_seconds:.0f} s"
    if behind.waiting and behind.oldest_seconds > MOST_BEHIND_SECONDS:
        return wrong("delivery", told, "Start `samband work`, or more of them: mails, stock and profiles wait for it.")
    return well("delivery", told)


def _set_aside() -> Finding:
    if aside := backlog().set_aside:
        return look("reactions", f"{aside} failed and wait for a person", "See the console's page of delivery.")
    return well("reactions", "none has failed for good")


def _one_secret() -> Finding:
    from samband.customers.identity import keyed
    from samband.kernel.refusal import Refusal

    try:
        keyed.same_secret()
    except Refusal:
        advice = "Give every machine the SAMBAND_IDENTITY_SECRET with which this database was begun."
        return wrong("identity secret", "another than the one this database was begun with", advice)
    return well("identity secret", "the one this database was begun with")


def _admin() -> Finding:
    from samband.staff import queries

    if not any(one.role == "admin" and one.is_active for one in queries.colleagues()):
        return look("staff", "nobody is an admin", "Run `samband member EMAIL`.")
    return well("staff", "somebody is an admin")


def _demo() -> Finding:
    from samband.demo.opening import STAFF
    from samband.staff import queries

    known = {email for email, *_ in STAFF} & {one.email for one in queries.colleagues() if one.is_active}
    if known and not (environment.is_loopback() and not settings.SECURE):
        advice = "Its passwords are known to everybody: begin with an empty database."
        return wrong("demo", "this is the demo retailer, where others can come in", advice)
    return well("demo", "closed to others, or not open")
