"""What somebody needs who pays by bank transfer: account, reference, and a code that their banking app reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from samband.commerce.payments import references, transfers
from samband.commerce.payments.queries import IntentView
from samband.commerce.payments.transfers import TransferView

from .paying import TRANSFER


@dataclass(frozen=True, slots=True)
class TransferBox:
    """A transfer that we wait for, with account and reference in groups of four."""

    transfer: TransferView
    account: str
    reference: str


def waited_for(intents: Iterable[IntentView]) -> TransferBox | None:
    """The transfer among these payments that has not come yet. One statement, none if there is no such."""
    for intent in intents:
        if intent.method == TRANSFER and intent.state == "requires_action":
            found = transfers.expected(intent.provider_reference)
            return TransferBox(found, references.shown(found.account), references.shown(found.reference))
    return None
