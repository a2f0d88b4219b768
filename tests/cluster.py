"""Every test runs on a real PostgreSQL: the one named by SAMBAND_DATABASE_URL, else Samband's own without fsync.

A plugin and not a conftest, because the settings are read before any conftest is (`-p tests.cluster`).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="samband-test-"))
os.environ["SAMBAND_HOME"] = str(_home)
atexit.register(shutil.rmtree, _home, True)

if "SAMBAND_DATABASE_URL" not in os.environ:
    from samband.conf import postgres

    _cluster = Path(os.environ.get("SAMBAND_TEST_CLUSTER", "var/test")).resolve()
    _using = postgres.using(_cluster, fsync=False)
    os.environ["SAMBAND_DATABASE_URL"] = _using.__enter__().url
    atexit.register(_using.__exit__, None, None, None)
