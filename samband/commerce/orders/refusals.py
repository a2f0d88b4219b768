"""What orders refuse."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


class OrderNotFound(NotFound):
    """There is no such order, or it is not yours."""

    code = "order_not_found"


class DoesNotAddUp(Invalid):
    """The lines, shipping and VAT do not sum to the totals."""

    code = "order_does_not_add_up"


class NotADraft(Conflict):
    """Only a draft can be placed; this order has already gone on."""

    code = "order_not_a_draft"


class OrderOver(Conflict):
    """The order is already completed or cancelled."""

    code = "order_over"


class NotPlaced(Conflict):
    """Only a placed order can be completed."""

    code = "order_not_placed"


class CartAlreadySold(Conflict):
    """This cart has become an order before."""

    code = "cart_already_sold"


class NumberTaken(Conflict):
    """Another order has this number."""

    code = "order_number_taken"


class TooFewOrdered(Conflict):
    """There are not so many units left in the order."""

    code = "too_few_ordered"


class NoSuchGroup(NotFound):
    """The order has no such part."""

    code = "no_such_group"
