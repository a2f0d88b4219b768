"""What customers ask about their own data."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from .words import Id, Language, Moment, Next, Shown, Wish

RightKind = Annotated[
    Literal["export", "erasure"], Meta(description="Their data given out, or erased.", examples=["export"])
]
Ground = Annotated[
    Literal["own_wish", "in_writing", "at_store", "by_phone", "court", "minor"],
    Meta(description="How you know that it is their wish.", examples=["own_wish"]),
]


class PrivacyRequest(Shown):
    """A request. `open` waits for a person of the retailer's, `waiting` for orders under way to end.

    An export that is `done` can be fetched until `good_until`; `has_data` says whether it still can.
    """

    id: Id
    kind: RightKind
    state: Annotated[Literal["open", "agreed", "waiting", "done", "withdrawn"], Meta(examples=["done"])]
    customer: Annotated[Id, Meta(description="The customer as they were known when they asked.")]
    account: Id | None
    by: Annotated[Literal["customer", "staff", "program"], Meta(examples=["program"])]
    ground: Ground
    because: Annotated[str, Meta(description="What it waits for, or why it ended.", examples=[""])]
    asked_at: Moment
    deadline: Annotated[Moment, Meta(description="Until when the law wants an answer.")]
    ended_at: Moment | None
    has_data: bool
    good_until: Moment | None


class CustomerData(Shown):
    """Everything that is kept about a customer: `about` this file, and a member for each part of the house."""

    about: Annotated[dict[str, Any], Meta(examples=[{"made_at": "2026-11-21T14:30:00Z"}])]
    accounts: Annotated[dict[str, Any], Meta(description="Particulars, addresses and contacts.", examples=[{}])]
    orders: Annotated[dict[str, Any], Meta(description="What they ordered.", examples=[{}])]


class PrivacyRequestList(Shown):
    """A page of requests, newest first."""

    items: tuple[PrivacyRequest, ...]
    next: Next


class PrivacyWish(Wish):
    """What a customer wants; `language` is that of the page for people in their file."""

    kind: RightKind
    ground: Ground = "own_wish"
    language: Language = "en"
