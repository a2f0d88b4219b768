"""Another shop is opened as a source: the console says where it posts to, and whether we know its secret."""

from pathlib import Path
from typing import Any

import pytest

from samband.customers.touchpoints import queries
from samband.flows import hook_secrets
from tests.channels.signing import hook_setting
from tests.console.counter import Counter

AT = "/console/sources/"


def test_another_shop_is_opened_and_told_where_to_post_to(admin: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    admin.do(AT, "open", name="The shop in Riga", slug="riga-shop", kind="webhook", namespace="riga")
    source = queries.source("riga-shop")
    assert (source.kind, source.namespace, source.has_key, source.needs_consent) == ("webhook", "riga", False, False)
    page = admin.words(admin.get(AT))
    assert "/hooks/shopify/riga-shop" in page
    assert "/hooks/woocommerce/riga-shop" in page
    assert "the secret with which the shop signs is missing" in page
    assert hook_setting("RIGA_SHOP") in page
    monkeypatch.setenv(hook_setting("RIGA_SHOP"), "s3cret")
    page = admin.words(admin.get(AT))
    assert "is missing" not in page
    assert "s3cret" not in page
    admin.do(AT, "close", {"source": "riga-shop"})
    assert "/hooks/shopify/riga-shop" not in admin.words(admin.get(AT))


def test_the_key_of_our_own_pages_is_not_changed_by_hand(admin: Counter) -> None:
    """It follows from the house's secret and stands in every page: another would open nothing they send."""
    page = admin.get(AT).content.decode()
    assert "The shop&#39;s own pages" in page
    assert "Another key" not in page


def test_a_secret_may_lie_in_a_file_and_never_elsewhere(admin: Counter, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    (tmp_path / "secrets").mkdir()
    (tmp_path / "outside").write_text("not this")
    admin.do(AT, "open", name="Shop", slug="shop.of-two", kind="webhook")
    assert list(hook_secrets.secrets_of("shop.of-two")) == []
    (tmp_path / "secrets" / "hook_shop_of_two").write_text("one\n\n two \n")
    assert list(hook_secrets.secrets_of("shop.of-two")) == [b"one", b"two"]
