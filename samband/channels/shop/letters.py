"""The newsletter: signed up for beside a typed address, confirmed by mail, and stopped by a link without signing in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from samband.customers.consent import asking, links, purposes, wordings
from samband.customers.consent import queries as consents
from samband.customers.consent.links import Letter
from samband.flows.say_consent import answer, ask_for_letters, confirm_letters
from samband.kernel.identifier import identifier
from samband.kernel.refusal import Invalid, Refusal, TooMany

from . import reading, tries
from .choosing import front_for
from .consenting import versions
from .pages import go, page, render
from .refusal_texts import field_errors, sentence
from .storefronts import CHANNEL
from .visits import LETTERS, Visit


# The form stands at the foot of pages kept for everybody, so it carries no token; what it asks counts only once the
# mail is answered.
@csrf_exempt
@page("GET", "HEAD", "POST")
def newsletter(visit: Visit) -> HttpResponse:
    """GET shows the form, POST mails the question. Raises TooMany."""
    if visit.request.method != "POST":
        return _form(visit)
    tries.letters.count_address(visit.request)
    try:
        email = reading.text(visit.request.POST, _field(visit), 254)
        ask_for_letters(
            email, visit.front.language, visit.front.market, source="newsletter", channel=CHANNEL,
            account=visit.customer_id,
        )  # fmt: skip
    except TooMany:
        raise
    except Refusal:
        refusal = Invalid(field="email")
        typed = str(visit.request.POST.get(_field(visit), ""))[:254]
        return _form(visit, refusal.status, email=typed, errors=field_errors(refusal), told=sentence(refusal))
    return render(visit, "newsletter_asked.html", email=email)


def _field(visit: Visit) -> str:
    """At the foot of a page that has an address of its own to fill in, the field has another name."""
    return "to" if "to" in visit.request.POST else "email"


def _form(visit: Visit, status: int = 200, **said: object) -> HttpResponse:
    context: dict[str, object] = {"email": visit.customer.email if visit.customer else "", "errors": {}, "told": ""}
    return render(visit, "newsletter.html", status, canonical=visit.front.at("newsletter/"), **(context | said))


def from_checkout(visit: Visit, email: str) -> None:
    """Somebody ticked the newsletter while ordering. Their own address is proved; any other is asked by mail.

    An order never fails for it: whoever was asked too often is not asked again.
    """
    customer = visit.customer
    if customer and customer.email == email:
        answer(
            identifier("email", email), {LETTERS: True}, visit.front.language, source="checkout", channel=CHANNEL,
            account=customer.id,
        )  # fmt: skip
        return
    try:
        ask_for_letters(email, visit.front.language, visit.front.market, source="checkout", channel=CHANNEL)
    except Refusal:
        return


# Whoever has the link has the mailbox: it needs no token besides, and works in mail programs that keep no cookies.
@csrf_exempt
@page("GET", "HEAD", "POST")
def confirm(visit: Visit, token: str) -> HttpResponse:
    """GET shows what was asked, POST agrees: a program that looks at links ahead of its reader agrees to nothing.

    Raises NotAnAsking.
    """
    if visit.request.method != "POST":
        asked = asking.asking(token)
        return render(visit, "newsletter_confirm.html", texts=asked.texts, done=asked.confirmed_at is not None)
    confirmed = confirm_letters(token)
    return go(visit.front.at(f"letters/{links.token_for(confirmed.address)}/?welcome"))


@csrf_exempt
@page("GET", "HEAD", "POST")
def letters(visit: Visit, token: str) -> HttpResponse:
    """What one address may be sent, chosen by a link that only its mailbox has. Raises NotALink."""
    letter = links.read(token)
    if visit.request.method == "POST":
        _answer(visit, letter)
        return go(visit.front.at(f"letters/{token}/?kept"))
    state = {one.purpose: one.granted for one in consents.standings([letter.address.key])}
    asked = purposes.of_address(letter.address.kind)
    told = {"kept": _("It is kept."), "welcome": _("Thank you. From now on we write to this address.")}
    return render(
        visit,
        "letters.html",
        token=token,
        state=state,
        purposes=[(slug, wordings.name(slug), wordings.shown(slug, visit.front.language)) for slug in asked],
        stop=letter.purpose if state.get(letter.purpose) and "stop" in visit.request.GET else "",
        stop_name=wordings.name(letter.purpose),
        told=next((said for name, said in told.items() if name in visit.request.GET), ""),
    )


def _answer(visit: Visit, letter: Letter) -> None:
    sent = visit.request.POST
    asked = purposes.of_address(letter.address.kind)
    match sent.get("do"):
        case "stop":
            wanted = {letter.purpose or asked[0]: False}
        case "nothing":
            wanted = dict.fromkeys(asked, False)
        case _:
            wanted = {slug: sent.get(slug) == "1" for slug in asked}
    answer(
        letter.address, changed(letter, wanted), visit.front.language, source="link", channel=CHANNEL,
        versions=versions(sent),
    )  # fmt: skip


def changed(letter: Letter, wanted: dict[str, bool]) -> dict[str, bool]:
    """What is another answer than the one that stands; who was never asked and ticks nothing has said nothing."""
    state = {one.purpose: one.granted for one in consents.standings([letter.address.key])}
    return {slug: granted for slug, granted in wanted.items() if state.get(slug, False) != granted}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The address in `List-Unsubscribe`: POST stops at once (RFC 8058), GET leads a person to a page with a button.

    A link that is none of ours is told so, and changes nothing.
    """
    front = front_for(request)
    if request.method != "POST":
        response = HttpResponseRedirect(front.at(f"letters/{token}/?stop") if front else "/")
        response.headers["Cache-Control"] = "no-store"
        return response
    try:
        letter = links.read(token)
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=refusal.status, content_type="text/plain")
    asked = (letter.purpose,) if letter.purpose else purposes.of_address(letter.address.kind)
    refused = {one.purpose for one in consents.standings([letter.address.key]) if not one.granted}
    language = front.language if front else "en"
    answer(
        letter.address, {slug: False for slug in asked if slug not in refused}, language, source="one_click",
        channel="email",
    )  # fmt: skip
    return HttpResponse("Unsubscribed.", content_type="text/plain")
