"""Prices in the console: lists are opened and filled, and of each price one sees why it holds."""

import pytest

from samband.commerce.pricing import commands, queries
from samband.kernel.ids import new_id
from tests.console.counter import Counter, bought
from tests.worlds import CUP, LAMP, SOFA

LISTS = "/console/prices/"
REGULAR = "/console/prices/lists/isk-regular/"


@pytest.fixture
def merchant(world) -> Counter:
    return Counter("merchandiser")


def price(sku: str, price_list: str = "isk-regular") -> int | None:
    return {one.price_list: one.amount for one in queries.list_prices([sku])}.get(price_list)


def field_of(merchant: Counter, sku: str, address: str = REGULAR) -> str:
    form = merchant.form(address, "prices")
    return next(name.removeprefix("sku-") for name, value in form.items() if name.startswith("sku-") and value == sku)


def test_prices_are_set_and_taken_out_once(merchant: Counter) -> None:
    cup, lamp = field_of(merchant, CUP), field_of(merchant, LAMP)
    merchant.twice(REGULAR, "prices", **{f"amount-{cup}": "1 690", f"amount-{lamp}": ""})
    assert (price(CUP), price(LAMP), price(SOFA)) == (1_690, None, 129_900)
    assert "not for sale" in merchant.words(merchant.get(f"/console/prices/sku/{LAMP}/"))


def test_cents_are_typed_with_a_point_or_a_comma(merchant: Counter) -> None:
    address = "/console/prices/lists/eur-regular/"
    for typed, amount in (("12,50", 1_250), ("12.5", 1_250), ("12", 1_200), ("0.01", 1)):
        merchant.do(address, "prices", **{f"amount-{field_of(merchant, CUP, address)}": typed})
        assert price(CUP, "eur-regular") == amount


@pytest.mark.parametrize("typed", ["-1", "1.5", "free", "1e9", "9" * 20, "1,000.50"])
def test_a_price_that_is_none_sets_no_price_at_all(merchant: Counter, typed: str) -> None:
    refused = merchant.do(
        REGULAR,
        "prices",
        **{f"amount-{field_of(merchant, CUP)}": typed, f"amount-{field_of(merchant, LAMP)}": "15000"},
    )
    assert refused.status_code == 422
    assert "Amount: please give an amount" in merchant.words(refused)
    assert f'value="{typed}"' in refused.content.decode()
    assert (price(CUP), price(LAMP)) == (1_490, 14_900)


def test_a_list_for_a_group_wins_and_tells_why(merchant: Counter) -> None:
    merchant.twice(
        LISTS, "save", code="isk-club", currency="ISK", group="club", names__en="Club price", includes_vat="1"
    )
    address = "/console/prices/lists/isk-club/"
    merchant.do(address, "prices", **{f"amount-{field_of(merchant, CUP, address)}": "1190"})
    plain = merchant.words(merchant.get(f"/console/prices/sku/{CUP}/"))
    club = merchant.words(merchant.get(f"/console/prices/sku/{CUP}/?group=club"))
    assert "Price list Club price, for the group club" not in plain
    assert "ISK1,190 Price list Club price, for the group club instead of ISK1,490 (Regular price)" in club
    order = bought(CUP, group="club")
    admin = Counter("admin")
    assert "Price list Club price, for the group club" in admin.words(admin.get(f"/console/orders/{order.number}/"))


def test_a_list_without_vat_says_what_comes_on_top(merchant: Counter) -> None:
    form = merchant.form(LISTS, "save")
    form.pop("includes_vat")
    merchant.client.post(LISTS, {**form, "code": "isk-net", "currency": "ISK", "priority": "9", "names-en": "Net"})
    address = "/console/prices/lists/isk-net/"
    merchant.do(address, "prices", **{f"amount-{field_of(merchant, CUP, address)}": "1000"})
    page = merchant.words(merchant.get(f"/console/prices/sku/{CUP}/"))
    assert "ISK1,240 Price list Net 24% VAT of IS on top of ISK1,000" in page


def test_a_list_is_changed_once(merchant: Counter) -> None:
    merchant.twice(REGULAR, "save", valid_until="2099-01-01T00:00", priority="3", names__is="Venjulegt verð")
    changed = queries.price_lists()["isk-regular"]
    assert (changed.priority, changed.names["is"], changed.valid_until.year) == (3, "Venjulegt verð", 2099)
    assert changed.includes_vat


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"code": ""}, 422),
        ({"code": "no spaces"}, 422),
        ({"code": "eur-new", "currency": "USD"}, 422),
        ({"code": "isk-regular", "currency": "EUR"}, 409),
        ({"code": "eur-is", "currency": "EUR", "market": "IS"}, 422),
        ({"code": "eur-moon", "currency": "EUR", "market": "XX"}, 404),
        ({"code": "eur-back", "valid_from": "2030-01-01T00:00", "valid_until": "2029-01-01T00:00"}, 422),
        ({"code": "eur-when", "valid_from": "soon"}, 422),
        ({"code": "eur-prio", "priority": "first"}, 422),
    ],
)
def test_a_list_that_cannot_be_is_not_opened(merchant: Counter, fields: dict[str, str], status: int) -> None:
    before = set(queries.price_lists())
    refused = merchant.do(LISTS, "save", **fields)
    assert refused.status_code == status
    assert "alert" in refused.content.decode()
    queries.forget()
    assert set(queries.price_lists()) == before


def test_lists_show_when_they_hold(merchant: Counter) -> None:
    merchant.do(LISTS, "save", code="isk-later", currency="ISK", valid_from="2090-01-01T00:00", names__en="Later")
    page = merchant.words(merchant.get(LISTS))
    assert "Later" in page
    assert "to come" in page


def test_what_is_not_there_is_told_so(merchant: Counter) -> None:
    assert merchant.get("/console/prices/lists/none/").status_code == 404
    assert merchant.get("/console/prices/sku/NONE/").status_code == 404
    assert merchant.get("/console/prices/sku/%00/").status_code == 404


def test_a_clerk_sees_no_prices(world) -> None:
    clerk = Counter("stock")
    csrf = clerk.client.cookies["csrftoken"].value
    sent = {"csrfmiddlewaretoken": csrf, "deed": "prices", "key": str(new_id()), "sku-0": CUP, "amount-0": "1"}
    assert clerk.get(REGULAR).status_code == 403
    assert clerk.client.post(REGULAR, sent).status_code == 403
    assert price(CUP) == 1_490


def test_the_statements_of_prices_are_counted(merchant: Counter) -> None:
    commands.save_price_list("isk-more", "ISK")
    for address in (LISTS, REGULAR):
        merchant.get(address)
    assert merchant.statements(LISTS) == 2
    assert merchant.statements(REGULAR) == 5
    assert merchant.statements(f"/console/prices/sku/{CUP}/") == 7
