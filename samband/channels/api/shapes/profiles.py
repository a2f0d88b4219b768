"""What is known of a customer, what they are known by, and their story over all channels."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from .words import Id, Moment, Next, Shown, Wish

Count = Annotated[int, Meta(examples=[3])]
Minor = Annotated[int, Meta(description="In the smallest unit of `currency`.", examples=[134900])]
MaybeChannel = Annotated[str | None, Meta(examples=["shop"])]
Reason = Annotated[str, Meta(min_length=1, max_length=300, examples=["Two people share this telephone."])]


class CustomerProfile(Shown):
    """A customer's traits, as far as they are known; `id` is the customer's id now, whatever id was asked for.

    Amounts are in `currency`, the one of most of their orders; `spent` says what they are worth in each.
    """

    id: Id
    accounts: tuple[UUID, ...]
    segments: Annotated[tuple[str, ...], Meta(examples=[["regulars"]])]
    first_seen: Moment | None
    last_seen: Moment | None
    first_channel: MaybeChannel
    last_channel: MaybeChannel
    channels: Count
    touchpoints: Count
    active_days: Count
    has_account: bool
    has_email: bool
    has_phone: bool
    has_loyalty: bool
    orders: Count
    first_order_at: Moment | None
    last_order_at: Moment | None
    order_gap_days: Annotated[int | None, Meta(examples=[30])]
    currency: Annotated[str | None, Meta(examples=["ISK"])]
    value: Minor
    average_order: Annotated[int | None, Meta(examples=[44967])]
    refunded: Minor
    spent: Annotated[dict[str, int], Meta(examples=[{"ISK": 134900}])]
    returns: Count
    favourite_category: Annotated[str | None, Meta(examples=["sofas"])]
    preferred_store: Annotated[str | None, Meta(examples=["RVK"])]
    payment_habit: Annotated[str | None, Meta(examples=["card"])]
    delivery_habit: Annotated[str | None, Meta(examples=["pickup"])]
    country: Annotated[str | None, Meta(examples=["IS"])]
    language: Annotated[str | None, Meta(examples=["is"])]


class KnownBy(Shown):
    """Something the customer is known by. `key` names it for good; one that is `shared` joins nobody."""

    key: Id
    kind: Annotated[str, Meta(examples=["email"])]
    namespace: Annotated[str, Meta(examples=[""])]
    value: Annotated[str, Meta(examples=["anna@example.com"])]
    shared: bool
    first_seen: Moment


class Assertion(Shown):
    """That two identifiers, `a` and `b`, are one person's (by the rule `different`: that they are not).

    Only what `holds` joins. `other` is the customer at its far end, if that is another one now.
    """

    id: Annotated[int, Meta(examples=[17])]
    a: Annotated[UUID | None, Meta(description="Its key; null once it was erased.")]
    b: Annotated[UUID | None, Meta(description="Its key; null once it was erased.")]
    rule: Annotated[str, Meta(examples=["verified"])]
    source: Annotated[str, Meta(examples=["shop"])]
    reason: Annotated[str, Meta(examples=[""])]
    first_at: Moment
    state: Literal["holds", "held_back", "shared", "different", "pending", "taken_back"]
    retracted_at: Moment | None
    retraction_reason: str | None
    other: UUID | None


class CustomerIdentifiers(Shown):
    """Everything a customer is known by, the strongest first, and what says so, the first said first."""

    id: Id
    items: tuple[KnownBy, ...]
    assertions: tuple[Assertion, ...]


class StoryMoment(Shown):
    """Something that happened: an event of the house, an order taken over (`order_imported`), or a touchpoint.

    `details` holds an event's fields or a little of what a touchpoint tells. `worth` is in minor units of `currency`.
    """

    at: Moment
    kind: Annotated[str, Meta(examples=["orders"])]
    code: Annotated[str, Meta(examples=["Product Viewed"])]
    channel: Annotated[str, Meta(examples=["shop"])]
    source: Annotated[str | None, Meta(description="Where a touchpoint came from.", examples=["webshop"])]
    place: Annotated[str | None, Meta(examples=["RVK"])]
    sku: Annotated[str | None, Meta(examples=["SOFA-3-GREY"])]
    category: Annotated[str | None, Meta(examples=["sofas"])]
    order: Annotated[str | None, Meta(description="The order's number.", examples=["S7K3M-QX4PD"])]
    worth: Annotated[int | None, Meta(examples=[134900])]
    currency: Annotated[str | None, Meta(examples=["ISK"])]
    details: Annotated[dict[str, Any], Meta(examples=[{"name": "Sofa Hallormur"}])]


class CustomerStory(Shown):
    """A page of a customer's story, newest first."""

    items: tuple[StoryMoment, ...]
    next: Next


class RetractionWish(Wish):
    """Why an assertion is taken back."""

    reason: Reason


class DecisionWish(Wish):
    """Whether the customer and another one (or two identifiers of theirs, by key) are one person."""

    other: Id
    decision: Literal["same", "different"]
    reason: Reason
    of: Annotated[UUID | None, Meta(description="An identifier of the customer, instead of the customer.")] = None


class SharingWish(Wish):
    """Whether many use an identifier, or one person does."""

    shared: bool
