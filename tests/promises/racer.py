"""A process of ours that races: it is told line by line what to get ready for, and then, at one word, does it all.

    python -m tests.promises.racer

Each strike has a thread, a database connection and HTTP connections of its own. Asked and answered in JSON:
`["stage", DEED, GIVEN]` does one thing and answers what it returned, `["prepare", [[STRIKE, GIVEN], …]]` answers
"ready", and `["go"]` strikes with all of them and answers how each ended.
"""

import importlib
import json
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

STRIKES = 16
"""Most strikes a process has at once."""

Deed = Callable[[], str]


@cache
def named(name: str) -> Callable[..., Any]:
    """The function that stands for `module:function`."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(f"tests.promises.{module}"), function)
    return found


def ready(place: int, strike: str, given: dict[str, Any]) -> Deed:
    """Everything before the race. Whoever is refused already will only say so."""
    from samband.kernel.refusal import Refusal
    from tests.promises import races_doors

    races_doors.place.set(place)
    try:
        deed: Deed = named(strike)(**given)
        return deed
    except Refusal as refusal:
        told = f"too late: {refusal.code}"
    except Exception as error:
        told = _broken(error)
    return lambda: told


def struck(deed: Deed, together: threading.Barrier) -> str:
    """How a strike ended: "won", "refused: …", or "broken: …", which it never may."""
    from samband.kernel.refusal import Refusal

    together.wait(120)
    try:
        return deed()
    except Refusal as refusal:
        return f"refused: {refusal.code}"
    except Exception as error:
        return _broken(error)


def _broken(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"broken: {type(error).__name__} {str(error)[:300]} ({where.filename.rsplit('/', 1)[-1]}:{where.lineno})"


def main() -> None:
    """Do what is asked until nobody asks."""
    import django

    django.setup()
    say = sys.stdout
    sys.stdout = sys.stderr  # what anybody prints is no answer
    waiting: list[Deed] = []
    with ThreadPoolExecutor(STRIKES) as crowd:
        for line in sys.stdin:
            match json.loads(line):
                case ["stage", name, given]:
                    answer = _staged(name, given)
                case ["prepare", strikes]:
                    waiting = list(crowd.map(ready, range(len(strikes)), *zip(*strikes, strict=True)))
                    answer = "ready"
                case ["go"]:
                    together = threading.Barrier(len(waiting) or 1)
                    answer = list(crowd.map(lambda deed, barrier=together: struck(deed, barrier), waiting))
            say.write(json.dumps(answer) + "\n")
            say.flush()


def _staged(name: str, given: dict[str, Any]) -> Any:
    try:
        return {"done": named(name)(**given)}
    except Exception:
        return {"failed": traceback.format_exc()[-3000:]}


if __name__ == "__main__":
    main()
