"""Coming in by one or two steps, proving it once more, going out, and speaking another language."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from samband.kernel.refusal import NotFound, Refusal
from samband.staff import commands as staff
from samband.staff import factors, passkeys
from samband.staff.refusals import WrongPassword

from .. import browsers, proving, reading
from ..doors import ANYBODY, STAFF, colleague, me, opens
from ..pages import Deed, Done, answer, go_on, page

LONGEST_PASSWORD = 500
LONGEST_CODE = 40
LONGEST_ANSWER = 20_000


@opens(ANYBODY)
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password, or a passkey. Whoever is in already goes on to where they wanted to go."""
    onward = _onward(request.POST.get("next") or request.GET.get("next", ""))

    def show(refusal: Refusal | None = None) -> HttpResponse:
        typed = request.POST.get("email", "")[:254]
        return page(request, "sign_in.html", refusal=refusal, next=onward, typed=typed)

    def by_password(request: HttpRequest) -> Done:
        email = reading.text(request.POST, "email", 254)
        member = staff.sign_in(email, password(request, "password"), browsers.whence(request, email))
        if factors.standing(member.id).any:
            proving.wait_for_second(request, member.id, onward)
            return Done("", reverse("console:second-step"))
        proving.come_in(request, member.id)
        return Done("", onward)

    def by_passkey(request: HttpRequest) -> Done:
        proving.come_in(request, factors.sign_in_by_passkey(_answer(request), browsers.site(request)))
        return Done("", onward)

    if request.method != "POST" and colleague(request):
        return go_on(request, Done("", onward))
    return _remembering(request, answer(request, show, {"sign-in": by_password, "passkey": by_passkey}))


@opens(ANYBODY)
def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor, after the password was right."""
    try:
        member_id, onward = proving.waiting(request)
    except proving.StepOver:
        return go_on(request, Done("", reverse("console:sign-in")))
    has = factors.standing(member_id)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(request, "second_step.html", refusal=refusal, has=has)

    def proved(how: str) -> Deed:
        def deed(request: HttpRequest) -> Done:
            _prove(request, member_id, how, f"second:{member_id}")
            proving.come_in(request, member_id)
            return Done("", onward)

        return deed

    ways: dict[str, Deed] = {how: proved(how) for how in ("code", "recovery", "passkey")}
    return _remembering(request, answer(request, show, ways))


@opens(STAFF, unenrolled=True)
def sure(request: HttpRequest) -> HttpResponse:
    """Prove once more who you are, before something dangerous is done."""
    onward = _onward(request.POST.get("next") or request.GET.get("next", ""))
    person = me(request)
    has = factors.standing(person.id)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(request, "sure.html", refusal=refusal, has=has, next=onward)

    def proved(prove: Callable[[HttpRequest], None]) -> Deed:
        def deed(request: HttpRequest) -> Done:
            prove(request)
            proving.prove_again(request)
            return Done(_("Thank you. Now it can be done."), onward)

        return deed

    def by_password(request: HttpRequest) -> None:
        staff.prove_password(person.id, password(request, "password"), browsers.whence(request, person.email))

    def by(how: str) -> Callable[[HttpRequest], None]:
        return lambda request: _prove(request, person.id, how, f"sure:{person.id}")

    ways = {"password": proved(by_password), **{how: proved(by(how)) for how in ("code", "recovery", "passkey")}}
    return answer(request, show, ways)


@opens(ANYBODY)
def ask_passkey(request: HttpRequest) -> HttpResponse:
    """What a browser's passkey is to answer, as JSON, for the form that asks."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    site, purpose = browsers.site(request), request.POST.get("deed", "")
    asked_from = request.META.get("REMOTE_ADDR", "")
    member = colleague(request)
    if purpose == "make" and member and proving.is_fresh(request):
        question = passkeys.ask_to_make(member.id, site)
    elif purpose == "sure" and member:
        question = passkeys.ask_to_sign(f"sure:{member.id}", site, of=member.id, address=asked_from)
    elif purpose == "second":
        waiting, _onwards = proving.waiting(request)
        question = passkeys.ask_to_sign(f"second:{waiting}", site, of=waiting, address=asked_from)
    elif purpose == "sign-in":
        question = passkeys.ask_to_sign("sign-in", site, address=asked_from)
    else:
        raise NotFound()
    return HttpResponse(question, content_type="application/json")


@opens(ANYBODY)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Only by a form: a link that somebody plants signs nobody out."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    logout(request)
    return go_on(request, Done(_("You are signed out."), reverse("console:sign-in")))


@opens(STAFF, unenrolled=True)
def speak(request: HttpRequest) -> HttpResponse:
    """Show the console in another language from now on."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    language = request.POST.get("language", "")
    staff.speak(me(request).id, language)
    with translation.override(language):
        return go_on(request, Done(_("The console speaks English now."), _onward(request.POST.get("next", ""))))


def password(request: HttpRequest, field: str) -> str:
    """A password as it was typed: nothing is cut off it. Raises WrongPassword for one that can be nobody's."""
    typed = request.POST.get(field, "")
    if len(typed) > LONGEST_PASSWORD or "\x00" in typed:
        raise WrongPassword()
    return typed


def _prove(request: HttpRequest, member_id: UUID, how: str, purpose: str) -> None:
    said = _answer(request) if how == "passkey" else reading.text(request.POST, "code", LONGEST_CODE)
    factors.prove(member_id, how, said, purpose=purpose, site=browsers.site(request))


def _answer(request: HttpRequest) -> str:
    return reading.text(request.POST, "credential", LONGEST_ANSWER)


def _remembering(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Whoever has just come in comes in from a browser that is known from now on."""
    if person := colleague(request):
        browsers.remember(request, response, person.email)
    return response


def _onward(address: str) -> str:
    """An address inside the console; its first page for any other."""
    home = reverse("console:home")
    inside = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith(home)
    return address if inside and not address.startswith(reverse("console:sign-in")) else home
