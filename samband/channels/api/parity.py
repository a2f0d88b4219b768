"""What the API would tell a program that asks for one piece of something, and for a store of ours."""

from samband.commerce.catalog.refusals import NoSuchProduct
from samband.flows.parity import Question, Said, told_of
from samband.flows.shop_window import shop_window

from .cart_answers import CHANNEL


def answer(question: Question) -> Said:
    """What `getOffer` says."""
    try:
        window = shop_window(question.slug, CHANNEL, question.market, at=question.at)
    except NoSuchProduct:
        return Said(None)
    return told_of(window, window.offer(question.sku), question, CHANNEL, ("ship", "pickup"))
