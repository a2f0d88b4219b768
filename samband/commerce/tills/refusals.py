"""What the tills refuse."""

from samband.kernel.refusal import Conflict, Forbidden, Invalid, NotFound


class DeviceUnknown(Forbidden):
    """This device is not enrolled, or no longer: ask for a code in the console."""

    code = "device_unknown"
    status = 401


class EnrolmentCodeWrong(Forbidden):
    """That code is unknown, used, or too old: ask for another."""

    code = "enrolment_code_wrong"


class NoSuchDevice(NotFound):
    """There is no such device."""

    code = "no_such_device"


class NoSuchDrawer(NotFound):
    """There is no such drawer in this store."""

    code = "no_such_drawer"


class DrawerOpen(Conflict):
    """This device has an open drawer already."""

    code = "drawer_open"


class DrawerNeeded(Conflict):
    """Open a cash drawer first."""

    code = "drawer_needed"


class DrawerClosedAlready(Conflict):
    """This drawer is closed."""

    code = "drawer_closed"


class DrawerShort(Conflict):
    """There is less in the drawer than that; `balance` says how much."""

    code = "drawer_short"


class DrawerInOtherCurrency(Invalid):
    """The drawer holds another currency."""

    code = "drawer_other_currency"


class QueueNotEmpty(Conflict):
    """The device has sales that have not arrived yet: they would come after the closing."""

    code = "queue_not_empty"


class NoSuchSale(NotFound):
    """There is no such sale in conflict in this store."""

    code = "no_such_sale"


class AlreadyResolved(Conflict):
    """Somebody decided about this sale already; `state` says how."""

    code = "already_resolved"


class CannotAccept(Conflict):
    """This sale cannot become an order: it does not add up, or does not say what was sold. It can be cancelled."""

    code = "cannot_accept"
