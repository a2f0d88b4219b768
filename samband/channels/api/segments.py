"""Segments over HTTP."""

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest

from samband.customers.identity import queries as identity
from samband.customers.segments import commands, queries, writing
from samband.customers.segments.definitions import Definition
from samband.customers.segments.refusals import SegmentAbsurd, SegmentInUse, UnknownSegment
from samband.customers.segments.views import SegmentView
from samband.kernel.refusal import NotFound

from .answers import Answer
from .cursors import Cursor, Limit, Pages
from .operations import Door
from .refusals import BadCursor
from .shapes import segments as shapes

BY = "api"
DRAFT = "draft"
"""What a segment is called that has no name yet, while it is counted."""

door = Door(
    "Segments",
    "Named conditions over customers: what they did and bought, where they were, what they agreed to, what is known of "
    "them. Membership is kept up to date as things happen; entering and leaving are events.",
)


@door.get("/segments", scope="customers:read", answers=shapes.SegmentList)
def list_segments(request: HttpRequest) -> shapes.SegmentList:
    """Read every segment, by name."""
    return shapes.SegmentList(items=tuple(_told(one) for one in queries.listed()))


@door.get("/segments/{slug}", scope="customers:read", answers=shapes.SegmentTold, refuses=(UnknownSegment,))
def get_segment(request: HttpRequest, slug: str) -> shapes.SegmentTold:
    """Read a segment."""
    return _told(queries.segment(slug))


@door.put(
    "/segments/{slug}",
    scope="customers:write",
    asks=shapes.SegmentWish,
    answers=shapes.SegmentTold,
    refuses=(SegmentAbsurd,),
)
def save_segment(request: HttpRequest, slug: str, ask: shapes.SegmentWish) -> shapes.SegmentTold:
    """Begin a segment or change what it says.

    Who is in it is reckoned soon after: it is `live` then. One that contradicts itself, or asks for what there is not,
    is refused: `place` says where, `must` what is wanted.
    """
    commands.save(_read(ask, slug), by=BY)
    return _told(queries.segment(slug))


@door.delete("/segments/{slug}", scope="customers:write", status=204, refuses=(UnknownSegment, SegmentInUse))
def remove_segment(request: HttpRequest, slug: str) -> None:
    """Have a segment no longer. Refused while other segments ask about it; nobody is told to have left."""
    commands.remove(slug, by=BY)


@door.post(
    "/segment-sizes",
    scope="customers:read",
    asks=shapes.SizeAsked,
    answers=shapes.SizeTold,
    refuses=(SegmentAbsurd,),
)
def size_segment(request: HttpRequest, ask: shapes.SizeAsked) -> shapes.SizeTold:
    """Find out how many a segment would have now, without saving it."""
    size = queries.size(_read(ask, ask.slug or DRAFT))
    return shapes.SizeTold(count=size.count, exact=size.exact, some=size.some)


@door.get(
    "/segments/{slug}/members",
    scope="customers:read",
    answers=shapes.MemberList,
    refuses=(UnknownSegment, BadCursor),
)
def list_members(request: HttpRequest, slug: str, cursor: Cursor = "", limit: Limit = 50) -> Answer:
    """List the customers in a segment, by id."""
    pages = Pages(request, cursor)
    found = queries.members(slug, pages.after(UUID), limit + 1)
    rows, following = pages.cut(found, limit, lambda customer: customer)
    return pages.answer(shapes.MemberList(items=tuple(rows), next=following), following)


@door.get(
    "/customers/{customer_id}/segments",
    scope="customers:read",
    answers=shapes.SegmentsOfCustomer,
    refuses=(NotFound,),
)
def list_segments_of_customer(request: HttpRequest, customer_id: UUID) -> shapes.SegmentsOfCustomer:
    """Read which segments a customer is in; any id they ever had will do."""
    customer = identity.customer_of(customer_id)
    if customer is None:
        raise NotFound("There is no such customer.")
    return shapes.SegmentsOfCustomer(customer_id=customer, segments=queries.of_customer(customer))


def _read(ask: shapes.SegmentWish, slug: str) -> Definition:
    plain: dict[str, Any] = msgspec.to_builtins(ask)
    plain.pop("slug", None)
    return writing.of({**plain, "segment": slug})


def _told(view: SegmentView) -> shapes.SegmentTold:
    plain = msgspec.to_builtins(view.definition)
    slug = plain.pop("segment")
    return shapes.SegmentTold(
        slug=slug,
        segment=msgspec.convert(plain, shapes.SegmentWish),
        version=view.version,
        live=view.live,
        size=view.size,
        saved_at=view.saved_at,
        filled_at=view.filled_at,
        used_by=view.used_by,
    )
