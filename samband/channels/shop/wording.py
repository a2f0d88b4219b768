"""How the shop says amounts, days, hours and reasons in the visitor's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_time, get_day_names
from django.utils.translation import gettext as _

from samband.commerce.catalog.attributes import Texts
from samband.commerce.catalog.views import Spec
from samband.commerce.fulfillment.promise import DAYS, Promise, is_holiday
from samband.commerce.inventory.queries import LocationView
from samband.commerce.payments.queries import IntentView
from samband.commerce.payments.words import METHOD_NAMES
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.tagging import Reason
from samband.kernel import wording
from samband.kernel.clock import now
from samband.kernel.languages import pick
from samband.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Words:
    """The shop's wording in one language, for templates."""

    language: str

    def money(self, amount: Money) -> str:
        return wording.money(amount, self.language)

    def text(self, texts: Texts) -> str:
        return pick(texts, self.language)

    def number(self, value: float | Decimal) -> str:
        return wording.number(value, self.language)

    def percent(self, basis_points: int) -> str:
        return wording.percent(basis_points, self.language)

    def moment(self, at: datetime, zone: str) -> str:
        return wording.moment(at, self.language, zone)

    def day(self, at: datetime, zone: str) -> str:
        return wording.day(at, self.language, zone)

    def date(self, at: datetime, zone: str) -> str:
        """A day with its year, without the day of the week."""
        return wording.day(at, self.language, zone, weekday=False)

    def hours(self, first: datetime, last: datetime, zone: str) -> str:
        """From when to when on one day."""
        return f"{wording.hour(first, self.language, zone)}–{wording.hour(last, self.language, zone)}"

    def address(self, site: LocationView) -> str:
        given = site.address
        town = " ".join(filter(None, (given.get("postcode", ""), given.get("city", ""))))
        return ", ".join(filter(None, (given.get("line1", ""), town)))

    def spec(self, spec: Spec) -> str:
        """What is said of a product, with its unit."""
        if spec.kind == "flag":
            return _("Yes") if spec.value else _("No")
        if spec.kind == "number":
            return wording.measure(spec.value, spec.unit, self.language)
        return pick(spec.labels, self.language) or str(spec.value)

    def method(self, intent: IntentView) -> str:
        """What was paid with, such as Visa ···· 4242."""
        name = self.text(METHOD_NAMES.get(intent.method, {})) or intent.method
        kind, _, digits = intent.paid_with.partition(" ")
        if not digits:
            return name
        return f"{name} ···· {digits}" if intent.method == "gift_card" else f"{kind.capitalize()} ···· {digits}"

    # --- when

    def delivered(self, promise: Promise) -> str:
        """Between which days a parcel comes."""
        first = wording.day(promise.earliest.date(), self.language)
        last = wording.day(promise.latest.date(), self.language)
        return first if first == last else _("%(first)s – %(last)s") % {"first": first, "last": last}

    def ready(self, promise: Promise, at: datetime | None = None) -> str:
        """When a pickup is ready, on the store's clocks."""
        zone = promise.latest.tzinfo
        today = (at or now()).astimezone(zone).date()
        hour = format_time(promise.latest, format="short", tzinfo=zone, locale=wording.LOCALES[self.language])
        match (promise.latest.date() - today).days:
            case 0:
                return _("today from %(hour)s") % {"hour": hour}
            case 1:
                return _("tomorrow from %(hour)s") % {"hour": hour}
            case _:
                day = wording.day(promise.latest.date(), self.language)
                return _("%(day)s from %(hour)s") % {"day": day, "hour": hour}

    def clock(self, said: str) -> str:
        """A time of day such as 18:00 as the language writes it."""
        hour = time(0) if said == "24:00" else time.fromisoformat(said)
        return format_time(hour, format="short", locale=wording.LOCALES[self.language])

    def weekdays(self, site: LocationView) -> Iterator[tuple[str, str, bool]]:
        """Each day of the week with its hours, and whether it is today."""
        names = get_day_names("wide", context="stand-alone", locale=wording.LOCALES[self.language])
        today = now().astimezone(ZoneInfo(site.time_zone)).weekday()
        for number, day in enumerate(DAYS):
            hours = site.opening.get(day)
            told = f"{self.clock(hours[0])}–{self.clock(hours[1])}" if hours else _("closed")
            yield names[number], told, number == today

    def open_now(self, site: LocationView) -> str:
        """Whether the store is open, and until or from when."""
        local = now().astimezone(ZoneInfo(site.time_zone))
        for days in range(8):
            day = local.date() + timedelta(days=days)
            hours = site.opening.get(DAYS[day.weekday()])
            if not hours or is_holiday(day, site.country):
                continue
            clock = f"{local:%H:%M}" if days == 0 else ""
            if clock >= hours[1]:
                continue
            if days == 0 and clock >= hours[0]:
                return _("Open now, until %(hour)s") % {"hour": self.clock(hours[1])}
            when = wording.day(day, self.language)
            if days == 0:
                return _("Opens today at %(hour)s") % {"hour": self.clock(hours[0])}
            return _("Closed now, opens %(day)s at %(hour)s") % {"day": when, "hour": self.clock(hours[0])}
        return _("Closed")

    def is_open(self, site: LocationView) -> bool:
        local = now().astimezone(ZoneInfo(site.time_zone))
        hours = site.opening.get(DAYS[local.weekday()])
        if hours is None or is_holiday(local.date(), site.country):
            return False
        return hours[0] <= f"{local:%H:%M}" < hours[1]

    # --- why

    def reason(self, reason: Reason) -> str:
        """Why an amount is what it is. A reason we have no words for is left out rather than shown as a code."""
        said = _SAID.get(reason.code)
        return said(self, reason.params) if said else ""

    def _amount(self, params: Mapping[str, object], name: str) -> str:
        return self.money(Money(int(str(params[name])), str(params["currency"])))

    def _list(self, params: Mapping[str, object]) -> str:
        known = pricing.price_lists().get(str(params["price_list"]))
        name = self.text(known.names) if known and known.names else str(params["price_list"])
        if until := params.get("valid_until"):
            day = wording.day(datetime.fromisoformat(str(until)), self.language)
            return _("%(list)s, until %(day)s") % {"list": name, "day": day}
        return name

    def _instead(self, params: Mapping[str, object]) -> str:
        return _("instead of %(price)s") % {"price": self._amount(params, "amount")}

    def _vat(self, params: Mapping[str, object]) -> str:
        rate = self.percent(int(str(params["basis_points"])))
        return _("%(rate)s VAT included") % {"rate": rate}

    def _shipping_class(self, params: Mapping[str, object]) -> str:
        if params.get("shipping_class") == "bulky":
            return _("Large goods come by van.")
        return _("Sent as a parcel.")

    def _free_above(self, params: Mapping[str, object]) -> str:
        return _("Add %(missing)s more and delivery is free (from %(from)s).") % {
            "missing": self._amount(params, "missing"),
            "from": self._amount(params, "free_from"),
        }

    def _free_from(self, params: Mapping[str, object]) -> str:
        return _("Free, because the goods come to %(from)s or more.") % {"from": self._amount(params, "free_from")}

    def _free(self, params: Mapping[str, object]) -> str:
        return _("Picking up is free.") if params.get("method") == "pickup" else _("Delivery is free.")

    def _not_chosen(self, params: Mapping[str, object]) -> str:
        return _("Depends on how you want to have it.")

    def _as_goods(self, params: Mapping[str, object]) -> str:
        return _("VAT on delivery is that of the goods.")


_SAID = {
    "price_list": Words._list,
    "instead_of": Words._instead,
    "vat_included": Words._vat,
    "vat_added": Words._vat,
    "shipping_class": Words._shipping_class,
    "shipping_free_above": Words._free_above,
    "shipping_free_from": Words._free_from,
    "shipping_free": Words._free,
    "shipping_not_chosen": Words._not_chosen,
    "shipping_vat_as_goods": Words._as_goods,
}
