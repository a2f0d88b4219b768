"""A customer's own data: seen, corrected, taken home, erased. What cannot be taken back asks for a fresh code first."""

from datetime import timedelta
from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import FileResponse, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from samband.customers.accounts.queries import CustomerView
from samband.customers.rights import commands, queries
from samband.customers.rights.queries import RequestView
from samband.flows import correct_customer, erase_customer, export_customer
from samband.flows.kept_about import kept_about
from samband.flows.sign_in import MINUTES_A_CODE_LASTS
from samband.kernel.clock import now
from samband.kernel.refusal import NotFound, Refusal

from . import reading
from .pages import go, page, render
from .refusal_texts import field_errors, sentence
from .storefronts import CHANNEL
from .visits import Visit

PROVED = "proved"
PROOF_LASTS = timedelta(minutes=15)
"""How long somebody who typed a code need not type another: long enough to read what erasing means."""

DEEDS = ("take", "erase")
MOST_REQUESTS = 10


@page()
def overview(visit: Visit) -> HttpResponse:
    """What is kept of whoever is signed in, and what they may do about it."""
    if visit.customer is None:
        return _to_sign_in(visit)
    return _show(visit, visit.customer)


@page("GET", "HEAD", "POST")
def prove(visit: Visit) -> HttpResponse:
    """Mail a code to their own address (`for` says what comes next), or take the code. Raises TooManyCodes."""
    if visit.customer is None:
        return _to_sign_in(visit)
    deed = visit.request.POST.get("for") or visit.request.GET.get("for", "")
    if deed not in DEEDS or not visit.customer.email:
        raise NotFound()
    if _is_proved(visit, visit.customer):
        return _go_on(visit, visit.customer, deed)
    if visit.request.method != "POST" or "code" not in visit.request.POST:
        if visit.request.method == "POST":
            correct_customer.ask_proof(visit.customer.email, visit.front.language)
        return _code_form(visit, visit.customer, deed, mailed=visit.request.method == "POST")
    try:
        correct_customer.prove(visit.customer.email, reading.text(visit.request.POST, "code", 40))
    except Refusal as refusal:
        return _code_form(visit, visit.customer, deed, refusal, mailed=True)
    visit.request.session[PROVED] = [str(visit.customer.id), now().timestamp()]
    return _go_on(visit, visit.customer, deed)


@page("POST")
def take(visit: Visit) -> HttpResponse:
    """Ask for everything. Raises NothingKept."""
    if visit.customer is None:
        return _to_sign_in(visit)
    if not _is_proved(visit, visit.customer):
        return go(visit.front.at("account/data/prove/?for=take"))
    return _go_on(visit, visit.customer, "take")


@page()
def fetch(visit: Visit, token: str) -> HttpResponse:
    """The file, for nobody but whoever asked for it. Raises FileGone, NotYours."""
    if visit.customer is None:
        return _to_sign_in(visit)
    path = export_customer.fetch(token, _asker(visit.customer), "customer")
    return handed_out(path)


@page("GET", "HEAD", "POST")
def erase(visit: Visit) -> HttpResponse:
    """What erasing means and what stays; with POST it is done, or will be once nothing is under way."""
    if visit.customer is None:
        return _to_sign_in(visit)
    customer = visit.customer
    if not _is_proved(visit, customer):
        return go(visit.front.at("account/data/prove/?for=erase"))
    hindering = erase_customer.what_hinders(customer.id, proved=True)
    if visit.request.method != "POST":
        return _erase_page(visit, hindering)
    if not visit.request.POST.get("meant"):
        return _erase_page(visit, hindering, _("Please say that you mean it."))
    request_id = erase_customer.ask_to_erase(
        customer.id, by="customer", account=customer.id, language=visit.front.language
    )
    if not erase_customer.erase_requested(request_id):
        return go(visit.front.at("account/data/?waits"))
    _sign_out(visit)
    return render(visit, "my_data_erased.html")


@page("POST")
def withdraw(visit: Visit) -> HttpResponse:
    """Think better of it. Raises NoSuchRequest, RequestEnded."""
    if visit.customer is None:
        return _to_sign_in(visit)
    wanted = visit.request.POST.get("request", "")
    mine = next((one for one in _requests(visit.customer) if str(one.id) == wanted and one.is_live), None)
    if mine is None:
        raise NotFound()
    commands.withdraw(mine.id)
    return go(visit.front.at("account/data/?kept"))


@page("POST")
def new_email(visit: Visit) -> HttpResponse:
    """Mail a code to the address that shall be theirs from now on."""
    if visit.customer is None:
        return _to_sign_in(visit)
    try:
        given = reading.text(visit.request.POST, "email", 254)
        email = correct_customer.ask_new_email(visit.customer.id, given, visit.front.language)
    except Refusal as refusal:
        return _show(visit, visit.customer, refusal)
    return _email_form(visit, email)


