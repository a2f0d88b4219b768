"""Houses for benches to run through in: one is stocked for all tests of a process, and each bench has a copy of it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cache

import psycopg
from psycopg.conninfo import conninfo_to_dict

from samband.bench.house import House, ground, stocked
from tests import patterns


def copies() -> Iterator[Callable[[int], AbstractContextManager[House]]]:
    """Gives what stands in for `fresh_house` while the tests of a process run; it stocks each size once."""
    open_ones = []

    @cache
    def stocked_once(products: int) -> House:
        standing = ground(_migrated())
        open_ones.append(standing)
        return stocked(standing.__enter__(), products)

    @contextmanager
    def copy(products: int) -> Iterator[House]:
        first = stocked_once(products)
        with ground(str(conninfo_to_dict(first.url)["dbname"])) as house:
            shutil.copytree(first.home, house.home, dirs_exist_ok=True)
            with psycopg.connect(house.url, autocommit=True) as session:
                session.execute("vacuum analyze")
            yield replace(house, key=first.key, indexed_seconds=first.indexed_seconds)

    yield copy
    for one in open_ones:
        one.__exit__(None, None, None)


def _migrated() -> str:
    return patterns.migrated(os.environ["SAMBAND_DATABASE_URL"])
