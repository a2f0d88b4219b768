"""The small number beside the cart: the one thing on a list that is a visitor's own."""

from django.utils.translation import ngettext
from markupsafe import Markup

PLACE = "<!--badge-->"
"""Stands for the badge in a page that is kept for everybody."""


def badge(pieces: int, *, renewed: bool = False) -> Markup:
    """The badge; `renewed` puts it in the place of the one that is on the page already."""
    swap = Markup(' hx-swap-oob="true"') if renewed else Markup()
    if not pieces:
        return Markup('<span id="badge" class="badge none"{}></span>').format(swap)
    said = ngettext("%(num)s piece in the cart", "%(num)s pieces in the cart", pieces) % {"num": pieces}
    return Markup(
        '<span id="badge" class="badge"{}><span class="unseen">{}</span><span aria-hidden="true">{}</span></span>'
    ).format(swap, said, pieces)
