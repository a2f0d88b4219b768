"""Money of an order goes back the way it came: to all it was paid with, in proportion to what each still has."""

from dataclasses import dataclass
from uuid import UUID

from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking
from samband.commerce.payments.asking import PartRefund
from samband.kernel.money import Money, total


@dataclass(frozen=True)
class OrderRefund:
    """What came of a refund. `back` has gone back, `open` is under way: the provider has not answered yet, or somebody
    has to hand it out (`payouts.owed`). `refused` nobody would give back.
    """

    order_id: UUID
    amount: Money
    parts: tuple[PartRefund, ...]

    @property
    def back(self) -> Money:
        return self._sum("done")

    @property
    def open(self) -> Money:
        return self._sum("open")

    @property
    def refused(self) -> Money:
        return self._sum("refused")

    def _sum(self, state: str) -> Money:
        return total((part.amount for part in self.parts if part.state == state), self.amount.currency)


def refund_order(order_id: UUID, amount: Money, reason: str, *, key: str) -> OrderRefund:
    """Give part of an order's money back, or all of it. Asking twice with one key is asking once.

    `reason`: one of payments' `rules.REFUND_REASONS`. Raises OrderNotFound, UnknownRefundReason, MoreThanCaptured (what
    other refunds under way give back is counted), OtherCurrency, KeyReused, Invalid; then nothing has changed.
    """
    orders.order(order_id)
    return OrderRefund(order_id, amount, asking.ask_to_refund_order(order_id, amount, reason, key))
