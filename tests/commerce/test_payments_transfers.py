"""Bank transfers: the payer is told what to write, and is believed once the bank's statement names it. Each once."""

import base64
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import segno.helpers
from django.db import transaction
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.commerce.payments import asking, books, commands, payouts, queries, references, statements, transfers
from samband.commerce.payments.refusals import (
    OtherCurrency,
    StatementUnreadable,
    TransferNotedOtherwise,
    UnknownPayout,
    UnknownTransfer,
)
from samband.commerce.payments.rules import TRANSFER_LASTS
from samband.events.payments import PaymentChallenged, PaymentRefunded
from samband.kernel.clock import held_at, now
from samband.kernel.ids import READABLE, new_id
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid
from tests.commerce import qr_reading
from tests.commerce.paying import at_once, days_go_by, eur, stands, told
from tests.undefended import undefend

ACCOUNT = "IS140159260076545510730339"
IN_DATABASE = pytest.mark.django_db(transaction=True)


def expected(amount: int = 10_000, currency: str = "EUR"):
    intent_id = new_id()
    commands.start(intent_id, new_id(), amount, currency, "transfer", "transfer")
    assert isinstance(asking.ask_to_authorise(intent_id, "", "/back", "is"), PaymentChallenged)
    return intent_id, transfers.expected(queries.intent(intent_id).provider_reference)


def comes(transfer, amount: int, entry: str):
    return transfers.note_transfer(transfer.reference, eur(amount), entry_id=entry)


def owed() -> list[int]:
    return [one.amount.amount for one in payouts.owed()]


def balanced() -> bool:
    return list(books.findings()) == []


class TestReferences:
    @given(st.text(READABLE, min_size=1, max_size=21))
    def test_one_wrong_letter_or_two_swapped_are_noticed(self, body):
        good = references.reference(body)
        assert references.is_reference(good)
        for at in range(4, len(good)):
            among = "0123456789" if good[at].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            other = among[among.index(good[at]) - 1]
            assert not references.is_reference(good[:at] + other + good[at + 1 :])
            if at > 4 and good[at] != good[at - 1] and good[at].isdigit() == good[at - 1].isdigit():
                assert not references.is_reference(good[: at - 1] + good[at] + good[at - 1] + good[at + 1 :])

    def test_a_known_one(self):
        """ISO 11649's own example."""
        assert references.reference("539007547034") == "RF18539007547034"
        assert references.is_iban(ACCOUNT)
        assert not references.is_iban("IS140159260076545510730338")

    @given(st.text(READABLE, min_size=12, max_size=12), st.sampled_from(["{}", "order {}", "{} thanks", "x:{};y"]))
    def test_are_found_in_what_people_write(self, body, written):
        good = references.reference(body)
        for typed in (good, references.shown(good), good.lower()):
            found = references.found_in(written.format(typed))
            assert good in found
            assert all(references.is_reference(one) for one in found)

    @pytest.mark.parametrize("text", ["", "RF", "RF00ABC", "RF1", "order 12345", "\x00", "RF18539007547035"])
    def test_are_not_found_where_there_are_none(self, text):
        assert references.found_in(text) == ()


