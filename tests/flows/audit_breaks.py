"""For every kind of finding: how to break the book so that it is found, and words that the sentence must have.

The statements go past every lock there is (constraints, triggers, keys): what the house would never do.
"""

ORDER = "(select id from orders_order where state = 'completed' order by number limit 1)"
ALLOCATED = "(select id from inventory_hold where state <> 'closed' order by id limit 1)"
CLOSED = "(select id from inventory_hold where state = 'closed' order by id limit 1)"
LEVEL = "(sku, location) = (select sku, location from inventory_level order by sku, location limit 1)"
DELIVERED = "(select id from fulfillment_fulfillment where state = 'delivered' order by number limit 1)"
REQUESTED = "(select id from fulfillment_fulfillment where state = 'requested' order by number limit 1)"
PAID = "(select id from payments_intent where state = 'captured' and provider = 'sandbox' order by id limit 1)"
ACCOUNT = "(select id from accounts_customer order by id limit 1)"
GHOST = "'00000000-0000-7000-8000-00000000dead'::uuid"
LAST = "(select max(position) from timeline_entry)"

BREAKS: dict[str, tuple[str, str]] = {
    "orders.lines_do_not_sum": (f"update orders_order set total = total + 1 where id = {ORDER}", "lines sum to"),
    "orders.net_and_vat": (f"update orders_order set total_net = total_net + 1 where id = {ORDER}", "VAT are not"),
    "orders.no_lines": (f"delete from orders_orderline where order_id = {ORDER}", "has no lines"),
    "orders.wrong_sign": (
        f"update orders_orderline set quantity = -quantity where order_id = {ORDER}", "whose sign does not fit"),
    "orders.groups_differ": (
        f"""update orders_ordergroup set goods = '{{"GHOST": 1}}' where order_id = {ORDER}""",
        "the goods of its groups"),
    "orders.half_cancelled": (f"update orders_order set state = 'cancelled' where id = {ORDER}", "is cancelled, but"),
    "orders.refunded_too_much": (f"update orders_order set refunded = total + 1 where id = {ORDER}", "was refunded of"),
    "inventory.ledger": (f"update inventory_level set on_hand = on_hand + 1 where {LEVEL}", "its moves sum to"),
    "inventory.held": (f"update inventory_level set held = held + 1 where {LEVEL}", "open holds claim"),
    "inventory.closed_with_goods": (f"""update inventory_holdline set "left" = 1 where hold = {CLOSED}""", "is closed"),
    "inventory.empty": (f"update inventory_hold set state = 'live' where id = {CLOSED}", "nothing is left in it"),
    "inventory.more_left_than_held": (
        f"""update inventory_holdline set "left" = quantity + 1 where hold = {ALLOCATED}""", "are left in it"),
    "inventory.impossible": (f"update inventory_level set held = on_hand + 1 where {LEVEL}", "is impossible"),
    "inventory.fenced": (f"update inventory_level set fenced = 5 where {LEVEL}", "5 fenced, but 0 are left"),
    "inventory.fences": (
        f"""insert into inventory_fence (id, channel, location, sku, quantity, opened_at, ended_for)
        select {GHOST}, 'shop', location, sku, 1, now(), '' from inventory_level where {LEVEL}""", "does not know it"),
    "inventory.drawn": (f"update inventory_holdline set drawn = 1 where hold = {CLOSED}", "out of a fence"),
    "fulfillment.empty": (f"delete from fulfillment_fulfillmentline where fulfillment = {DELIVERED}", "has no lines"),
    "fulfillment.half_picked": (
        f"update fulfillment_fulfillmentline set picked = 0 where fulfillment = {DELIVERED}", "but only 0 of"),
    "fulfillment.picked_too_early": (
        f"update fulfillment_fulfillmentline set picked = 1 where fulfillment = {REQUESTED}", "is only requested"),
    "fulfillment.untimed": (
        f"update fulfillment_fulfillment set delivered_at = null where id = {DELIVERED}", "nobody knows since when"),
    "fulfillment.nothing_left": (
        f"update fulfillment_fulfillmentline set called_off = quantity where fulfillment = {REQUESTED}",
        "everything was called off"),
    "fulfillment.slots_miscounted": (
        f"""insert into fulfillment_slot (id, rule_id, location, country, postcodes, starts_at, ends_at, order_until,
        capacity, taken) values ({GHOST}, {GHOST}, 'LON', 'GB', '{{}}', now(), now() + interval '1 hour', now(), 5, 2)
        """, "counts 2 orders, but 0"),
    "fulfillment.reserved_for_long": (
        f"""insert into fulfillment_slotplace (id, order_id, state, reserved_at, slot)
        values ({GHOST}, {ORDER}, 'reserved', now() - interval '11 days', {GHOST})""", "neither kept nor freed"),
    "fulfillment.brought_without_a_place": (
        f"update fulfillment_fulfillment set slot_id = {GHOST} where id = {REQUESTED}", "has no place"),
    "payments.ledger": (f"update payments_intent set captured = captured + 1 where id = {PAID}", "movements sum to"),
    "payments.reserved": (f"update payments_intent set capturing = 5 where id = {PAID}", "open operations ask for"),
    "payments.state": (f"update payments_intent set state = 'voided' where id = {PAID}", "amounts do not say"),
    "payments.hanging": (
        f"""update payments_operation set state = 'open', kind = 'capture', asked_at = now() - interval '2 hours'
        where intent_id = {PAID}""", "for over an hour"),
    "payments.bank": (
        "update payments_sandboxcharge set captured = captured + 1 where key = (select max(key) from"
        " payments_sandboxcharge)", "sandbox bank's charge"),
    "payments.gift_card": (
        "update payments_giftcard set balance = balance + 1 where id = (select id from payments_giftcard limit 1)",
        "its entries sum to"),
    "payments.closed_with_money": (
        "update payments_giftcard set state = 'cancelled', balance = 5 where id = (select id from payments_giftcard"
        " limit 1)", "5 are left on it"),
    "payments.charge": (
        "update payments_giftcardentry set amount = amount - 1 where key = (select max(key) from payments_giftcardentry"
        " where charge <> '')", "the card's entries come to"),
    "payments.transfer": (
        """insert into payments_transfer (reference, key, amount, currency, received, state, created_at)
        values ('RF18', 'transfer', 100, 'GBP', 5, 'waiting', now())""", "5 received, but what was noted sums to 0"),
    "payments.transfer_lost": (
        f"""insert into payments_transfer (reference, key, amount, currency, received, state, created_at)
        values ('RF18', {PAID} || ':authorise', 100, 'GBP', 5, 'received', now())""", "of 5 that came"),
    "payments.payout": (
        f"""insert into payments_payout (key, provider, intent_id, amount, currency, owed_at)
        values ({PAID} || ':authorise', 'cash', {PAID}, 1, 'GBP', now())""", "(owed) is for a refund of"),
    "pricing.negative_price": ("update pricing_price set amount = -1 where sku = 'B000001'", "is -1"),
    "pricing.no_such_list": (
        "update pricing_price set price_list_id = 'ghost' where sku = 'B000001'", "in list ghost, which"),
    "pricing.list_of_market": ("update pricing_pricelist set market_id = 'XX'", "which does not exist"),
    "pricing.list_ends_before": (
        "update pricing_pricelist set valid_from = now(), valid_until = now() - interval '1 day'", "ends before"),
    "pricing.history": ("update pricing_price set amount = amount + 1 where sku = 'B000001'", "the history says"),
    "pricing.no_standard_rate": ("delete from pricing_vatrate", "no standard VAT rate"),
    "pricing.shipping_rate": ("update pricing_shippingrate set amount = -1", "is negative"),
    "pricing.currency": ("update pricing_market set currency = 'QQQ'", "which the shop does not know"),
    "pricing.promotion_tally": ("update pricing_tally set taken = taken + 1", "but orders make"),
    "pricing.promotion_overused": ("update pricing_tally set limit_total = 1", "1 are allowed"),
    "pricing.coupon_tally": ("update pricing_coupon set taken = taken + 1", "but orders make"),
    "pricing.coupon_overused": ("update pricing_coupon set limit_total = 1", "1 are allowed"),
    "pricing.customer_tally": (
        f"insert into pricing_customertally values ({GHOST}, 'promotion', 'bench-history', 3)", "but made 0"),
    "pricing.wrong_coupon": ("update pricing_promotionuse set coupon = 'GHOST'", "which opens nothing"),
    "cart.several_open": (
        f"update cart_cart set state = 'open', customer_id = {ACCOUNT}, order_id = null", "open carts"),
    "cart.quantity": ("update cart_cartline set quantity = 0", "holds 0 of"),
    "cart.lines": (
        """insert into cart_cartline (sku, quantity, added_at, cart_id)
        select 'S' || n, 1, now(), (select min(id::text)::uuid from cart_cart) from generate_series(1, 999) n""",
        "lines"),
    "cart.state": ("update cart_cart set order_id = null where state = 'ordered'", "is ordered but names no order"),
    "cart.joined": (
        f"update cart_cart set state = 'joined', joined_into = {GHOST}, order_id = null", "which does not exist"),
    "cart.ordered_nothing": ("delete from cart_cartline", "with nothing in it"),
    "catalog.ring": (
        "update catalog_category set parent_id = slug where slug = 'goods'", "Category goods lies below itself"),
    "catalog.without_variant": ("delete from catalog_variant where sku = 'B000001'", "has no variant"),
    "catalog.ahead": ("update catalog_product set revision = 10000000", "a revision that was never drawn"),
    "catalog.stray_media": ("update catalog_media set sku = 'GHOST'", "of a variant that is not there"),
    "catalog.gtin": ("update catalog_variant set gtin = '12345678' where sku = 'B000001'", "wrong check digit"),
    "catalog.media_file": ("update catalog_media set path = 'ghost.png'", "Media file ghost.png is missing"),
    "spots.never_settled": (
        f"""insert into spots_exitpass (id, order_id, location, state, looked_at, found, issued_at, good_until)
        values ({GHOST}, {ORDER}, 'YRK', 'open', false, '', now() - interval '3 days', now() - interval '2 days')""",
        "is still open"),
    "spots.checked_before_issued": (
        f"""insert into spots_exitpass (id, order_id, location, state, looked_at, found, issued_at, good_until,
        checked_at) values ({GHOST}, {ORDER}, 'YRK', 'checked', false, 'right', now(), now(), now() - interval '1 day')
        """, "before it was issued"),
    "spots.no_such_spot": (
        f"""insert into spots_visit (id, location, spot, place, purpose, presence, opened_at, good_until)
        values ({GHOST}, 'YRK', 99, '', 'serve', 'word', now(), now() + interval '1 hour')""", "which does not exist"),
    "tills.balances": (
        f"""insert into tills_drawer (id, location, currency, state, balance, opened_at, opened_by, opened_on)
        values ({GHOST}, 'YRK', 'GBP', 'open', 5, now(), {GHOST}, {GHOST})""", "5, but its movements sum to 0"),
    "tills.closings": (
        f"""insert into tills_drawer (id, location, currency, state, opened_at, opened_by, opened_on, number, expected)
        values ({GHOST}, 'YRK', 'GBP', 'closed', now(), {GHOST}, {GHOST}, 1, 7)""", "expected 7, but 0 had moved"),
    "tills.numbers": (
        f"""insert into tills_drawer (id, location, currency, state, opened_at, opened_by, opened_on, number, expected)
        values ({GHOST}, 'YRK', 'GBP', 'closed', now(), {GHOST}, {GHOST}, 3, 0)""", "1 closings, but the last"),
    "tills.apart": (
        f"""insert into tills_queuedsale (id, sale_id, digest, payload, received_at, location, cash, state, notes,
        answer, device_id) values ({GHOST}, {GHOST}, '', '', now(), 'YRK', 5, 'conflict', '[]', '{{}}', {GHOST})""",
        "has 0 set apart"),
    "tills.taken": (
        f"""insert into tills_queuedsale (id, sale_id, digest, payload, received_at, location, cash, state, notes,
        answer, device_id, order_id)
        values ({GHOST}, {GHOST}, '', '', now(), 'YRK', 5, 'sold', '[]', '{{}}', {GHOST}, {ORDER})""",
        "was 5 in cash, but 0"),
    "timeline.delivery_of_nothing": (
        "insert into timeline_delivery (position, reaction, subject) values (0, 'x.y', 'order:1')", "does not exist"),
    "timeline.wrong_subject": (
        f"insert into timeline_delivery (position, reaction, subject) values ({LAST}, 'x.y', 'order:1')",
        "but the event about"),
    "timeline.unknown_reaction": (
        f"insert into timeline_delivery (position, reaction, subject) values ({LAST}, 'x.y', 'order:1')",
        "1 deliveries are owed to x.y"),
    "timeline.not_listening": (
        f"insert into timeline_delivery (position, reaction, subject) values ({LAST}, 'x.y', 'order:1')",
        "which does not listen to it"),
    "timeline.set_aside": (
        f"""insert into timeline_delivery (position, reaction, subject, set_aside_at)
        values ({LAST}, 'x.y', 'order:1', now())""", "it was set aside at"),
    "timeline.left_lying": (
        f"""insert into timeline_delivery (position, reaction, subject, due_at)
        values ({LAST}, 'x.y', 'order:1', now() - interval '2 days')""", "waits for x.y since"),
    "timeline.unknown_event": (
        f"""update timeline_entry set name = 'ghosts.Seen' where position = {LAST};
        insert into timeline_delivery (position, reaction, subject) values ({LAST}, 'x.y', 'order:1')""",
        "ghosts.Seen, which is not spoken"),
    "timeline.key_without_fingerprint": (
        f"update timeline_entry set key = 'ghost', asked = null where position = {LAST}", "not what was asked"),
    "messaging.left_lying": (
        "update messaging_message set state = 'sending', due_at = now() - interval '2 days'", "and is sending"),
    "messaging.sent_never": ("update messaging_message set sent_at = null", "nobody knows since when"),
    "accounts.erased_and_named": ("update accounts_customer set erased_at = now()", "something still names them"),
    "identity.replay": (
        f"""update identity_identifier set customer = {GHOST}
        where id = (select a from identity_assertion order by id limit 1)""", "is kept as customer"),
    "identity.led_by_another": (
        f"""update identity_identifier set customer = {GHOST}
        where id = (select a from identity_assertion order by id limit 1)""", "is led by identifier"),
    "identity.reviewed_erased": (
        """update identity_identifier set erased_at = now(), value = null, key = null, customer = null
        where id = (select min(id) from identity_identifier);
        insert into identity_review (kind, a, b, reasons, state, opened_at, decided_by)
        select 'proposal', min(id), min(id) + 1, '[]', 'open', now(), '' from identity_identifier""",
        "one of the two is erased"),
    "identity.asserted_of_nothing": (
        """insert into identity_assertion (a, b, rule, source, first_at)
        values (1, 99999999, 'stated', 'ghost', now())""", "not both of which there are"),
    "identity.retracted_nothing": (
        """insert into identity_retraction (assertion, at, by, reason, restored_by)
        values (99999999, now(), 'x', '', '')""", "which does not exist"),
    "touchpoints.no_such_source": ("update touchpoints_touchpoint set source = 999", "source 999, which does not"),
    "touchpoints.no_such_event": ("update touchpoints_touchpoint set event = 999", "event 999, which has no name"),
    "touchpoints.told_too_early": (
        "update touchpoints_touchpoint set source = 999, occurred_at = received_at + interval '1 hour'",
        "after it was received"),
    "touchpoints.worth_without_currency": (
        "update touchpoints_touchpoint set worth = 5, currency = null", "is worth 5 of no currency"),
    "touchpoints.more_than_seen": ("delete from touchpoints_seen", "but only 0 messages were seen"),
    "profiles.reckoned": ("update profiles_profile set orders = orders + 1", "is not what their touchpoints say"),
    "consent.parted": (
        f"""insert into consent_standing (address, purpose, kind, granted, at, entry)
        values ({GHOST}, 'newsletter_email', 'email', true, now(), {GHOST})""", "is not what was said last"),
    "consent.kept_too_long": (
        f"""insert into consent_asking (id, address, email, token_hash, purposes, shown, language, source, channel,
        asked_at, expires_at, confirmed_at)
        values ({GHOST}, {GHOST}, 'x@y.example', '', '[]', '{{}}', 'en', 'shop', 'shop', now(), now(), now())""",
        "still keeps its address"),
    "segments.size": (
        """insert into segments_segment (slug, definition, version, branches, needs, live, size, saved_at)
        values ('ghosts', '{}', 1, '{}', '{}', true, 5, now())""", "said to have 5 customers, but 0"),
    "segments.no_such_segment": (
        f"insert into segments_membership (segment, customer, how, entered_at) values (99, {GHOST}, 0, now())",
        "segment 99, which does not exist"),
    "segments.members": (
        f"""insert into segments_membership (segment, customer, how, entered_at)
        select id, {GHOST}, 0, now() from segments_segment where slug = 'loyal'""", "has 1 whom it should not"),
    "rights.late": (
        f"""insert into rights_request (id, kind, state, subject, by, ground, language, because, asked_at, deadline,
        file, size) values ({GHOST}, 'export', 'open', {GHOST}, 'customer', 'own_wish', 'en', '', now(),
        now() - interval '1 day', '', 0)""", "should have been answered by"),
    "rights.half_done": (
        f"""insert into rights_erasure (id, customer, accounts, keys, state, counts, began_at)
        values ({GHOST}, {GHOST}, '{{}}', '{{}}', 'begun', '{{}}', now() - interval '2 hours')""", "is not done"),
    "rights.no_such_erasure": (
        f"insert into rights_suppressed (key, erasure, at) values ({GHOST}, {GHOST}, now())", "which does not exist"),
    "between_rooms.unpaid": (f"update orders_order set total = total + 1 where id = {ORDER}", "were secured for it"),
    "between_rooms.cash": (
        f"""insert into tills_drawermovement (id, key, kind, amount, order_id, late, at, drawer_id)
        values ({GHOST}, 'x', 'sale', 5, {ORDER}, false, now(), {GHOST})""", "but 5 of it lie in drawers"),
    "between_rooms.refunded": (f"update orders_order set refunded = refunded + 1 where id = {ORDER}", "its payments"),
    "between_rooms.never_held": (f"delete from inventory_hold where id = {ORDER}", "never held its goods"),
    "between_rooms.held_though_off": (
        f"""insert into inventory_holdline (location, sku, quantity, "left", hold) values ('X', 'X', 1, 1, {ORDER});
        update orders_order set state = 'cancelled' where id = {ORDER}""",
        "are still held for it"),
    "between_rooms.with_us": (
        f"delete from fulfillment_fulfillmentline where fulfillment in (select id from fulfillment_fulfillment where"
        f" order_id = {ORDER})", "but 0 were asked for"),
    "between_rooms.draft_without_hold": (
        f"update orders_order set state = 'draft' where id = {ORDER}", "has a hold that is closed"),
    "between_rooms.uses": (
        "update pricing_promotionuse set state = 'reserved'", "what it made use of is reserved"),
    "between_rooms.uses_of_cancelled": (
        """insert into pricing_promotionuse (order_id, state, at, promotion_id)
        select id, 'kept', now(), 'ghost' from orders_order where state = 'cancelled'""", "made use of is kept"),
    "between_rooms.payment_of_no_order": (
        f"update payments_intent set order_id = {GHOST} where id = {PAID}", "which does not exist"),
    "between_rooms.fulfillment_of_no_order": (
        f"update fulfillment_fulfillment set order_id = {GHOST} where id = {DELIVERED}", "which does not exist"),
    "between_rooms.place_of_no_order": (
        f"""insert into fulfillment_slotplace (id, order_id, state, reserved_at, slot)
        values ({GHOST}, {GHOST}, 'kept', now(), {GHOST})""", "which does not exist"),
    "between_rooms.card_of_no_order": (f"update payments_giftcard set order_id = {GHOST}", "which does not exist"),
    "between_rooms.use_of_no_order": (
        f"""insert into pricing_promotionuse (order_id, state, at, promotion_id)
        values ({GHOST}, 'kept', now(), 'bench-history')""", "which does not exist"),
    "between_rooms.cart_of_no_order": (
        f"update cart_cart set order_id = {GHOST} where id = (select id from cart_cart where order_id = {ORDER})",
        "which does not exist"),
    "between_rooms.sale_of_no_order": (
        f"""insert into tills_queuedsale (id, sale_id, digest, payload, received_at, location, cash, state, notes,
        answer, device_id, order_id)
        values ({GHOST}, {GHOST}, '', '', now(), 'YRK', 5, 'sold', '[]', '{{}}', {GHOST}, {GHOST})""",
        "which does not exist"),
    "between_rooms.cash_of_no_order": (
        f"""insert into tills_drawermovement (id, key, kind, amount, order_id, late, at, drawer_id)
        values ({GHOST}, 'x', 'sale', 5, {GHOST}, false, now(), {GHOST})""", "which does not exist"),
    "between_rooms.hold_of_nothing": (
        f"update inventory_hold set id = {GHOST} where id = {ALLOCATED}; update inventory_holdline set hold = {GHOST}"
        " where hold not in (select id from inventory_hold)", "of no order"),
    "between_rooms.cart_of_another_order": (
        f"update cart_cart set order_id = {GHOST} where order_id = {ORDER}", "which says it became order"),
    "between_rooms.order_of_no_cart": (f"delete from cart_cart where order_id = {ORDER}", "which does not exist"),
    "between_rooms.fulfillment_of_another_customer": (
        f"update fulfillment_fulfillment set customer_id = {GHOST} where id = {DELIVERED}", "but its order for"),
    "story.orders": (
        f"delete from timeline_entry where subject = 'order:' || {ORDER} and name = 'orders.OrderPlaced'",
        "was told 0 times that it was placed"),
    "story.fulfillments": (
        f"""insert into timeline_entry (name, subject, payload)
        values ('fulfillment.ParcelShipped', 'fulfillment:' || {DELIVERED}, '{{}}')""", "2 that it was shipped"),
    "of_customers.order_of_no_account": (
        f"update orders_order set customer_id = {GHOST} where id = {ORDER}", "who does not exist"),
    "of_customers.cart_of_no_account": (
        f"update cart_cart set customer_id = {GHOST} where order_id = {ORDER}", "who does not exist"),
    "of_customers.message_to_no_account": (
        f"update messaging_message set customer_id = {GHOST}", "who does not exist"),
    "of_customers.consent_of_no_account": (
        f"""insert into consent_entry (id, address, kind, purpose, granted, source, channel, account, proof, by, at,
        recorded_at) values ({GHOST}, {GHOST}, 'email', 'newsletter_email', true, 'shop', 'shop', {GHOST}, '', '',
        now(), now())""", "who does not exist"),
    "of_customers.identified_without_account": (
        f"""insert into identity_identifier (kind, namespace, value, key, customer, first_seen)
        values (0, '', 'ghost', {GHOST}, {GHOST}, now())""", "which does not exist"),
    "of_customers.order_of_no_contact": (
        f"update orders_order set contact_id = {GHOST} where id = {ORDER}", "which does not exist"),
    "of_customers.message_to_no_contact": (
        f"update messaging_message set contact_id = {GHOST}", "which does not exist"),
    "of_customers.fulfillment_to_nowhere": (
        f"update fulfillment_fulfillment set address_id = {GHOST} where id = {REQUESTED}", "which does not exist"),
    "of_customers.touchpoints_of_nobody": (
        "update touchpoints_touchpoint set identifier = 99999999", "which does not exist"),
    "of_customers.member_of_nobody": (
        f"insert into segments_membership (segment, customer, how, entered_at) values (99, {GHOST}, 0, now())",
        "who do not exist"),
    "of_customers.profile_of_nobody": (
        f"update profiles_profile set customer = {GHOST} where customer = (select min(customer::text)::uuid from"
        " profiles_profile)", "who does not exist"),
    "of_customers.account_never_identified": (
        "delete from identity_identifier where kind = 0", "Identity has not heard of account"),
}  # fmt: skip
