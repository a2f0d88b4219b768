"""What the till's addresses ask of whoever knocks. A new one fails until somebody has decided and put it here."""

NOTHING, DEVICE, CASHIER, PICKUPS, LEADS = "nothing", "device", "cashier", "pickups", "leads"
"""Nobody in particular; an enrolled till; somebody at it who may sell, hand pickups over, or decide on conflicts."""

POS = {
    "enrol": {"post": NOTHING},
    "me": {"get": DEVICE}, "staff": {"get": DEVICE}, "sign-in": {"post": DEVICE}, "sign-out": {"post": DEVICE},
    "snapshot": {"get": DEVICE}, "lookup": {"get": DEVICE}, "search": {"get": DEVICE},
    "allotment": {"get": DEVICE, "post": CASHIER}, "allotment/give-back": {"post": CASHIER},
    "carts": {"post": CASHIER}, "carts/take-over": {"post": CASHIER},
    "carts/<uuid:cart>/look": {"post": CASHIER}, "carts/<uuid:cart>/lines": {"post": CASHIER},
    "carts/<uuid:cart>/coupons": {"post": CASHIER}, "carts/<uuid:cart>/coupons/drop": {"post": CASHIER},
    "carts/<uuid:cart>/customer": {"post": CASHIER}, "carts/<uuid:cart>/hand-out": {"post": CASHIER},
    "carts/<uuid:cart>/slots": {"post": CASHIER}, "carts/<uuid:cart>/methods": {"post": CASHIER},
    "carts/<uuid:cart>/checkout": {"post": CASHIER},
    "customers/find": {"post": CASHIER}, "gift-card": {"post": CASHIER}, "terminal/tokens": {"get": CASHIER},
    "orders/<uuid:order>/pay": {"post": CASHIER}, "orders/<uuid:order>/status": {"post": CASHIER},
    "orders/<uuid:order>/call-off": {"post": CASHIER}, "orders/<uuid:order>/link": {"post": CASHIER},
    "orders/<uuid:order>/receipt": {"get": CASHIER}, "orders/<uuid:order>/receipt.escpos": {"get": CASHIER},
    "orders/<uuid:order>/receipt-mail": {"post": CASHIER}, "receipt.escpos": {"post": DEVICE},
    "payouts": {"get": CASHIER}, "payouts/hand-out": {"post": CASHIER},
    "pickups": {"get": PICKUPS}, "pickups/hand-over": {"post": PICKUPS},
    "drawer": {"get": CASHIER}, "drawers": {"get": CASHIER}, "drawer/open": {"post": CASHIER},
    "drawer/join": {"post": CASHIER}, "drawer/pay-in": {"post": CASHIER}, "drawer/pay-out": {"post": CASHIER},
    "drawer/report": {"get": CASHIER}, "drawer/report.escpos": {"get": CASHIER}, "drawer/close": {"post": CASHIER},
    # A till that was revoked still tells what it sold while its line was down.
    "sync": {"post": DEVICE}, "conflicts": {"get": DEVICE},
    "conflicts/<uuid:sale>/accept": {"post": LEADS}, "conflicts/<uuid:sale>/cancel": {"post": LEADS},
}  # fmt: skip

ALSO_REVOKED = {"sync"}

OPENED_TO = {
    CASHIER: {"admin", "manager", "cashier"},
    PICKUPS: {"admin", "manager", "cashier", "stock", "service"},
    LEADS: {"admin", "manager"},
}
"""Which roles may do what at a till."""

PAGES = {"till", "worker", "manifest", "texts", ""}
"""The app itself, which holds nothing of anybody, and what is at no address."""
