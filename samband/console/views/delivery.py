"""Delivery of events: how far behind it is, what waits, and what was set aside for a person."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samband.kernel.refusal import NotFound, Refusal
from samband.timeline import commands
from samband.timeline import queries as timeline

from .. import reading
from ..doors import opens
from ..pages import Done, answer, page


@opens("delivery")
def backlog(request: HttpRequest) -> HttpResponse:
    """How far behind, and what can be tried again."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        return page(
            request,
            "delivery.html",
            refusal=refusal,
            behind=timeline.backlog(),
            waiting=timeline.owed(set_aside=False),
            aside=timeline.owed(set_aside=True),
        )

    def retry(request: HttpRequest) -> Done:
        try:
            commands.retry(reading.whole(request.POST, "delivery", 1, 10**9))
        except NotFound:
            return Done(_("It was not set aside any more."))
        return Done(_("It will be tried again."))

    def retry_all(request: HttpRequest) -> Done:
        many = commands.retry_all(reading.text(request.POST, "reaction", 200) or None)
        told = ngettext("%(count)s will be tried again.", "%(count)s will be tried again.", many)
        return Done(told % {"count": many})

    return answer(request, show, {"retry": retry, "retry-all": retry_all})
