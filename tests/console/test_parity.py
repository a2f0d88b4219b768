"""The page that asks every channel the same."""

from samband.commerce.inventory import commands as inventory
from samband.commerce.pricing import commands as pricing
from samband.kernel.ids import new_id
from tests.worlds import CUP, LAMP, REYKJAVIK


def text(admin, path: str) -> str:
    return admin.get(path).content.decode()


def test_channels_that_agree_are_said_to(admin):
    page = text(admin, f"/console/stock/parity/?sku={CUP}&location={REYKJAVIK}")
    assert "No channel says anything else without a stated reason." in page


def test_what_is_kept_for_a_channel_is_named_as_the_reason(admin):
    inventory.fence(new_id(), "shop", REYKJAVIK, CUP, 7)
    page = text(admin, f"/console/stock/parity/?sku={CUP}&location={REYKJAVIK}")
    assert "Some of it is kept for a channel." in page
    assert "40 / 560" in page
    assert "33 / 553" in page


def test_a_price_of_one_channel_is_named(admin):
    pricing.save_price_list("till-only", "ISK", channel="pos", names={"en": "Only at the till"})
    pricing.set_prices("till-only", {LAMP: 9_990})
    page = text(admin, f"/console/stock/parity/?sku={LAMP}&location={REYKJAVIK}")
    assert "A price or an offer holds only there: Only at the till." in page


def test_nonsense_is_asked_for_politely(admin):
    assert "Drawn by lot" in text(admin, "/console/stock/parity/?sku=%00%ff&location=NOWHERE")
