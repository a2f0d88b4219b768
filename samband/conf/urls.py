"""Which address leads through which door."""

import os
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
for prefix, door in [
    ("api/", "samband.channels.api.urls"),
    ("hooks/", "samband.channels.hooks.urls"),
    ("console/", "samband.console.urls"),
    ("pos/", "samband.channels.pos.urls"),
    # Addresses are tried in this order, and pages of the shop are what is asked for most.
    ("", "samband.channels.shop.urls"),
    ("", "samband.channels.kiosk.urls"),
]:
    if find_spec(door.rsplit(".", 1)[0]) and find_spec(door):
        urlpatterns.append(path(prefix, include(door)))

# The bench's limit, the same bytes from memory behind all our layers, and its door to holds. Mounted nowhere else.
if os.environ.get("SAMBAND_BENCH_ECHO"):
    from samband.bench import echo, hold_door

    urlpatterns[:0] = [path(echo.PATH, echo.page), path(hold_door.PATH, hold_door.hold)]

handler400 = "samband.conf.errors.bad_request"
handler403 = "samband.conf.errors.forbidden"
handler404 = "samband.conf.errors.not_found"
handler500 = "samband.conf.errors.broken"
