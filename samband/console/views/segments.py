"""Segments: who is in them and how many, written in a form or as text, counted while they are written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import CategoryNode
from samband.commerce.inventory import queries as inventory
from samband.customers.accounts import queries as accounts
from samband.customers.consent.purposes import PURPOSES
from samband.customers.identity import queries as identity
from samband.customers.profiles.queries import TRAITS
from samband.customers.segments import commands, queries, writing
from samband.customers.segments.definitions import Definition
from samband.customers.segments.views import DayView
from samband.kernel.identifier import KINDS as IDENTIFIERS
from samband.kernel.money import MINOR_DIGITS
from samband.kernel.refusal import NotFound, Refusal

from .. import customer_words, reading, segment_form, segment_words, state_words, touch_texts
from ..doors import CUSTOMER, about, me, opens
from ..pages import Done, answer, go_on, page, words_for
from ..segment_form import Fields
from ..words import Words

A_PAGE = 50
DRAFT = "draft"
LONGEST_TEXT = 500_000
KINDS_OF_TRAITS = {name: trait.kind for name, trait in TRAITS.items()}


@opens("customers")
def segments(request: HttpRequest) -> HttpResponse:
    """All segments with their sizes, and the way to bring some in as text."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        found = queries.listed()
        return page(
            request,
            "segments.html",
            refusal=refusal,
            segments=found,
            trend=queries.trend([one.slug for one in found]),
            drawn=drawn,
            say_it=segment_words,
        )

    def apply(request: HttpRequest) -> Done:
        text = reading.needed(request.POST, "text", LONGEST_TEXT)
        became = commands.apply(writing.read(text), by=str(me(request).id))
        count = sum(what != "same" for what in became.values())
        told = ngettext("%(count)s segment is new or different.", "%(count)s segments are new or different.", count)
        return Done(told % {"count": count})

    return answer(request, show, {"apply": apply})


def drawn(days: Iterable[DayView]) -> str:
    """A line through the sizes of the days, for a drawing 100 wide and 24 high; nothing for a single day."""
    sizes = [one.size for one in days]
    if len(sizes) < 2:
        return ""
    low, high = min(sizes), max(sizes)
    step, scale = 100 / (len(sizes) - 1), 20 / ((high - low) or 1)
    return " ".join(f"{nth * step:.1f},{22 - (size - low) * scale:.1f}" for nth, size in enumerate(sizes))


