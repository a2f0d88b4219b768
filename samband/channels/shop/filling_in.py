"""What a filled-in checkout asks for, read with care: everything that is wrong is told at once, beside its field."""

import re
from collections.abc import Callable
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from samband.commerce.inventory import queries as inventory
from samband.commerce.payments.providers.sandbox import tokenise
from samband.commerce.payments.refusals import CardRefused
from samband.customers.accounts import rules
from samband.customers.accounts.rules import Particulars
from samband.flows.check_out import Checkout, Part, Tender
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal

from . import gift_cards, reading
from .paying import CARD, OUR_FORM, PAY_LATER, Sum, WaysToPay, WayToPay, ways_to_pay
from .refusal_texts import field_errors, sentence
from .storefronts import CHANNEL
from .visits import Visit

METHODS = ("ship", "pickup")
ASKED_AT_THE_BANK = "confirm"


class NotFilledIn(Invalid):
    """Fields of the form are missing or wrong; `errors` tells what to say beside each."""

    code = "not_filled_in"


def wish(visit: Visit, cart_id: UUID, sent: QueryDict) -> Checkout:
    """What the shopper asks for. Raises NotFilledIn with everything that is wrong at once, and Invalid."""
    errors: dict[str, str] = {}
    method = reading.text(sent, "method", 10)
    if method not in METHODS:
        errors["method"] = field_errors(Invalid(field="method"))["method"]
    email = _checked(errors, "email", lambda: rules.email(reading.text(sent, "email", 254)))
    name = _checked(errors, "name", lambda: rules.name(reading.text(sent, "name")))
    phone = _checked(errors, "phone", lambda: rules.phone(reading.text(sent, "phone", 60), visit.front.country))
    part = _part(errors, visit, sent, method, name)
    agreed = reading.money(sent, f"agreed_{method}", visit.front.currency)
    # Without a total nobody has agreed to anything: then any total is another one.
    total = agreed if agreed is not None else Money(0, visit.front.currency)
    paid, left = gift_cards.agreed(visit, sent, method, total)
    ways = ways_to_pay(visit.front, [Sum("", (method,), left)])
    rest = tender(errors, sent, ways) if left else None
    if errors:
        raise NotFilledIn(errors=errors)
    return Checkout(
        cart_id=cart_id,
        version=reading.whole(sent, "version", 0, 10**12),
        customer_id=visit.customer_id,
        channel=CHANNEL,
        language=visit.front.language,
        email=email,
        name=name,
        phone=phone,
        parts=(part,),
        tenders=(*paid, *((rest,) if rest else ())),
        seen_total=total,
        group=visit.group,
    )


def _checked(errors: dict[str, str], field: str, read: Callable[[], str]) -> str:
    """What was read, or nothing and a word beside the field."""
    try:
        return read()
    except Refusal as refusal:
        errors |= field_errors(Invalid(field=field, unwritable=refusal.details.get("unwritable", ())))
        return ""


def _part(errors: dict[str, str], visit: Visit, sent: QueryDict, method: str, name: str) -> Part:
    if method == "ship":
        given = address(errors, visit, sent, name)
        return Part(kind="ship", address=given, slot_id=slot_id(errors, sent))
    location = reading.text(sent, "location", 40)
    if method == "pickup" and location not in inventory.locations():
        errors["location"] = field_errors(Invalid(field="location"))["location"]
    return Part(kind="pickup", location=location)


def slot_id(errors: dict[str, str], sent: QueryDict) -> UUID | None:
    """The slot that was chosen, if one was."""
    said = reading.text(sent, "slot", 40)
    try:
        return UUID(said) if said else None
    except ValueError:
        errors["slot"] = _("Please choose when it is to come.")
        return None


def address(errors: dict[str, str], visit: Visit, sent: QueryDict, name: str) -> Particulars | None:
    """The address that was typed, in the storefront's country."""
    try:
        given = Particulars(
            name=reading.text(sent, "ship_name") or name or "?",
            line1=reading.text(sent, "line1"),
            line2=reading.text(sent, "line2"),
            postcode=reading.text(sent, "postcode", 40),
            city=reading.text(sent, "city"),
            country=visit.front.country,
        )
        return rules.address(given)
    except Refusal as refusal:
        told = field_errors(refusal)
        if "name" in told:
            told["ship_name"] = told.pop("name")
        errors |= told
        return None


def tender(errors: dict[str, str], sent: QueryDict, ways: WaysToPay) -> Tender | None:
    """How what gift cards leave is to be paid; nothing, and a word beside the field, if that cannot be."""
    method = reading.text(sent, "pay", 20) or CARD
    chosen = ways.choice(method)
    if chosen is None:
        why = next((one.why for one in ways.not_here if one.method == method), "")
        errors["pay"] = why or _("Please choose how you want to pay.")
        return None
    if chosen.ours:
        return Tender(method=method, provider=chosen.provider, token=_token(errors, sent))
    plan = reading.text(sent, "plan", 40) if method == PAY_LATER else ""
    if method == PAY_LATER and not _offered(chosen, plan):
        errors["plan"] = _("Please choose one of the plans.")
    # Who pays later confirms it at the bank, where the plan is shown once more.
    confirmed = ASKED_AT_THE_BANK if method == PAY_LATER and chosen.provider == OUR_FORM else ""
    return Tender(method=method, provider=chosen.provider, token=confirmed, plan=plan)


def _offered(chosen: WayToPay, plan: str) -> bool:
    return any(one.id == plan for plans in chosen.plans.values() for one in plans)


def _token(errors: dict[str, str], sent: QueryDict) -> str:
    """The card as the bank's token: the number goes no further than here."""
    number, expiry, cvc = (str(sent.get(f"card_{part}", ""))[:40] for part in ("number", "expiry", "cvc"))
    expiry = re.sub(r"^\s*(\d{2})\s*(\d{2})\s*$", r"\1/\2", expiry)
    try:
        return tokenise(number, expiry, cvc)
    except CardRefused as refusal:
        errors[f"card_{refusal.details.get('field', 'number')}"] = sentence(refusal)
        return ""
