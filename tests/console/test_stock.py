"""Stock in the console: what lies where, and the forms for hands and scanners."""

import pytest

from samband.commerce.inventory import commands, queries
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from tests.console.counter import Counter, bought
from tests.worlds import CAKE, CUP, LAMP, LAST_TEN, LONDON, REYKJAVIK, RIGA, SOFA

GTIN = "5690000000015"
"""The sofa's."""


@pytest.fixture
def clerk(world) -> Counter:
    return Counter("stock", location=REYKJAVIK)


def on_hand(sku: str, location: str = REYKJAVIK) -> int:
    return {at.location: at.on_hand for at in queries.available([sku])[sku]}.get(location, 0)


def test_goods_come_in_by_hand_and_by_scanner_once(clerk: Counter) -> None:
    clerk.twice(
        "/console/stock/receive/",
        "receive",
        scanned=f"{GTIN}\n{GTIN} 2\n{CUP}\t5\r\n{CUP};1",
        code__0=LAMP,
        quantity__0="3",
        code__1=CUP,
        reference="delivery note 7",
    )
    assert (on_hand(SOFA), on_hand(CUP), on_hand(LAMP)) == (3 + 3, 40 + 7, 5 + 3)
    assert queries.ledger(CUP)[0].reference == "delivery note 7"