class TestTheCode:
    def matrix(self, drawn: str) -> list[list[int]]:
        """The code out of the image that we show, as a camera sees it."""
        image = ElementTree.fromstring(base64.b64decode(drawn.partition("base64,")[2]))
        size = int(image.get("width")) // 4
        dark = [[0] * size for _ in range(size)]
        path = next(part.get("d") for part in image.iter() if part.tag.endswith("path"))
        x = y = 0
        for kind, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
            if kind == "M":
                x, y = int(float(first)), int(float(second))
            elif kind == "m":
                x, y = x + int(float(first)), y + int(float(second))
            else:
                for column in range(x, x + int(float(first))):
                    dark[y][column] = 1
                x += int(float(first))
        return [row[4:-4] for row in dark[4:-4]]

    @pytest.mark.parametrize(
        ("payee", "bic", "amount"),
        [("Samband", "", 12_345), ("Þórður & synir ehf.", "ESJAISRE", 100), ("Σάμπαντ", "", 99_999_999)],
    )
    def test_says_the_whole_transfer_as_epc069_12_wants_it(self, payee, bic, amount):
        reference = references.reference("7K2PQXMN44TH")
        code = self.matrix(transfers.epc_code(payee, ACCOUNT, bic, eur(amount), reference))
        lines = qr_reading.read(code).decode({"Σ": "iso-8859-7"}.get(payee[0], "iso-8859-1")).split("\n")
        assert lines == [
            "BCD", "002", "6" if payee[0] == "Σ" else "2", "SCT", bic, payee, ACCOUNT,
            f"EUR{amount / 100:.2f}".rstrip("0").rstrip("."), "", reference,
        ]  # fmt: skip
        assert qr_reading.level(code) == "M"

    def test_there_is_none_for_other_currencies_or_nothing_to_pay(self):
        reference = references.reference("1")
        assert transfers.epc_code("S", ACCOUNT, "", Money(5000, "ISK"), reference) == ""
        assert transfers.epc_code("S", ACCOUNT, "", eur(0), reference) == ""
        assert transfers.epc_code("S", "", "", eur(1), reference) == ""

    def test_the_reader_reads_what_others_wrote(self):
        written = segno.make_qr(b"any bytes \xff\x00 at all" * 5, error="m", boost_error=False)
        assert qr_reading.read(written.matrix) == b"any bytes \xff\x00 at all" * 5


