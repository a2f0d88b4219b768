"""What fulfillment can be told about substitutes: one is proposed at picking, and answered once.

Stock, order and money are not touched here: a flow holds the substitute beside the proposal, and changes the order
beside the answer.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from samband.events.fulfillment import SubstituteAnswered, SubstituteProposed
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.refusal import Invalid
from samband.timeline import command

from .models import Fulfillment, FulfillmentLine, Substitution
from .refusals import (
    NotOrdered,
    NotPermitted,
    ProposedAlready,
    SubstitutionOver,
    TooFewLeft,
    UnknownFulfillment,
    UnknownSubstitution,
)

ANSWERS = ("agreed", "declined", "lapsed")
BY = ("customer", "counter", "nobody")
LONGEST_WAIT = timedelta(days=2)

_PROPOSE = """
insert into fulfillment_substitution (
    id, fulfillment, sku, quantity, substitute, worth, price, currency, missing, proposed_at, answer_until)
values (%(id)s::uuid, %(fulfillment)s::uuid, %(sku)s, %(quantity)s::int, %(substitute)s, %(worth)s::bigint,
        %(price)s::bigint, %(currency)s, %(missing)s::bool, %(now)s::timestamptz, %(until)s::timestamptz)
on conflict (fulfillment, sku) where state = 'proposed' do nothing
"""


@command
def propose(
    substitution_id: UUID,
    fulfillment_id: UUID,
    goods: Line,
    substitute: str,
    *,
    worth: int,
    price: int,
    currency: str,
    answer_until: datetime,
    missing: bool = False,
) -> SubstituteProposed:
    """Propose a substitute for units that are not in the basket, for a `price` that is not above their `worth`.

    Amounts are minor units, for all the units. Raises UnknownFulfillment, NotPermitted unless it is being picked,
    NotOrdered, TooFewLeft with how many are `left` to find, ProposedAlready, or Invalid.
    """
    found = Fulfillment.objects.select_for_update(no_key=True).filter(pk=fulfillment_id).first()
    if found is None:
        raise UnknownFulfillment(fulfillment_id=str(fulfillment_id))
    if found.state != "picking":
        raise NotPermitted(kind=found.kind, state=found.state, to="substituted")
    line = FulfillmentLine.objects.filter(fulfillment_id=fulfillment_id, sku=goods.sku).first()
    if line is None:
        raise NotOrdered(sku=goods.sku)
    left = line.quantity - line.called_off - line.picked
    if goods.quantity > left:
        raise TooFewLeft(sku=goods.sku, left=left)
    _check(goods, substitute, worth, price, answer_until)
    with connection.cursor() as cursor:
        cursor.execute(
            _PROPOSE,
            {
                "id": substitution_id,
                "fulfillment": fulfillment_id,
                "sku": goods.sku,
                "quantity": goods.quantity,
                "substitute": substitute,
                "worth": worth,
                "price": price,
                "currency": currency,
                "missing": missing,
                "now": now(),
                "until": answer_until,
            },
        )
        if not cursor.rowcount:
            raise ProposedAlready(sku=goods.sku)
    return SubstituteProposed(
        fulfillment_id=fulfillment_id,
        order_id=found.order_id,
        customer_id=found.customer_id,
        substitution_id=substitution_id,
        sku=goods.sku,
        quantity=goods.quantity,
        substitute=substitute,
        answer_until=answer_until,
    )


def _check(goods: Line, substitute: str, worth: int, price: int, answer_until: datetime) -> None:
    if Line(substitute, goods.quantity).sku == goods.sku:
        raise Invalid("A substitute is something else.", sku=goods.sku)
    if not 0 <= price <= worth:
        raise Invalid("A substitute is not dearer than what it stands for.")
    if not now() < answer_until <= now() + LONGEST_WAIT:
        raise Invalid("A substitute is answered within two days.")


@command
def answer(substitution_id: UUID, said: str, by: str) -> SubstituteAnswered:
    """The customer agreed or declined, themselves or over the `counter`; or `nobody` did in time: lapsed.

    Raises UnknownSubstitution, or SubstitutionOver with its `state` if it was answered, or it is too late to agree.
    """
    if said not in ANSWERS or by not in BY:
        raise Invalid("That is no answer.")
    found = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("fulfillment")
        .filter(pk=substitution_id)
        .first()
    )
    if found is None:
        raise UnknownSubstitution(substitution=str(substitution_id))
    late = found.answer_until <= now()
    if found.state != "proposed" or (late and said == "agreed"):
        raise SubstitutionOver(state="lapsed" if found.state == "proposed" else found.state)
    Substitution.objects.filter(pk=substitution_id).update(state=said, answered_by=by, answered_at=now())
    return SubstituteAnswered(
        fulfillment_id=found.fulfillment_id,
        order_id=found.fulfillment.order_id,
        customer_id=found.fulfillment.customer_id,
        substitution_id=substitution_id,
        answer=said,
        by=by,
    )
