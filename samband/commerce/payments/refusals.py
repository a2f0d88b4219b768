"""What payments refuse."""

from samband.kernel.refusal import Conflict, Invalid, NotFound, TooMany


class PaymentNotFound(NotFound):
    """There is no such payment."""

    code = "payment_not_found"


class UnknownProvider(NotFound):
    """We do not work with that payment provider."""

    code = "unknown_payment_provider"


class UnknownMethod(Invalid):
    """That payment method is not offered here."""

    code = "unknown_payment_method"


class PaymentUnderWay(Conflict):
    """A payment for this order is already under way or done."""

    code = "payment_under_way"


class PaymentNotOpen(Conflict):
    """This payment is in a state that does not allow it."""

    code = "payment_not_open"


class MoreThanAuthorised(Conflict):
    """More would be taken than was set aside."""

    code = "more_than_authorised"


class MoreThanCaptured(Conflict):
    """More would be given back than was taken."""

    code = "more_than_captured"


class OtherCurrency(Invalid):
    """The amount is in another currency than the payment."""

    code = "payment_other_currency"


class OtherAmount(Conflict):
    """The provider set another amount aside than was asked for."""

    code = "payment_other_amount"


class UnknownRefundReason(Invalid):
    """Money is given back for one of the listed reasons."""

    code = "unknown_refund_reason"


class ProviderRefused(Conflict):
    """The provider would not do it."""

    code = "payment_provider_refused"


class Forged(Invalid):
    """The notice is not from the payment provider, or was changed on the way."""

    code = "forged_notice"
    status = 400


class CardRefused(Invalid):
    """The card's number, expiry or security code cannot be right."""

    code = "card_invalid"


class ReturnAddressRefused(Invalid):
    """The payer would be sent to another site."""

    code = "return_address_refused"


class MethodNotAvailable(Conflict):
    """This way to pay cannot be had here; `reason` says why."""

    code = "payment_method_not_available"


class UnknownPlan(Invalid):
    """Choose one of the plans that are offered for this amount."""

    code = "unknown_payment_plan"


class UnknownGiftCard(NotFound):
    """There is no gift card with this code."""

    code = "unknown_gift_card"


class TooManyCodes(TooMany):
    """Too many codes that are none were tried; wait a while."""

    code = "too_many_gift_card_codes"


class GiftCardClosed(Conflict):
    """The gift card has expired or was cancelled; `state` says which."""

    code = "gift_card_closed"


class GiftCardShort(Conflict):
    """There is less on the gift card; `left` says how much."""

    code = "gift_card_short"


class GiftCardExists(Conflict):
    """A gift card with this id is there already, with another amount."""

    code = "gift_card_exists"


class GiftCardInUse(Conflict):
    """Part of the gift card is set aside for an order that is being paid."""

    code = "gift_card_in_use"


class UnknownTransfer(NotFound):
    """We expect no transfer with this reference."""

    code = "unknown_transfer"


class TransferNotedOtherwise(Conflict):
    """This transaction of the bank was noted before, for something else."""

    code = "transfer_noted_otherwise"


class UnknownPayout(NotFound):
    """There is no such money to give out."""

    code = "unknown_payout"


class StatementUnreadable(Invalid):
    """The bank statement cannot be read; `row` says where, if it is one row."""

    code = "statement_unreadable"
