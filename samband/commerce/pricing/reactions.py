"""What pricing does when it hears of a product."""

from samband.events.catalog import ProductChanged
from samband.timeline import on

from . import commands, goods


@on(ProductChanged)
def learn_vat_classes(event: ProductChanged) -> None:
    """Keep the class by which a product's SKUs are taxed, so that a bare SKU has the price it has everywhere."""
    if classes := goods.vat_classes(event.skus):
        commands.save_vat_classes(dict(classes))
