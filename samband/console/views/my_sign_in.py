"""How I sign in myself: the password, the second factor, and where I am signed in now."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from samband.kernel.refusal import Refusal
from samband.staff import commands, factors, passkeys, queries, recovery, session_store, totp

from .. import browsers, proving, reading
from ..doors import STAFF, Person, me, opens
from ..pages import Done, answer, go_on, page
from .signing_in import LONGEST_ANSWER, LONGEST_CODE, password

LONGEST_NAME = 60
PROVED = ("begin-app", "confirm-app", "remove-app", "make-passkey", "remove-passkey", "draw-codes")


@opens(STAFF, proved=PROVED, unenrolled=True)
def mine(request: HttpRequest) -> HttpResponse:
    """Everything about my own sign-in. New recovery codes stand in the answer and are shown nowhere else."""
    person = me(request)

    def show(refusal: Refusal | None = None, codes: tuple[str, ...] = (), said: str = "") -> HttpResponse:
        return _show(request, person, refusal, codes, said)

    def begin_app(request: HttpRequest) -> Done:
        totp.begin(person.id)
        return Done("", f"{reverse('console:my-sign-in')}#app")

    def remove_app(request: HttpRequest) -> Done:
        factors.remove_authenticator(person.id)
        return Done(_("The authenticator app opens nothing any more."))

    def rename_passkey(request: HttpRequest) -> Done:
        name = reading.needed(request.POST, "name", LONGEST_NAME)
        passkeys.rename(person.id, reading.uuid(request.POST, "passkey"), name)
        return Done(_("The passkey has another name now."))

    def remove_passkey(request: HttpRequest) -> Done:
        factors.remove_passkey(person.id, reading.uuid(request.POST, "passkey"))
        return Done(_("The passkey opens nothing any more."))

    def change_password(request: HttpRequest) -> Done:
        old, new = password(request, "old"), password(request, "new")
        commands.change_password(person.id, old, new, browsers.whence(request, person.email))
        request.session.flush()
        return Done(_("Your password is changed. Sign in with the new one."), reverse("console:sign-in"))

    def end_session(request: HttpRequest) -> Done:
        commands.end_sessions(person.id, reading.needed(request.POST, "session", 64))
        return Done(_("That session has ended."))

    def end_sessions(request: HttpRequest) -> Done:
        commands.end_sessions(person.id)
        request.session.flush()
        return Done(_("You are signed out everywhere."), reverse("console:sign-in"))

    if request.method == "POST" and request.POST.get("deed") in _SHOWING:
        try:
            return _enrol(request, person)
        except Refusal as refusal:
            return show(refusal=refusal)
    deeds = {
        "begin-app": begin_app,
        "remove-app": remove_app,
        "rename-passkey": rename_passkey,
        "remove-passkey": remove_passkey,
        "change-password": change_password,
        "end-session": end_session,
        "end-sessions": end_sessions,
    }
    return answer(request, show, deeds)


_SHOWING = ("confirm-app", "make-passkey", "draw-codes")
"""Deeds after which there may be codes to show."""


def _enrol(request: HttpRequest, person: Person) -> HttpResponse:
    """A new factor; with the first one, recovery codes."""
    given, deed = request.POST, request.POST.get("deed")
    if deed == "confirm-app":
        totp.confirm(person.id, reading.text(given, "code", LONGEST_CODE))
        said = _("The authenticator app is your second factor now.")
    elif deed == "make-passkey":
        name = reading.text(given, "name", LONGEST_NAME) or browsers.described(request) or _("Passkey")
        answered = reading.text(given, "credential", LONGEST_ANSWER)
        passkeys.keep(person.id, answered, name, browsers.site(request))
        said = _("The passkey is kept.")
    else:
        said = _("These are your new recovery codes. Those of before open nothing any more.")
    proving.enrolled(request)
    if deed != "draw-codes" and factors.standing(person.id).codes:
        return go_on(request, Done(said))
    return _show(request, person, None, recovery.draw(person.id), said)


def _show(
    request: HttpRequest, person: Person, refusal: Refusal | None, codes: tuple[str, ...], said: str
) -> HttpResponse:
    secret = totp.waiting(person.id)
    said_already: dict[str, Any] = {"notice": said} if said else {}
    return page(
        request,
        "my_sign_in.html",
        refusal=refusal,
        has=factors.standing(person.id),
        needed=factors.needed().get(person.role, False),
        codes=codes,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        qr=_drawn(totp.address(secret, person.email)) if secret else "",
        passkeys_here=browsers.may_have_passkeys(request),
        sittings=queries.sittings(person.id),
        this=session_store.name_of(request.session.session_key or ""),
        **said_already,
    )


def _drawn(text: str) -> Markup:
    """A QR code as a drawing in the page."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(border=4, dark="#1d2b2a", light="#fff", omitsize=True)
    return Markup(drawn)
