"""Two customers who may be one person: a person decides, or the rules that a person set."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from samband.customers.identity import commands as identity
from samband.customers.identity import queries as known
from samband.customers.identity.proposing import commands, queries
from samband.customers.identity.proposing.ruling import AGREEING
from samband.flows.review_matches import customers_of, next_after, side_by_side
from samband.kernel.refusal import NotFound, Refusal

from .. import customer_words, match_words, reading
from ..doors import CUSTOMER, about, me, opens
from ..pages import Deed, Done, answer, page

A_PAGE = 20
STATES = ("open", "accepted", "rejected")


@opens("customers", sees=CUSTOMER)
def reviews(request: HttpRequest) -> HttpResponse:
    """The pairs that wait (or were decided), and the rules by which some are decided without a person."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        state = request.GET.get("state", "open")
        state = state if state in STATES else "open"
        found = known.reviews(state=state, after=_after(request), most=A_PAGE + 1)
        return page(
            request,
            "identity_reviews.html",
            refusal=refusal,
            state=state,
            reviews=found[:A_PAGE],
            after=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
            told=customers_of(found[:A_PAGE]),
            rules=queries.rules(),
            run=queries.last_run(),
            agreeing=AGREEING,
            match=match_words,
        )

    return answer(request, show, {"set-rule": _set_rule, "end-rule": _end_rule})


def _after(request: HttpRequest) -> int:
    said = request.GET.get("after", "")
    return int(said) if said.isdecimal() and len(said) <= 18 else 0


def _set_rule(request: HttpRequest) -> Done:
    given = request.POST
    commands.set_rule(
        reading.needed(given, "name", commands.LONGEST_NAME),
        float(reading.chosen(given, "least", match_words.LEAST)),
        [field for field in AGREEING if reading.ticked(given, f"agreeing-{field}")],
        reading.ticked(given, "uncontradicted"),
        me(request).id,
    )
    return Done(_("The rule holds from the next comparison on."))


def _end_rule(request: HttpRequest) -> Done:
    said = request.POST.get("rule", "")
    if not said.isdecimal() or len(said) > 18:
        raise NotFound("There is no such rule.")
    commands.end_rule(int(said), me(request).id)
    return Done(_("The rule has ended. What it decided stays until it is taken back."))


@opens("customers", sees=CUSTOMER)
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Two people side by side: how they agree, how they differ, and the decision."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        pair = side_by_side(review_id)
        about(request, f"customer:{pair.review.customer_a}", f"customer:{pair.review.customer_b}")
        return page(
            request,
            "identity_review.html",
            refusal=refusal,
            pair=pair,
            later=next_after(review_id),
            match=match_words,
            who=customer_words,
        )

    return answer(request, show, {"same": _decide(review_id, True), "different": _decide(review_id, False)})


def _decide(review_id: int, same: bool) -> Deed:
    def decide(request: HttpRequest) -> Done:
        later = next_after(review_id)
        identity.decide(review_id, same, str(me(request).id), key=reading.key(request))
        to = reverse("console:identity-review", args=[later]) if later else reverse("console:identity-reviews")
        if same:
            return Done(_("They are one person now. It can be taken back on the customer’s page."), to)
        return Done(_("They stay two people."), to)

    return decide
