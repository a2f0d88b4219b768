"""The door for capture in processes of its own: many requests wait in threads for a commit that a few writers share."""

import gc
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samband.conf.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from samband.channels.capture.door import Door  # noqa: E402
from samband.channels.capture.grouping import Group  # noqa: E402
from samband.channels.capture.keys import Keys  # noqa: E402
from samband.channels.capture.settling import settle  # noqa: E402
from samband.channels.capture.storing import kept, together  # noqa: E402

from . import environment, observing  # noqa: E402
from .database.patience import lose_patience_after  # noqa: E402
from .health import asked_first  # noqa: E402
from .hearing import Heard  # noqa: E402

lose_patience_after(environment.patience())

THREADS = 192
"""Requests at once that wait for their commit or are told to come again. A stack each, and otherwise nothing."""

# A writer whose database has answered would otherwise wait up to 5 ms until a thread that decodes lets go.
sys.setswitchinterval(0.001)

# SAMBAND_CAPTURE_SETTLES=0 leaves it to the system where processes run: for many containers on few processors.
settled = settle() if os.environ.get("SAMBAND_CAPTURE_SETTLES", "1") != "0" else None

# A thread that answers needs the database for keys alone, and a connection for each of them would be many.
_door = Door(together(Group(kept)), Keys(after=lambda: connection.close()), lambda: settings.CAPTURE_URL)
application = asked_first(observing.captured(_door))
heard = Heard(application, THREADS)
observing.plug_in()

gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
