"""The door for a WSGI server: capture and health stand before Django, everything else behind it.

`heard` is the same for our own server, which calls it when a request is there from beginning to end.
"""

import gc
import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samband.conf.settings")
_pages = get_wsgi_application()

from django.conf import settings  # noqa: E402

from samband.channels.capture.admitting import Moments  # noqa: E402
from samband.channels.capture.browsers import PREFIX  # noqa: E402
from samband.channels.capture.door import Door  # noqa: E402
from samband.channels.capture.keys import Keys  # noqa: E402
from samband.channels.capture.storing import alone  # noqa: E402

from . import environment, observing  # noqa: E402
from .assets import PREFIX as ASSETS  # noqa: E402
from .assets import Assets  # noqa: E402
from .database.patience import lose_patience_after  # noqa: E402
from .health import asked_first  # noqa: E402
from .hearing import Heard  # noqa: E402
from .media import PREFIX as MEDIA  # noqa: E402
from .media import Media  # noqa: E402

lose_patience_after(environment.patience())

_capture = observing.captured(Door(alone, Keys(), lambda: settings.CAPTURE_URL, Moments()))
_media = Media(settings.MEDIA_ROOT)
_assets = Assets(settings.BASE / "static")


def _answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    path = environ["PATH_INFO"]
    if path.startswith(ASSETS):
        return _assets(environ, start_response)
    if path.startswith(MEDIA):
        return _media(environ, start_response)
    return (_capture if path.startswith(PREFIX) else _pages)(environ, start_response)


application = asked_first(_answer)
heard = Heard(application)
observing.plug_in()


# What stands by now stays for good: the collector need not look at it again, nor after every few hundred objects.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
