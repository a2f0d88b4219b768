"""Global trade item numbers (GS1 General Specifications, section 7.9: check digit calculations)."""

LENGTHS = (8, 12, 13, 14)


def check_digit(body: str) -> str:
    """The digit that completes these digits: weights 3 and 1 from the right, up to the next ten."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-weighted % 10)


def is_gtin(text: str) -> bool:
    """Whether this is a GTIN-8, -12, -13 or -14 with a true check digit."""
    return len(text) in LENGTHS and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]
