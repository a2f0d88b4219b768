"""The people who work here, and the keys of programs that work with us."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.inventory import queries as inventory
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Refusal
from samband.staff import commands, factors, queries, rules

from .. import reading
from ..doors import Person, me, opens
from ..pages import Deed, Done, answer, page


@opens("staff", proved=("add", "deactivate", "reactivate", "role", "reset", "need"))
def colleagues(request: HttpRequest) -> HttpResponse:
    """Everybody who works here."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(
            request,
            "staff.html",
            refusal=refusal,
            everybody=queries.colleagues(),
            roles=rules.ROLES,
            needed=factors.needed(),
            with_factor=factors.who_has_one(),
            sites=inventory.locations(),
        )

    def add(request: HttpRequest) -> Done:
        given = request.POST
        location = given.get("location", "")
        commands.add_member(
            reading.needed(given, "email", 254),
            reading.needed(given, "name", 120),
            reading.chosen(given, "role", tuple(rules.ROLES)),
            given.get("password", "")[:500],
            location=location if location in inventory.locations() else "",
            language=reading.chosen(given, "language", tuple(LANGUAGES)),
            member_id=reading.as_uuid(reading.key(request)),
        )
        return Done(_("Welcome! They can sign in now."))

    def deactivate(request: HttpRequest) -> Done:
        commands.deactivate(reading.needed(request.POST, "email", 254), by=me(request).id)
        return Done(_("They cannot sign in any more."))

    def reactivate(request: HttpRequest) -> Done:
        commands.reactivate(reading.needed(request.POST, "email", 254))
        return Done(_("They can sign in again."))

    return answer(
        request, show, {"add": add, "deactivate": deactivate, "reactivate": reactivate, **_about_sign_in(me(request))}
    )


def _about_sign_in(person: Person) -> dict[str, Deed]:
    def role(request: HttpRequest) -> Done:
        wanted = reading.chosen(request.POST, "role", tuple(rules.ROLES))
        commands.change_role(reading.needed(request.POST, "email", 254), wanted, by=person.id)
        return Done(_("Their role is changed. They sign in anew."))

    def reset(request: HttpRequest) -> Done:
        factors.reset(reading.needed(request.POST, "email", 254))
        return Done(_("Their second factors are gone, and they are told by mail. They set up new ones."))

    def need(request: HttpRequest) -> Done:
        before = factors.needed()
        for one, was in before.items():
            if (wanted := reading.ticked(request.POST, one)) != was:
                factors.need(one, wanted)
        return Done(_("It is kept, and holds from the next sign-in on."))

    return {"role": role, "reset": reset, "need": need}


@opens("keys", proved=("issue", "revoke"))
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of programs."""

    def show(refusal: Refusal | None = None, issued: str = "") -> HttpResponse:
        return page(
            request,
            "keys.html",
            refusal=refusal,
            issued=issued,
            keys=queries.api_keys(),
            scopes=rules.SCOPES,
        )

    def revoke(request: HttpRequest) -> Done:
        prefix = reading.needed(request.POST, "prefix", 64)
        if not any(one.prefix == prefix and one.revoked_at for one in queries.api_keys()):
            commands.revoke_key(prefix)
        return Done(_("The key opens nothing any more."))

    if request.method == "POST" and request.POST.get("deed") == "issue":
        # Shown in this answer and kept nowhere, so there is nothing to go on to.
        try:
            return show(issued=_issue(request))
        except Refusal as refusal:
            return show(refusal=refusal)
    return answer(request, show, {"revoke": revoke})


def _issue(request: HttpRequest) -> str:
    name = reading.needed(request.POST, "name", 120)
    scopes = request.POST.getlist("scope")
    if not scopes:
        raise reading.NotRead(field="scope", want="choice")
    return commands.issue_key(name, scopes, key=reading.key(request))
