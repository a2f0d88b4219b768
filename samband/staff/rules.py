"""Who of the staff may do what, and what a key for the API opens."""

import hashlib
from itertools import pairwise

ROLES: dict[str, frozenset[str]] = {
    "admin": frozenset(
        (
            "orders catalog prices stock pickups customers delivery staff keys sources till tills privacy erase record"
        ).split()
    ),
    "manager": frozenset({"orders", "stock", "pickups", "customers", "till", "tills", "privacy"}),
    "cashier": frozenset({"pickups", "till"}),
    "merchandiser": frozenset({"catalog", "prices", "stock"}),
    "stock": frozenset({"stock", "pickups"}),
    "service": frozenset({"orders", "customers", "pickups", "privacy"}),
    "analyst": frozenset({"orders", "catalog", "sources"}),
}
"""Role and what it opens: the parts of the console; `till`, which is selling at the till itself; and `erase`, which is
giving a customer's data out or away for good. `record` is reading what staff did and saw.
"""

PERSONAL = frozenset({"orders", "customers", "privacy", "keys", "staff"})
"""Parts that show whole people, or hand out keys: whoever opens one proves themselves by two things."""

READ_ONLY = frozenset({"analyst"})

SCOPES: tuple[str, ...] = (
    "catalog:read",
    "catalog:write",
    "prices:read",
    "prices:write",
    "stock:read",
    "stock:write",
    "carts:write",
    "orders:read",
    "orders:write",
    "payments:write",
    "fulfillment:write",
    "customers:read",
    "customers:write",
    "privacy:read",
    "privacy:write",
    "delivery:read",
    "delivery:write",
)
"""What an API key can be allowed."""


PERSONAL_SCOPES = frozenset({"customers:read", "customers:write", "privacy:read", "privacy:write", "orders:read"})
"""Scopes that open what is known of people: what is read or changed by them goes into the record."""


def may(role: str, part: str, *, change: bool = False) -> bool:
    """Whether a role opens a part of the console (to change things there)."""
    return part in ROLES.get(role, frozenset()) and not (change and role in READ_ONLY)


def needs_second_factor(role: str) -> bool:
    """Whether a role needs a second factor where the house has not said otherwise."""
    return bool(ROLES.get(role, frozenset()) & PERSONAL)


def is_weak(pin: str) -> bool:
    """Whether a PIN is no PIN (4 to 8 digits) or the first that anybody tries: one digit only, or digits in a row."""
    if not (4 <= len(pin) <= 8 and pin.isascii() and pin.isdecimal()):
        return True
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def hash_of(secret: str) -> bytes:
    """How a key's secret is kept: it is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()
