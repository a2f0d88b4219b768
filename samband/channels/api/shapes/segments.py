"""Segments: named conditions over customers. The same words as in the text that a retailer keeps."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from .words import Currency, Id, Moment, Next, Shown, Sku, SomeTexts, Wish

SegmentSlug = Annotated[
    str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", min_length=1, max_length=60, examples=["lapsed-lamp-buyers"])
]
Word = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[tuple[Word, ...], Meta(max_length=1000, examples=[["RVK"]])]
Days = Annotated[int, Meta(ge=1, le=3650, description="So many days of 24 hours before now.", examples=[30])]
Times = Annotated[int, Meta(ge=0, le=1_000_000, examples=[2])]
Bound = Annotated[int, Meta(ge=-(10**15), le=10**15, examples=[10_000])]
Day = Annotated[date, Meta(description="A whole day on the clocks of the segment's zone.", examples=["2026-01-31"])]


class WorthBetween(Wish, omit_defaults=True, kw_only=True):
    """At least or at most so much, in minor units of one currency."""

    currency: Currency
    at_least: Bound | None = None
    at_most: Bound | None = None


class WhenGiven(Wish, omit_defaults=True, kw_only=True):
    """In the last days, longer ago than so many, or between two days, the last one included."""

    within_days: Days | None = None
    longer_ago_than_days: Days | None = None
    since: Day | None = None
    until: Day | None = None


class TraitAsked(WhenGiven, omit_defaults=True, kw_only=True):
    """A trait of the profile: between two numbers, one of some words, true or false, a moment, or known at all."""

    name: Annotated[Word, Meta(examples=["orders"])]
    at_least: Bound | None = None
    at_most: Bound | None = None
    currency: Currency | None = None
    value: bool | Words | None = field(default=None, name="is")
    known: bool | None = None


class HappenedGiven(Wish, omit_defaults=True, kw_only=True):
    """An event (any if none is named), in a window (ever if none is given), where all of this holds."""

    event: Annotated[str, Meta(max_length=200, examples=["Product Viewed"])] = ""
    within_days: Days | None = None
    since: Day | None = None
    until: Day | None = None
    channel: Words = ()
    place: Words = ()
    sku: Annotated[tuple[Sku, ...], Meta(max_length=1000)] = ()
    category: Words = ()
    worth: WorthBetween | None = None


class DidAsked(HappenedGiven, omit_defaults=True, kw_only=True):
    """It happened so often (once, if nothing is said), came to so much in all, and was first or last at some time."""

    at_least: Times = 1
    at_most: Times | None = None
    total: WorthBetween | None = None
    first: WhenGiven | None = None
    last: WhenGiven | None = None


class BoughtAsked(Wish, omit_defaults=True, kw_only=True):
    """So many orders, not cancelled, with any of these goods: SKUs, or what hangs in or below categories."""

    sku: Annotated[tuple[Sku, ...], Meta(max_length=1000)] = ()
    category: Words = ()
    at_least: Times = 1
    at_most: Times | None = None
    total: WorthBetween | None = None
    within_days: Days | None = None
    since: Day | None = None
    until: Day | None = None
    channel: Words = ()
    place: Words = ()


class VisitedAsked(Wish, omit_defaults=True, kw_only=True):
    """Anything that happened at one of these places."""

    any_of: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=1000, examples=[["RVK"]])]
    at_least: Times = 1
    at_most: Times | None = None
    within_days: Days | None = None
    since: Day | None = None
    until: Day | None = None


class AgreedAsked(Wish, omit_defaults=True, kw_only=True):
    """What was said to a purpose: the stricter of the answers of all of the customer's addresses."""

    purpose: Annotated[Word, Meta(examples=["newsletter_email"])]
    answer: Literal["granted", "refused", "unknown"] = field(default="granted", name="is")


_INNER = Meta(min_length=1, max_length=200, examples=[[{"consent": {"purpose": "newsletter_email"}}]])


class ConditionGiven(Wish, omit_defaults=True, kw_only=True):
    """Exactly one of these: a condition, or several of which all, any or none must hold."""

    all: Annotated[tuple["ConditionGiven", ...], _INNER] | None = None
    any: Annotated[tuple["ConditionGiven", ...], _INNER] | None = None
    none: Annotated[tuple["ConditionGiven", ...], _INNER] | None = None
    trait: TraitAsked | None = None
    did: DidAsked | None = None
    did_not: HappenedGiven | None = None
    bought: BoughtAsked | None = None
    place: VisitedAsked | None = None
    consent: AgreedAsked | None = None
    group: Words | None = None
    known_by: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=20, examples=[["email"]])] | None = None
    within: SegmentSlug | None = field(default=None, name="in")
    not_in: SegmentSlug | None = None


class SegmentWish(Wish, omit_defaults=True, kw_only=True):
    """Who is in a segment, and what people call it. `zone` says on whose clocks days begin."""

    who: Annotated[ConditionGiven, Meta(examples=[{"did": {"event": "Product Viewed", "within_days": 30}}])]
    names: SomeTexts = field(default_factory=dict)
    about: Annotated[str, Meta(max_length=2000, examples=["Bought lamps, but not lately"])] = ""
    zone: Annotated[str, Meta(max_length=60, examples=["Atlantic/Reykjavik"])] = "UTC"


class SegmentTold(Shown):
    """A segment. `live` once everybody was reckoned for what it says now; until then `size` is of what it said."""

    slug: SegmentSlug
    segment: SegmentWish
    version: Annotated[int, Meta(examples=[3])]
    live: bool
    size: Annotated[int, Meta(examples=[1204])]
    saved_at: Moment
    filled_at: Moment | None
    used_by: Annotated[tuple[SegmentSlug, ...], Meta(description="Segments that ask about this one.")]


class SegmentList(Shown):
    """All segments, by name."""

    items: tuple[SegmentTold, ...]


class SizeAsked(SegmentWish, omit_defaults=True, kw_only=True):
    """A segment that need not be there; `slug` if it is, so that it is not taken to ask about itself."""

    slug: SegmentSlug | None = None


class SizeTold(Shown):
    """How many there would be now; `exact`, or about as many as among some thousands picked by chance."""

    count: Annotated[int, Meta(examples=[1204])]
    exact: bool
    some: Annotated[tuple[Id, ...], Meta(description="A few of them.")]


class MemberList(Shown):
    """Customers in a segment, by id."""

    items: tuple[Id, ...]
    next: Next


class SegmentsOfCustomer(Shown):
    """A customer, by the id that holds now, and the segments they are in."""

    customer_id: Id
    segments: tuple[SegmentSlug, ...]
