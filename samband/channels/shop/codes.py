"""QR codes, each a picture with an address of its own: no drawing stands inside a page, and nobody keeps one."""

from io import BytesIO

import segno
from django.http import HttpResponse

INK, PAPER = "#1d2b2a", "#ffffff"
QUIET = 3
"""The empty edge around a code, in modules: less than the standard's four, for pages give it room besides."""


def qr_picture(text: str, error: str = "m") -> HttpResponse:
    """A text as a QR code in SVG. `error` is how much of it may be lost: l, m, q or h."""
    drawn = BytesIO()
    segno.make(text, error=error, micro=False).save(
        drawn, kind="svg", border=QUIET, dark=INK, light=PAPER, omitsize=True, svgclass=None, lineclass=None
    )
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})
