"""A whole house running for the browser: the demo retailer in a database of its own, served by real processes."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.browser.errands import Errands, errands
from tests.processes import ROOT

CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


STOCK_UP = """
import json, sys
from samband.commerce.inventory import commands as inventory
from samband.kernel.goods import Line
for location, skus in json.loads(sys.argv[1]).items():
    inventory.receive(location, tuple(Line(sku, 60) for sku in skus), "for the tests", key=f"stock-up-{location}")
"""
GOODS = {"ATH": ["FU-SOF-HRA-BEI", "FU-SOF-HRA-BLU", "FU-SOF-HRA-GRY"], "RVK": ["CA-CAK-DZI-1"]}
"""What the stories buy, whichever of them share a house and in whatever order: the demo's stores keep a few only."""


@dataclass(frozen=True)
class House:
    """A running Samband: its address, where it writes, the environment that commands for it need, and who runs them."""

    address: str
    home: Path
    environment: dict[str, str]
    errands: Errands

    def samband(self, *arguments: str) -> str:
        """Run one of its commands; returns what it printed."""
        return self.errands.run("", *arguments)

    def program(self, program: str, *arguments: str) -> str:
        """Run a few lines of Python in it; returns what they printed."""
        return self.errands.run(program, *arguments)

    def mails(self, to: str) -> list[EmailMessage]:
        """What was mailed to an address, the oldest first."""
        found = []
        for path in sorted((self.home / "mail").glob("*"), key=lambda path: path.stat().st_mtime):
            for part in re.split(rb"(?m)^-{79}\n", path.read_bytes()):
                if part.strip():
                    mail = message_from_bytes(part, policy=policy.default)
                    if to in str(mail["To"]):
                        found.append(mail)
        return found


@contextmanager
def house(environment: dict[str, str], home: Path, workers: int = 2, copied: Path | None = None) -> Iterator[House]:
    """Open the demo retailer, serve until the block ends, and see that the server leaves in order.

    Where the database is a copy of an opened demo's, `copied` is where that one wrote.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **environment,
        "SAMBAND_HOME": str(home),
        "SAMBAND_BIND": f"127.0.0.1:{port}",
        "SAMBAND_SITE_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    if copied:
        shutil.copytree(copied, home, dirs_exist_ok=True)
    with errands(environment) as standing:
        running = House(f"http://127.0.0.1:{port}", home, environment, standing)
        if not copied:
            running.samband("demo")
        running.program(STOCK_UP, json.dumps(GOODS))
        with _served(running, workers):
            yield running


@contextmanager
def _served(running: House, workers: int) -> Iterator[None]:
    command = [sys.executable, "-m", "samband", "serve", "--workers", str(workers)]
    with open(running.home / "server.log", "wb") as log:
        server = subprocess.Popen(
            command, env=running.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            assert said.startswith("ready: "), (running.home / "server.log").read_text()
            yield
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                os.kill(server.pid, signal.SIGKILL)
                raise