@opens("customers")
def as_text(request: HttpRequest) -> HttpResponse:
    """All segments as a retailer keeps them in a repository."""
    text = writing.write(one.definition for one in queries.listed())
    headers = {"Content-Disposition": 'attachment; filename="segments.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@opens("customers", change=True)
def new_segment(request: HttpRequest) -> HttpResponse:
    """The form for a segment that is not there yet."""
    fresh = Fields({"how": ["all"], "zone": [words_for(me(request)).zone]})
    fresh.add()

    def save(request: HttpRequest) -> Done:
        slug = reading.needed(request.POST, "slug", 60)
        commands.save(_read(request, slug), by=str(me(request).id), new=True, key=reading.key(request))
        return Done(
            _("The segment is there. Who is in it is being found out."), reverse("console:segment", args=[slug])
        )

    def show(fields: Fields, refusal: Refusal | None = None) -> HttpResponse:
        return page(request, "segment_new.html", refusal=refusal, one=None, **_form(fields, words_for(me(request))))

    return _written(request, fresh, show, {"save": save})


@opens("customers", sees=CUSTOMER)
def segment(request: HttpRequest, slug: str) -> HttpResponse:
    """One segment: how many are in it, some of them, and the form to change it."""
    one = queries.segment(slug)
    held = segment_form.fields(one.definition)

    def save(request: HttpRequest) -> Done:
        commands.save(_read(request, slug), by=str(me(request).id), key=reading.key(request))
        return Done(_("The segment is changed. Who is in it is being found out."))

    def save_text(request: HttpRequest) -> Done:
        [definition] = writing.read(reading.needed(request.POST, "text", LONGEST_TEXT))[:1] or [None]
        if definition is None or definition.segment != slug:
            raise reading.NotRead(field="text", want="something")
        commands.save(definition, by=str(me(request).id), key=reading.key(request))
        to = reverse("console:segment", args=[slug])
        return Done(_("The segment is changed. Who is in it is being found out."), f"{to}?as=text")

    def remove(request: HttpRequest) -> Done:
        commands.remove(slug, by=str(me(request).id), key=reading.key(request))
        return Done(_("The segment is removed."), reverse("console:segments"))

    def show(fields: Fields | None, refusal: Refusal | None = None) -> HttpResponse:
        tab = request.GET.get("as", "form")
        words = words_for(me(request))
        members, after = _members(request, slug)
        about(request, *(f"customer:{member.customer}" for member in members))
        return page(
            request,
            "segment.html",
            refusal=refusal,
            one=one,
            tab=tab if tab in ("form", "text", "history") else "form",
            text=writing.write([one.definition]),
            history=queries.history(slug),
            trend=queries.trend([slug])[slug],
            drawn=drawn,
            members=members,
            after=after,
            by=_by,
            too_deep=held is None,
            **_form(fields or Fields(), words),
        )

    return _written(request, held, show, {"save": save, "text": save_text, "remove": remove})


def _written(
    request: HttpRequest,
    held: Fields | None,
    show: Callable[..., HttpResponse],
    deeds: dict[str, Callable[[HttpRequest], Done]],
) -> HttpResponse:
    """Show the form, do what it asks, or show it again with rows that came and went: also without scripts."""
    if request.method != "POST":
        return show(held)
    sent = Fields.sent(request.POST)
    deed = request.POST.get("deed", "")
    try:
        if deed not in deeds:
            _change_rows(sent, deed)
            return show(sent)
        return go_on(request, deeds[deed](request))
    except Refusal as refusal:
        return show(sent if sent.rows() else held, refusal)


def _change_rows(sent: Fields, deed: str) -> None:
    what, _colon, row = deed.partition(":")
    if what == "add":
        inside = row if row in sent.rows() else ""
        sent.put("focus", sent.add(inside))
    elif what == "out" and row:
        sent.take_out(row)
    elif what != "look":
        raise NotFound()


@opens("customers", change=True)
def rows(request: HttpRequest) -> HttpResponse:
    """The rows of the form anew: one more, one fewer, or of another kind."""
    sent = Fields.sent(request.POST)
    _change_rows(sent, request.POST.get("rows", "look"))
    response = page(request, "segment_rows.html", **_form(sent, words_for(me(request))))
    response.headers["HX-Trigger-After-Settle"] = "rows-changed"
    return response


@opens("customers", change=True)
def count(request: HttpRequest) -> HttpResponse:
    """How many there would be, while it is written."""
    try:
        slug = request.POST.get("of") or DRAFT
        if request.POST.get("deed") == "text":
            found = writing.read(reading.text(request.POST, "text", LONGEST_TEXT))
            size = queries.size(found[0]) if found else None
        else:
            size = queries.size(_read(request, slug))
    except Refusal as refusal:
        answered = page(request, "segment_size.html", refusal=refusal, size=None, people=())
        answered.status_code = 200  # htmx leaves out what is refused, and this is what is to be shown
        return answered
    return page(request, "segment_size.html", size=size, people=_people(size.some) if size else ())


def _read(request: HttpRequest, slug: str) -> Definition:
    sent = Fields.sent(request.POST)
    return Definition(
        segment=slug,
        names=reading.texts(request.POST, "names", 200),
        about=reading.text(request.POST, "about", 2000),
        zone=reading.text(request.POST, "zone", 60) or "UTC",
        who=segment_form.read(sent, KINDS_OF_TRAITS),
    )


def _form(fields: Fields, words: Words) -> dict[str, Any]:
    """What the form needs to be shown."""
    return {
        "fields": fields,
        "say_it": segment_words,
        "identifiers": customer_words.IDENTIFIERS,
        "kinds_of_identifiers": IDENTIFIERS,
        "traits": KINDS_OF_TRAITS,
        "purposes": tuple(PURPOSES),
        "channels": {code: touch_texts.channel(code) for code in (*state_words.CHANNELS, "web", "app")},
        "places": {code: words.place(code) for code in inventory.locations()},
        "categories": {node.slug: _indented(node, depth, words) for node, depth in _tree(catalog.tree())},
        "segments_known": {one.slug: segment_words.title(one.definition, words) for one in queries.listed()},
        "currencies": tuple(MINOR_DIGITS),
        "focus": fields.get("focus"),
    }


def _indented(node: CategoryNode, depth: int, words: Words) -> str:
    return "– " * depth + words.text(node.names)


def _tree(nodes: Iterable[CategoryNode], depth: int = 0) -> Iterable[tuple[CategoryNode, int]]:
    for node in nodes:
        yield node, depth
        yield from _tree(node.children, depth + 1)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member of a segment, as staff know them."""

    customer: UUID
    name: str


def _members(request: HttpRequest, slug: str) -> tuple[tuple[Somebody, ...], UUID | None]:
    found = queries.members(slug, reading.cursor(request, "after"), A_PAGE + 1)
    shown = found[:A_PAGE]
    return _people(shown), shown[-1] if len(found) > A_PAGE else None


def _people(customers: Iterable[UUID]) -> tuple[Somebody, ...]:
    """Who they are: by the name of an account, else by the mail or number they gave. Two statements."""
    members = identity.members_of(customers)
    keys = [one.key for known in members.values() for one in known if one.kind == "account"]
    named = accounts.customers(keys) if keys else {}
    people = []
    for customer, known in members.items():
        account = next((named[one.key] for one in known if one.key in named), None)
        given = next((one.value for one in known if one.kind in ("email", "phone", "loyalty")), "")
        people.append(Somebody(customer, (account and (account.name or account.email)) or given))
    return tuple(people)


def _by(who: str) -> str:
    """Who wrote a version: one of the staff, a program, or the text of a repository."""
    return {"api": _("through the API"), "text": _("from text"), "": ""}.get(who, _("in the console"))
