"""Stock that a till may sell while its line is down."""

from samband.flows import allot_to_till
from samband.flows.allot_to_till import allotment as allotment_of

from . import shapes, showing
from .door import Asked, needs


@needs(cashier=False)
def allotment(asked: Asked) -> showing.Shown:
    """What this till may sell by itself."""
    return {"allotment": showing.allotment(allotment_of(asked.device))}


@needs(asks=shapes.AllotmentWish, keyed=True)
def raise_to(asked: Asked) -> showing.Shown:
    """See that this till has at least so much left, as far as stock goes."""
    device, lines = asked.device, asked.body.lines
    wanted = allot_to_till.choose(device) if lines == "auto" else {line.sku: line.quantity for line in lines}
    # Raising twice to the same is raising once, so the key has nothing to add.
    return {"allotment": showing.allotment(allot_to_till.raise_to(device, wanted))}


@needs(asks=shapes.GiveBackWish, keyed=True)
def give_back(asked: Asked) -> showing.Shown:
    """Free what this till does not need any more."""
    device, lines = asked.device, asked.body.lines
    units = None if lines == "all" else {line.sku: line.quantity for line in lines}

    def do() -> str:
        allot_to_till.give_back(device, units)
        return str(device.id)

    asked.once("give-back", do)
    return {"allotment": showing.allotment(allotment_of(device))}
