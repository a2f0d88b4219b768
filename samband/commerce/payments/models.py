"""Payments as they are kept, gift cards, expected transfers, money to give out, and the sandbox bank's own books.

The database itself refuses to take more than was set aside and to give back more than was taken: what is only
reserved (`capturing`, `refunding`, `voiding`) counts too, so that two that race cannot both pass.
"""

from django.db import models
from django.db.models import F, Q

from .rules import MOST_TENDERS

STATES = (
    "created",
    "processing",
    "requires_action",
    "authorised",
    "captured",
    "declined",
    "voided",
    "partly_refunded",
    "refunded",
)
LIVE = ("created", "processing", "requires_action", "authorised", "captured", "partly_refunded")
KINDS = ("authorise", "capture", "void", "refund")
GIFT_CARD_KINDS = ("issue", "hold", "redeem", "release", "refund", "adjust", "expire", "cancel")


class Intent(models.Model):
    """The intention to pay for one order, or for one of its tenders, by one method. Amounts: minor units of `currency`.

    `tender` counts the parts an order is paid in, from 1; each has one live intent. `plan` is the provider's name for
    the instalments the payer chose.
    `unwanted_at` is set once nobody counts on it any more (the order is off, another card was taken): whatever
    money it holds then, or comes to hold, is let go again. `stray` marks money that came when nobody counted on it any
    more. `paid_with` is fit to show, such as "visa 4242". `source` is empty for what was taken here and names the
    system that history came from; a `payout`, which only history has, is money given back that was never taken here.
    """

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField()
    amount = models.BigIntegerField()
    currency = models.TextField()
    method = models.TextField()
    tender = models.SmallIntegerField(db_default=1)
    plan = models.TextField(db_default="")
    provider = models.TextField()
    provider_reference = models.TextField(db_default="")
    capture = models.TextField()
    state = models.TextField()
    authorised = models.BigIntegerField(db_default=0)
    captured = models.BigIntegerField(db_default=0)
    voided = models.BigIntegerField(db_default=0)
    refunded = models.BigIntegerField(db_default=0)
    capturing = models.BigIntegerField(db_default=0)
    refunding = models.BigIntegerField(db_default=0)
    voiding = models.BooleanField(db_default=False)
    paid_with = models.TextField(db_default="")
    challenge_url = models.TextField(db_default="")
    decline_reason = models.TextField(db_default="")
    unwanted_at = models.DateTimeField(null=True)
    stray = models.BooleanField(db_default=False)
    source = models.TextField(db_default="")
    payout = models.BooleanField(db_default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "tender"],
                name="payments_one_wanted",
                condition=Q(state__in=LIVE, unwanted_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_amount_positive"),
            models.CheckConstraint(
                condition=Q(tender__gte=1, tender__lte=MOST_TENDERS), name="payments_tender_counted"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="payments_state_known"),
            models.CheckConstraint(condition=Q(capture__in=["automatic", "manual"]), name="payments_capture_known"),
            models.CheckConstraint(
                condition=Q(
                    authorised__gte=0,
                    captured__gte=0,
                    voided__gte=0,
                    refunded__gte=0,
                    capturing__gte=0,
                    refunding__gte=0,
                ),
                name="payments_nothing_negative",
            ),
            models.CheckConstraint(condition=Q(authorised__lte=F("amount")), name="payments_authorised_within"),
            models.CheckConstraint(
                condition=Q(captured__lte=F("authorised") - F("capturing") - F("voided")),
                name="payments_captured_within",
            ),
            models.CheckConstraint(
                condition=Q(refunded__lte=F("captured") - F("refunding")) | Q(payout=True),
                name="payments_refunded_within",
            ),
            models.CheckConstraint(
                condition=Q(payout=False)
                | Q(
                    ~Q(source=""),
                    state="refunded",
                    refunded=F("amount"),
                    authorised=0,
                    captured=0,
                    voided=0,
                    capturing=0,
                    refunding=0,
                    voiding=False,
                    stray=False,
                ),
                name="payments_payout_is_history",
            ),
            models.CheckConstraint(condition=Q(voiding=False) | Q(capturing=0), name="payments_void_or_capture"),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="payments_of_order"),
            models.Index(
                fields=["created_at"],
                name="payments_undecided",
                condition=Q(state__in=["created", "processing", "requires_action"]),
            ),
            models.Index(fields=["unwanted_at"], name="payments_unwanted", condition=Q(unwanted_at__isnull=False)),
        ]


