"""What people are known by is written down once, whoever writes it, and whose it is follows from what was asserted."""

import pytest

from samband.customers.identity import commands, queries
from samband.customers.identity.rules import Pair
from samband.kernel.clock import now
from samband.kernel.identifier import identifier

pytestmark = pytest.mark.django_db


def test_an_identifier_has_one_number_however_often_it_is_known():
    mail, cookie = identifier("email", "Anna@Example.is"), identifier("cookie", "c-1")
    first = commands.know([mail, cookie, mail], now())
    assert commands.know([cookie, identifier("email", "anna@example.IS ")], now()) == first
    assert queries.numbers([mail.key, cookie.key]) == first
    assert queries.find(mail) == mail.key
    (view,) = queries.members(mail.key)
    assert (view.number, view.kind, view.value) == (first[mail.key], "email", "anna@example.is")
    pair = Pair(*first.values(), "stated", "web", now())
    assert (commands.assert_pairs([pair]), commands.assert_pairs([pair])) == (1, 0)
