"""The long run: every attack on every promise, with as many attempts as are asked for.

    python -m tests.promises.fire [--attempts 10000] [--kills 300] [--only NAME ...] [--json]

It makes a database of its own on the cluster named by SAMBAND_DATABASE_URL, or on one of the tests' own, and says of
each attack what came of it, and in the end whether the books balance. It ends with 1 if any promise was broken.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from tests.promises.told import Told

Attack = Callable[[int], Told]


def attacks() -> Iterator[tuple[str, Attack, bool]]:
    """Every attack by name, and whether its number is one of kills."""
    from tests.promises import kills, races

    registries: tuple[tuple[Mapping[str, Attack], bool], ...] = ((races.ATTACKS, False), (kills.ATTACKS, True))
    for registry, is_kill in registries:
        for name, attack in registry.items():
            yield name, attack, is_kill


def main(arguments: list[str] | None = None) -> int:
    """Run them, one line each."""
    asked = _asked(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samband.conf.settings")
    import django

    from tests import cluster as cluster  # names the database's address, before Django reads it

    django.setup()
    from tests.promises import racing

    broken, told_of = 0, []
    with racing.opened("samband_fire") as house:
        for name, attack, is_kill in attacks():
            if asked.only and name not in asked.only:
                continue
            told, seconds = _timed(attack, asked.kills if is_kill else asked.attempts)
            broken += len(told.violations)
            told_of.append({"name": name, "attempts": told.attempts, "won": told.won, "seconds": round(seconds, 1),
                            "violations": list(told.violations), "seen": dict(told.seen)})  # fmt: skip
            if not asked.json:
                _say(name, told, seconds)
        findings = house.settled()
        broken += len(findings)
        if asked.json:
            print(json.dumps({"attacks": told_of, "findings": findings}, indent=1))
        else:
            _say_books(findings)
    return 1 if broken else 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.promises.fire", description="Attack every promise.")
    parser.add_argument("--attempts", type=int, default=10_000, help="races raced for each invariant")
    parser.add_argument("--kills", type=int, default=300, help="processes killed for each path")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this attack; may be given again")
    parser.add_argument("--json", action="store_true", help="one JSON object in the end instead of lines")
    return parser.parse_args(arguments)


def _timed(attack: Attack, number: int) -> tuple[Told, float]:
    began = time.monotonic()
    return attack(number), time.monotonic() - began


def _say(name: str, told: Told, seconds: float) -> None:
    answers = ", ".join(f"{count} {what}" for what, count in sorted(told.seen.items()))
    print(f"{name}: {told.attempts} attempts, {told.won} won, {len(told.violations)} violations, {seconds:.1f} s"
          f"{f' ({answers})' if answers else ''}", flush=True)  # fmt: skip
    for violation in told.violations[:20]:
        print(f"  ✗ {violation}", flush=True)


def _say_books(findings: list[str]) -> None:
    if not findings:
        print("samband audit: every book balances; state equals replay", flush=True)
    for finding in findings[:50]:
        print(f"  ✗ {finding}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
