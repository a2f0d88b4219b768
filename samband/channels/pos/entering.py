"""Coming in: a device is enrolled once, and whoever stands at it says who they are."""

from django.http import HttpResponse

from samband.commerce.tills import commands
from samband.commerce.tills import queries as tills
from samband.commerce.tills.refusals import EnrolmentCodeWrong
from samband.staff import pins
from samband.staff import queries as staff

from . import keys, shapes, showing, tries
from .door import Asked, Sent, needs


@needs(device=False, asks=shapes.Enrolment)
def enrol(asked: Asked) -> Sent:
    """A device comes in with a code from the console. Raises EnrolmentCodeWrong, TooMany, Invalid."""
    tries.enrolling.count_address(asked.request)
    device_id, token = commands.enrol(asked.body.code, asked.body.name)
    device = tills.device(device_id)
    if device.kind != "pos":
        raise EnrolmentCodeWrong()

    def leave(response: HttpResponse) -> None:
        keys.remember_device(response, token)
        keys.forget_cashier(response)

    return Sent(showing.device(device, None), status=201, leave=leave)


@needs(cashier=False)
def me(asked: Asked) -> showing.Shown:
    """Which device this is, who stands there, and what drawer is under it."""
    return showing.device(asked.device, asked.found_cashier)


@needs(cashier=False)
def people(asked: Asked) -> showing.Shown:
    """Who may stand at a till of this store."""
    return {
        "staff": [
            {"id": one.id, "name": one.name, "has_pin": one.pin_set_at is not None}
            for one in staff.cashiers(asked.device.location)
        ]
    }


@needs(cashier=False, asks=shapes.SignIn)
def sign_in(asked: Asked) -> Sent:
    """Somebody says who they are by their PIN. Raises WrongPin, PinLocked."""
    device = asked.device
    cashier = pins.sign_in_by_pin(device.location, asked.body.member_id, asked.body.pin, place=f"device:{device.id}")
    token = asked.request.COOKIES.get(keys.DEVICE, "")

    def leave(response: HttpResponse) -> None:
        keys.remember_cashier(response, cashier, device)
        keys.remember_device(response, token)  # a device that is in use is not forgotten

    return Sent(showing.device(device, cashier), leave=leave)


@needs(cashier=False)
def sign_out(asked: Asked) -> Sent:
    """Nobody stands there any more; the device stays."""
    return Sent(leave=keys.forget_cashier)
