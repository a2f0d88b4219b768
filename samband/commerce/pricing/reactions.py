"""What pricing does when it hears of a product."""

from samband.events.catalog import ProductChanged
from samband.timeline import on

from . import commands, goods


@on(ProductChanged)
def learn_of_goods(event: ProductChanged) -> None:
    """Keep by which class a product's SKUs are taxed and in which category they hang.

    So a bare SKU has the price it has everywhere, and a promotion on a category knows it.
    """
    if classes := goods.vat_classes(event.skus):
        commands.save_vat_classes(dict(classes))
    if categories := goods.categories(event.skus):
        commands.save_categories(dict(categories))
