"""What a location was told to get ready, how far it is, and when it got there."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from .carriage import MARKS
from .transitions import KINDS, STATES, reachable

WAITED = ("ready", "handed_over", "expired")
SENT = ("shipped", "delivered")
OPEN = ("requested", "picking", "ready")


class Fulfillment(models.Model):
    """Goods of one order from one location, on one way to the customer: a parcel, a pickup, carried along, or served.

    `place` is the spot in the location that goods are served at; `slot_id` the slot a parcel is brought in, and
    `service` what was bought of the carrier.
    """

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField()
    position = models.IntegerField()
    number = models.TextField(unique=True)
    customer_id = models.UUIDField(null=True)
    address_id = models.UUIDField(null=True)
    kind = models.TextField()
    location = models.TextField(db_collation="C")
    place = models.TextField(db_default="")
    slot_id = models.UUIDField(null=True)
    service = models.TextField(db_default="standard")
    state = models.TextField(default="requested")
    pickup_code = models.TextField(null=True)
    promised_from = models.DateTimeField()
    promised_until = models.DateTimeField()
    wait_until = models.DateTimeField(null=True)
    carrier = models.TextField(default="")
    tracking = models.TextField(default="")
    cancel_reason = models.TextField(default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    picking_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["location", "state", "promised_until"], name="fulfillment_open", condition=Q(state__in=OPEN)
            ),
            models.Index(fields=["wait_until"], name="fulfillment_waits", condition=Q(state="ready")),
            BrinIndex(fields=["promised_until"], name="fulfillment_promised"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order_id", "position"], name="fulfillment_of_order"),
            models.UniqueConstraint(
                fields=["location", "pickup_code"], name="pickup_code_once", condition=Q(state="ready")
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="fulfillment_state"),
            models.CheckConstraint(
                condition=Q(*(Q(kind=kind, state__in=reachable(kind)) for kind in KINDS), _connector=Q.OR),
                name="fulfillment_state_fits_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind="pickup", state__in=WAITED) | Q(pickup_code__isnull=False, wait_until__isnull=False),
                name="fulfillment_waits_with_code",
            ),
            models.CheckConstraint(condition=~Q(state__in=SENT) | ~Q(carrier=""), name="fulfillment_sent_by_carrier"),
            models.CheckConstraint(
                condition=~Q(kind="ship") | Q(address_id__isnull=False), name="fulfillment_parcel_has_address"
            ),
            models.CheckConstraint(condition=Q(promised_from__lte=F("promised_until")), name="fulfillment_promise"),
        ]


class FulfillmentLine(models.Model):
    """Units of a SKU that were asked for, how many of them were called off since, and how many are in the basket."""

    pk = models.CompositePrimaryKey("fulfillment_id", "sku")
    fulfillment = models.ForeignKey(
        Fulfillment, on_delete=models.PROTECT, db_column="fulfillment", db_index=False, related_name="lines"
    )
    sku = models.TextField(db_collation="C")
    quantity = models.IntegerField()
    picked = models.IntegerField(default=0)
    called_off = models.IntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="fulfillment_line_quantity"),
            models.CheckConstraint(
                condition=Q(called_off__gte=0, picked__gte=0, picked__lte=F("quantity") - F("called_off")),
                name="fulfillment_line_picked",
            ),
        ]


class WrongCodes(models.Model):
    """How often a wrong pickup code was tried. Kept apart, because it must stand when the try itself is undone."""

    fulfillment_id = models.UUIDField(primary_key=True)
    tries = models.IntegerField()
    locked_until = models.DateTimeField(null=True)


class Lane(models.Model):
    """A way that a carrier goes from country to country: when it comes, and how many working days it takes.

    What is not written down here goes as `promise.USUAL_LANES` says. One that is not `active` is not gone at all.
    """

    pk = models.CompositePrimaryKey("origin", "destination", "service")
    origin = models.TextField()
    destination = models.TextField()
    service = models.TextField()
    carrier = models.TextField()
    cut_off = models.TimeField()
    least_days = models.IntegerField()
    most_days = models.IntegerField()
    active = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(least_days__gte=1, least_days__lte=F("most_days"), most_days__lte=60), name="lane_days"
            ),
        ]


class Pace(models.Model):
    """How many units a location picks in an hour."""

    location = models.TextField(primary_key=True, db_collation="C")
    units_an_hour = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(units_an_hour__gt=0), name="pace_positive")]


class Lying(models.Model):
    """Goods that do not sell at a location while others miss them: a unit from there is so many cents cheaper."""

    pk = models.CompositePrimaryKey("sku", "location")
    sku = models.TextField(db_collation="C")
    location = models.TextField(db_collation="C")
    cents = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(cents__gt=0), name="lying_cheaper")]


class SlotRule(models.Model):
    """What is brought to whom every week: on these days, between these times on the location's clocks.

    Its slots are opened `opens_days` ahead, and may be ordered until `notice_minutes` before they begin. `postcodes`
    are the beginnings of those that it reaches; none at all reaches the whole country.
    """

    id = models.UUIDField(primary_key=True)
    location = models.TextField(db_collation="C")
    country = models.TextField()
    postcodes = ArrayField(models.TextField(), default=list)
    days = ArrayField(models.TextField())
    starts = models.TimeField()
    ends = models.TimeField()
    time_zone = models.TextField()
    notice_minutes = models.IntegerField()
    capacity = models.IntegerField()
    opens_days = models.IntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="slot_rule_in_order"),
            models.CheckConstraint(
                condition=Q(capacity__gt=0, notice_minutes__gte=0, opens_days__gte=0), name="slot_rule_sane"
            ),
        ]


class Slot(models.Model):
    """So many deliveries of one day and time, and how many of them are taken. Opened by its rule, kept as it was."""

    id = models.UUIDField(primary_key=True)
    rule_id = models.UUIDField()
    location = models.TextField(db_collation="C")
    country = models.TextField()
    postcodes = ArrayField(models.TextField(), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    order_until = models.DateTimeField()
    capacity = models.IntegerField()
    taken = models.IntegerField(db_default=0)

    class Meta:
        indexes = [models.Index(fields=["country", "order_until"], name="slot_to_choose")]
        constraints = [
            models.UniqueConstraint(fields=["rule_id", "starts_at"], name="slot_opened_once"),
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("capacity")), name="slot_never_overfull"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at"), order_until__lte=F("starts_at")), name="slot_in_order"
            ),
        ]


class SlotPlace(models.Model):
    """An order's place in a slot: `reserved` while it is being paid, `kept` once it stands; then `freed`, if at all."""

    id = models.UUIDField(primary_key=True)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, db_column="slot", related_name="places")
    order_id = models.UUIDField()
    state = models.TextField(db_default="reserved")
    reserved_at = models.DateTimeField()
    freed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["order_id"], name="slot_place_of_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "slot"], name="slot_place_once", condition=Q(state__in=["reserved", "kept"])
            ),
            models.CheckConstraint(condition=Q(state__in=["reserved", "kept", "freed"]), name="slot_place_state"),
            models.CheckConstraint(
                condition=Q(state="freed", freed_at__isnull=False)
                | Q(state__in=["reserved", "kept"], freed_at__isnull=True),
                name="slot_place_freed_dated",
            ),
        ]


