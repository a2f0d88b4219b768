"""What people said about being written to and about the use of their data."""

from typing import Annotated, Literal

from msgspec import Meta

from .words import Id, Language, Moment, Shown, Wish

PurposeName = Annotated[str, Meta(min_length=1, max_length=40, examples=["newsletter_email"])]
Version = Annotated[
    str,
    Meta(max_length=40, description="Which edition of the text was shown; empty: the one in use.", examples=["own 2"]),
]
Because = Annotated[
    Literal["granted", "refused", "refused_elsewhere", "never_said"],
    Meta(
        description="granted; refused by this address; refused by another address of the same customer; or nobody was "
        "ever asked.",
        examples=["granted"],
    ),
]


class Purpose(Shown):
    """Something to agree to, with the text to ask with."""

    purpose: PurposeName
    contact: Annotated[bool, Meta(description="A reason to write or to call, agreed to for each address.")]
    category: Annotated[str, Meta(description="The category of the web that it belongs to.", examples=["marketing"])]
    kinds: Annotated[tuple[str, ...], Meta(description="Under what it can be agreed to.", examples=[["email"]])]
    text: Annotated[str, Meta(examples=["Send me news and offers by e-mail."])]
    version: Version
    language: Language


class PurposeList(Shown):
    """Everything there is to agree to."""

    items: tuple[Purpose, ...]


class Standing(Shown):
    """The answer that holds for one address. `address` is its key, which names nobody."""

    address: Id
    kind: Annotated[str, Meta(examples=["email"])]
    granted: bool
    at: Moment


class Consent(Shown):
    """What holds for a purpose: the stricter answer over all addresses, nothing if none was ever given."""

    purpose: PurposeName
    answer: Annotated[bool | None, Meta(examples=[True])]
    addresses: tuple[Standing, ...]


class ConsentList(Shown):
    """What holds for a customer, for every purpose."""

    items: tuple[Consent, ...]


class Entry(Shown):
    """One answer as it was given."""

    id: Id
    address: Id
    kind: Annotated[str, Meta(examples=["email"])]
    purpose: PurposeName
    granted: bool
    source: Annotated[str, Meta(examples=["checkout"])]
    channel: Annotated[str, Meta(examples=["shop"])]
    wording: Annotated[str, Meta(description="The text that was shown.")]
    version: Annotated[str, Meta(examples=["own 2"])]
    language: Annotated[str, Meta(examples=["is"])]
    at: Moment
    recorded_at: Moment


class EntryList(Shown):
    """Answers, what was said last first."""

    items: tuple[Entry, ...]


class AddressOfConsent(Wish):
    """Whom or what an answer is about: a mail address, a telephone number, the account itself."""

    kind: Annotated[Literal["email", "phone", "account"], Meta(examples=["email"])]
    value: Annotated[
        str, Meta(max_length=320, description="Nothing for the account.", examples=["anna@example.com"])
    ] = ""


class ConsentWish(Wish):
    """What somebody said over a counter or on the telephone, asked with the text in this language and version."""

    address: AddressOfConsent
    purpose: PurposeName
    granted: bool
    language: Language
    version: Version = ""
    proof: Annotated[str, Meta(max_length=100, description="What shows it.", examples=["till RVK-2, receipt 118"])] = ""


class Verdict(Shown):
    """Whether it is allowed, and why."""

    allowed: bool
    because: Because
