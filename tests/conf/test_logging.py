"""Logs are lines of JSON, whoever writes them, and hold nothing of a person's."""

import io
import json
import logging

import pytest
import structlog
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from samband.conf.environment import Misconfigured
from samband.conf.logging import NAME, configure

TYPED = "anna@example.com"


def broken(request, typed):
    values = request.body
    raise ValueError(f"Key (email)=({TYPED}) already exists. {values!r}")


urlpatterns = [path("broken/<typed>", broken)]


@pytest.fixture
def lines(monkeypatch):
    """What has been logged so far, line by line."""
    monkeypatch.delenv("SAMBAND_LOG", raising=False)
    configure({})
    (handler,) = (one for one in logging.getLogger().handlers if one.name == NAME)
    written = io.StringIO()
    before = handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    handler.setStream(before)


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_breaks_is_told_in_one_line_without_what_was_typed(lines):
    client = Client(raise_request_exception=False)
    answer = client.post(f"/broken/{TYPED}", {"email": TYPED})
    assert answer.status_code == 500
    (told,) = lines()
    assert (told["event"], told["error"], told["level"]) == ("Internal Server Error", "ValueError", "error")
    assert (told["method"], told["route"], told["logger"]) == ("POST", "broken/<typed>", "django.request")
    assert told["where"][-1].endswith(" broken")
    assert told["request"] == answer.headers["X-Request-Id"]
    assert TYPED not in json.dumps(told)


def test_what_is_not_there_is_told_without_its_address(lines, db):
    Client().get(f"/{TYPED}/nothing")
    (told,) = lines()
    assert (told["event"], told["status"], told["level"]) == ("Not Found", 404, "warning")
    assert TYPED not in json.dumps(told)


@pytest.mark.parametrize("logger", [logging.getLogger("another.library"), structlog.get_logger("samband.trying")])
def test_errors_are_told_by_kind_and_frames(lines, logger):
    try:
        raise KeyError(TYPED)
    except KeyError:
        logger.exception("went_wrong")
    (told,) = lines()
    assert (told["event"], told["level"], told["error"]) == ("went_wrong", "error", "KeyError")
    assert "test_errors_are_told_by_kind_and_frames" in told["where"][0]
    assert TYPED not in json.dumps(told)


def test_every_record_is_one_line(lines):
    logging.getLogger("another.library").warning("two\nlines of %s", "text")
    logging.getLogger("django.server").error("served")
    structlog.get_logger("samband.trying").warning("happened", order="S7K3M-QX4PD")
    structlog.get_logger("samband.trying").info("too little to tell")
    assert [told["event"] for told in lines()] == ["two\nlines of text", "served", "happened"]
    assert lines()[-1]["order"] == "S7K3M-QX4PD"
    assert [told["logger"] for told in lines()] == ["another.library", "django.server", "samband.trying"]
    assert all(told["timestamp"] for told in lines())


def test_a_level_that_does_not_exist_is_told(monkeypatch):
    monkeypatch.setenv("SAMBAND_LOG", "LOUD")
    with pytest.raises(Misconfigured, match="SAMBAND_LOG is 'LOUD'"):
        configure({})
