"""What the shop would tell somebody who looks at one piece of something, and at a store of ours."""

from samband.commerce.catalog.refusals import NoSuchProduct
from samband.flows.parity import Question, Said, told_of
from samband.flows.shop_window import shop_window

from .storefronts import CHANNEL


def answer(question: Question) -> Said:
    """What the product's page says, and the checkout offers."""
    try:
        window = shop_window(question.slug, CHANNEL, question.market, at=question.at)
    except NoSuchProduct:
        return Said(None)
    return told_of(window, window.offer(question.sku), question, CHANNEL, ("ship", "pickup"))
