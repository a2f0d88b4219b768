"""Kill -9 between any two statements of taking in, then send again: everything stands once, and belongs to somebody."""

import json
import subprocess
import sys

import pytest

from tests.processes import ROOT, own_database
from tests.promises.capture_victim import SHARED

OPEN = """
import django; django.setup()
from tests.channels.capture_client import server_source
print(server_source())
"""

LOOK = """
import json, django; django.setup()
from django.db import connection
from samband.customers.identity import books as identity_books, commands as identity
from samband.customers.touchpoints import books, commands
while identity.resolve():
    pass
def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
from django.db import transaction
with transaction.atomic():
    touched = commands.take_touched(10_000)
print(json.dumps({
    "messages": ask("select count(*) from touchpoints_seen")[0][0],
    "touchpoints": ask("select count(*) from touchpoints_touchpoint")[0][0],
    "nobodys": ask("select count(*) from touchpoints_touchpoint where identifier = 0")[0][0],
    "untouched": ask("select count(distinct identifier) from touchpoints_touchpoint")[0][0] - len(touched),
    "visitors": ask("select count(*) from identity_identifier where kind = 8")[0][0],
    "customers": ask("select count(distinct customer) from identity_identifier")[0][0],
    "findings": [*books.findings(), *identity_books.findings()],
}))
"""


def run(environment, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.django_db(transaction=True)
def test_killed_between_any_two_statements_and_sent_again_is_taken_in_once(tmp_path):
    with own_database("samband_capture_killed") as environment:
        environment = {**environment, "SAMBAND_HOME": str(tmp_path)}
        key = run(environment, "-c", OPEN).split()[-1]
        (whole,) = run(environment, "-m", "tests.promises.capture_victim", given=f"100000 after 0 {key}").splitlines()
        status, statements = whole.split()
        assert status == "200"
        assert int(statements) > 8, "every statement is counted, copies and the commit too"
        lives = [(nth, when) for nth in range(1, int(statements) + 3) for when in ("before", "after")]
        wishes = "\n".join(f"{nth} {when} {1 + number} {key}" for number, (nth, when) in enumerate(lives))
        fates = run(environment, "-m", "tests.promises.capture_victim", given=wishes).splitlines()
        assert fates.count("killed") > int(statements)
        again = run(environment, "-m", "tests.promises.capture_victim", given=wishes)
        assert "failed" not in again
        rest = "\n".join(f"100000 after {1 + number} {key}" for number in range(len(lives)))
        answers = run(environment, "-m", "tests.promises.capture_victim", given=rest).splitlines()
        assert {one.split()[0] for one in answers} == {"200"}
        told = json.loads(run(environment, "-c", LOOK).splitlines()[-1])
        expected = 30 * (len(lives) + 1) + SHARED
        assert told["messages"] == told["touchpoints"] == expected
        assert told["nobodys"] == 0
        assert told["untouched"] == 0, "whoever follows customers hears of everybody"
        assert told["findings"] == []
        assert told["customers"] == told["visitors"], "every visitor and their mail are one customer"
