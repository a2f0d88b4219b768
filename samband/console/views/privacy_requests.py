"""What customers ask about their data, until when it must be answered; and how long we keep what.

Whoever helps a customer writes the request down; somebody whose role may erase has a second look, and does it.
"""

from typing import cast
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.commerce.orders import privacy as orders
from samband.customers.accounts import queries as accounts
from samband.customers.rights import commands, queries, rules
from samband.customers.rights.queries import RequestView
from samband.customers.rights.refusals import NothingKept
from samband.flows import erase_customer, export_customer
from samband.flows.keep_no_longer import keep_no_longer, preview
from samband.flows.reach_customer import reach_of, reach_of_email
from samband.kernel.clock import now
from samband.kernel.reach import Reach
from samband.kernel.refusal import Forbidden, NotFound, Refusal
from samband.staff import queries as staff

from .. import reading
from ..doors import CUSTOMER, LOOK, about, me, opens
from ..pages import Done, answer, page

A_PAGE = 50
TABS = ("live", "all")
GROUNDS = tuple(ground for ground in rules.GROUNDS if ground != "own_wish")
"""How staff know of a wish; those who ask by themselves need nobody to say so."""


@opens("privacy", sees=CUSTOMER)
def found(request: HttpRequest) -> HttpResponse:
    """What waits, the one due first, or everything; and the form to write a request down."""
    tab = request.GET.get("tab", "live")
    tab = tab if tab in TABS else "live"
    rows = queries.requests("live" if tab == "live" else "", reading.cursor(request), A_PAGE + 1)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(
            request,
            "privacy_requests.html",
            refusal=refusal,
            tab=tab,
            rows=rows[:A_PAGE],
            before=rows[A_PAGE - 1].id if tab == "all" and len(rows) > A_PAGE else None,
            kinds=rules.KINDS,
            grounds=GROUNDS,
            who=request.GET.get("who", "")[:254],
        )

    return answer(request, show, {"ask": _ask})


def _ask(request: HttpRequest) -> Done:
    given, person = request.POST, me(request)
    reach = _reach(reading.needed(given, "who", 254))
    kind = reading.chosen(given, "kind", rules.KINDS)
    account = reach.accounts[0] if reach.accounts else None
    language = accounts.customer(account).language if account else person.language
    request_id = commands.ask(
        kind, reach.customer, by="staff", account=account, member=person.id,
        ground=reading.chosen(given, "ground", GROUNDS), language=language, agreed=False,
    )  # fmt: skip
    return Done(_("The request is written down."), reverse("console:privacy-request", args=[request_id]))


def _reach(who: str) -> Reach:
    """Whoever has this address or id. Raises NothingKept, NotAnIdentifier."""
    try:
        customer = UUID(who)
    except ValueError:
        return reach_of_email(who)
    return reach_of(customer)


@opens("privacy", sees=CUSTOMER, proved=("agree", "again"))
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: who asked, how far it is, and what may be done."""
    asked = queries.request(request_id)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        one = queries.request(request_id)
        reach = _still_there(one)
        about(request, f"customer:{one.subject}")
        return page(
            request,
            "privacy_request.html",
            refusal=refusal,
            one=one,
            reach=reach,
            known=_known(reach),
            hindering=orders.under_way(reach) if reach and one.kind == "erasure" else (),
            member=_name(one.member),
            agreed_by=_name(one.agreed_by),
            fetchable=bool(one.file) and one.by != "customer",
        )

    def agree(request: HttpRequest) -> Done:
        _may_erase(request)
        commands.agree(request_id, me(request).id)
        return _carry_out(asked)

    def again(request: HttpRequest) -> Done:
        _may_erase(request)
        return _carry_out(queries.request(request_id))

    def withdraw(request: HttpRequest) -> Done:
        commands.withdraw(request_id)
        return Done(_("The request is taken back."))

    return answer(request, show, {"agree": agree, "again": again, "withdraw": withdraw})


def _carry_out(asked: RequestView) -> Done:
    if asked.kind == "export":
        export_customer.make_export(asked.id)
        return Done(_("Their data is put together. It lies ready for seven days."))
    if erase_customer.erase_requested(asked.id):
        return Done(_("The customer is erased."))
    return Done(_("It is done as soon as their orders under way have ended."))


def _still_there(one: RequestView) -> Reach | None:
    if not one.is_live:
        return None
    try:
        return reach_of(one.account or one.subject)
    except NothingKept:
        return None


def _known(reach: Reach | None) -> str:
    """By what whoever carries it out can see that it is the right person."""
    return ", ".join(reach.emails or reach.phones) if reach else ""


def _name(member_id: UUID | None) -> str:
    return staff.name_of(member_id) if member_id else ""


def _may_erase(request: HttpRequest) -> None:
    if not me(request).may("erase", change=True):
        raise Forbidden()


@opens("erase", sees=CUSTOMER, proved=(LOOK,))
def file(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """An export that staff asked for. One that a customer asked for is theirs to fetch. Raises FileGone."""
    asked = queries.request(request_id)
    about(request, f"customer:{asked.subject}")
    if asked.by == "customer":
        raise NotFound()
    asker = f"staff:{me(request).id}"
    path = export_customer.fetch(export_customer.link_token(request_id, asker), asker, "staff")
    name = f"customer-{now():%Y-%m-%d}.zip"
    found = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    return cast(HttpResponse, found)  # streamed, and otherwise like any other


@opens("privacy", proved=("keep", "let-go"))
def keeping(request: HttpRequest) -> HttpResponse:
    """How long what is kept, and what would go now."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(request, "privacy_keeping.html", refusal=refusal, rows=preview())

    def keep(request: HttpRequest) -> Done:
        _may_erase(request)
        rule = reading.chosen(request.POST, "rule", rules.USUAL)
        days = reading.maybe_whole(request.POST, "days", rules.USUAL[rule].least, 36_500)
        commands.keep(rule, days, me(request).id)
        return Done(_("The rule is changed."))

    def let_go(request: HttpRequest) -> Done:
        _may_erase(request)
        gone = keep_no_longer(reading.chosen(request.POST, "rule", rules.USUAL))
        count = sum(gone.values())
        return Done(ngettext("%(num)s was let go.", "%(num)s were let go.", count) % {"num": count})

    return answer(request, show, {"keep": keep, "let-go": let_go})
