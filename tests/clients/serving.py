"""The real server in processes of its own, for clients to speak to."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from tests.processes import ROOT


class Server:
    """The real server in processes of its own: it can be killed, and is then started again at the same place."""

    def __init__(self, environment: Mapping[str, str], home: Path, command: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.home, self.command = home, command
        self.environment = {**environment, "SAMBAND_HOME": str(home), "SAMBAND_BIND": f"127.0.0.1:{self.port}"}
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self.at = threading.Lock()

    def start(self) -> None:
        arguments = {
            "serve": ["serve", "--workers", "2", "--no-deliver"],
            "capture": ["capture", "--workers", "2", "--bind", f"127.0.0.1:{self.port}"],
        }
        with open(self.home / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "samband", *arguments[self.command]],
                env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < until, (self.home / "server.log").read_text()[-3000:]
            time.sleep(0.05)

    def _answers(self) -> bool:
        line = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            line.request("POST", "/v1/batch", b"{}")
            return line.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, how)
            self.process.wait(30)

    def die_and_rise(self) -> None:
        """Everything of it is killed at once, in whatever it is at."""
        with self.at:
            self.deaths += 1
            self.stop(signal.SIGKILL)
            self.start()


def run(program: str, environment: Mapping[str, str], home: Path) -> str:
    told = {**environment, "SAMBAND_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=told, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def empty(environment: Mapping[str, str]) -> None:
    with psycopg.connect(environment["SAMBAND_DATABASE_URL"], autocommit=True) as session:
        session.execute("truncate touchpoints_touchpoint, touchpoints_seen, touchpoints_touched, touchpoints_rejected")
