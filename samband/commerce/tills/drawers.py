"""What can be done with a cash drawer. All its money is movements; its balance is their sum."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max

from samband.events.tills import CashMoved, DrawerClosed, DrawerOpened
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid
from samband.timeline import command

from . import queries
from .models import Device, Drawer, DrawerAtDevice, DrawerMovement
from .refusals import (
    DrawerClosedAlready,
    DrawerInOtherCurrency,
    DrawerNeeded,
    DrawerOpen,
    DrawerShort,
    NoSuchDevice,
    NoSuchDrawer,
)

REASONS = ("change_money", "petty_cash", "bank", "correction", "other")
LONGEST_NOTE = 200


@command
def open_drawer(drawer_id: UUID, device_id: UUID, by: UUID, amount: Money) -> DrawerOpened:
    """Open a drawer under a device, with so much in it (the float). Raises DrawerOpen, NoSuchDevice, Invalid."""
    _check_amount(amount, least=0)
    device = Device.objects.filter(pk=device_id, revoked_at=None).first()
    if device is None:
        raise NoSuchDevice()
    if Drawer.objects.filter(pk=drawer_id).exists():
        raise DrawerOpen(drawer=str(drawer_id))
    Drawer.objects.create(
        pk=drawer_id,
        location=device.location,
        currency=amount.currency,
        opened_at=now(),
        opened_by=by,
        opened_on=device_id,
    )
    _stand_under(device_id, drawer_id)
    _move(drawer_id, f"float:{drawer_id}", "float", amount.amount, by=by)
    return DrawerOpened(
        drawer_id=drawer_id,
        device_id=device_id,
        location=device.location,
        amount=amount.amount,
        currency=amount.currency,
    )


@transaction.atomic(savepoint=False)
def join_drawer(drawer_id: UUID, device_id: UUID) -> None:
    """Let another device of the store put its money into an open drawer.

    Raises NoSuchDrawer, DrawerClosedAlready, DrawerOpen if it has one of its own.
    """
    drawer = Drawer.objects.select_for_update().filter(pk=drawer_id).first()
    device = Device.objects.filter(pk=device_id, revoked_at=None).first()
    if drawer is None or device is None or drawer.location != device.location:
        raise NoSuchDrawer()
    if drawer.state != "open":
        raise DrawerClosedAlready()
    if DrawerAtDevice.objects.filter(device_id=device_id, drawer_id=drawer_id).exists():
        return
    _stand_under(device_id, drawer_id)


def _stand_under(device_id: UUID, drawer_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into tills_draweratdevice (device_id, drawer_id) values (%s::uuid, %s::uuid)"
            " on conflict do nothing",
            [device_id, drawer_id],
        )
        if not cursor.rowcount:
            raise DrawerOpen()


@command
def move_cash(drawer_id: UUID, kind: str, amount: Money, reason: str, by: UUID) -> CashMoved:
    """Put money in (`pay_in`) or take it out (`pay_out`), apart from any sale. `reason`: one of `REASONS`.

    Raises NoSuchDrawer, DrawerClosedAlready, DrawerInOtherCurrency, DrawerShort, Invalid.
    """
    if kind not in ("pay_in", "pay_out"):
        raise Invalid("Money goes in or out.")
    if reason not in REASONS:
        raise Invalid("Say what it is for.", fields=["reason"])
    _check_amount(amount, least=1)
    drawer = _locked(drawer_id)
    if drawer.state != "open":
        raise DrawerClosedAlready()
    if drawer.currency != amount.currency:
        raise DrawerInOtherCurrency(currency=drawer.currency)
    signed = amount.amount if kind == "pay_in" else -amount.amount
    if drawer.balance + signed < 0:
        raise DrawerShort(balance={"amount": drawer.balance, "currency": drawer.currency})
    _move(drawer_id, f"{kind}:{new_id()}", kind, signed, reason=reason, by=by)
    return CashMoved(drawer_id=drawer_id, kind=kind, amount=signed, currency=drawer.currency, reason=reason)


@command
def close_drawer(drawer_id: UUID, counted: Money, by: UUID, note: str = "") -> DrawerClosed:
    """Close a drawer in which so much was counted, and write its report down for good.

    Raises NoSuchDrawer, DrawerClosedAlready, DrawerInOtherCurrency, Invalid.
    """
    _check_amount(counted, least=0)
    if len(note) > LONGEST_NOTE or "\x00" in note:
        raise Invalid("A note has up to 200 characters.", fields=["note"])
    drawer = _locked(drawer_id)
    if drawer.state != "open":
        raise DrawerClosedAlready()
    if drawer.currency != counted.currency:
        raise DrawerInOtherCurrency(currency=drawer.currency)
    with connection.cursor() as cursor:  # two drawers of a store that close at once have different numbers
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 8))", [drawer.location])
    last = Drawer.objects.filter(location=drawer.location).aggregate(last=Max("number"))["last"] or 0
    Drawer.objects.filter(pk=drawer_id).update(
        state="closed",
        closed_at=now(),
        closed_by=by,
        number=last + 1,
        counted=counted.amount,
        expected=drawer.balance,
        note=note,
        report=_report(drawer_id),
    )
    DrawerAtDevice.objects.filter(drawer_id=drawer_id).delete()
    return DrawerClosed(
        drawer_id=drawer_id,
        location=drawer.location,
        number=last + 1,
        expected=drawer.balance,
        counted=counted.amount,
        currency=drawer.currency,
    )


def _report(drawer_id: UUID) -> Mapping[str, Any]:
    return {"sums": queries.sums(drawer_id), "sales": queries.sales_in(drawer_id)}


@transaction.atomic(savepoint=False)
def put_in(drawer_id: UUID, intent_id: UUID, order_id: UUID, amount: Money, by: UUID | None = None) -> bool:
    """The cash of an order's tender is in the drawer: told again, it is in it once. True if that is news.

    If the drawer is closed by now, the money was in it when it was counted, and is noted as late.
    Raises DrawerNeeded if there is no such drawer, DrawerInOtherCurrency.
    """
    _check_drawer(drawer_id, amount)
    return _move(drawer_id, f"sale:{intent_id}", "sale", amount.amount, order_id=order_id, by=by)


@transaction.atomic(savepoint=False)
def pay_back(drawer_id: UUID, key: str, order_id: UUID, amount: Money) -> bool:
    """Cash of an order went back to the customer out of the drawer. `key` names the refund, which is done once."""
    _check_drawer(drawer_id, amount)
    return _move(drawer_id, f"refund:{key}", "refund", -amount.amount, order_id=order_id)


@transaction.atomic(savepoint=False)
def set_apart(drawer_id: UUID, sale_id: UUID, amount: int, by: UUID | None = None, step: str = "in") -> None:
    """Money of a sale in conflict came into the drawer (+), or is no longer apart (-). Each `step` of a sale once."""
    _move(drawer_id, f"unsettled:{sale_id}:{step}", "unsettled", amount, sale_id=sale_id, by=by)


@transaction.atomic(savepoint=False)
def keep_surplus(drawer_id: UUID, sale_id: UUID, amount: int, by: UUID) -> None:
    """Money of a sale that was called off stays in the drawer, as if somebody had put it in."""
    _move(drawer_id, f"surplus:{sale_id}", "pay_in", amount, reason="correction", sale_id=sale_id, by=by)


def _check_drawer(drawer_id: UUID, amount: Money) -> None:
    currency = Drawer.objects.filter(pk=drawer_id).values_list("currency", flat=True).first()
    if currency is None:
        raise DrawerNeeded()
    if currency != amount.currency:
        raise DrawerInOtherCurrency(currency=currency)


def _move(drawer_id: UUID, key: str, kind: str, amount: int, **about: Any) -> bool:
    """Write a movement down and add it to the balance, once. The drawer's row orders all that happens to it."""
    drawer = _locked(drawer_id)
    if DrawerMovement.objects.filter(key=key).exists():
        return False
    DrawerMovement.objects.create(
        key=key, drawer_id=drawer_id, kind=kind, amount=amount, late=drawer.state != "open", at=now(), **about
    )
    Drawer.objects.filter(pk=drawer_id).update(balance=F("balance") + amount)
    return True


def _locked(drawer_id: UUID) -> Drawer:
    drawer = Drawer.objects.select_for_update(no_key=True).filter(pk=drawer_id).first()
    if drawer is None:
        raise NoSuchDrawer()
    return drawer


def _check_amount(amount: Money, least: int) -> None:
    if amount.amount < least:
        raise Invalid("That is not an amount of cash.", fields=["amount"])
