"""We answer to the names that we were given, at every door, and to no other."""

import pytest
from django.test import Client

ADDRESSES = (
    "/",
    "/robots.txt",
    "/console/",
    "/api/v1/health",
    "/api/v1/markets",
    "/api/v1/openapi.json",
    "/hooks/payments/sandbox",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_host_that_is_not_ours_gets_nothing(address, method):
    answer = Client().generic(method, address, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.content) == (400, b"")
    assert answer.headers["X-Request-Id"]


def test_a_host_of_ours_is_answered(db):
    assert Client().get("/robots.txt", headers={"Host": "localhost:8000"}).status_code == 200
