"""Signing in with a code that comes by mail. There are no passwords to forget."""

from django.http import HttpResponse

from samband.flows.sign_in import MINUTES_A_CODE_LASTS, ask_for_code, sign_in
from samband.kernel.refusal import Refusal, TooMany

from . import reading, tries
from .pages import go, page, render
from .refusal_texts import field_errors, sentence
from .storefronts import CHANNEL
from .visiting import is_customer
from .visits import Visit

NEXT = ("account/", "account/data/", "checkout/", "cart/")
"""Where somebody may be led after signing in: nowhere but to pages of ours that are better for it."""


@page("GET", "HEAD", "POST")
def ask(visit: Visit) -> HttpResponse:
    """Ask for the address, then mail the code. Raises NotAnEmail, TooManyCodes, TooMany."""
    if visit.request.method != "POST":
        return _form(visit)
    email = str(visit.request.POST.get("email", ""))[:254]
    tries.signing_in.count_address(visit.request)
    try:
        ask_for_code(reading.text(visit.request.POST, "email", 254), visit.front.language)
    except Refusal as refusal:
        if isinstance(refusal, TooMany):
            raise
        return _form(visit, refusal.status, email=email, errors=field_errors(refusal), told=sentence(refusal))
    return _code_form(visit, email=email)


@page("POST")
def enter(visit: Visit) -> HttpResponse:
    """Let them in for the code, with what they gathered as a guest. Raises WrongCode, TooMany."""
    email = str(visit.request.POST.get("email", ""))[:254]
    tries.coming_in.count_address(visit.request)
    try:
        signed = sign_in(
            reading.text(visit.request.POST, "email", 254),
            reading.text(visit.request.POST, "code", 40),
            CHANNEL,
            visit.front.language,
            visit.front.market,
            visit.guest_cart_id,
        )
    except Refusal as refusal:
        return _code_form(visit, refusal.status, email=email, errors=field_errors(refusal), told=sentence(refusal))
    session = visit.request.session
    session.cycle_key()
    session["customer_id"] = str(signed.customer_id)
    if signed.left_behind:
        session["left_behind"] = signed.left_behind
    visit.carry_cart(signed.cart_id)
    is_customer(visit, signed.customer_id, "signed_in")
    return go(visit.front.at(_next(visit)))


@page("POST")
def leave(visit: Visit) -> HttpResponse:
    """Sign out: nothing of theirs stays on this browser."""
    session = visit.request.session
    session.pop("customer_id", None)
    session.cycle_key()
    visit.carry_cart(None)
    visit.forget_orders()
    return go(visit.front.at())


def _next(visit: Visit) -> str:
    wanted = visit.request.POST.get("next") or visit.request.GET.get("next") or ""
    return wanted if wanted in NEXT else NEXT[0]


def _form(visit: Visit, status: int = 200, **said: object) -> HttpResponse:
    return render(
        visit, "sign_in.html", status, **({"email": "", "errors": {}, "told": "", "next": _next(visit)} | said)
    )


def _code_form(visit: Visit, status: int = 200, **said: object) -> HttpResponse:
    context = {"errors": {}, "told": "", "next": _next(visit), "minutes": MINUTES_A_CODE_LASTS}
    return render(visit, "sign_in_code.html", status, **(context | said))