class Operation(models.Model):
    """Something asked of a provider, written down before it is asked, so that a kill in between is found and finished.

    `key` is the idempotency key that the provider is given. `state`: open until the provider has answered, then done or
    refused; an authorisation nobody ever heard of is lost. While open it is looked after at `look_at`.
    """

    key = models.TextField(primary_key=True)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="operations")
    kind = models.TextField()
    amount = models.BigIntegerField()
    reason = models.TextField(db_default="")
    state = models.TextField(db_default="open")
    answer = models.TextField(db_default="")
    looks = models.IntegerField(db_default=0)
    look_at = models.DateTimeField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="payments_operation_kind_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payments_operation_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "done", "refused", "lost"]), name="payments_operation_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], name="payments_operation_open", condition=Q(state="open")),
            models.Index(
                fields=["asked_at"],
                name="payments_operation_amiss",
                condition=Q(state="lost") | Q(state="refused", key__contains=":undo-"),
            ),
        ]


class Movement(models.Model):
    """Money that moved, or was set aside, or let go. Append-only; an intent's amounts are the sums of these."""

    key = models.TextField(primary_key=True)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="movements")
    kind = models.TextField()
    amount = models.BigIntegerField()
    provider_reference = models.TextField(db_default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="payments_movement_kind_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_movement_amount_positive"),
        ]


class Notice(models.Model):
    """A provider's notice, received once. `key` is the operation it speaks of."""

    pk = models.CompositePrimaryKey("provider", "notice_id")
    provider = models.TextField()
    notice_id = models.TextField()
    key = models.TextField()
    received_at = models.DateTimeField()


class SandboxCharge(models.Model):
    """The sandbox bank's book of charges. Of a card only brand and last four digits are known, as in `paid_with`.

    `state`: pending (decided at `decided_at`), challenged (the payer decides), authorised, declined, voided.
    """

    reference = models.TextField(primary_key=True)
    key = models.TextField(unique=True, db_collation="C")
    amount = models.BigIntegerField()
    currency = models.TextField()
    automatic = models.BooleanField()
    state = models.TextField()
    authorised = models.BigIntegerField(db_default=0)
    captured = models.BigIntegerField(db_default=0)
    voided = models.BigIntegerField(db_default=0)
    refunded = models.BigIntegerField(db_default=0)
    reason = models.TextField(db_default="")
    method = models.TextField(db_default="card")
    plan = models.TextField(db_default="")
    paid_with = models.TextField()
    return_url = models.TextField(db_default="")
    language = models.TextField(db_default="en")
    wrong_codes = models.IntegerField(db_default=0)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "challenged", "authorised", "declined", "voided"]),
                name="payments_sandbox_state_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    authorised__lte=F("amount"),
                    captured__lte=F("authorised") - F("voided"),
                    refunded__lte=F("captured"),
                    captured__gte=0,
                    voided__gte=0,
                    refunded__gte=0,
                ),
                name="payments_sandbox_amounts_within",
            ),
        ]


class SandboxOperation(models.Model):
    """What else was asked of the sandbox bank, and its answer: the same key is the same answer."""

    key = models.TextField(primary_key=True, db_collation="C")
    charge = models.ForeignKey(SandboxCharge, on_delete=models.PROTECT)
    kind = models.TextField()
    amount = models.BigIntegerField()
    approved = models.BooleanField()


class SandboxNotice(models.Model):
    """A notice the sandbox bank owes us. Sent when due, once for each time it is `owed`, until it is taken."""

    id = models.UUIDField(primary_key=True)
    charge = models.ForeignKey(SandboxCharge, on_delete=models.PROTECT)
    owed = models.IntegerField()
    tries = models.IntegerField(db_default=0)
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="payments_notice_due", condition=Q(owed__gt=0))]


