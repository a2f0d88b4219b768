"""What personal data may be used for, and which purposes each category of the web stands for."""

from dataclasses import dataclass

from samband.kernel.identifier import KINDS
from samband.kernel.refusal import Invalid

from .refusals import NoSuchPurpose, NotForThatAddress

BY_EMAIL, BY_PHONE = frozenset({"email"}), frozenset({"phone"})
BY_POST, BY_PUSH = frozenset({"account"}), frozenset({"device", "cookie", "account"})
ANYBODY = frozenset(KINDS)


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing that personal data may be used for. `kinds` are the identifiers under which it may be agreed to.

    A purpose of `contact` is a reason to write or to call: it takes the agreement of the very address written to.
    """

    slug: str
    contact: bool
    category: str
    kinds: frozenset[str]


NECESSARY, PREFERENCES, STATISTICS, MARKETING = CATEGORIES = ("necessary", "preferences", "statistics", "marketing")
"""The categories of the web. What is necessary needs no agreement and stands for no purpose."""

PURPOSES: dict[str, Purpose] = {
    one.slug: one
    for one in (
        Purpose("newsletter_email", True, MARKETING, BY_EMAIL),
        Purpose("offers_sms", True, MARKETING, BY_PHONE),
        Purpose("offers_push", True, MARKETING, BY_PUSH),
        Purpose("offers_post", True, MARKETING, BY_POST),
        Purpose("calls", True, MARKETING, BY_PHONE),
        Purpose("surveys", True, MARKETING, BY_EMAIL | BY_PHONE),
        Purpose("personalisation", False, PREFERENCES, ANYBODY),
        Purpose("analytics", False, STATISTICS, ANYBODY),
        Purpose("profiling", False, MARKETING, ANYBODY),
        Purpose("advertising", False, MARKETING, ANYBODY),
        Purpose("sharing", False, MARKETING, ANYBODY),
    )
}
"""Everything there is to agree to. The slugs are kept for ever: entries name them."""

OF_CATEGORY: dict[str, tuple[str, ...]] = {
    category: tuple(one.slug for one in PURPOSES.values() if not one.contact and one.category == category)
    for category in CATEGORIES
}
"""The purposes that agreeing to a category of the web agrees to."""

REFUSED_BY_GPC = frozenset({"advertising", "sharing"})
"""What a browser refuses for its user with `Sec-GPC: 1` (Global Privacy Control)."""


def purpose(slug: str) -> Purpose:
    """Raises NoSuchPurpose."""
    if found := PURPOSES.get(slug):
        return found
    raise NoSuchPurpose(purpose=str(slug)[:40])


def check(slug: str, kind: str) -> None:
    """Raises NoSuchPurpose, and NotForThatAddress where an identifier of this kind cannot agree to it."""
    if kind not in purpose(slug).kinds:
        raise NotForThatAddress(purpose=slug, kind=str(kind)[:20])


def of_address(kind: str) -> tuple[str, ...]:
    """The purposes of contact that an address of this kind can be asked about."""
    return tuple(one.slug for one in PURPOSES.values() if one.contact and kind in one.kinds)


def asked_about(slug: str) -> str:
    """What the text is about that asks for a purpose: one of contact has its own, one of use that of its category.

    Raises NoSuchPurpose.
    """
    found = purpose(slug)
    return found.slug if found.contact else found.category


def answers(agreed: frozenset[str], *, gpc: bool = False) -> dict[str, bool]:
    """What somebody says to each purpose of use who agrees to these categories of the web, and to no others.

    Raises Invalid for a category there is not.
    """
    if unknown := agreed - set(CATEGORIES):
        raise Invalid("There is no such category.", category=sorted(unknown)[0][:40])
    return {
        slug: category in agreed and not (gpc and slug in REFUSED_BY_GPC)
        for category in CATEGORIES
        for slug in OF_CATEGORY[category]
    }
