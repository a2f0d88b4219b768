"""Codes of states, kinds and reasons as people say them. A code without a word is shown as it is."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere

ORDER_STATES = {
    "draft": N_("Being paid"),
    "placed": N_("Placed"),
    "completed": N_("Completed"),
    "cancelled": N_("Cancelled"),
}
ORDER_KINDS = {"sale": N_("Sale"), "credit": N_("Credit note")}
CANCEL_REASONS = {
    "declined": N_("the payment was declined"),
    "abandoned": N_("the shopper did not pay"),
    "customer": N_("the customer wished it"),
    "retailer": N_("we could not deliver"),
    "pickup_expired": N_("nobody came to pick it up"),
}
PAYMENT_STATES = {
    "created": N_("Begun"),
    "processing": N_("The provider is deciding"),
    "requires_action": N_("Waits for the second factor"),
    "authorised": N_("Set aside"),
    "captured": N_("Taken"),
    "voided": N_("Let go"),
    "declined": N_("Declined"),
    "partly_refunded": N_("Partly refunded"),
    "refunded": N_("Refunded"),
}
MOVEMENTS = {
    "authorise": N_("Set aside"),
    "capture": N_("Taken"),
    "void": N_("Let go"),
    "refund": N_("Given back"),
}
OPERATIONS = {
    "authorise": N_("to set money aside"),
    "capture": N_("to take money"),
    "void": N_("to let money go"),
    "refund": N_("to give money back"),
}
OPERATION_STATES = {
    "open": N_("No answer yet"),
    "lost": N_("Never answered"),
    "refused": N_("Refused"),
    "done": N_("Done"),
}
FULFILLMENT_STATES = {
    "requested": N_("To pick"),
    "picking": N_("Being picked"),
    "ready": N_("Ready for pickup"),
    "handed_over": N_("Handed over"),
    "shipped": N_("On the way"),
    "delivered": N_("Delivered"),
    "expired": N_("Not picked up"),
    "cancelled": N_("Cancelled"),
}
FULFILLMENT_KINDS = {
    "ship": N_("Parcel"),
    "pickup": N_("Pickup"),
    "carry": N_("Taken along"),
    "serve": N_("Served"),
}
LABEL_STATES = {
    "asked": N_("The carrier has not answered yet"),
    "bought": N_("Bought"),
    "refused": N_("Refused by the carrier"),
    "voided": N_("Given back"),
}
PARCEL_MARKS = {
    "announced": N_("The carrier expects it"),
    "on_the_way": N_("On the way"),
    "out_for_delivery": N_("Out for delivery"),
    "delivered": N_("Delivered"),
    "trouble": N_("The carrier is in trouble with it"),
    "returned": N_("Comes back to us"),
}
SUBSTITUTION_STATES = {
    "proposed": N_("Waits for an answer"),
    "agreed": N_("Agreed"),
    "declined": N_("Not wanted"),
    "lapsed": N_("Nobody answered"),
}
DAYS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
MESSAGES = {
    "order_placed": N_("Order confirmation"),
    "order_cancelled": N_("Cancellation"),
    "pickup_ready": N_("Ready for pickup"),
    "pickup_expired": N_("Pickup expired"),
    "parcel_shipped": N_("Parcel sent"),
    "refunded": N_("Refund"),
    "gift_card": N_("Gift card"),
    "receipt": N_("Receipt"),
    "sign_in_code": N_("Code to sign in with"),
    "proof_code": N_("Code to show that an address is theirs"),
    "email_changed": N_("Notice that the e-mail address was changed"),
    "data_ready": N_("Notice that their data is ready"),
    "staff_sign_in_changed": N_("Notice to one of the staff that their sign-in was changed"),
    "newsletter_confirm": N_("Question whether the newsletter is wanted"),
}
MESSAGE_STATES = {
    "queued": N_("Will be sent"),
    "sending": N_("Being sent"),
    "sent": N_("Sent"),
    "failed": N_("Not sent"),
}
MOVE_KINDS = {
    "receive": N_("Received"),
    "import": N_("Opening stock"),
    "issue": N_("Went out"),
    "transfer_in": N_("Moved here"),
    "transfer_out": N_("Moved away"),
    "adjust": N_("Adjusted"),
}
REFUND_REASONS = {
    "goodwill": N_("As a kindness"),
    "damaged": N_("Goods came damaged"),
    "late": N_("Goods came late"),
    "price": N_("The price was wrong"),
    "withdrawn": N_("Withdrawn from the purchase"),
    "returned": N_("Goods brought back"),
    "other": N_("Another reason"),
}
GIFT_CARD_STATES = {
    "open": N_("Can be spent"),
    "expired": N_("Its time is over"),
    "cancelled": N_("Cancelled"),
}
GIFT_CARD_ENTRIES = {
    "issue": N_("Issued"),
    "hold": N_("Set aside"),
    "redeem": N_("Spent"),
    "release": N_("Let go"),
    "refund": N_("Given back"),
    "adjust": N_("Put right"),
    "expire": N_("Its time is over"),
    "cancel": N_("Cancelled"),
}
GIFT_CARD_REASONS = {
    "goodwill": N_("As a kindness"),
    "sold": N_("Sold"),
    "replaced": N_("In place of another"),
    "lost": N_("Lost"),
    "mistake": N_("A mistake"),
    "order_cancelled": N_("The order is off"),
    "other": N_("Another reason"),
}
PAYOUT_WAYS = {
    "cash": N_("From the drawer"),
    "transfer": N_("By bank transfer"),
    "on_delivery": N_("It was paid at the door"),
}
STATEMENT_OUTCOMES = {
    "settled": N_("Paid in full"),
    "partial": N_("Part is still missing"),
    "again": N_("Noted before"),
    "unknown_transfer": N_("No order waits for it"),
    "payment_other_currency": N_("Another currency than the order"),
    "transfer_noted_otherwise": N_("Noted before for something else"),
}
ADJUST_REASONS = {
    "damaged": N_("Damaged"),
    "lost": N_("Lost"),
    "found": N_("Found"),
    "stolen": N_("Stolen"),
    "expired": N_("Past its date"),
    "own_use": N_("Own use"),
    "counted": N_("Counted"),
}
ROLES = {
    "admin": N_("Administrator"),
    "manager": N_("Store manager"),
    "cashier": N_("Cashier"),
    "merchandiser": N_("Merchandiser"),
    "stock": N_("Store and stock"),
    "service": N_("Customer service"),
    "analyst": N_("Analyst"),
}
CHANNELS = {
    "shop": N_("Web shop"),
    "api": N_("Partners and apps"),
    "pos": N_("Point of sale"),
    "kiosk": N_("Phones in the store"),
}
SOURCES = {
    "shop": N_("Web shop"),
    "api": N_("Partners and apps"),
    "console": N_("Console"),
    "import": N_("Imported"),
    "online-retail": N_("Imported: Online Retail"),
    "shopify": N_("Imported: Shopify"),
}
VAT_CLASSES = {"standard": N_("Standard"), "food": N_("Food"), "zero": N_("No VAT")}
SHIPPING_CLASSES = {
    "parcel": N_("Parcel"),
    "bulky": N_("Bulky goods"),
    "store_only": N_("In stores only"),
}
MOMENT_KINDS = {
    "orders": N_("Orders"),
    "goods": N_("Pickups and parcels"),
    "payments": N_("Payments"),
    "messages": N_("Messages"),
    "account": N_("Account"),
    "visits": N_("Visits"),
    "consent": N_("Consent"),
    "identity": N_("Who it is"),
    "segments": N_("Segments"),
}
PURPOSES = {
    "newsletter_email": N_("Newsletter by mail"),
    "offers_sms": N_("Offers by text message"),
    "offers_push": N_("Offers on the phone’s screen"),
    "offers_post": N_("Offers by post"),
    "calls": N_("Telephone calls"),
    "surveys": N_("Questions about how it was"),
    "personalisation": N_("A shop that suits them"),
    "analytics": N_("Statistics of use"),
    "profiling": N_("A profile for offers"),
    "advertising": N_("Advertising elsewhere"),
    "sharing": N_("Passing on to others"),
}
RIGHT_KINDS = {"export": N_("Give out their data"), "erasure": N_("Erase their data")}
RIGHT_STATES = {
    "open": N_("Waits for somebody who may"),
    "agreed": N_("Under way"),
    "waiting": N_("Waits for orders to end"),
    "done": N_("Done"),
    "withdrawn": N_("Taken back"),
}
RIGHT_BY = {"customer": N_("the customer"), "staff": N_("our staff"), "program": N_("a program")}
RIGHT_GROUNDS = {
    "own_wish": N_("by themselves, signed in"),
    "in_writing": N_("in writing"),
    "at_store": N_("in a store, having shown who they are"),
    "by_phone": N_("by telephone, having been called back"),
    "court": N_("by order of a court or an authority"),
    "minor": N_("by the parents of a minor"),
}
KEEPING = {
    "guest_carts": N_("Carts of people who did not sign in"),
    "contacts_of_drafts": N_("Whom orders that came to nothing were for"),
    "contacts_of_orders": N_("Whom orders were for that have ended"),
    "sign_in_codes": N_("Codes to sign in with"),
    "messages": N_("That a message was sent"),
    "offline_payloads": N_("What a till told of a sale beyond money and goods"),
    "idempotency": N_("By which a repeated request is known"),
    "label_links": N_("Where the picture of a parcel's label lies at the carrier"),
    "store_visits": N_("Who sat and stood where in a store"),
    "touchpoints_of_nobody": N_("Touchpoints that are nobody's"),
    "touchpoints": N_("Touchpoints"),
    "browser_answers": N_("What browsers agreed to that were not seen again"),
    "sessions": N_("Sessions of browsers that have ended"),
    "mail_files": N_("Mails written into files"),
    "import_rejects": N_("Rows that imports could not take over"),
    "requests": N_("What customers asked about their data"),
}
LOCATION_KINDS = {"store": N_("Store"), "warehouse": N_("Warehouse")}
SCOPES = {
    "catalog:read": N_("See the catalog"),
    "catalog:write": N_("Change the catalog"),
    "prices:read": N_("See prices"),
    "prices:write": N_("Change prices"),
    "stock:read": N_("See stock"),
    "stock:write": N_("Change stock"),
    "carts:write": N_("Fill carts"),
    "orders:read": N_("See orders"),
    "orders:write": N_("Place and cancel orders"),
    "payments:write": N_("Take and give back money"),
    "fulfillment:write": N_("Pick, ship and hand over"),
    "customers:read": N_("See customers"),
    "customers:write": N_("Change customers"),
    "privacy:read": N_("See what customers ask about their data, and fetch it"),
    "privacy:write": N_("Have customers' data given out or erased"),
    "delivery:read": N_("See delivery of events"),
    "delivery:write": N_("Have set-aside events tried again"),
}

TONES = {
    "draft": "waits", "placed": "good", "completed": "calm", "cancelled": "off",
    "created": "waits", "processing": "waits", "requires_action": "waits", "authorised": "waits", "captured": "good",
    "voided": "off", "declined": "bad", "partly_refunded": "calm", "refunded": "calm",
    "requested": "waits", "picking": "waits", "ready": "good", "handed_over": "calm", "shipped": "good",
    "delivered": "calm", "expired": "off",
    "waiting": "waits", "done": "calm", "withdrawn": "off",
    "queued": "waits", "sending": "waits", "sent": "calm", "failed": "bad",
    "open": "waits", "lost": "bad", "refused": "bad",
    "asked": "waits", "bought": "good", "announced": "waits", "on_the_way": "good", "out_for_delivery": "good",
    "trouble": "bad", "returned": "bad", "proposed": "waits", "agreed": "good", "lapsed": "off",
    "settled": "good", "partial": "waits", "unknown_transfer": "bad", "payment_other_currency": "bad",
    "transfer_noted_otherwise": "bad",
}  # fmt: skip
"""How a state feels: something to do, well, quiet, over, or wrong."""


def word(table: dict[str, str], code: str) -> str:
    """The word for a code."""
    return gettext(table[code]) if code in table else code


def tone(state: str) -> str:
    """How a state is coloured; the word beside it says the same."""
    return TONES.get(state, "calm")
