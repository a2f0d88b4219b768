"""What was held back becomes a pair for a person to decide, for as long as it is held back."""

import json

from django.db import connection

from samband.kernel.clock import now

from .components import Components, HeldBack
from .gathering import Gathered

# A decision stands. What was accepted and is held back all the same (the decision was taken back) is open again.
_KEEP = """
insert into identity_review (kind, a, b, assertion, reasons, state, opened_at, decided_by)
select 'conflict', a, b, assertion, reasons::jsonb, 'open', %s::timestamptz, ''
from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[]) as held (a, b, assertion, reasons)
order by a, b
on conflict (a, b, kind) do update
set assertion = excluded.assertion, reasons = excluded.reasons,
    state = case when identity_review.state = 'rejected' then 'rejected' else 'open' end
"""

_SETTLED = """
delete from identity_review
where kind = 'conflict' and state = 'open' and a = any(%s::bigint[])
  and (a, b) not in (select * from unnest(%s::bigint[], %s::bigint[]))
returning id
"""


def keep_reviews(found: Gathered, outcome: Components) -> None:
    """Open a review for each pair that is held back among these, and close those that are held back no more."""
    held = {(one.edge.a, one.edge.b): one for one in reversed(outcome.held_back)}  # the strongest of a pair remains
    a, b = [pair[0] for pair in held], [pair[1] for pair in held]
    with connection.cursor() as cursor:
        if held:
            told = [json.dumps([_reason(one)]) for one in held.values()]
            cursor.execute(_KEEP, [now(), a, b, [one.edge.id for one in held.values()], told])
        cursor.execute(_SETTLED, [list(found.kept), a, b])


def _reason(held: HeldBack) -> dict[str, object]:
    """Codes and numbers; whoever shows them finds the words and the values."""
    return {"because": held.because, "between": list(held.between), "rule": held.edge.rule}
