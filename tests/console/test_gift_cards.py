"""Gift cards and money that people look after, in the console."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from samband.commerce.payments import asking, books, commands, gift_cards, gift_codes, gift_ledger, payouts, queries
from samband.commerce.payments import transfers as bank
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from tests.console.counter import Counter
from tests.worlds import CUP

CARDS, TRANSFERS = "/console/gift-cards/", "/console/bank-transfers/"


@pytest.fixture
def service(world) -> Counter:
    return Counter("service")


def code_on(service: Counter, page) -> str:
    return re.search(r'<code class="secret"[^>]*>([^<]+)</code>', page.content.decode())[1]


def issued(service: Counter, amount: str = "5 000", **fields) -> str:
    page = service.do(CARDS, "issue", **{"amount": amount, "currency": "ISK", "reason": "goodwill", **fields})
    assert page.status_code == 200, service.words(page)
    return code_on(service, page)


def card_of(code: str) -> gift_ledger.GiftCardView:
    return gift_ledger.by_code(code)


def address_of(code: str) -> str:
    return reverse("console:gift-card", args=[card_of(code).id])


class TestGiftCards:
    def test_a_code_is_shown_once_and_found_by_its_last_four(self, service: Counter) -> None:
        form = service.form(CARDS, "issue") | {"amount": "5 000", "currency": "ISK", "reason": "goodwill"}
        code = code_on(service, service.client.post(CARDS, form))
        assert gift_codes.look_at(code, "x").balance == Money(5_000, "ISK")
        again = service.client.post(CARDS, form)
        assert "its code was shown then" in service.words(again)
        assert code not in again.content.decode()
        assert len(gift_ledger.found()) == 1
        assert f"···· {code[-4:]}" in service.words(service.get(f"{CARDS}?q={code[-4:].lower()}"))
        assert "There is no such gift card" in service.words(service.get(f"{CARDS}?q=0000"))
        for page in (CARDS, address_of(code)):
            assert code not in service.get(page).content.decode()

    @pytest.mark.parametrize(
        "fields",
        [{"amount": "0"}, {"amount": "-5"}, {"amount": "free"}, {"amount": "5.50"}, {"reason": "sold"},
         {"currency": "DOGE"}, {"until": "2020-01-01"}, {"until": "soon"}],
    )  # fmt: skip
    def test_what_makes_no_sense_issues_nothing(self, service: Counter, fields) -> None:
        wish = {"amount": "5000", "currency": "ISK", "reason": "goodwill", **fields}
        assert service.do(CARDS, "issue", **wish).status_code == 422
        assert gift_ledger.found() == ()

    def test_its_ledger_tells_what_happened(self, service: Counter) -> None:
        code = issued(service)
        intent_id = new_id()
        commands.start(intent_id, new_id(), 1_200, "ISK", "gift_card", "gift_card")
        asking.ask_to_authorise(intent_id, code)
        asking.ask_to_refund(intent_id, Money(200, "ISK"), "price", "r")
        words = service.words(service.get(address_of(code)))
        for said in ("Issued", "Spent", "Given back", "As a kindness", "4,000"):
            assert said in words, said

    def test_an_amount_is_put_right_once(self, service: Counter) -> None:
        code = issued(service)
        service.twice(address_of(code), "adjust", amount="1000", way="off", reason="mistake")
        assert card_of(code).balance == Money(4_000, "ISK")
        short = service.do(address_of(code), "adjust", amount="4001", way="off", reason="mistake")
        assert short.status_code == 409
        assert "There is less on the gift card" in service.words(short)
        by = gift_ledger.entries(card_of(code).id)[0].by
        assert by is not None

    def test_cancelled_it_can_no_longer_be_spent(self, service: Counter) -> None:
        code = issued(service)
        service.twice(address_of(code), "cancel", reason="lost")
        assert (card_of(code).state, card_of(code).balance) == ("cancelled", Money(0, "ISK"))
        assert service.deeds(address_of(code)) == set()

    def test_goods_are_sold_as_gift_cards(self, service: Counter) -> None:
        service.twice(CARDS, "sell", sku=CUP, amount="5000", currency="ISK", days="1460")
        assert gift_cards.gift_card_products() == (gift_cards.GiftCardProduct(CUP, Money(5_000, "ISK"), 1460),)
        assert service.do(CARDS, "sell", sku="NOBODY", amount="5000", currency="ISK").status_code == 422
        service.twice(CARDS, "sell-no-more", {"sku": CUP})
        assert gift_cards.gift_card_products() == ()

    def test_there_is_no_other_card(self, service: Counter) -> None:
        assert service.get(reverse("console:gift-card", args=[new_id()])).status_code == 404

    def test_analysts_look_and_change_nothing(self, world) -> None:
        code = issued(Counter("service"))
        analyst = Counter("analyst")
        for page in (CARDS, address_of(code), TRANSFERS):
            assert analyst.deeds(page) == set()
        assert Counter("stock").get(CARDS).status_code == 403


def expected(amount: int = 10_000):
    intent_id = new_id()
    commands.start(intent_id, new_id(), amount, "ISK", "transfer", "transfer")
    asking.ask_to_authorise(intent_id, "")
    return intent_id, bank.expected(queries.intent(intent_id).provider_reference)


class TestTransfers:
    def test_one_is_noted_by_hand_once(self, service: Counter) -> None:
        intent_id, transfer = expected()
        assert "10,000" in service.words(service.get(TRANSFERS))
        form = {"reference": f" {transfer.reference[:8]} {transfer.reference[8:].lower()} ", "currency": "ISK"}
        service.twice(TRANSFERS, "note", amount="4000", **form)
        assert bank.expected(transfer.reference).received == Money(4_000, "ISK")
        told = service.told(service.do(TRANSFERS, "note", amount="7000", entry="B-2", **form))
        assert "What came too much is to be sent back" in told
        assert queries.intent(intent_id).state == "captured"
        service.twice(TRANSFERS, "hand-out", {"payout": payouts.owed()[0].key})
        assert payouts.owed() == ()
        assert list(books.findings()) == []

    def test_a_reference_of_nobody_is_told(self, service: Counter) -> None:
        refused = service.do(TRANSFERS, "note", reference="RF18539007547034", amount="5", currency="ISK")
        assert refused.status_code == 404
        assert "No order waits for a transfer with this reference" in service.words(refused)
        assert 'value="RF18539007547034"' in refused.content.decode()

    def test_a_statement_is_read_and_says_what_came_of_each_line(self, service: Counter) -> None:
        (first, one), (_, other) = expected(), expected()
        text = (
            "id;amount;currency;text\n"
            f"B-1;10.000;ISK;þakka {one.reference}\nB-2;5000;ISK;{other.reference}\nB-3;1;EUR;hvað?\n"
        )
        for said in (("Paid in full", "Part is still missing"), ("Noted before",)):
            form = service.form(TRANSFERS, "statement")
            file = SimpleUploadedFile("bank.csv", text.replace("10.000", "10000").encode("iso-8859-1"))
            page = service.client.post(TRANSFERS, {**form, "file": file})
            assert page.status_code == 200
            words = service.words(page)
            assert all(one in words for one in (*said, "No order waits for it"))
        assert queries.intent(first).state == "captured"
        assert bank.expected(other.reference).missing == Money(5_000, "ISK")

    @pytest.mark.parametrize("body", [b"", b"what?", b"\xff\xfe\x00", b"id;amount\n1;2\n"])
    def test_what_is_no_statement_is_refused_in_words(self, service: Counter, body: bytes) -> None:
        form = service.form(TRANSFERS, "statement")
        page = service.client.post(TRANSFERS, {**form, "file": SimpleUploadedFile("bank.csv", body)})
        assert page.status_code == 422

    def test_money_is_handed_out_once_and_the_order_knows(self, service: Counter) -> None:
        intent_id = new_id()
        commands.start(intent_id, new_id(), 5_000, "ISK", "cash", "cash")
        asking.ask_to_authorise(intent_id, "drawer-1")
        asking.ask_to_refund(intent_id, Money(2_000, "ISK"), "returned", "r")
        assert "From the drawer" in service.words(service.get(TRANSFERS))
        service.twice(TRANSFERS, "hand-out", {"payout": payouts.owed()[0].key})
        assert queries.intent(intent_id).refunded == Money(2_000, "ISK")
        assert "Nothing is to be given back" in service.words(service.get(TRANSFERS))
        gone = service.client.post(
            TRANSFERS, {**service.form(TRANSFERS, "note"), "deed": "hand-out", "payout": "nobody"}
        )
        assert gone.status_code == 404

    def test_the_pages_take_few_statements_however_much_there_is(self, service: Counter) -> None:
        expected()
        before = service.statements(TRANSFERS)
        for _ in range(4):
            expected()
        assert service.statements(TRANSFERS) == before
