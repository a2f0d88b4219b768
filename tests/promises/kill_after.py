"""What stands when everything was finished that a kill left half way, and what of it is wrong. Prints JSON."""

import json

import django

django.setup()

from collections import Counter  # noqa: E402

from django.db import connection  # noqa: E402

from samband.commerce.payments import queries as payments  # noqa: E402
from samband.customers.identity import books as identity_books  # noqa: E402
from samband.customers.profiles import commands as profiles  # noqa: E402
from samband.flows.audit import audit  # noqa: E402
from samband.flows.follow_customers import follow  # noqa: E402
from samband.kernel.clock import held_at, in_future  # noqa: E402
from samband.timeline import chores, delivering  # noqa: E402
from samband.timeline.queries import backlog  # noqa: E402
from tests.promises import kill_counting as kill_counting  # noqa: E402
from tests.promises.kill_orders import standings  # noqa: E402

LIVES = (0, 0.1, 0.5, 1, 2, 26)
"""Hours after which reactions and chores have had their turn: holds have lapsed by then, and the bank was asked."""

# The bank's own books beside ours, charge by charge. A void of nothing and a decline leave nothing on either side.
_BANK_DIFFERS = """
with ours as (
    select o.key, i.authorised, i.captured, i.refunded, i.voided from payments_operation o
    join payments_intent i on i.id = o.intent_id
    where o.kind = 'authorise' and i.provider = 'sandbox'
)
select coalesce(ours.key, bank.key)
from ours full join payments_sandboxcharge bank using (key)
where coalesce(ours.captured - ours.refunded, 0) <> coalesce(bank.captured - bank.refunded, 0)
   or coalesce(ours.authorised - ours.voided, 0) <> coalesce(bank.authorised - bank.voided, 0)
"""

_PAID_TWICE = """
select i.order_id, sum(bank.authorised - bank.voided - bank.refunded), max(r.total)
from payments_sandboxcharge bank join payments_operation o using (key) join payments_intent i on i.id = o.intent_id
join orders_order r on r.id = i.order_id
group by i.order_id having sum(bank.authorised - bank.voided - bank.refunded) > max(r.total)
"""

_ASKED_TWICE = """
select order_id from fulfillment_fulfillment group by order_id, location, kind having count(*) > 1
"""

_WRITTEN_TWICE = """
select about_subject || ' ' || kind from messaging_message
where kind <> 'refunded' group by about_subject, kind having count(*) > 1
"""


def main() -> None:
    for hours in LIVES:
        with held_at(in_future(hours=hours)):
            for _ in range(3):
                while delivering.deliver():
                    pass
                chores.do_all()
    follow()
    states = Counter(one.state for one in standings())
    print(json.dumps({
        "wrong": [*audit(), *_wrong()],
        "states": states,
        "placed": {str(one.order_id): one.total for one in standings() if one.state in ("placed", "completed")},
    }))  # fmt: skip


def _wrong() -> list[str]:
    found = [f"The bank's books and ours differ over {key}." for (key,) in _rows(_BANK_DIFFERS)]
    found += [f"{paid} was paid for order {order}, which costs {due}." for order, paid, due in _rows(_PAID_TWICE)]
    found += [f"Order {order} was asked for twice in one place." for (order,) in _rows(_ASKED_TWICE)]
    found += [f"The message {key} stands twice." for (key,) in _rows(_WRITTEN_TWICE)]
    found += [f"A draft is left: {one.number}" for one in standings() if one.state == "draft"]
    found += [f"Nobody asks how {one.key} ended." for one in payments.unsettled() if _counts(one.intent_id)]
    found += [f"Replay of identity differs at {one.number}." for one in identity_books.replay()]
    if differing := profiles.rebuild():
        found.append(f"{differing} profiles are other than they were when they are reckoned from nothing.")
    left = backlog()
    if left.set_aside or left.waiting:
        found.append(f"{left.set_aside} deliveries are set aside and {left.waiting} wait.")
    return found


def _counts(intent_id: object) -> bool:
    return payments.intent(intent_id).state not in ("declined", "voided")  # type: ignore[arg-type]


def _rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


main()