class Label(models.Model):
    """A label that a carrier was asked for: `asked`, then `bought` or `refused`; `voided` if it was given back unused.

    `key` is what the carrier knows our asking by. What it cost is a decimal amount, as the carrier says it.
    """

    id = models.UUIDField(primary_key=True)
    fulfillment = models.ForeignKey(
        Fulfillment, on_delete=models.PROTECT, db_column="fulfillment", related_name="labels"
    )
    carrier = models.TextField()
    service = models.TextField()
    key = models.TextField(unique=True)
    state = models.TextField(db_default="asked")
    reference = models.TextField(db_default="")
    tracking = models.TextField(db_default="")
    carrier_name = models.TextField(db_default="")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.TextField(db_default="")
    label_url = models.TextField(db_default="")
    reason = models.TextField(db_default="")
    mark = models.TextField(db_default="")
    marked_at = models.DateTimeField(null=True)
    looks = models.IntegerField(db_default=0)
    look_at = models.DateTimeField(null=True)
    unwanted_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], name="label_to_look_after", condition=Q(look_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fulfillment"], name="label_once", condition=Q(state__in=["asked", "bought"])
            ),
            models.UniqueConstraint(
                fields=["carrier", "reference"], name="label_reference", condition=~Q(reference="")
            ),
            models.CheckConstraint(condition=Q(state__in=["asked", "bought", "refused", "voided"]), name="label_state"),
            models.CheckConstraint(
                condition=~Q(state="bought") | (~Q(reference="") & ~Q(tracking="")), name="label_bought_is_named"
            ),
            models.CheckConstraint(condition=Q(mark__in=["", *MARKS]), name="label_mark"),
        ]


