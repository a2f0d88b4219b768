"""The door for capture in processes of its own: many requests wait for a commit that a few writers share."""

import gc
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samband.conf.settings")
# The thread that listens asks the database for keys alone, now and then and for no longer than `Keys` says.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from samband.channels.capture.door import Door  # noqa: E402
from samband.channels.capture.grouping import Group  # noqa: E402
from samband.channels.capture.keys import Keys  # noqa: E402
from samband.channels.capture.settling import settle  # noqa: E402
from samband.channels.capture.storing import kept, promised  # noqa: E402

from . import environment, observing  # noqa: E402
from .database.patience import lose_patience_after  # noqa: E402
from .health import asked_first  # noqa: E402
from .hearing import Heard  # noqa: E402

lose_patience_after(environment.patience())

# A writer whose database has answered would otherwise wait up to 5 ms until a thread that decodes lets go.
sys.setswitchinterval(0.001)

# SAMBAND_CAPTURE_SETTLES=0 leaves it to the system where processes run: for many containers on few processors.
settled = settle() if os.environ.get("SAMBAND_CAPTURE_SETTLES", "1") != "0" else None

_door = Door(promised(Group(kept)), Keys(after=lambda: connection.close(), beside=True), lambda: settings.CAPTURE_URL)
heard = Heard(asked_first(observing.captured(_door.answer)))
observing.plug_in()

gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
