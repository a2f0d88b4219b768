"""Settings under which something of the product is broken on purpose: see faults.py."""

from samband.conf.settings import *  # noqa: F403
from samband.conf.settings import INSTALLED_APPS as _SOUND

INSTALLED_APPS = [*_SOUND, "tests.promises.faults.Broken"]