@IN_DATABASE
class TestTransfers:
    def test_the_payer_has_a_week(self):
        intent_id, transfer = expected()
        assert transfer.missing == eur(10_000)
        assert queries.intent(intent_id).challenge_url == f"/hooks/transfer/{transfer.reference}"
        days_go_by(TRANSFER_LASTS.days - 0.5)
        assert stands(intent_id)[0] == "requires_action"
        comes(transfer, 10_000, "b-1")
        assert stands(intent_id) == ("captured", 10_000, 10_000, 0, 0)
        assert balanced()

    def test_after_a_week_nobody_waits_any_more_and_late_money_is_owed_back(self):
        intent_id, transfer = expected()
        start = now()
        days_go_by(TRANSFER_LASTS.days + 2)
        assert queries.intent(intent_id).decline_reason == "challenge_expired"
        with held_at(start + TRANSFER_LASTS + timedelta(days=3)):
            noted = comes(transfer, 10_000, "b-1")
            assert (noted.excess, owed()) == (eur(10_000), [10_000])
            assert stands(intent_id)[0] == "declined"
            assert balanced()

    def test_it_may_come_in_parts_and_too_much_is_owed_back(self):
        intent_id, transfer = expected()
        assert comes(transfer, 4_000, "b-1").missing == eur(6_000)
        assert stands(intent_id)[0] == "requires_action"
        noted = comes(transfer, 6_500, "b-2")
        assert (noted.missing, noted.excess) == (eur(0), eur(500))
        assert stands(intent_id) == ("captured", 10_000, 10_000, 0, 0)
        comes(transfer, 10_000, "b-3")
        assert owed() == [500, 10_000]
        assert balanced()
        (first, second) = payouts.owed()
        assert payouts.pay_out(first.key) is None
        payouts.pay_out(second.key)
        assert owed() == []
        assert balanced()
        assert told(intent_id) == [
            "Started", "Challenged", "payments.TransferNoted", "payments.TransferNoted", "Authorised", "Captured",
            "payments.TransferNoted",
        ]  # fmt: skip

    def test_the_same_transaction_of_the_bank_counts_once_also_at_once(self):
        _, transfer = expected()
        answers = at_once(6, lambda _: comes(transfer, 4_000, "b-1"))
        assert sum(not answer.again for answer in answers) == 1
        assert transfers.expected(transfer.reference).received == eur(4_000)
        with pytest.raises(TransferNotedOtherwise):
            comes(transfer, 4_001, "b-1")
        _, other = expected()
        with pytest.raises(TransferNotedOtherwise):
            comes(other, 4_000, "b-1")
        assert transfers.expected(other.reference).received == eur(0)
        assert balanced()

    def test_several_at_once_sum_up(self):
        intent_id, transfer = expected()
        at_once(5, lambda turn: comes(transfer, 3_000, f"b-{turn}"))
        assert stands(intent_id) == ("captured", 10_000, 10_000, 0, 0)
        assert sum(owed()) == 5_000
        assert balanced()

    @pytest.mark.parametrize(
        ("reference", "amount", "entry", "refusal"),
        [
            ("RF18539007547034", eur(1), "b", UnknownTransfer),
            ("nonsense", eur(1), "b", UnknownTransfer),
            (None, Money(1, "ISK"), "b", OtherCurrency),
            (None, eur(0), "b", Invalid),
            (None, eur(-1), "b", Invalid),
            (None, eur(1), "", Invalid),
            (None, eur(1), "b" * 101, Invalid),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, reference, amount, entry, refusal):
        _, transfer = expected()
        with pytest.raises(refusal):
            transfers.note_transfer(reference or transfer.reference, amount, entry_id=entry)
        assert transfers.expected(transfer.reference).received == eur(0)

    def test_of_an_order_that_is_off_nothing_is_kept(self):
        intent_id, transfer = expected()
        comes(transfer, 4_000, "b-1")
        commands.abandon_order(queries.intent(intent_id).order_id)
        days_go_by(1)
        assert owed() == [4_000]
        comes(transfer, 6_000, "b-2")
        assert sorted(owed()) == [4_000, 6_000]
        assert transfers.expected(transfer.reference).state == "voided"
        assert balanced()

    def test_money_that_comes_between_calling_off_and_letting_go_goes_back(self):
        intent_id, transfer = expected()
        commands.abandon_order(queries.intent(intent_id).order_id)
        comes(transfer, 10_000, "b-1")
        assert queries.intent(intent_id).stray
        days_go_by(1)
        (one,) = payouts.owed(queries.intent(intent_id).order_id)
        assert one.amount == eur(10_000)
        assert isinstance(payouts.pay_out(one.key), PaymentRefunded)
        assert stands(intent_id) == ("refunded", 10_000, 10_000, 0, 10_000)
        assert balanced()

    def test_a_refund_is_under_way_until_somebody_had_the_bank_send_it(self):
        intent_id, transfer = expected()
        comes(transfer, 10_000, "b-1")
        assert asking.ask_to_refund(intent_id, eur(3_000), "returned", "r") is None
        days_go_by(3)
        assert stands(intent_id)[4] == 0
        assert balanced(), "that takes a person, and is no book out of balance"
        (one,) = payouts.owed()
        assert (one.amount, one.reference) == (eur(3_000), transfer.reference)
        answers = at_once(4, lambda _: payouts.pay_out(one.key))
        assert {answer.amount for answer in answers} == {3_000}
        assert stands(intent_id) == ("partly_refunded", 10_000, 10_000, 0, 3_000)
        assert told(intent_id).count("Refunded") == 1
        with pytest.raises(UnknownPayout):
            payouts.pay_out("nobody:refund:x")
        assert balanced()

    @pytest.mark.parametrize(
        "damage",
        [
            "update payments_transfer set received = received + 1",
            "delete from payments_transferentry",
            "update payments_payout set amount = amount + 1",
            "delete from payments_payout",
            "update payments_payout set paid_at = now() where key like '%:refund:%'",
        ],
    )
    def test_books_find_what_does_not_balance(self, damage):
        intent_id, transfer = expected()
        comes(transfer, 10_500, "b-1")
        asking.ask_to_refund(intent_id, eur(3_000), "returned", "r")
        assert balanced()
        with transaction.atomic():
            from django.db import connection

            with connection.cursor() as cursor:
                undefend(cursor, "payments_transfer", "payments_transferentry", "payments_payout")
                cursor.execute(damage)
                found = list(books.findings())
            transaction.set_rollback(True)
        assert found


HEAD = "Id;Amount;Currency;Text\n"


class TestReadingStatements:
    def test_of_several_banks(self):
        good = references.reference("7K2PQXMN44TH")
        for text in (
            f"{HEAD}1;1.234,50;EUR;order {references.shown(good)}\n2;-5,00;EUR;fee\n",
            f"transaction id,date,credit,ccy,details\n1,2026-11-21,1234.50,eur,{good}\n",
            f"\ufeffEntry reference\tAmount\tCurrency\tRemittance information\r\n1\t1 234,50\tEUR\t{good}\r\n\r\n",
            f'id,amount,currency,reference\n1,"1,234.50",EUR,"thanks, {good}"\n',
        ):
            (entry,) = statements.read(text)
            assert (entry.id, entry.amount) == ("1", eur(123_450)), text
            assert good in entry.references, text

    @pytest.mark.parametrize(
        ("text", "row"),
        [
            ("", None), ("Id;Amount\n", None), ("a,b,c\n1,2,3", None), (f"{HEAD}1;2\n", 2), (f"{HEAD};2;EUR;x\n", 2),
            (f"{HEAD}1;2;EUR;x\n2;two;EUR;x\n", 3), (f"{HEAD}1;2;DOGE;x\n", 2), (f"{HEAD}1;1,234;EUR;x\n", 2),
            (f"{HEAD}1;2;EUR;x\n1;3;EUR;y\n", None), (f"{HEAD}1;NaN;EUR;x\n", 2), (f"{HEAD}1;1e9999;EUR;x\n", 2),
            (f"{HEAD}\x00;1;EUR;x\n", 2),
        ],
    )  # fmt: skip
    def test_that_are_none_say_where(self, text, row):
        with pytest.raises(StatementUnreadable) as refused:
            statements.read(text)
        assert refused.value.details.get("row") == row

    @settings(max_examples=200)
    @given(st.text(max_size=300))
    def test_anything_at_all_is_read_or_refused(self, text):
        for head in ("", HEAD, "id,amount,currency,text\n"):
            try:
                statements.read(head + text)
            except StatementUnreadable:
                continue


@IN_DATABASE
class TestTakingStatementsIn:
    def test_each_line_is_noted_by_itself_and_reading_it_again_changes_nothing(self):
        (_, first), (_, second), (_, third) = expected(), expected(), expected()
        text = HEAD + "".join(
            f"{entry};{amount};{currency};{written}\n"
            for entry, amount, currency, written in [
                ("b-1", "100,00", "EUR", first.reference),
                ("b-2", "40,00", "EUR", f"order {references.shown(second.reference)}"),
                ("b-3", "100", "ISK", third.reference),
                ("b-4", "7,00", "EUR", "no idea"),
                ("b-5", "9,00", "EUR", "RF18539007547034"),
            ]
        )
        outcomes = [line.outcome for line in transfers.take_in_statement(text)]
        assert outcomes == ["settled", "partial", "payment_other_currency", "unknown_transfer", "unknown_transfer"]
        again = [line.outcome for line in transfers.take_in_statement(text)]
        assert again == ["again", "again", "payment_other_currency", "unknown_transfer", "unknown_transfer"]
        assert [one.reference for one in transfers.waiting()] == [second.reference, third.reference]
        assert balanced()


@IN_DATABASE
class TestThePage:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_what_to_send_in_the_payers_language(self, client, language):
        intent_id = new_id()
        commands.start(intent_id, new_id(), 129_950, "EUR", "transfer", "transfer")
        asking.ask_to_authorise(intent_id, "", "/thanks", language)
        text = client.get(queries.intent(intent_id).challenge_url).content.decode()
        reference = queries.intent(intent_id).provider_reference
        assert f'lang="{language}"' in text
        assert references.shown(reference) in text
        assert references.shown(ACCOUNT) in text
        assert 'src="data:image/svg+xml;base64,' in text
        assert 'href="/thanks"' in text

    def test_says_when_it_has_come_or_is_waited_for_no_longer(self, client):
        intent_id, transfer = expected()
        page = f"/hooks/transfer/{transfer.reference}"
        comes(transfer, 4_000, "b-1")
        assert "60,00" in client.get(page).content.decode()
        comes(transfer, 6_000, "b-2")
        text = client.get(page).content.decode()
        assert "hefur borist" in text
        assert "svg" not in text
        intent_id, other = expected()
        asking.ask_to_void(intent_id, "v")
        assert "ekki lengur" in client.get(f"/hooks/transfer/{other.reference}").content.decode()

    @pytest.mark.parametrize("reference", ["RF18539007547034", "x", "x" * 500])
    def test_there_is_no_other_transfer(self, client, reference):
        assert client.get(f"/hooks/transfer/{reference}").status_code == 404

    def test_without_euro_there_is_no_code(self, client):
        _, transfer = expected(5_000, "ISK")
        with override_settings(PAYEE_BIC="ESJAISRE"):
            text = client.get(f"/hooks/transfer/{transfer.reference}").content.decode()
        assert "svg" not in text
        assert "ESJAISRE" in text
