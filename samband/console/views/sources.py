"""Where touchpoints come from: sources and their keys, what was not taken in, and what comes in just now."""

from datetime import UTC, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.customers.identity import queries as identity
from samband.customers.touchpoints import commands, queries
from samband.customers.touchpoints.shapes import LONGEST_NAME
from samband.flows import hook_secrets
from samband.flows.telling import own_pages
from samband.kernel.clock import now
from samband.kernel.refusal import Refusal

from .. import reading, source_words
from ..doors import opens
from ..pages import Done, answer, page

OPENED_HERE = ("browser", "server", "webhook")
"""The kinds that need a key or a secret; the others open themselves."""

DAYS_BACK = timedelta(days=30)
SHOWN = 40


@opens("sources")
def sources(request: HttpRequest) -> HttpResponse:
    """Every source, the form that opens one, and what was not taken in."""

    def show(refusal: Refusal | None = None, opened: str = "", key: str = "") -> HttpResponse:
        midnight = now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return page(
            request,
            "sources.html",
            refusal=refusal,
            opened=opened,
            write_key=key,
            sources=queries.sources(),
            today={one.source: one.stored for one in queries.counts(midnight)},
            rejected=queries.rejected((midnight - DAYS_BACK).date()),
            kinds=source_words.KINDS,
            reasons=source_words.REASONS,
            opened_here=[(kind, _(source_words.KINDS[kind])) for kind in OPENED_HERE],
            address=settings.CAPTURE_URL,
            site=settings.SITE_URL,
            own_pages=own_pages.SOURCE,
            secret_in=hook_secrets.setting_of,
            has_secret=lambda slug: any(hook_secrets.secrets_of(slug)),
        )

    if request.method == "POST" and request.POST.get("deed") in ("open", "change-key"):
        # The key is shown in this answer and kept nowhere, so there is nothing to go on to.
        try:
            slug, key = _opened(request) if request.POST["deed"] == "open" else _with_another_key(request)
        except Refusal as refusal:
            return show(refusal=refusal)
        return show(opened=slug, key=key)
    return answer(request, show, {"close": _close, "open-again": _open_again})


def _opened(request: HttpRequest) -> tuple[str, str]:
    given = request.POST
    slug = reading.needed(given, "slug", 60)
    kind = reading.chosen(given, "kind", OPENED_HERE)
    namespace = reading.text(given, "namespace", 60)
    _id, key = commands.open_source(
        slug,
        reading.needed(given, "name", LONGEST_NAME),
        kind,
        namespace=namespace or None,
        needs_consent=kind == "browser" and "consent" in given,
    )
    return slug, key


def _with_another_key(request: HttpRequest) -> tuple[str, str]:
    slug = reading.needed(request.POST, "source", 60)
    return slug, commands.change_key(slug)


def _close(request: HttpRequest) -> Done:
    commands.close_source(reading.needed(request.POST, "source", 60))
    return Done(_("Closed. What it brought stays."))


def _open_again(request: HttpRequest) -> Done:
    commands.open_again(reading.needed(request.POST, "source", 60))
    return Done(_("Open again."))


@opens("sources")
def live(request: HttpRequest) -> HttpResponse:
    """What comes in just now; the page looks again by itself."""
    chosen = request.GET.get("source", "")
    known = queries.sources()
    chosen = chosen if any(one.slug == chosen for one in known) else ""
    latest = queries.latest(chosen or None, SHOWN)
    whose = identity.behind({one.identifier for one in latest if one.identifier})
    return page(
        request,
        "sources_live.html",
        latest=latest,
        sources=known,
        chosen=chosen,
        customers={number: customer for number, (customer, _one) in whose.items()},
    )
