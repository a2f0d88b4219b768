"""What the store's pages and the doors for notices ask. A new address fails until it stands here."""

ANYBODY, VISIT, OWNER, BOARD, DOOR, SCREEN, KEY, CODE = "anybody visit owner board door screen key code".split()
"""Nobody in particular; a phone on a visit; whoever placed the order; a station of its kind; a signed key; a code."""

STORE = {
    "k/<str:token>": CODE, "k/<str:token>/": CODE,
    "kiosk/": ANYBODY, "kiosk/arrive/": CODE, "kiosk/leave/": ANYBODY, "kiosk/enrol/": ANYBODY,
    "kiosk/menu/": VISIT, "kiosk/menu/dish/": VISIT, "kiosk/scan/": VISIT, "kiosk/goods/<path:sku>/": VISIT,
    "kiosk/basket/": VISIT, "kiosk/basket/add/": VISIT, "kiosk/basket/line/": VISIT, "kiosk/basket/settle/": VISIT,
    "kiosk/basket/coupon/": VISIT, "kiosk/basket/till/": VISIT, "kiosk/pay/": VISIT, "kiosk/pay/back/": VISIT,
    "kiosk/order/<slug:number>/": OWNER, "kiosk/order/<slug:number>/now/": OWNER,
    "kiosk/station/<str:key>/": KEY,
    "kiosk/board/": BOARD, "kiosk/board/now/": BOARD, "kiosk/board/step/": BOARD,
    "kiosk/door/": DOOR, "kiosk/door/looked/": DOOR,
    "kiosk/screens/": SCREEN, "kiosk/screen/<int:spot>/": SCREEN, "kiosk/screen/<int:spot>/now/": SCREEN,
}  # fmt: skip

SIGNED, REFERENCE = "signed", "reference"
"""A notice that its sender signs; a page for whoever holds a payment's reference."""

NOTICES = {
    "hooks/payments/<slug:provider>": SIGNED, "hooks/carriers/<slug:carrier>": SIGNED,
    "hooks/shopify/<str:source>": SIGNED, "hooks/woocommerce/<str:source>": SIGNED,
    "hooks/bank/<slug:reference>": REFERENCE, "hooks/transfer/<slug:reference>": REFERENCE,
    "hooks/stripe/<slug:reference>": REFERENCE,
}  # fmt: skip
