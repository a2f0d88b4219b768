"""Holds in a loop, without a server: `python -m samband.bench.holding_alone`, told what to do as `load` is."""

import json
import random
import sys

from .gone_twice import HELD
from .load import stand_by
from .shelves import shelves


def main() -> None:
    """Do the job on standard input."""
    import django

    django.setup()
    from .hold_door import set_aside

    job = json.loads(sys.stdin.readline())
    dice, shares = random.Random(job["seed"]), shelves(job["products"], HELD)
    stand_by(job, lambda: set_aside([dice.choice(share) for share in shares]))


if __name__ == "__main__":
    main()
