"""Coroutines run to their end in a thread of their own: in the tests' own thread a browser's loop may be running."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(asked: Coroutine[Any, Any, T]) -> T:
    """What it returns. Raises what it raises."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, asked).result()
