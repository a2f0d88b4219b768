"""Coming in, going out, and speaking another language."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from samband.kernel.refusal import Refusal
from samband.staff import commands as staff

from .. import reading
from ..doors import ANYBODY, STAFF, colleague, me, opens
from ..pages import Done, answer, go_on, page
from ..sessions import LASTS_SECONDS

BACKEND = "django.contrib.auth.backends.ModelBackend"


@opens(ANYBODY)
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password. Whoever is in already goes on to where they wanted to go."""
    onward = _onward(request.POST.get("next") or request.GET.get("next", ""))

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(request, "sign_in.html", refusal=refusal, next=onward, typed=request.POST.get("email", "")[:254])

    def come_in(request: HttpRequest) -> Done:
        email = reading.text(request.POST, "email", 254)
        member = staff.sign_in(email, request.POST.get("password", "")[:500].replace("\x00", ""))
        # Nothing of whoever sat here before is taken along, not even the name of the session.
        request.session.flush()
        login(request, member, backend=BACKEND)
        request.session.set_expiry(LASTS_SECONDS)
        return Done("", onward)

    if request.method != "POST" and colleague(request):
        return go_on(request, Done("", onward))
    return answer(request, show, {"sign-in": come_in})


@opens(ANYBODY)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Only by a form: a link that somebody plants signs nobody out."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    logout(request)
    return go_on(request, Done(_("You are signed out."), reverse("console:sign-in")))


@opens(STAFF)
def speak(request: HttpRequest) -> HttpResponse:
    """Show the console in another language from now on."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    language = request.POST.get("language", "")
    staff.speak(me(request).id, language)
    with translation.override(language):
        return go_on(request, Done(_("The console speaks English now."), _onward(request.POST.get("next", ""))))


def _onward(address: str) -> str:
    """An address inside the console; its first page for any other."""
    home = reverse("console:home")
    inside = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith(home)
    return address if inside and not address.startswith(reverse("console:sign-in")) else home
