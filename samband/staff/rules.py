"""Who of the staff may do what, and what a key for the API opens."""

import hashlib

ROLES: dict[str, frozenset[str]] = {
    "admin": frozenset({"orders", "catalog", "prices", "stock", "pickups", "customers", "delivery", "staff", "keys"}),
    "merchandiser": frozenset({"catalog", "prices", "stock"}),
    "stock": frozenset({"stock", "pickups"}),
    "service": frozenset({"orders", "customers", "pickups"}),
    "analyst": frozenset({"orders", "catalog"}),
}
"""Role and the parts of the console it opens."""

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
    "delivery:read",
    "delivery:write",
)
"""What an API key can be allowed."""


def may(role: str, part: str, *, change: bool = False) -> bool:
    """Whether a role opens a part of the console (to change things there)."""
    return part in ROLES.get(role, frozenset()) and not (change and role in READ_ONLY)


def hash_of(secret: str) -> bytes:
    """How a key's secret is kept: it is 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()
