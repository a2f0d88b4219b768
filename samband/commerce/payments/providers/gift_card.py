"""Gift cards as a way to pay: our own ledger behind the same door as a bank, so that a kill is found the same way."""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from samband.kernel.money import Money

from .. import gift_codes, gift_ledger
from ..gift_ledger import Charge, GiftCardView
from ..offering import Offer
from ..refusals import Forged, UnknownGiftCard
from . import Answer, Approved, Ask, Declined, Notice


class GiftCards:
    """The card's code is the token. What an authorisation holds, spends and gets back goes by its key."""

    name = "gift_card"
    methods: tuple[str, ...] = ("gift_card",)
    signature_header = ""
    at_once = False
    by_hand = False

    def offer(self, method: str, amount: Money) -> Offer:
        return Offer()

    def authorise(self, ask: Ask) -> Answer:
        """Hold so much of the card, or spend it at once. Refusals: see `gift_ledger.check`, TooManyCodes."""
        asker = gift_codes.of_payment(ask.key)
        gift_codes.refuse_guessing(asker)
        try:
            return _once(ask.key, lambda: _authorise(ask))
        except UnknownGiftCard:
            gift_codes.count_wrong(asker)
            raise

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        """Spend what is held, or part of it."""

        def spend(card: GiftCardView, charge: Charge) -> bool:
            if not 0 < amount.amount <= charge.held:
                return False
            gift_ledger.write(card, key, "redeem", 0, -amount.amount, charge=reference)
            return True

        return _once(key, lambda: _deed(reference, key, spend))

    def void(self, reference: str, key: str) -> Answer:
        """Let go of what is held and not spent."""

        def release(card: GiftCardView, charge: Charge) -> bool:
            if not charge.held:
                return False
            gift_ledger.write(card, key, "release", charge.held, -charge.held, charge=reference)
            return True

        return _once(key, lambda: _deed(reference, key, release))

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        """Put back on the card what was spent, also on one that has expired since; a cancelled one takes nothing."""

        def put_back(card: GiftCardView, charge: Charge) -> bool:
            if card.state == "cancelled" or not 0 < amount.amount <= charge.spent:
                return False
            gift_ledger.write(card, key, "refund", amount.amount, charge=reference)
            return True

        return _once(key, lambda: _deed(reference, key, put_back))

    def look_up(self, key: str) -> Answer | None:
        found = gift_ledger.entry(key)
        if found is None:
            return None
        kind, charge, last4 = found
        return Approved(charge, captured=kind == "redeem" and charge == key, paid_with=_shown(last4))

    def read_notice(self, body: bytes, signature: str) -> Notice:
        raise Forged("Gift cards send no notices.")


def _once(key: str, deed: Callable[[], Answer]) -> Answer:
    """Do a deed unless it was done under this key; two at the same moment are one."""
    if answer := GiftCards().look_up(key):
        return answer
    try:
        with transaction.atomic():
            return deed()
    except IntegrityError:
        return GiftCards().look_up(key) or Declined("not_allowed")


def _authorise(ask: Ask) -> Answer:
    card = gift_ledger.by_code(ask.token, lock=True)
    if answer := GiftCards().look_up(ask.key):  # whoever had the card before us may have done this very thing
        return answer
    gift_ledger.check(card, ask.amount)
    amount = ask.amount.amount
    if ask.automatic:
        gift_ledger.write(card, ask.key, "redeem", -amount, charge=ask.key)
    else:
        gift_ledger.write(card, ask.key, "hold", -amount, amount, charge=ask.key)
    return Approved(ask.key, captured=ask.automatic, amount=ask.amount, paid_with=_shown(card.last4))


def _deed(reference: str, key: str, do: Callable[[GiftCardView, Charge], bool]) -> Answer:
    charge = gift_ledger.charge_of(reference)
    if charge is None:
        return Declined("unknown_charge")
    card = gift_ledger.locked(charge.card_id)
    # Look once more: before the card was ours, another deed may have come in between, or this very one. To say no to
    # what was done would leave the money on the card and on the payment.
    if answer := GiftCards().look_up(key):
        return answer
    charge = gift_ledger.charge_of(reference) or charge
    return Approved(reference) if do(card, charge) else Declined("not_allowed")


def _shown(last4: str) -> str:
    return f"gift {last4}"
