"""Many processes know and assert the same at once, several take it in, people take it back meanwhile, and some die."""

import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, transaction

from samband.customers.identity import books, commands, queries
from samband.customers.identity.models import Assertion, Identifier, Pending
from samband.customers.identity.refusals import AlreadyTakenBack
from samband.kernel.identifier import Identifier as Known
from tests.customers.graphs import AT, Said, named, say, whole
from tests.processes import ROOT, own_database

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = [named(kind, nth) for kind in ("account", "email", "phone", "cookie", "device") for nth in range(12)]


@pytest.fixture(autouse=True)
def books_balance():
    yield
    while commands.resolve():
        pass
    assert list(books.findings()) == []


def sayings(seed: int, count: int) -> list[Said]:
    dice = random.Random(seed)
    rules = ("verified", "stated", "signed_in", "user")
    return [(*dice.sample(PEOPLE, 2), dice.choice(rules), dice.choice(("web", "crm"))) for _ in range(count)]


def at_once(*deeds: Callable[[], object]) -> None:
    """Do all of these at the same moment, each on a connection of its own."""
    ready = threading.Barrier(len(deeds))
    failed: list[BaseException] = []

    def do(deed: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            deed()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def tell(seed: int, batches: int = 12, resolving: bool = False) -> None:
    """As a capture process does: identifiers and pairs of a batch in one transaction, in whatever order they came."""
    for nth in range(batches):
        with transaction.atomic():
            commands.edition()
            say(sayings(seed * 1000 + nth, 15))
        if resolving:
            commands.resolve(7)


def test_whoever_is_known_by_many_at_once_has_one_number():
    seen: list[dict[UUID, int]] = []
    turned = [random.Random(seed).sample(PEOPLE, len(PEOPLE)) for seed in range(6)]

    def know(order: list[Known]) -> Callable[[], object]:
        return lambda: seen.append(commands.know(order, AT))

    at_once(*map(know, turned))
    assert all(one == seen[0] for one in seen)
    assert Identifier.objects.count() == len(PEOPLE)


def test_many_tell_while_several_take_in_and_the_outcome_is_that_of_one_who_told_it_all():
    at_once(*(lambda seed=seed: tell(seed) for seed in range(4)), *(lambda: take_in(40) for _ in range(3)))
    while commands.resolve():
        pass
    assert Pending.objects.count() == 0
    kept = whole()
    for one in Identifier.objects.all():
        Identifier.objects.filter(pk=one.pk).update(customer=one.key, shared=False)
    commands.reconsider()
    while commands.resolve():
        pass
    assert whole() == kept


def take_in(times: int) -> None:
    for _ in range(times):
        commands.resolve(11)


def test_people_take_back_while_it_is_taken_in():
    tell(1, batches=3)
    ids = list(Assertion.objects.values_list("pk", flat=True))

    def take_back(seed: int) -> Callable[[], None]:
        def deed() -> None:
            for one in random.Random(seed).sample(ids, 15):
                try:
                    commands.retract(one, f"agent {seed}")
                except AlreadyTakenBack:
                    continue
                if one % 2:
                    commands.restore(one, f"agent {seed}")

        return deed

    at_once(take_back(1), take_back(2), lambda: tell(2, batches=6), lambda: take_in(30))


def test_whoever_is_forgotten_while_others_tell_of_them_is_forgotten():
    say(sayings(5, 40))
    commands.resolve()

    def forget_all() -> None:
        for key in {customer for customer, _ in whole().values()}:
            commands.forget(key)

    gone = set(Identifier.objects.values_list("pk", flat=True))
    at_once(forget_all, lambda: tell(6, batches=10), lambda: take_in(30))
    assert not Assertion.objects.filter(a__in=gone - set(_alive())).exists()


def _alive() -> list[int]:
    return list(Identifier.objects.filter(erased_at__isnull=True).values_list("pk", flat=True))


def test_an_erasure_waits_for_those_who_use_the_numbers_they_remember():
    """And afterwards every one of them sees that the edition is another."""
    mail, cookie = named("email", 1), named("cookie", 1)
    say([(mail, cookie, "stated", "web")])
    commands.resolve()
    holding, erased = threading.Event(), threading.Event()
    editions: list[int] = []

    def remember() -> None:
        with transaction.atomic():
            editions.append(commands.edition())
            holding.set()
            with connection.cursor() as cursor:
                waiting = False
                while not waiting:
                    cursor.execute(
                        "select exists (select from pg_locks where not granted"
                        " and pg_backend_pid() = any(pg_blocking_pids(pid)))"
                    )
                    waiting = cursor.fetchone()[0]
            assert not erased.is_set()
            assert queries.find(mail) == mail.key
        editions.append(commands.edition())

    def forget() -> None:
        holding.wait()
        commands.forget(mail.key)
        erased.set()

    at_once(remember, forget)
    erased.wait()
    assert commands.edition() > editions[0]
    assert queries.find(mail) is None


VICTIM = """
import os, random, signal, sys
import django; django.setup()
from django.db import connection, transaction
from samband.customers.identity import commands
from samband.customers.identity.models import Assertion
from tests.customers.graphs import say
from tests.customers.test_identity_races import sayings
seed, lives, when = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
done = 0
def count(execute, sql, params, many, context):
    global done
    done += 1
    if done == lives and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = execute(sql, params, many, context)
    if done == lives:
        os.kill(os.getpid(), signal.SIGKILL)
    return result
with connection.execute_wrapper(count):
    for nth in range(4):
        say(sayings(seed * 10 + nth, 12))
        commands.resolve(9)
        latest = Assertion.objects.order_by("-pk").values_list("pk", flat=True)[:10]
        commands.retract(random.Random(seed + nth).choice(latest), "victim", key=f"{seed}.{nth}")
print(done)
"""

CHECK = """
import json
import django; django.setup()
from samband.customers.identity import books, commands
from samband.customers.identity.models import Moved, Pending
from samband.timeline.models import Entry
from tests.customers.graphs import whole
while commands.resolve():
    pass
kept = whole()
told = {customer for row in Moved.objects.all() for customer in row.customers}
joined = {key for key, (customer, _) in kept.items() if customer != key}
known = {customer for customer, _ in kept.values()}
print(json.dumps([list(books.findings()), Pending.objects.count(), len(joined), len(told & known)]))
"""


def test_killed_anywhere_nothing_is_half_taken_in():
    dice = random.Random(20261122)
    with own_database("samband_identity") as environment:

        def run(*arguments: str) -> subprocess.CompletedProcess:
            return subprocess.run(
                [sys.executable, "-c", *arguments],
                env=environment,
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=120,
            )

        whole_life = run(VICTIM, "1", "100000", "after")
        assert whole_life.returncode == 0, whole_life.stderr
        statements = int(whole_life.stdout)
        deaths = 0
        for seed in range(2, 12):
            died = run(VICTIM, str(seed), str(dice.randint(1, statements)), dice.choice(("before", "after")))
            deaths += died.returncode == -signal.SIGKILL
            assert died.returncode in (0, -signal.SIGKILL), died.stderr
        assert deaths >= 6
        checked = run(CHECK)
        assert checked.returncode == 0, checked.stderr
        findings, pending, joined, told = json.loads(checked.stdout)
        assert (findings, pending) == ([], 0)
        assert joined > 10
        assert told > 0