def test_one_wrong_line_books_none_and_says_which(clerk: Counter) -> None:
    for scanned, row, given in ((f"{CUP} 2\nNO-SUCH 4", 2, "NO-SUCH"), ("5690000000022", 1, "5690000000022")):
        refused = clerk.do("/console/stock/receive/", "receive", scanned=scanned)
        assert refused.status_code == 422
        assert f"Line {row}: the catalog knows no SKU or GTIN “{given}”." in clerk.words(refused)
        assert scanned.splitlines()[-1] in refused.content.decode()
    assert on_hand(CUP) == 40


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "SKU is missing."),
        ({"code__0": CUP, "quantity__0": "0"}, "Quantity: please give a whole number"),
        ({"code__0": CUP, "quantity__0": "1.5"}, "Quantity: please give a whole number"),
        ({"code__0": CUP, "quantity__0": "10000000"}, "Quantity: please give a whole number"),
        ({"scanned": f"{CUP} -3"}, "1. Quantity: please give a whole number"),
        ({"code__0": CUP, "location": "MOON"}, "Location: please choose one."),
        ({"code__0": CUP, "reference": "r" * 300}, "Reference: this text is too long."),
        ({"code__0": "x" * 99}, "too long"),
        ({"scanned": "x\x00y"}, "too long"),
        ({"scanned": "CUP\n" * 501}, "too long"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(clerk: Counter, fields: dict[str, str], said: str) -> None:
    refused = clerk.do("/console/stock/receive/", "receive", **fields)
    assert refused.status_code == 422
    assert said in clerk.words(refused)
    assert on_hand(CUP) == 40


def test_a_sku_may_end_in_a_number_of_its_own(clerk: Counter, admin: Counter) -> None:
    form = admin.form("/console/catalog/new/", "save")
    sent = {**form, "names-en": "Bowl", "slug": "bowl", "category": "home", "vsku-0": "BOWL 12"}
    assert admin.client.post("/console/catalog/new/", sent).status_code == 303
    clerk.do("/console/stock/receive/", "receive", scanned="BOWL 12\nBOWL 12 3")
    assert on_hand("BOWL 12") == 4


def test_goods_move_between_locations_once(clerk: Counter) -> None:
    clerk.twice("/console/stock/move/", "move", to_location=RIGA, code__0=CUP, quantity__0="4")
    assert (on_hand(CUP), on_hand(CUP, RIGA)) == (36, 24)


def test_what_somebody_has_a_claim_on_does_not_move(clerk: Counter) -> None:
    bought(SOFA, SOFA)
    refused = clerk.do("/console/stock/move/", "move", to_location=RIGA, scanned=f"{SOFA} 2\n{CUP} 1")
    assert refused.status_code == 409
    assert "SOFA-GREY: 1 free, 2 wanted" in clerk.words(refused)
    assert on_hand(CUP) == 40
    same = clerk.do("/console/stock/move/", "move", to_location=REYKJAVIK, code__0=CUP)
    assert "To: please choose one." in clerk.words(same)


def test_the_books_are_put_right_by_differences_with_a_reason_once(clerk: Counter) -> None:
    clerk.twice(
        "/console/stock/adjust/", "adjust", reason="damaged", scanned=f"{CUP} -2", code__0=LAMP, quantity__0="1"
    )
    assert (on_hand(CUP), on_hand(LAMP)) == (38, 6)
    page = clerk.words(clerk.get(f"/console/stock/sku/{CUP}/"))
    assert "Adjusted: Damaged" in page
    assert "-2" in page
    unreasoned = clerk.do("/console/stock/adjust/", "adjust", reason="counted", code__0=CUP)
    assert "Reason: please choose one." in clerk.words(unreasoned)


def test_a_count_sets_what_is_on_hand_once_and_adds_up_what_was_counted_in_two_places(clerk: Counter) -> None:
    clerk.twice("/console/stock/count/", "count", scanned=f"{CUP} 30\n{CUP} 7\n{CAKE} 0")
    assert (on_hand(CUP), on_hand(CAKE)) == (37, 0)
    right = clerk.do("/console/stock/count/", "count", scanned=f"{CUP} 37")
    assert "the books were right" in clerk.told(right)


def test_less_than_is_set_aside_cannot_be_counted(clerk: Counter) -> None:
    bought(SOFA, SOFA)
    refused = clerk.do("/console/stock/count/", "count", scanned=f"{SOFA} 1")
    assert refused.status_code == 409
    assert "SOFA-GREY: 2 set aside, 1 would be left" in clerk.words(refused)
    assert on_hand(SOFA) == 3


def test_a_form_that_is_sent_again_with_other_goods_is_not_the_same_form(clerk: Counter) -> None:
    form = clerk.form("/console/stock/receive/", "receive")
    clerk.client.post("/console/stock/receive/", {**form, "code-0": CUP})
    other = clerk.client.post("/console/stock/receive/", {**form, "code-0": LAMP})
    assert other.status_code == 422
    assert "This form was sent before with other content." in clerk.words(other)
    assert (on_hand(CUP), on_hand(LAMP)) == (41, 5)


def test_safety_stock_is_never_promised(clerk: Counter) -> None:
    address = f"/console/stock/sku/{CUP}/"
    clerk.twice(address, "safety", {"location": REYKJAVIK}, safety="10")
    (there,) = [at for at in queries.available([CUP])[CUP] if at.location == REYKJAVIK]
    assert (there.safety, there.available) == (10, 30)
    assert clerk.do(address, "safety", {"location": REYKJAVIK}, safety="-1").status_code == 422


def test_stock_is_found_by_sku_gtin_and_name(clerk: Counter) -> None:
    for text in ("SOFA-G", GTIN, "sofa"):
        page = clerk.words(clerk.get(f"/console/stock/?q={text}"))
        assert "SOFA-GREY" in page, text
        assert "LAMP" not in page, text
    here = clerk.words(clerk.get("/console/stock/"))
    everywhere = clerk.words(clerk.get("/console/stock/?location=all"))
    assert "LAST-TEN" not in here
    assert "LAST-TEN" in everywhere
    assert "Nothing of that lies here." in clerk.words(clerk.get("/console/stock/?q=nothing"))


def test_levels_are_paged(clerk: Counter, monkeypatch) -> None:
    monkeypatch.setattr("samband.commerce.inventory.queries.LEVELS_A_PAGE", 2)
    first, second = (clerk.get(f"/console/stock/?location={LONDON}&page={page}").content.decode() for page in (1, 2))
    assert "page=2" in first
    assert "page=1" in second
    assert [LAST_TEN in page for page in (first, second)] == [False, True]
    assert [f">{LAMP}<" in page for page in (first, second)] == [True, False]


def test_a_sku_shows_who_has_a_claim_and_its_ledger(clerk: Counter) -> None:
    order = bought(SOFA)
    page = clerk.words(clerk.get(f"/console/stock/sku/{SOFA}/"))
    assert order.number in page
    assert "Received" in page
    assert "opening stock" in page
    assert clerk.get("/console/stock/sku/NO-SUCH/").status_code == 404
    assert clerk.get("/console/stock/sku/%00/").status_code == 404
    assert clerk.get(f"/console/stock/sku/{SOFA}/?before=x").status_code == 404


def test_the_ledger_is_paged(clerk: Counter, monkeypatch) -> None:
    for turn in range(5):
        commands.adjust(REYKJAVIK, (Position(REYKJAVIK, CUP, 1),), "found", f"found-{turn}")
    commands.receive(RIGA, (Line(LAMP, 1),), "elsewhere")
    monkeypatch.setattr("samband.console.views.stock.MOVES_A_PAGE", 2)
    seen, address = "", f"/console/stock/sku/{CUP}/"
    while address:
        page = clerk.get(address).content.decode()
        seen += page
        _, more, rest = page.partition('rel="next" href="')
        address = f"/console/stock/sku/{CUP}/" + rest.partition('"')[0] if more else ""
    assert [seen.count(f"found-{turn}") for turn in range(5)] == [1] * 5


def test_a_merchandiser_may_and_a_service_agent_may_not(world) -> None:
    assert Counter("merchandiser").deeds("/console/stock/receive/") == {"receive"}
    service = Counter("service")
    csrf = service.client.cookies["csrftoken"].value
    sent = {"csrfmiddlewaretoken": csrf, "deed": "receive", "key": str(new_id()), "location": RIGA, "code-0": CUP}
    assert service.client.post("/console/stock/receive/", sent).status_code == 403
    assert on_hand(CUP, RIGA) == 20


def test_the_statements_of_stock_are_counted(clerk: Counter) -> None:
    clerk.get("/console/stock/")
    assert clerk.statements("/console/stock/") == 4
    assert clerk.statements(f"/console/stock/sku/{CUP}/") == 5
    assert clerk.statements("/console/stock/receive/") == 2
