"""One house, one secret."""

import pytest
from django.conf import settings

from samband.customers.identity.keyed import same_secret
from samband.customers.identity.refusals import AnotherSecret
from samband.kernel import identifier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def another_secret():
    yield lambda: identifier.use_secret("another-secret-than-this-house-has")
    identifier.use_secret(settings.IDENTITY_SECRET)


def test_whoever_comes_with_another_secret_is_refused_and_the_first_one_goes_on(another_secret) -> None:
    same_secret()
    same_secret()
    another_secret()
    for _ in range(2):
        with pytest.raises(AnotherSecret):
            same_secret()
    identifier.use_secret(settings.IDENTITY_SECRET)
    same_secret()


def test_the_first_to_ask_says_which_secret_it_is(another_secret) -> None:
    another_secret()
    same_secret()
    identifier.use_secret(settings.IDENTITY_SECRET)
    with pytest.raises(AnotherSecret):
        same_secret()
