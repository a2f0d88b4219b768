"""Parts of a page that are asked for again and again, and sent only when they have changed."""

import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified

from .pages import written
from .visitors import Visitor


def answered(visitor: Visitor, template: str, *, said: str = "", **context: Any) -> HttpResponse:
    """A part of a page with a tag of what it says (of `said`, if given); 304 for whoever has it already."""
    body = written(visitor, template, **context)
    tag = f'"{hashlib.blake2b((said or body).encode(), digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if visitor.request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, headers=headers)
