"""Money that people have to look after: transfers that came in, and what is to be handed out or sent back."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderCard
from samband.commerce.payments import payouts, references, transfers
from samband.commerce.payments.refusals import StatementUnreadable
from samband.commerce.payments.transfers import Line
from samband.kernel.money import MINOR_DIGITS
from samband.kernel.refusal import Refusal

from .. import reading
from ..doors import me, opens
from ..pages import Done, answer, page

LARGEST_BYTES = 5_000_000


@opens("orders")
def desk(request: HttpRequest) -> HttpResponse:
    """Transfers that we wait for, forms to note them, and money to give out."""

    def show(refusal: Refusal | None = None, lines: Sequence[Line] = ()) -> HttpResponse:
        waiting, owed = transfers.waiting(), payouts.owed()
        return page(
            request,
            "bank_transfers.html",
            refusal=refusal,
            waiting=waiting,
            owed=owed,
            cards=_cards([one.order_id for one in waiting] + [one.order_id for one in owed]),
            lines=lines,
            shown=references.shown,
            currencies=tuple(MINOR_DIGITS),
        )

    def note(request: HttpRequest) -> Done:
        given = request.POST
        amount = reading.amount(given, "amount", reading.chosen(given, "currency", tuple(MINOR_DIGITS)))
        noted = transfers.note_transfer(
            reading.needed(given, "reference", 60),
            amount,
            entry_id=reading.text(given, "entry", 90) or f"by hand {reading.key(request)}",
            by=me(request).id,
        )
        if noted.missing:
            return Done(_("Noted. Part of the money is still missing."))
        return Done(_("Noted. What came too much is to be sent back.") if noted.excess else _("Noted."))

    def hand_out(request: HttpRequest) -> Done:
        payouts.pay_out(reading.needed(request.POST, "payout", 400), by=me(request).id)
        return Done(_("Noted as given back."))

    if request.method == "POST" and request.POST.get("deed") == "statement":
        try:
            return show(lines=transfers.take_in_statement(_statement(request), by=me(request).id))
        except Refusal as refusal:
            return show(refusal=refusal)
    return answer(request, show, {"note": note, "hand-out": hand_out})


def _statement(request: HttpRequest) -> str:
    """The file that was sent, as text. Raises NotRead, StatementUnreadable."""
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > LARGEST_BYTES:
        raise reading.NotRead(field="file", want="something")
    body: bytes = file.read()
    for encoding in ("utf-8-sig", "iso-8859-1"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise StatementUnreadable()


def _cards(order_ids: Sequence[UUID]) -> dict[UUID, OrderCard]:
    return dict(orders.cards(list(dict.fromkeys(order_ids)))) if order_ids else {}
