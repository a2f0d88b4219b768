"""Scanning with a camera that really sees something: a label in front of it, and the code on a customer's phone."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.browser.pos_camera import film_ean, film_qr
from tests.browser.pos_people import SELLER, enrolment
from tests.browser.pos_till import Till, till
from tests.browser.running import House

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pos")]

STORE = "ATH"
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@pytest.fixture
def device(chromium: Browser, house: House, tmp_path: Path) -> Iterator[Till]:
    with till(chromium.browser_type, tmp_path / "disk", house.address) as device:
        (tmp_path / "disk").mkdir()
        yield device


def stand_before(device: Till, film: Path, house: House) -> None:
    page = device.switch_on([*CAMERA, f"--use-file-for-fake-video-capture={film}"])
    enrolment(house, STORE, "Till with a camera", enrolled=True).let_in(page.context, house.address)
    page.reload()
    device.sign_in(SELLER)
    device.page.locator(".tile").first.wait_for()
    device.page.locator("[data-do=scan]").click()


def test_a_label_before_the_camera_is_put_on_the_ticket(device: Till, house: House, tmp_path: Path):
    sku, gtin = goods(house)
    stand_before(device, film_ean(tmp_path / "label.y4m", gtin), house)
    device.row(sku).wait_for()
    assert device.page.locator("dialog video").count() == 1, "the camera stays open for the next label"
    assert device.page.locator(".lines > li").count() == 1


def test_the_code_on_a_phone_says_who_is_buying(device: Till, house: House, tmp_path: Path):
    name, code = customer(house)
    stand_before(device, film_qr(tmp_path / "phone.y4m", code), house)
    device.page.locator(".buyer", has_text=name).wait_for()
    assert device.page.locator("dialog").count() == 0


def goods(house: House) -> tuple[str, str]:
    """Something this store sells, and the thirteen digits on its label."""
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(
            "select v.sku, v.gtin from catalog_variant v join inventory_level l on l.sku = v.sku"
            " where l.location = %s and l.on_hand > 3 and length(v.gtin) = 13 order by v.sku limit 1",
            [STORE],
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


WHO = """
import json
from samband.customers.accounts.models import Customer
from samband.flows.find_customer import code_for
one = Customer.objects.filter(market="GR", email__isnull=False).order_by("created_at").first()
print(json.dumps([one.name, code_for(one.pk)]))
"""


def customer(house: House) -> tuple[str, str]:
    """Somebody, and what their phone shows."""
    name, code = json.loads(house.program(WHO).splitlines()[-1])
    return str(name), str(code)
