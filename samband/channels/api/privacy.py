"""What customers ask about their own data, over HTTP: for programs through which they ask, such as an app."""

import zipfile
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from django.http import HttpRequest
from ninja import Query

from samband.customers.rights import commands, queries
from samband.customers.rights.queries import RequestView
from samband.customers.rights.refusals import FileGone, NoSuchRequest, NothingKept, RequestEnded
from samband.flows import erase_customer, export_customer
from samband.flows.reach_customer import reach_of
from samband.staff.queries import Key

from .answers import Answer
from .cursors import Cursor, Limit, Pages
from .operations import Door
from .refusals import BadCursor
from .shapes import privacy as shapes

door = Door("Privacy", "What customers ask about their own data: to have it given out, or erased.")


@door.get("/privacy-requests", scope="privacy:read", answers=shapes.PrivacyRequestList, refuses=(BadCursor,))
def list_privacy_requests(
    request: HttpRequest,
    state: Annotated[
        Literal["open", "agreed", "waiting", "done", "withdrawn"] | None, Query(description="Only those in this state.")
    ] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Answer:
    """List requests, newest first."""
    pages = Pages(request, cursor)
    found = queries.requests(state or "", pages.after(UUID), limit + 1)
    rows, following = pages.cut(found, limit, lambda one: one.id)
    return pages.answer(shapes.PrivacyRequestList(items=tuple(map(_shown, rows)), next=following), following)


@door.post(
    "/customers/{uuid:customer}/privacy-requests",
    scope="privacy:write",
    asks=shapes.PrivacyWish,
    answers=shapes.PrivacyRequest,
    status=201,
    refuses=(NothingKept,),
)
def ask_privacy(request: HttpRequest, customer: UUID, ask: shapes.PrivacyWish) -> shapes.PrivacyRequest:
    """Have a customer's data given out or erased.

    Make sure that it is they who ask. Asking again while it is under way is the same request. Erasing is done at once,
    or once no order of theirs is under way any more; a file of much is made a moment later.
    """
    reach = reach_of(customer)
    account = customer if customer in reach.accounts else next(iter(reach.accounts), None)
    said: Any = {"by": "program", "account": account, "ground": ask.ground, "language": ask.language}
    if ask.kind == "export":
        return _shown(queries.request(export_customer.ask_for_export(customer, **said)))
    request_id = erase_customer.ask_to_erase(customer, **said)
    erase_customer.erase_requested(request_id)
    return _shown(queries.request(request_id))


@door.get(
    "/privacy-requests/{uuid:privacy_request}",
    scope="privacy:read",
    answers=shapes.PrivacyRequest,
    refuses=(NoSuchRequest,),
)
def get_privacy_request(request: HttpRequest, privacy_request: UUID) -> shapes.PrivacyRequest:
    """Read a request."""
    return _shown(queries.request(privacy_request))


@door.delete(
    "/privacy-requests/{uuid:privacy_request}",
    scope="privacy:write",
    status=204,
    refuses=(NoSuchRequest, RequestEnded),
)
def withdraw_privacy_request(request: HttpRequest, privacy_request: UUID) -> None:
    """Take a request back that is not done yet."""
    commands.withdraw(privacy_request)


@door.get(
    "/privacy-requests/{uuid:privacy_request}/data",
    scope="privacy:read",
    answers=shapes.CustomerData,
    tagged=False,
    refuses=(NoSuchRequest, FileGone),
)
def get_customer_data(request: HttpRequest, privacy_request: UUID) -> Answer:
    """Fetch everything that is kept about the customer of an export, a member for each part of the house.

    Only of one that a program asked for; what a customer or staff asked for is theirs to fetch.
    """
    asked = queries.request(privacy_request)
    if asked.by != "program":
        raise FileGone()
    caller: Key = request.auth  # type: ignore[attr-defined]  # the door lets nobody in without
    asker = f"program:{caller.prefix}"
    path = export_customer.fetch(export_customer.link_token(asked.id, asker), asker, "program")
    with zipfile.ZipFile(path) as pack:
        return Answer(msgspec.Raw(pack.read("data.json")))


def _shown(one: RequestView) -> shapes.PrivacyRequest:
    return msgspec.convert(
        {
            "id": one.id, "kind": one.kind, "state": one.state, "customer": one.subject, "account": one.account,
            "by": one.by, "ground": one.ground, "because": one.because, "asked_at": one.asked_at,
            "deadline": one.deadline, "ended_at": one.ended_at, "has_data": bool(one.file),
            "good_until": one.good_until,
        },
        shapes.PrivacyRequest,
    )  # fmt: skip
