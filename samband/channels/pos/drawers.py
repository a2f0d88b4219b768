"""The drawer under the till: opened with a float, counted and closed."""

from uuid import UUID

from samband.commerce.tills import drawers
from samband.commerce.tills import queries as tills
from samband.commerce.tills.queries import DrawerView
from samband.commerce.tills.refusals import DrawerNeeded, QueueNotEmpty
from samband.flows.receipt_printing import printed_report

from . import shapes, showing
from .door import Asked, Sent, needs
from .receipts import PRINTER, width


def _own(asked: Asked) -> DrawerView:
    if found := tills.drawer_at(asked.device.id):
        return found
    raise DrawerNeeded()


@needs()
def drawer(asked: Asked) -> showing.Shown:
    """The drawer under this till, if one is open."""
    found = tills.drawer_at(asked.device.id)
    return {"drawer": showing.drawer(found) if found else None}


@needs()
def open_ones(asked: Asked) -> showing.Shown:
    """The open drawers of this store."""
    return {"drawers": [showing.drawer(one) for one in tills.drawers(asked.device.location, open_only=True)]}


@needs(asks=shapes.OpenDrawer, keyed=True, noted="did")
def open_drawer(asked: Asked) -> Sent:
    """Open a drawer with its float. Raises DrawerOpen, Invalid."""
    wish = asked.body
    drawers.open_drawer(wish.drawer_id, asked.device.id, asked.cashier.id, wish.float.money, key=asked.own_key)
    return Sent(showing.drawer(tills.drawer(wish.drawer_id)), status=201)


@needs(asks=shapes.JoinDrawer, keyed=True, noted="did")
def join_drawer(asked: Asked) -> showing.Shown:
    """Put this till's money into a drawer that another opened. Raises NoSuchDrawer, DrawerClosedAlready, DrawerOpen."""
    drawers.join_drawer(asked.body.drawer_id, asked.device.id)
    return showing.drawer(tills.drawer(asked.body.drawer_id))


@needs(asks=shapes.CashWish, keyed=True, noted="did")
def pay_in(asked: Asked) -> showing.Shown:
    """Money is put in. Raises DrawerNeeded, DrawerInOtherCurrency, Invalid."""
    return _moved(asked, "pay_in")


@needs(asks=shapes.CashWish, keyed=True, noted="did")
def pay_out(asked: Asked) -> showing.Shown:
    """Money is taken out. Raises DrawerNeeded, DrawerShort, DrawerInOtherCurrency, Invalid."""
    return _moved(asked, "pay_out")


def _moved(asked: Asked, kind: str) -> showing.Shown:
    wish, own = asked.body, _own(asked)
    drawers.move_cash(own.id, kind, wish.amount.money, wish.reason, asked.cashier.id, key=asked.own_key)
    return showing.drawer(tills.drawer(own.id))


@needs(noted="saw")
def report(asked: Asked) -> showing.Shown:
    """A reading of the drawer (X). Raises DrawerNeeded."""
    return showing.report(_own(asked), asked.language)


@needs()
def report_escpos(asked: Asked) -> Sent:
    """The same for the printer. Raises DrawerNeeded, Invalid."""
    return Sent(printed_report(_own(asked).id, asked.language, width(asked.request)), media=PRINTER)


@needs(asks=shapes.CloseDrawer, keyed=True, noted="did")
def close_drawer(asked: Asked) -> showing.Shown:
    """Close the drawer and write its report (Z) down for good.

    Raises DrawerNeeded, QueueNotEmpty, DrawerInOtherCurrency, Invalid.
    """
    wish = asked.body
    if wish.queue and not wish.anyway:
        raise QueueNotEmpty(queue=wish.queue)

    def do() -> str:
        own = _own(asked)
        drawers.close_drawer(own.id, wish.counted.money, asked.cashier.id, wish.note)
        return str(own.id)

    return showing.report(tills.drawer(UUID(asked.once("close-drawer", do))), asked.language)
