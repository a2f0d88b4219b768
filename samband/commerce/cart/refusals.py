"""What the cart says when it will not."""

from samband.kernel.refusal import Conflict, Forbidden, Invalid, NotFound


class NoSuchCart(NotFound):
    """There is no such cart."""

    code = "no_such_cart"


class NoSuchMarket(NotFound):
    """We do not sell in this market."""

    code = "no_such_market"


class NotYourCart(Forbidden):
    """This cart belongs to somebody else."""

    code = "not_your_cart"


class CartClosed(Conflict):
    """This cart was ordered already, or became part of another."""

    code = "cart_closed"


class CartEdited(Conflict):
    """The cart is no longer what the shopper saw; look again."""

    code = "cart_edited"


class CartEmpty(Conflict):
    """There is nothing in the cart."""

    code = "cart_empty"


class CartFull(Conflict):
    """The cart has as many different things as it can hold."""

    code = "cart_full"


class TooManyCoupons(Conflict):
    """The cart has as many coupons as it can hold."""

    code = "too_many_coupons"


class TooManyOfOne(Invalid):
    """More of one thing than a cart holds."""

    code = "too_many_of_one"


class OtherCurrency(Invalid):
    """The price was seen in another currency than the cart's."""

    code = "other_currency"
