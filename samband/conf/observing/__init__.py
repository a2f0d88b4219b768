"""What is seen of a running house: metrics for Prometheus and traces for OpenTelemetry, each behind a setting.

Neither carries what anybody typed: requests are known by their route, statements by their text without values.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from samband.conf import environment
from samband.timeline.watching import Watcher

Application = Callable[[dict[str, Any], Any], Any]

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the client library has each process count; it looks there when it is first imported."""


@contextmanager
def metrics_of_all(home: Path) -> Iterator[Callable[[], None]]:
    """For a process that starts others: they count from now on; what is given lets them be read, once they stand."""
    bind = environment.metrics()
    if bind is None:
        yield lambda: None
        return
    folder = home / "metrics" / str(os.getpid())
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER] = str(folder)
    stops: list[Callable[[], None]] = []

    def begin() -> None:
        from .metrics import serve

        stops.append(serve(*bind, folder))

    try:
        yield begin
    finally:
        for stop in stops:
            stop()


def captured(application: Application) -> Application:
    """Capture, counted if anybody reads it."""
    if environment.metrics() is None:
        return application
    from .metrics import counted

    return counted(application)


def plug_in() -> None:
    """Watch reactions, and keep what is seen of requests, if anybody asked for it. Once in each process."""
    watchers: list[Watcher] = []
    if environment.metrics():
        from .metrics import Metrics

        watchers.append(Metrics())
    if endpoint := environment.traces():
        from .traces import Traces

        watchers.append(Traces(endpoint))
    if watchers:
        from samband.timeline import watching

        from .together import Together

        watching.plug(Together(watchers))
