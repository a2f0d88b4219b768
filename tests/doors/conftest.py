"""What holds for everybody who knocks in these tests."""

import pytest
from django.db import connection

from samband.staff import record


@pytest.fixture(autouse=True)
def doomed_is_doomed(monkeypatch):
    """In a test's own transaction a refusal undoes all of it: nothing more can be written down, not even that."""
    refused = record.refused

    def unless_doomed(*given, **more):
        return 0 if connection.in_atomic_block and connection.needs_rollback else refused(*given, **more)

    monkeypatch.setattr(record, "refused", unless_doomed)
