"""What the catalog does when it hears something."""

from samband.events.pricing import PricesChanged
from samband.timeline import on

from . import commands


@on(PricesChanged)
def index_prices_anew(event: PricesChanged) -> None:
    commands.freshen(event.skus)
