"""What payments do when they hear of it."""

from samband.events.orders import OrderCancelled
from samband.timeline import on

from . import commands


@on(OrderCancelled)
def let_the_money_go(event: OrderCancelled) -> None:
    """Only written down here; `reconciling.undo_unwanted` asks the provider, outside of any transaction."""
    commands.abandon_order(event.order_id)
