"""Tables and columns that never hold a person, each with the reason. What is in neither list must have been planted."""


def _said(told: dict[str, str]) -> dict[str, str]:
    """Each name with its reason."""
    return {name: reason for reason, names in told.items() for name in names.split()}


NO_PERSON_IN_TABLE = _said(
    {
        "goods, prices and promotions, as the retailer wrote them": """
            catalog_attribute catalog_category catalog_media catalog_product catalog_publication catalog_variant
            pricing_listchange pricing_market pricing_price pricing_pricechange pricing_pricelist
            pricing_promotionchange pricing_promotionrow pricing_shippingrate pricing_skucategory pricing_skuvatclass
            pricing_tally pricing_vatrate payments_giftcardproduct""",
        "stock and its places, the retailer's own": """
            inventory_fence inventory_hold inventory_holdline inventory_level inventory_location inventory_move""",
        "SKUs, codes and ids beside a row that is planted": """
            cart_cartline fulfillment_fulfillmentline orders_ordergroup orders_orderline fulfillment_slotplace
            fulfillment_substitution pricing_coupon pricing_customertally pricing_promotionuse""",
        "how the house is run: lanes, slots, paces, spots, snapshots": """
            fulfillment_lane fulfillment_lying fulfillment_pace fulfillment_slot fulfillment_slotrule spots_spot
            spots_storeword tills_allotted tills_device tills_enrolmentcode tills_snapshot tills_snapshotitem""",
        "codes, carriers' numbers and keys made of our ids": """
            fulfillment_fulfillment fulfillment_parcelmark fulfillment_sandboxnotice fulfillment_sandboxparcel
            payments_intent payments_movement payments_notice payments_operation payments_payout payments_sandboxcharge
            payments_sandboxnotice payments_sandboxoperation payments_stripedeed payments_transfer
            payments_transferentry payments_giftcard payments_giftcardentry spots_exitpass spots_visit tills_deed
            tills_drawermovement""",
        "keyed hashes of who tries something too often": """
            payments_giftcardtry spots_wrongwords staff_signinfailure tries_tried""",
        "the retailer's own people and programs": """
            staff_apikey staff_authenticator staff_challenge staff_factorrule staff_member staff_passkey staff_pin
            staff_pintry staff_recoverycode staff_session""",
        "what they did and saw, by ids, codes and keyed hashes": "staff_note staff_seal",
        "answers about an address by its keyed hash, and the words that were shown": """
            consent_entry consent_standing consent_wording""",
        "numbers and rules; what a person of ours wrote goes with the assertion": """
            identity_assertion identity_moved identity_retraction identity_review identity_rollcall""",
        "how records are compared, and how often letters agree: never a record": "matching_rule matching_run",
        "traits by the customer's id: codes of channels, categories and stores": "profiles_profile",
        "what the retailer wrote, and ids that wait": "segments_segment segments_version segments_waiting",
        "ids, codes and keyed hashes": "rights_erasure rights_keeping rights_request",
        "names of events and sources, and queues of ids": """
            touchpoints_eventname touchpoints_rejected touchpoints_source touchpoints_touched timeline_delivery""",
        "the framework's own": """
            auth_group auth_permission django_content_type django_migrations""",
        "packed: what is in it is looked at by itself": "django_session",
    }
)

NEVER_ANYBODY = _said(
    {
        "a country, a language, a currency, a market, a channel or a place of ours": """
            accounts_address.country accounts_customer.language accounts_customer.market cart_cart.market
            cart_cart.currency consent_asking.language consent_asking.channel fulfillment_label.currency
            messaging_message.language orders_order.channel orders_order.market orders_order.language
            orders_order.currency orders_order.sold_at tills_queuedsale.location tills_queuedsale.currency
            tills_drawer.location tills_drawer.currency touchpoints_touchpoint.currency touchpoints_touchpoint.channel
            touchpoints_touchpoint.place""",
        "a state, a kind or a reason by its code": """
            accounts_customer.source cart_cart.state consent_asking.source consent_asking.purposes
            fulfillment_label.state fulfillment_label.reason fulfillment_label.mark messaging_message.kind
            messaging_message.state messaging_message.error orders_order.kind orders_order.state orders_order.reason
            orders_order.source tills_queuedsale.state tills_queuedsale.notes tills_queuedsale.answer
            tills_drawer.state timeline_entry.name identity_identifier.namespace""",
        "a number or a key made of ids": """
            orders_order.number orders_order.source_reference messaging_message.send_key
            messaging_message.about_subject timeline_entry.subject touchpoints_touchpoint.order_ref
            fulfillment_label.key fulfillment_label.reference fulfillment_label.tracking""",
        "what the retailer or a carrier calls a thing": """
            touchpoints_touchpoint.sku touchpoints_touchpoint.category fulfillment_label.carrier
            fulfillment_label.carrier_name fulfillment_label.service consent_asking.shown""",
        "a group of customers by its code": "accounts_customer.group",
        "three digits in Iceland, which tell nobody apart; emptied with the rest": "accounts_address.postcode",
        "a keyed hash": "accounts_signincode.code_hash consent_asking.token_hash",
        "a hash over a whole order or sale with its ids in it, and gone with the key": """
            timeline_entry.asked tills_queuedsale.digest""",
        "an event, which carries ids and no person": "timeline_entry.payload",
        "sums of a drawer": "tills_drawer.report",
    }
)

NOT_A_ROOM_OF_PEOPLE = {
    "catalog": "goods, as the retailer describes them",
    "inventory": "goods and where they lie; holds are named after orders by id",
    "staff": "the retailer's own people, who are no customers",
    "tries": "keyed hashes of who tried something, for minutes",
    "matching": "how records are compared; the pairs it proposes are kept, and forgotten, by identity",
}
"""Rooms with tables and without a privacy.py."""
