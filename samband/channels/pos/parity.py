"""What a till of the store would tell a cashier who scans one piece of something."""

from samband.commerce.catalog import queries as catalog
from samband.commerce.payments import queries as payments
from samband.flows.parity import Question, Said
from samband.flows.scan_at_till import goods
from samband.flows.till_snapshot import CHANNEL


def answer(question: Question) -> Said:
    """What scanning says, and the tender screen offers."""
    item = catalog.items([question.sku])[question.sku]
    seen = goods(item, question.location)
    if seen.piece is None:
        return Said(None)
    price = seen.piece.unit
    return Said(
        price,
        regular=seen.piece.regular,
        lists=frozenset({seen.piece.tag.price_list}),
        promotions=frozenset(seen.piece.promotions),
        here=seen.here,
        everywhere=seen.here + sum(one.available for one in seen.around),
        ways={"carry": question.at if seen.here else None, "ship": seen.sending.latest if seen.sending else None},
        methods={one.method: one.reason for one in payments.methods(question.market, CHANNEL, price, ("carry",))},
        return_days=item.return_days,
    )
