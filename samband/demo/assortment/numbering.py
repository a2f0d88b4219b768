"""The number under the barcode, for goods that no manufacturer has numbered."""

from hashlib import sha256

IN_STORE = "29"
"""GS1 keeps the prefixes 20 to 29 for numbers that a retailer gives out for use in its own stores."""


def gtin13(sku: str) -> str:
    """Thirteen digits that are always the same for a SKU, check digit included."""
    item = int.from_bytes(sha256(sku.encode()).digest()) % 10**10
    body = f"{IN_STORE}{item:010d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The last digit of a GTIN whose other digits are given (GS1 General Specifications, 7.9)."""
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return str(-weighted % 10)
