"""What is written on a transfer: the account it goes to and the reference by which we know it again.

References are those of ISO 11649 (RF, two check digits), accounts are IBANs (ISO 13616); both are checked modulo 97
as ISO 7064 says.
"""

import re

CURRENCY_OF = {"IS": "ISK", "PL": "PLN", "GB": "GBP"}
"""What an account of this country takes beside euro."""

_REFERENCE = re.compile(r"\bRF[ ]?[0-9]{2}(?:[ ]?[0-9A-Z]){1,21}", re.IGNORECASE)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")


def _modulo_97(text: str) -> int:
    return int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97


def reference(body: str) -> str:
    """The creditor reference for up to 21 letters and digits, with its check digits."""
    bare = body.upper()
    if not re.fullmatch(r"[0-9A-Z]{1,21}", bare):
        raise ValueError("A reference has 1 to 21 letters and digits.")
    return f"RF{98 - _modulo_97(f'RF00{bare}'):02d}{bare}"


def is_reference(text: str) -> bool:
    """Whether this is a creditor reference, with the right check digits."""
    return bool(re.fullmatch(r"RF[0-9]{2}[0-9A-Z]{1,21}", text)) and _modulo_97(text) == 1


def found_in(text: str) -> tuple[str, ...]:
    """What may be a creditor reference in what a payer wrote, however they spaced it; each once, longer ones first.

    More words may follow it: every beginning whose check digits are right is one, and only we know which we gave.
    """
    found: dict[str, None] = {}
    for match in _REFERENCE.finditer(text):
        bare = re.sub(r"\s", "", match[0]).upper()
        found |= {bare[:length]: None for length in range(len(bare), 4, -1) if is_reference(bare[:length])}
    return tuple(found)


def shown(text: str) -> str:
    """In groups of four, as people read and type it."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def is_iban(text: str) -> bool:
    """Whether this is an account number, with the right check digits."""
    return bool(_IBAN.fullmatch(text)) and _modulo_97(text) == 1


def takes(iban: str, currency: str) -> bool:
    """Whether the account takes this currency: euro, and what its own country pays with."""
    return currency == "EUR" or CURRENCY_OF.get(iban[:2]) == currency
