"""The database dies under the house: connections are cut, and whole servers stop at once and recover, with fsync on."""

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from samband.conf import postgres
from tests.promises import kill_house
from tests.promises.kill_house import House, dice, opened, sentences, serving
from tests.promises.kill_servers import Buyers, Visitors
from tests.promises.told import Told

_CUT = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() order by random() limit %s
"""


def connections(kills: int) -> Told:
    """Some connections to the database are cut, whatever is being said on them, while people buy and are seen."""
    name = "connections"
    with opened("connections") as house, serving(house, "serve", "--workers", "2") as server:
        throw, cut = dice(name), 0
        buyers, visitors = Buyers.of(house, server.port), Visitors(server.port)
        key = house.given["write_key"]
        with (
            psycopg.connect(house.url, autocommit=True) as admin,
            visitors.at_work(lambda nth: visitors.send(nth, key), clients=1),
            buyers.at_work(buyers.buy),
        ):
            while cut < kills:
                time.sleep(throw.uniform(0.01, 0.25))
                cut += len(admin.execute(_CUT, [throw.choice((1, 1, 2, 4))]).fetchall())
        server.stop()
        after = house.after()
        wrong = [*after["wrong"], *buyers.wrong_after(after), *visitors.wrong, *visitors.lost(house)]
        return Told(cut, len(after["placed"]), sentences(wrong, name), {**buyers.seen, **visitors.seen})


def crashes(kills: int) -> Told:
    """The database's server stops at once, as in a power cut, and recovers: what was acknowledged is there."""
    name = "crashes"
    with _own_cluster() as house, serving(house, "serve", "--workers", "2") as server:
        throw = dice(name)
        buyers, visitors = Buyers.of(house, server.port), Visitors(server.port)
        key = house.given["write_key"]
        with (
            visitors.at_work(lambda nth: visitors.send(nth, key), clients=1),
            buyers.at_work(buyers.buy, clients=4),
        ):
            for _ in range(kills):
                time.sleep(throw.uniform(0.2, 1.5))
                crash(house.home)
                time.sleep(throw.choice((0.0, 0.5)))
                postgres.ensure_running(house.home)
        server.stop()
        after = house.after()
        wrong = [*after["wrong"], *buyers.wrong_after(after), *visitors.wrong, *visitors.lost(house)]
        return Told(kills, len(after["placed"]), sentences(wrong, name), {**buyers.seen, **visitors.seen})


def crash(home: Path) -> None:
    """Kill every process of the home's cluster at once: nothing of what they had in mind is written down."""
    import signal

    from samband.conf.postgres import server
    from samband.conf.postgres.place import Place

    place = Place.under(home)
    server._signal(signal.SIGKILL, *server._processes(place))
    server._wait_for_end(place, 30)


@contextlib.contextmanager
def _own_cluster() -> Iterator[House]:
    """A house on a cluster of its own that keeps what it acknowledges."""
    home = Path(tempfile.mkdtemp(prefix="samband-kills-own-"))
    try:
        with house_on(home) as house:
            yield house
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def house_on(home: Path, local: str = "") -> Iterator[House]:
    """A house that lies, with its durable cluster, in this home; `local` are settings of the cluster's."""
    if local:
        with postgres.using(home):
            (home / "postgres" / "local.conf").write_text(local)
        postgres.stop(home)
    with postgres.using(home) as cluster:
        assert cluster.durable
        environment = {
            **os.environ,
            "SAMBAND_DATABASE_URL": cluster.url,
            "SAMBAND_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "samband.conf.settings",
            "PYTHONPATH": str(kill_house.ROOT),
        }
        house = House(environment, home, {})
        house.run("samband", "migrate")
        told: dict[str, Any] = json.loads(house.run("tests.promises.kill_world").splitlines()[-1])
        house.given = told
        yield house
