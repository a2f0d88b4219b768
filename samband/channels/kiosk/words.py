"""How amounts, times and places are said on a phone in the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.units import format_unit
from django.utils.translation import gettext as _

from samband.commerce.catalog.views import Spec
from samband.commerce.fulfillment.promise import Promise
from samband.commerce.inventory.queries import LocationView
from samband.flows.arrive import closing, opens_next
from samband.kernel import wording
from samband.kernel.clock import now
from samband.kernel.languages import pick
from samband.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of one language, for templates."""

    language: str

    def money(self, amount: Money) -> str:
        return wording.money(amount, self.language)

    def text(self, texts: Mapping[str, str]) -> str:
        return pick(texts, self.language)

    def percent(self, basis_points: int) -> str:
        return wording.percent(basis_points, self.language)

    def store(self, site: LocationView) -> str:
        return self.text(site.names) or site.name

    def goods(self, names: Mapping[str, str], labels: Mapping[str, str]) -> str:
        """A product with what tells it from its siblings."""
        label = self.text(labels)
        return f"{self.text(names)}, {label}" if label else self.text(names)

    def spec(self, spec: Spec) -> str:
        """What is said of a product, with its unit."""
        if spec.kind == "flag":
            return _("Yes") if spec.value else _("No")
        if spec.kind == "number":
            return wording.measure(spec.value, spec.unit, self.language)
        return self.text(spec.labels) or str(spec.value)

    def distance(self, kilometres: float) -> str:
        """How far it is, as people say it."""
        if kilometres < 1:
            metres = max(round(kilometres * 10) * 100, 100)
            return format_unit(metres, "length-meter", length="short", locale=wording.LOCALES[self.language])
        value = round(kilometres) if kilometres >= 10 else round(kilometres, 1)
        return format_unit(value, "length-kilometer", length="short", locale=wording.LOCALES[self.language])

    def hour(self, at: datetime, zone: str) -> str:
        return wording.hour(at, self.language, zone)

    def moment(self, at: datetime, zone: str) -> str:
        """An hour of today, or a day and an hour."""
        today = now().astimezone(ZoneInfo(zone)).date()
        if at.astimezone(ZoneInfo(zone)).date() == today:
            return wording.hour(at, self.language, zone)
        return wording.moment(at, self.language, zone)

    def opening(self, site: LocationView) -> str:
        """Whether the store is open, and until or from when."""
        at = now()
        if closes := closing(site, at):
            return _("Open now, until %(hour)s") % {"hour": self.hour(closes, site.time_zone)}
        if opens := opens_next(site, at):
            return _("Closed now, opens %(when)s") % {"when": self.moment(opens, site.time_zone)}
        return _("Closed")

    def delivered(self, promise: Promise) -> str:
        """Between which days a parcel comes."""
        first = wording.day(promise.earliest.date(), self.language)
        last = wording.day(promise.latest.date(), self.language)
        return first if first == last else _("%(first)s – %(last)s") % {"first": first, "last": last}

    def ready(self, promise: Promise) -> str:
        """When a pickup is ready, on the store's clocks."""
        zone = promise.latest.tzinfo
        today = now().astimezone(zone).date()
        hour = wording.hour(promise.latest, self.language, str(zone))
        match (promise.latest.date() - today).days:
            case 0:
                return _("today from %(hour)s") % {"hour": hour}
            case 1:
                return _("tomorrow from %(hour)s") % {"hour": hour}
            case _:
                return _("%(day)s from %(hour)s") % {
                    "day": wording.day(promise.latest.date(), self.language),
                    "hour": hour,
                }

    def waited(self, since: datetime) -> str:
        """How long somebody has waited, in whole minutes."""
        minutes = max(int((now() - since) / timedelta(minutes=1)), 0)
        return format_unit(minutes, "duration-minute", length="short", locale=wording.LOCALES[self.language])
