"""What a phone in the store would tell somebody who scans the code of one piece of something."""

from samband.commerce.catalog.refusals import NoSuchProduct
from samband.flows.parity import Question, Said, told_of
from samband.flows.shop_window import shop_window

from .pages import CHANNEL


def answer(question: Question) -> Said:
    """What the page behind a shelf says: what is taken along is paid there, the rest goes into the web cart."""
    try:
        window = shop_window(question.slug, CHANNEL, question.market, at=question.at, place=question.location)
    except NoSuchProduct:
        return Said(None)
    return told_of(window, window.offer(question.sku), question, CHANNEL, ("carry", "pickup", "ship"))
