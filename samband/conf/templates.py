"""How pages are rendered."""

from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from .assets import mark_of


@cache
def asset(name: str) -> str:
    """The address of a static file, with its content in it, so that no browser shows an old one."""
    content = (settings.BASE / "static" / name).read_bytes()
    return f"{settings.STATIC_URL}{name}?{mark_of(content)}"


@lru_cache(maxsize=20_000)
def _said(language: str, text: str) -> str:
    with translation.override(language):
        return translation.gettext(text)


def said(text: str) -> str:
    """The text in the request's language; a page asks for a hundred, and Django looks each up in several places."""
    return _said(translation.get_language() or settings.LANGUAGE_CODE, text)


def environment(**options: Any) -> Environment:
    """Jinja2 with gettext in the request's language; a name that is not there is an error, not a gap."""
    options.update(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.DEBUG,
        cache_size=-1,
    )
    env = Environment(**options)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        said,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals["asset"] = asset
    env.globals["url"] = lambda name, *args, **kwargs: reverse(name, args=args or None, kwargs=kwargs or None)
    return env
