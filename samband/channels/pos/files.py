"""The app itself: its shell, its texts in five languages, and what keeps it at hand without a line."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from samband.commerce.tills.refusals import DeviceUnknown
from samband.kernel.languages import DEFAULT, LANGUAGES

from . import keys

STATIC = Path(settings.BASE) / "static"
OUR_FOLDERS = ("pos", "scanning", "vendor/zxing", "shop/fonts")
OUR_FILES = ("shop/fonts.css", "shop/mark.svg")
NOT_KEPT = frozenset({".md", ".LICENSE", ".txt"})
COOKIE = "samband_language"


@require_safe
def shell(request: HttpRequest, **_: str) -> HttpResponse:
    """The page that everything happens in. It says nothing of anybody, so a till keeps it."""
    language = _language(request)
    with translation.override(language):
        response = render(
            request,
            "pos/till.html",
            {
                "language": language,
                "languages": LANGUAGES,
                "texts_url": f"/pos/texts/{language}.json",
                "snapshot_url": "/pos/api/snapshot",
                "enrolled": _enrolled(request),
                "version": version(),
            },
        )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _language(request: HttpRequest) -> str:
    for named in (request.GET.get("language", ""), request.COOKIES.get(COOKIE, "")):
        if named in LANGUAGES:
            return named
    return translation.get_language_from_request(request)


def _enrolled(request: HttpRequest) -> bool:
    try:
        keys.device_of(request)
    except DeviceUnknown:
        return False
    return True


@require_safe
def texts(request: HttpRequest, language: str) -> HttpResponse:
    """All that the till says, in one language."""
    if language not in LANGUAGES:
        raise Http404
    content = _texts(language)
    etag = f'"{hashlib.blake2b(content.encode(), digest_size=8).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Content-Language": language}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, content_type="application/json", headers=headers)


def _texts(language: str) -> str:
    with translation.override(language):
        return render_to_string("pos/texts.txt", {"language": language})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, told what belongs to the app."""
    file = STATIC / "pos" / "sw.js"
    if not file.exists():
        raise Http404
    listed = json.dumps({"version": version(), "assets": assets()})
    return HttpResponse(
        f"const SHELL = {listed};\n{file.read_text()}",
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": "/pos/", "Cache-Control": "no-cache"},
    )


def assets() -> list[str]:
    """The addresses of all that the app needs to open without a line."""
    texts_of = [f"/pos/texts/{language}.json" for language in LANGUAGES]
    return ["/pos/", *texts_of, *(settings.STATIC_URL + name for name in _files())]


def _files() -> list[str]:
    found = [
        str(file.relative_to(STATIC))
        for folder in OUR_FOLDERS
        for file in sorted((STATIC / folder).rglob("*"))
        if file.is_file() and file.suffix not in NOT_KEPT
    ]
    return [*(name for name in found if name != "pos/sw.js"), *OUR_FILES]


def version() -> str:
    """What changes with any file, template or text of the app."""
    if settings.DEBUG:
        _version.cache_clear()
    return _version()


@lru_cache(maxsize=1)
def _version() -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name in [*_files(), "pos/sw.js"]:
        if (file := STATIC / name).exists():
            digest.update(name.encode() + file.read_bytes())
    for template in sorted((Path(__file__).parent / "jinja2" / "pos").glob("*")):
        digest.update(template.read_bytes())
    for language in LANGUAGES:
        digest.update(_texts(language).encode())
    return digest.hexdigest()


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device needs to know to install the app."""
    language = _language(request)
    with translation.override(language if language in LANGUAGES else DEFAULT):
        said = {
            "name": translation.gettext("Till · Samband"),
            "short_name": translation.pgettext("app", "Till"),
            "lang": language,
            "id": "/pos/",
            "start_url": "/pos/",
            "scope": "/pos/",
            "display": "standalone",
            "orientation": "any",
            "background_color": "#f6f4ee",
            "theme_color": "#22342b",
            "icons": [
                {"src": "/static/pos/icon-192.png", "sizes": "192x192", "type": "image/png"},
                {"src": "/static/pos/icon-512.png", "sizes": "512x512", "type": "image/png"},
                {
                    "src": "/static/pos/icon-maskable-512.png",
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "maskable",
                },
            ],
        }
    return HttpResponse(
        json.dumps(said, ensure_ascii=False),
        content_type="application/manifest+json",
        headers={"Cache-Control": "no-cache"},
    )