class GiftCard(models.Model):
    """A gift card. Its code is kept nowhere: only a keyed hash of it, and the last four characters to know it by.

    `balance` can be spent; `held` is set aside for an order that is being paid. Both are sums of the card's entries.
    """

    id = models.UUIDField(primary_key=True)
    code_hash = models.TextField(unique=True, db_collation="C")
    last4 = models.TextField(db_index=True)
    currency = models.TextField()
    balance = models.BigIntegerField(db_default=0)
    held = models.BigIntegerField(db_default=0)
    state = models.TextField(db_default="open")
    order_id = models.UUIDField(null=True, db_index=True)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0, held__gte=0), name="payments_gift_card_not_overspent"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "expired", "cancelled"]), name="payments_gift_card_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="payments_gift_card_expiring", condition=Q(state="open")),
        ]


class GiftCardEntry(models.Model):
    """What happened on a gift card. Append-only. `amount` and `held` are what it changed in the card's two sums.

    `charge` is the key of the authorisation that a hold, a redemption, a release or a refund belongs to.
    """

    key = models.TextField(primary_key=True, db_collation="C")
    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="entries")
    kind = models.TextField()
    amount = models.BigIntegerField()
    held = models.BigIntegerField(db_default=0)
    charge = models.TextField(db_default="", db_collation="C")
    reason = models.TextField(db_default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=GIFT_CARD_KINDS), name="payments_gift_card_kind_known"),
            models.CheckConstraint(
                condition=~Q(amount=0) | ~Q(held=0), name="payments_gift_card_entry_changes_something"
            ),
        ]
        indexes = [models.Index(fields=["charge"], name="payments_gift_card_charge", condition=~Q(charge=""))]


class GiftCardProduct(models.Model):
    """A SKU that is a gift card: what a card sold in this currency is worth, and for how many days."""

    pk = models.CompositePrimaryKey("sku", "currency")
    sku = models.TextField()
    currency = models.TextField()
    amount = models.BigIntegerField()
    lasts_days = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_gift_card_product_worth"),
            models.CheckConstraint(
                condition=Q(lasts_days__isnull=True) | Q(lasts_days__gt=0), name="payments_gift_card_product_lasts"
            ),
        ]


class GiftCardTry(models.Model):
    """How many codes that are none somebody tried since a moment. `asker` is a hash: it names nobody."""

    asker = models.TextField(primary_key=True, db_collation="C")
    wrong = models.IntegerField()
    since = models.DateTimeField()


class Transfer(models.Model):
    """A bank transfer that we expect. `reference` is what the payer writes on it; `received` sums what was noted.

    `state`: waiting, received (in full), voided (nobody waits for it; what comes all the same is owed back).
    """

    reference = models.TextField(primary_key=True, db_collation="C")
    key = models.TextField(unique=True, db_collation="C")
    amount = models.BigIntegerField()
    currency = models.TextField()
    received = models.BigIntegerField(db_default=0)
    state = models.TextField(db_default="waiting")
    return_url = models.TextField(db_default="")
    language = models.TextField(db_default="en")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "received", "voided"]), name="payments_transfer_state_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, received__gte=0), name="payments_transfer_amounts_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received__gte=F("amount")), name="payments_transfer_received_in_full"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="payments_transfer_waiting", condition=Q(state="waiting"))]


class TransferEntry(models.Model):
    """Money that came by transfer, noted once. Append-only. `entry_id` is the bank's name for it."""

    entry_id = models.TextField(primary_key=True, db_collation="C")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="entries")
    amount = models.BigIntegerField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payments_transfer_entry_positive")]


class Payout(models.Model):
    """Money that a person has to give back: over the counter or by transfer. `key` is the refund's, if it is one."""

    key = models.TextField(primary_key=True, db_collation="C")
    provider = models.TextField()
    intent_id = models.UUIDField()
    amount = models.BigIntegerField()
    currency = models.TextField()
    reference = models.TextField(db_default="")
    owed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    by = models.UUIDField(null=True)
    place = models.TextField(db_default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payout_positive")]
        indexes = [models.Index(fields=["owed_at"], name="payments_payout_owed", condition=Q(paid_at__isnull=True))]


class StripeDeed(models.Model):
    """What Stripe was asked for under which key, written down before it is asked. `reference`: Stripe's name of the
    payment, known before the answer to all but an authorisation.
    """

    key = models.TextField(primary_key=True, db_collation="C")
    reference = models.TextField(db_default="", db_index=True)
    return_url = models.TextField(db_default="")
    language = models.TextField(db_default="en")
    asked_at = models.DateTimeField()
