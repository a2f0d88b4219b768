"""What fulfillment refuses, and how it says so."""

from samband.kernel.refusal import Conflict, Invalid, NotFound, Refusal, TooMany, Unavailable


class UnknownFulfillment(NotFound):
    """There is no such fulfillment."""

    code = "unknown_fulfillment"


class FulfillmentExists(Conflict):
    """A fulfillment with this id or number was requested before."""

    code = "fulfillment_exists"


class NotPermitted(Conflict):
    """A fulfillment does not go that way from where it is."""

    code = "fulfillment_not_permitted"


class NotOrdered(NotFound):
    """That SKU is not part of this fulfillment."""

    code = "not_ordered"


class PickedTooMany(Conflict):
    """More was picked than was ordered."""

    code = "picked_too_many"


class NotAllPicked(Conflict):
    """Some goods are not in the basket yet."""

    code = "not_all_picked"


class WrongCode(Conflict):
    """That is not the code of this pickup."""

    code = "wrong_pickup_code"


class CodeLocked(TooMany):
    """Too many wrong codes; wait before trying again."""

    code = "pickup_code_locked"


class StillWaiting(Conflict):
    """The goods are promised to wait longer than this."""

    code = "still_waiting"


class WaitsTooLong(Invalid):
    """Goods wait at the counter for 90 days at most."""

    code = "waits_too_long"


class CannotRoute(Conflict):
    """No places that ship have all of these goods between them."""

    code = "cannot_route"


class NoPromise(Conflict):
    """No date can be promised for this."""

    code = "no_promise"


class InvalidOpening(Invalid):
    """Opening hours cannot be read."""

    code = "invalid_opening"


class UnknownSlot(NotFound):
    """There is no such delivery slot."""

    code = "unknown_slot"


class SlotFull(Conflict):
    """Every place in this delivery slot is taken."""

    code = "slot_full"


class SlotClosed(Conflict):
    """It is too late to order for this delivery slot."""

    code = "slot_closed"


class UnknownSlotRule(NotFound):
    """There is no such rule for delivery slots."""

    code = "unknown_slot_rule"


class InvalidSlotRule(Invalid):
    """Delivery slots cannot be opened by this rule."""

    code = "invalid_slot_rule"


class InvalidLane(Invalid):
    """No carrier can be said to go like this."""

    code = "invalid_lane"


class InvalidPace(Invalid):
    """A location picks one unit an hour at least."""

    code = "invalid_pace"


class TooFewLeft(Conflict):
    """There are not so many units left that could be called off."""

    code = "too_few_left"


class UnknownCarrier(NotFound):
    """There is no such carrier."""

    code = "unknown_carrier"


class Forged(Refusal):
    """The notice is not from this carrier."""

    code = "forged_carrier_notice"
    status = 400


class LabelExists(Conflict):
    """A label for this parcel was bought, or is being bought."""

    code = "label_exists"


class NoLabel(NotFound):
    """No label was bought for this parcel."""

    code = "no_label"


class CarrierRefused(Conflict):
    """The carrier will not carry this."""

    code = "carrier_refused"


class CarrierSilent(Unavailable):
    """The carrier has not answered yet; what it was asked is not lost."""

    code = "carrier_silent"


class UnknownSubstitution(NotFound):
    """Nobody proposed this substitute."""

    code = "unknown_substitution"


class SubstitutionOver(Conflict):
    """This substitute is agreed or declined already, or it is too late to answer."""

    code = "substitution_over"


class ProposedAlready(Conflict):
    """A substitute for these goods is proposed, and not answered yet."""

    code = "substitute_proposed_already"
