"""What payments refuse."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


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
