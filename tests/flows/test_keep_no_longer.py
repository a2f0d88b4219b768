"""What nobody needs any more is let go of by rules of which each can be carried out."""

from datetime import timedelta

import pytest

from samband.customers.consent import queries as consents
from samband.flows.audit import audit
from samband.flows.keep_no_longer import keep_no_longer, preview
from samband.flows.say_consent import answer
from samband.kernel.clock import held_at, now
from samband.kernel.identifier import identifier

pytestmark = pytest.mark.django_db(transaction=True)

BROWSER, OTHER = identifier("cookie", "one"), identifier("cookie", "other")
ANNA = identifier("email", "anna@example.is")


def said(who) -> int:
    return len(consents.history([who.key]))


def test_what_a_browser_agreed_to_is_forgotten_once_it_was_not_seen_for_two_years() -> None:
    long_ago = now() - timedelta(days=800)
    with held_at(long_ago):
        for nth, who in enumerate((BROWSER, OTHER)):
            answer(who, {"analytics": True}, "is", source="shop", channel="shop", key=f"browser-{nth}")
        answer(ANNA, {"newsletter_email": True}, "is", source="shop", channel="shop", key="anna")
    answer(OTHER, {"analytics": False}, "is", source="shop", channel="shop", key="again")
    (waiting,) = [one for one in preview() if one.keeping.rule.code == "browser_answers"]
    assert waiting.count == 1
    assert keep_no_longer("browser_answers") == {"browser_answers": 1}
    assert (said(BROWSER), said(OTHER), said(ANNA)) == (0, 2, 1)
    assert keep_no_longer("browser_answers") == {}
    assert list(audit()) == []
