"""Secrets made at first use: whoever comes at the same moment reads the same one, whole."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from samband.conf import settings

AT_ONCE = 16


@pytest.fixture
def new_home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.delenv("SAMBAND_SECRET_KEY", raising=False)
    return tmp_path


def test_all_who_begin_at_once_read_one_secret(new_home):
    for turn in range(20):
        together = Barrier(AT_ONCE)

        def first_use(name: str = f"secret_{turn}", together: Barrier = together) -> str:
            together.wait()
            return settings._secret(name)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            read = {begun.result() for begun in [pool.submit(first_use) for _ in range(AT_ONCE)]}
        assert len(read) == 1
        assert len(read.pop()) == 64
    assert {path.name for path in (new_home / "secrets").iterdir()} == {f"secret_{turn}" for turn in range(20)}


def test_a_secret_that_is_being_made_is_not_there_until_it_is_whole(new_home, monkeypatch):
    seen = []
    link = settings.os.link
    monkeypatch.setattr(settings.os, "link", lambda *paths: (seen.append(paths[1].exists()), link(*paths)))
    secret = settings._secret("secret_key")
    assert seen == [False]
    assert (new_home / "secrets" / "secret_key").read_text() == secret


def test_a_secret_is_its_owners_alone(new_home):
    settings._secret("secret_key")
    assert (new_home / "secrets" / "secret_key").stat().st_mode & 0o077 == 0
    assert (new_home / "secrets").stat().st_mode & 0o077 == 0


def test_the_environment_comes_first(new_home, monkeypatch):
    monkeypatch.setenv("SAMBAND_SECRET_KEY", "given")
    assert settings._secret("secret_key") == "given"
    assert not (new_home / "secrets").exists()