class ParcelMark(models.Model):
    """What a carrier told of a parcel, each once and in the order in which it came. Never changed, never deleted."""

    id = models.BigAutoField(primary_key=True)
    label = models.ForeignKey(Label, on_delete=models.PROTECT, db_column="label", related_name="marks")
    notice = models.TextField()
    mark = models.TextField()
    at = models.DateTimeField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label", "notice"], name="parcel_mark_once"),
            models.CheckConstraint(condition=Q(mark__in=MARKS), name="parcel_mark_known"),
        ]


class Substitution(models.Model):
    """Something else in place of goods that a picker does not find: proposed, then agreed or declined by the customer.

    `worth` is what was paid for the goods, `price` what the substitute is charged, never more; minor units. While it
    is proposed, the substitute is held in stock under its id, until `answer_until`. `missing`: the goods are not where
    the books say they are.
    """

    id = models.UUIDField(primary_key=True)
    fulfillment = models.ForeignKey(
        Fulfillment, on_delete=models.PROTECT, db_column="fulfillment", related_name="substitutions"
    )
    sku = models.TextField(db_collation="C")
    quantity = models.IntegerField()
    substitute = models.TextField(db_collation="C")
    worth = models.BigIntegerField()
    price = models.BigIntegerField()
    currency = models.TextField()
    missing = models.BooleanField(db_default=False)
    state = models.TextField(db_default="proposed")
    answered_by = models.TextField(db_default="")
    proposed_at = models.DateTimeField()
    answer_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["answer_until"], name="substitution_waits", condition=Q(state="proposed")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fulfillment", "sku"], name="substitution_once", condition=Q(state="proposed")
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "agreed", "declined", "lapsed"]), name="substitution_state"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, price__gte=0, price__lte=F("worth")), name="substitution_never_dearer"
            ),
            models.CheckConstraint(condition=~Q(sku=F("substitute")), name="substitution_is_another"),
        ]


class SandboxParcel(models.Model):
    """The sandbox carrier's own book: a parcel it has sold a label for. It keeps no address."""

    key = models.TextField(primary_key=True)
    reference = models.TextField(unique=True)
    tracking = models.TextField()
    service = models.TextField()
    amount = models.TextField()
    state = models.TextField()
    bought_at = models.DateTimeField()


class SandboxNotice(models.Model):
    """What the sandbox carrier sees of a parcel at a moment, and how often it still has to tell us."""

    id = models.UUIDField(primary_key=True)
    parcel = models.TextField()
    mark = models.TextField()
    owed = models.IntegerField()
    tries = models.IntegerField()
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="sandbox_carrier_owes", condition=Q(owed__gt=0)),
            models.Index(fields=["parcel", "at"], name="sandbox_carrier_saw"),
        ]
