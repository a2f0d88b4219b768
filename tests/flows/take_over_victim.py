"""An import that is killed, with every process of it, at a chosen statement: FILE HOME LIVES (0: it lives on).

A folder instead of a file is one of Shopify's exports. Writes how many statements it took if it lived. Batches are
small, so that there are many to be killed in.
"""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import django

django.setup()

from django.db.backends.utils import CursorWrapper  # noqa: E402

from samband.channels.connectors import importing  # noqa: E402
from samband.channels.connectors.progress import Watch  # noqa: E402
from samband.channels.connectors.shopify import import_shopify, taking_over  # noqa: E402
from samband.flows.take_over import goods  # noqa: E402


def main() -> None:
    file, home, lives = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    goods.AT_ONCE = importing.NOTES_AT_ONCE = importing.ORDERS_AT_ONCE = 2
    taking_over.PRODUCTS_AT_ONCE = taking_over.ORDERS_AT_ONCE = 2
    statements = multiprocessing.get_context("fork").Value("q", 0)
    execute, copy = CursorWrapper.execute, CursorWrapper.__getattr__

    def count() -> None:
        with statements.get_lock():
            statements.value += 1
            if statements.value == lives:
                os.killpg(0, signal.SIGKILL)

    def counted_execute(self, *args, **kwargs):
        count()
        result = execute(self, *args, **kwargs)
        count()
        return result

    def counted_attribute(self, name):
        if name == "copy":
            count()
        return copy(self, name)

    CursorWrapper.execute, CursorWrapper.__getattr__ = counted_execute, counted_attribute
    with Watch() as watch:
        if file.is_dir():
            import_shopify(sorted(file.iterdir()), home / "imports", watch)
        else:
            importing.import_online_retail(file, home / "imports", watch)
    print(statements.value)


main()
