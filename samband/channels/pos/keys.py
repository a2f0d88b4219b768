"""Two keys open the till: the device's, which it keeps, and the cashier's, which is good for a shift."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from samband.commerce.tills import queries as tills
from samband.commerce.tills.queries import DeviceView
from samband.commerce.tills.refusals import DeviceUnknown
from samband.kernel.clock import now
from samband.staff import queries as staff
from samband.staff.queries import Cashier

DEVICE, CASHIER = "samband_device", "samband_cashier"
PATH = "/pos/"
DEVICE_LASTS = timedelta(days=400)
"""The longest that browsers keep a cookie; each sign-in renews it."""

SHIFT_LASTS = timedelta(hours=12)
SALT = "till-cashier"


def device_of(request: HttpRequest, *, also_revoked: bool = False) -> DeviceView:
    """The till that is asking. Raises DeviceUnknown, also for a device that is something else."""
    device = tills.by_token(request.COOKIES.get(DEVICE, ""), also_revoked=also_revoked)
    if device.kind != "pos":
        raise DeviceUnknown()
    return device


def cashier_of(request: HttpRequest, device: DeviceView) -> Cashier | None:
    """Who has signed in at this till and may still stand there, if anybody."""
    try:
        member_id, device_id, pin_set_at, began = signing.loads(request.COOKIES.get(CASHIER, ""), salt=SALT)
        over = device_id != str(device.id) or now().timestamp() - began > SHIFT_LASTS.total_seconds()
        cashier = None if over else staff.cashier(UUID(member_id))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    # Another PIN ends the shift, as does a move to another store.
    if cashier is None or cashier.location not in ("", device.location) or _told(cashier.pin_set_at) != pin_set_at:
        return None
    return cashier


def remember_device(response: HttpResponse, token: str) -> None:
    """Let the browser know the device again."""
    _leave(response, DEVICE, token, DEVICE_LASTS)


def remember_cashier(response: HttpResponse, cashier: Cashier, device: DeviceView) -> None:
    """Let the browser know who stands there, until the shift is over."""
    said = [str(cashier.id), str(device.id), _told(cashier.pin_set_at), int(now().timestamp())]
    _leave(response, CASHIER, signing.dumps(said, salt=SALT), SHIFT_LASTS)


def forget_cashier(response: HttpResponse) -> None:
    """Nobody stands there any more."""
    response.delete_cookie(CASHIER, path=PATH, samesite="Strict")


def _leave(response: HttpResponse, name: str, value: str, lasts: timedelta) -> None:
    response.set_cookie(name, value, max_age=lasts, path=PATH, httponly=True, samesite="Strict", secure=settings.SECURE)


def _told(at: datetime | None) -> str:
    return at.isoformat() if at else ""
