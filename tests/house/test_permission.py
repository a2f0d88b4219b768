"""No message without the right to send it: each kind is declared, and no sender of ours goes around the gate."""

import ast
from pathlib import Path

import pytest

from samband.customers.consent.purposes import PURPOSES
from samband.engagement.messaging.facts import KINDS, TRANSACTIONAL

ROOT = Path(__file__).resolve().parents[2] / "samband"
MAY_SEND = {"engagement/messaging/sending.py"}
"""Where mail is handed to a mail server, after the gate."""
HANDS_OVER = {"send_mail", "send_mass_mail", "EmailMessage", "EmailMultiAlternatives", "mail_admins", "mail_managers"}


@pytest.mark.parametrize(("kind", "purpose"), KINDS.items())
def test_a_message_is_transactional_or_names_the_purpose_it_needs_a_consent_for(kind, purpose):
    assert purpose == TRANSACTIONAL or (purpose in PURPOSES and PURPOSES[purpose].contact), kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_texts(kind):
    folder = ROOT / "engagement/messaging/jinja2/messaging"
    for ending in (".subject.txt", ".txt", ".html"):
        assert (folder / f"{kind}{ending}").exists(), kind + ending


def senders() -> set[str]:
    """Every file that could hand a mail over without asking."""
    found = set()
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("django.core.mail"):
                if {name.name for name in node.names} & HANDS_OVER:
                    found.add(str(file.relative_to(ROOT)))
            elif isinstance(node, ast.Import) and any(name.name in ("smtplib", "anymail") for name in node.names):
                found.add(str(file.relative_to(ROOT)))
    return found


def test_mail_is_handed_over_in_one_place_only():
    assert senders() == MAY_SEND