@page("POST")
def new_email_code(visit: Visit) -> HttpResponse:
    """The code that came there: the address is theirs. Raises nothing that the form does not tell."""
    if visit.customer is None:
        return _to_sign_in(visit)
    email = str(visit.request.POST.get("email", ""))[:254]
    try:
        code = reading.text(visit.request.POST, "code", 40)
        correct_customer.take_new_email(visit.customer.id, reading.text(visit.request.POST, "email", 254), code)
    except Refusal as refusal:
        return _email_form(visit, email, refusal)
    return go(visit.front.at("account/data/?kept"))


def handed_out(path: Path) -> HttpResponse:
    """A file that is saved, and that nobody on the way keeps."""
    name = f"samband-{now():%Y-%m-%d}.zip"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    response.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)  # streamed, and otherwise like any other


# --- pages


def _show(visit: Visit, customer: CustomerView, refusal: Refusal | None = None) -> HttpResponse:
    sent = visit.request.GET
    requests = _requests(customer)
    return render(
        visit,
        "my_data.html",
        refusal.status if refusal else 200,
        customer=customer,
        kept=kept_about(customer.id),
        waiting=[one for one in requests if one.is_live],
        ready=[(one, _link(visit, customer, one)) for one in requests if one.file],
        past=[one for one in requests if not one.is_live and not one.file],
        typed=str(visit.request.POST.get("email", ""))[:254],
        errors=field_errors(refusal) if refusal else {},
        told=sentence(refusal) if refusal else "",
        good=_said(sent),
        size=_size,
    )


def _said(sent: QueryDict) -> str:
    if "kept" in sent:
        return _("It is kept.")
    if "waits" in sent:
        return _("We have written it down. It is done as soon as nothing of yours is under way any more.")
    if "making" in sent:
        return _("We are putting your data together and mail you when it is ready.")
    return ""


def _code_form(
    visit: Visit, customer: CustomerView, deed: str, refusal: Refusal | None = None, *, mailed: bool
) -> HttpResponse:
    return render(
        visit,
        "my_data_code.html",
        refusal.status if refusal else 200,
        email=customer.email,
        deed=deed,
        mailed=mailed,
        minutes=MINUTES_A_CODE_LASTS,
        errors=field_errors(refusal) if refusal else {},
        told=sentence(refusal) if refusal else "",
    )


def _email_form(visit: Visit, email: str, refusal: Refusal | None = None) -> HttpResponse:
    return render(
        visit,
        "my_data_email.html",
        refusal.status if refusal else 200,
        email=email,
        minutes=MINUTES_A_CODE_LASTS,
        errors=field_errors(refusal) if refusal else {},
        told=sentence(refusal) if refusal else "",
    )


def _erase_page(visit: Visit, hindering: tuple[str, ...], told: str = "") -> HttpResponse:
    return render(visit, "my_data_erase.html", 422 if told else 200, hindering=hindering, told=told,
        backup_days=settings.BACKUP_DAYS,
    )  # fmt: skip


def _go_on(visit: Visit, customer: CustomerView, deed: str) -> HttpResponse:
    if deed == "erase":
        return go(visit.front.at("account/data/erase/"))
    asked = export_customer.ask_for_export(
        customer.id, by="customer", account=customer.id, language=visit.front.language
    )
    ready = bool(queries.request(asked).file)
    return go(visit.front.at("account/data/" + ("#ready" if ready else "?making")))


# --- who asks


def _is_proved(visit: Visit, customer: CustomerView) -> bool:
    """Whether they typed a code just now: somebody who finds a browser signed in has not."""
    who, at = visit.request.session.get(PROVED) or ("", 0.0)
    return who == str(customer.id) and now().timestamp() - float(at) < PROOF_LASTS.total_seconds()


def _requests(customer: CustomerView) -> tuple[RequestView, ...]:
    """What they asked themselves. What staff asked for them is staff's to fetch."""
    return tuple(one for one in queries.of((), customer.id, MOST_REQUESTS) if one.by == "customer")


def _link(visit: Visit, customer: CustomerView, one: RequestView) -> str:
    return visit.front.at(f"account/data/file/{export_customer.link_token(one.id, _asker(customer))}/")


def _asker(customer: CustomerView) -> str:
    return f"{CHANNEL}:{customer.id}"


def _size(count: int) -> str:
    """So many bytes, as people say it."""
    return f"{max(1, round(count / 1000)):,} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _sign_out(visit: Visit) -> None:
    visit.request.session.flush()
    visit.__dict__["customer"] = None
    visit.carry_cart(None)
    visit.forget_orders()


def _to_sign_in(visit: Visit) -> HttpResponse:
    return go(visit.front.at("sign-in/?next=account/data/"))
