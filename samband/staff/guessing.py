"""How often passwords, codes and PINs may be tried: over all processes, and so that no stranger shuts anybody out.

Tries are counted before they are made. Strictly for an account from one address; for the account alone in windows that
grow (so that a guesser from many addresses must wait ever longer), which a browser that signed in before is spared: it
has an allowance of its own. And for an address alone, against whoever tries one password on everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from samband.kernel.refusal import TooMany
from samband.tries import commands as tries

from . import refusals

QUARTER, HOUR, DAY = 15 * 60, 60 * 60, 24 * 60 * 60

FROM_ONE_ADDRESS = (8, QUARTER)
FROM_ANYWHERE = ((30, QUARTER), (80, 4 * HOUR), (200, DAY))
"""Fewer than the hundred an hour that ASVS 2.2.1 allows at most."""
ON_ANYBODY = (300, QUARTER)
CODES = ((5, QUARTER), (20, 4 * HOUR), (40, DAY))
"""Codes of six digits, of which three are right at any time: forty a day find one in twenty years."""
RECOVERY_CODES = ((5, QUARTER), (20, DAY))
PASSKEYS_ASKED = (60, QUARTER)
PINS = (30, HOUR)
"""One person's PIN on all tills together; each till counts strictly besides (pins.py)."""


@dataclass(frozen=True)
class Whence:
    """From where somebody tries: the address, and the browser's name if the account was signed in to there before."""

    address: str = ""
    device: str = ""


def count_password(account: str, whence: Whence) -> None:
    """One more password for an account, by its e-mail. Raises TooManyPasswords with `retry_after`, in seconds."""
    try:
        tries.count("password-address", whence.address, *ON_ANYBODY)
        for what, who, most, seconds in _password(account, whence):
            tries.count(what, who, most, seconds)
    except TooMany as error:
        raise refusals.TooManyPasswords(**error.details) from error


def forget_password(account: str, whence: Whence) -> None:
    """It was right."""
    for what, who, _, _ in _password(account, whence):
        tries.forget(what, who)


def _password(account: str, whence: Whence) -> Iterator[tuple[str, str, int, int]]:
    if whence.device:
        yield ("password-device", f"{account} {whence.device}", *FROM_ONE_ADDRESS)
        return
    yield ("password-both", f"{account} {whence.address}", *FROM_ONE_ADDRESS)
    for index, window in enumerate(FROM_ANYWHERE):
        yield (f"password-account-{index}", account, *window)


def count_code(what: str, account: str, windows: tuple[tuple[int, int], ...] = CODES) -> None:
    """One more code of somebody whose password was right. Raises TooManyCodes with `retry_after`, in seconds."""
    try:
        for index, window in enumerate(windows):
            tries.count(f"{what}-{index}", account, *window)
    except TooMany as error:
        raise refusals.TooManyCodes(**error.details) from error


def forget_codes(what: str, account: str, windows: tuple[tuple[int, int], ...] = CODES) -> None:
    """It was right."""
    for index, _ in enumerate(windows):
        tries.forget(f"{what}-{index}", account)
