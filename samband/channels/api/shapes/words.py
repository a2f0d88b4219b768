"""The small words that all shapes are made of, each with an example."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

T = TypeVar("T")

Language = Annotated[Literal["en", "is", "pl", "lv", "el"], Meta(examples=["en"])]
Texts = Annotated[
    dict[str, str],
    Meta(description="Texts by language: en, is, pl, lv, el.", examples=[{"en": "Sofa", "is": "Sófi"}]),
]
SomeTexts = Annotated[
    dict[Annotated[str, Meta(pattern="^(en|is|pl|lv|el)$")], Annotated[str, Meta(max_length=20_000)]],
    Meta(description="Texts by language.", examples=[{"en": "Sofa", "is": "Sófi"}]),
]
Sku = Annotated[str, Meta(min_length=1, max_length=64, examples=["SOFA-3-GREY"])]
Slug = Annotated[str, Meta(min_length=1, max_length=120, examples=["sofa-hallormur"])]
Code = Annotated[str, Meta(min_length=1, max_length=64, examples=["colour"])]
MarketCode = Annotated[str, Meta(min_length=1, max_length=64, examples=["IS"])]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166.", examples=["IS"])]
LocationCode = Annotated[str, Meta(min_length=1, max_length=32, examples=["RVK"])]
ListCode = Annotated[str, Meta(min_length=1, max_length=64, examples=["isk-regular"])]
Channel = Annotated[str, Meta(min_length=1, max_length=63, examples=["api"])]
Currency = Annotated[Literal["EUR", "GBP", "PLN", "ISK"], Meta(description="ISO 4217.", examples=["ISK"])]
AmountGiven = Annotated[
    int, Meta(ge=0, le=10**12, description="Minor units: cents, grosze, pence; whole krónur.", examples=[134900])
]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000, examples=[2])]
Kind = Annotated[
    Literal["ship", "pickup", "carry", "serve"],
    Meta(
        description="How goods come to the shopper: sent to an address, picked up at a store later, carried away from "
        "there now, or served at a place in it.",
        examples=["pickup"],
    ),
]
PlaceName = Annotated[str, Meta(max_length=100, description="A spot in a location.", examples=["table-7"])]
InCart = Annotated[int, Meta(ge=1, le=999, examples=[2])]
Id = Annotated[UUID, Meta(examples=["01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11"])]
Moment = Annotated[datetime, Meta(tz=True, examples=["2026-11-21T14:30:00Z"])]
Short = Annotated[str, Meta(max_length=200, examples=["PO-2026-118"])]
Line1 = Annotated[str, Meta(max_length=160, examples=["Laugavegur 12"])]
Email = Annotated[str, Meta(max_length=254, examples=["anna@example.com"])]
PersonName = Annotated[str, Meta(max_length=120, examples=["Anna Jónsdóttir"])]
Phone = Annotated[str, Meta(max_length=40, examples=["+354 555 1234"])]
BasisPoints = Annotated[int, Meta(description="Hundredths of a percent.", examples=[2400])]
OrderNumber = Annotated[str, Meta(examples=["S7K3M-QX4PD"])]
Next = Annotated[str | None, Meta(description="The cursor of the next page, if there is one.", examples=[None])]


class Wish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is asked for."""


class Shown(msgspec.Struct, kw_only=True):
    """What is answered."""


class Money(Shown):
    """An amount in minor units of a currency: 134900 ISK is 134,900 krónur, 1999 EUR is 19.99 euro."""

    amount: Annotated[int, Meta(examples=[134900])]
    currency: Annotated[str, Meta(examples=["ISK"])]


class MoneyGiven(Wish):
    """An amount in minor units of a currency."""

    amount: AmountGiven
    currency: Currency


class LineGiven(Wish):
    """So many units of a SKU."""

    sku: Sku
    quantity: Quantity


class Reason(Shown):
    """Why an amount is what it is: a code and what belongs to it, for you to put in words."""

    code: Annotated[str, Meta(examples=["vat_included"])]
    params: Annotated[dict[str, Any], Meta(examples=[{"basis_points": 2400, "country": "IS"}])]


def shown(view: object, shape: type[T]) -> T:
    """What a room told, in the shape in which it is shown: field by field of the same name."""
    return msgspec.convert(view, shape, from_attributes=True)
