"""What pricing says when it will not."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


class UnknownMarket(NotFound):
    """We do not sell in this market."""

    code = "unknown_market"


class UnknownPriceList(NotFound):
    """There is no such price list."""

    code = "unknown_price_list"


class NotForSale(Conflict):
    """This SKU has no price in this market and channel now."""

    code = "not_for_sale"


class NotShippable(Conflict):
    """This market has no rate for sending such goods."""

    code = "not_shippable"


class CurrencyFixed(Conflict):
    """The currency of a market or a price list never changes, for its amounts are kept in it."""

    code = "currency_fixed"


class TooManyLines(Invalid):
    """More lines than one quote may have."""

    code = "too_many_lines"


class TooManyPrices(Invalid):
    """More prices than can be set at once."""

    code = "too_many_prices"


class CouponUsedUp(Conflict):
    """There is no more of this coupon or promotion: others were faster, or it was used before."""

    code = "coupon_used_up"


class UnknownPromotion(NotFound):
    """There is no such promotion."""

    code = "unknown_promotion"


class UnknownCoupon(NotFound):
    """There is no such coupon."""

    code = "unknown_coupon"


class CouponTaken(Conflict):
    """A coupon with this code is there already."""

    code = "coupon_taken"


class TooManyCoupons(Invalid):
    """More coupons than can be made at once."""

    code = "too_many_coupons_at_once"


class PromotionAbsurd(Invalid):
    """This promotion contradicts itself or can never hold; `why` says how."""

    code = "promotion_absurd"


class PromotionTaken(Conflict):
    """Another promotion has this code already."""

    code = "promotion_taken"


class LimitBelowUses(Conflict):
    """It is in use more often than that already."""

    code = "limit_below_uses"
