"""What whoever stands at a till does, and whom they look up, goes into the record of the staff."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol
from uuid import UUID

import msgspec

from samband.commerce.tills.queries import DeviceView
from samband.kernel.refusal import Refusal
from samband.staff import record
from samband.staff.queries import Cashier

DOOR = "pos"


class Asked(Protocol):
    """What is asked, at which till and by whom."""

    @property
    def found_device(self) -> DeviceView | None: ...

    @property
    def found_cashier(self) -> Cashier | None: ...

    @property
    def body(self) -> Any: ...

    @property
    def about(self) -> list[str]: ...


class Rule(Protocol):
    """What is to be done, and what of it is noted."""

    @property
    def view(self) -> Callable[..., Any]: ...

    @property
    def noted(self) -> str: ...


def of(asked: Asked, rule: Rule, given: Mapping[str, Any]) -> Any:
    """Do as asked, with a note: before a deed is done, and after something was shown."""
    if not rule.noted:
        return rule.view(asked, **given)
    deed = f"{rule.view.__module__.rsplit('.', 1)[-1]}.{rule.view.__name__}"
    about = [*_where(asked), *(f"{name}:{value}" for name, value in given.items()), *_ids(asked.body)]
    with record.acting(record.member(asked.found_cashier.id) if asked.found_cashier else record.NOBODY, DOOR):
        if rule.noted == "saw":
            said = rule.view(asked, **given)
            record.saw(deed, [*about, *asked.about])
            return said
        noted = record.did(deed, about)
        try:
            return rule.view(asked, **given)
        except Refusal as refusal:
            record.refused(deed, refusal.code, about, refuses=noted)
            raise


def _where(asked: Asked) -> Iterator[str]:
    if asked.found_device:
        yield f"device:{asked.found_device.id}"


def _ids(body: Any) -> Iterator[str]:
    """The ids that were sent; nothing else of it is written down."""
    if isinstance(body, msgspec.Struct):
        for name, value in msgspec.structs.asdict(body).items():
            if isinstance(value, UUID):
                yield f"{name.removesuffix('_id')}:{value}"
