"""localstripe, a stand-in for Stripe's API, as a process of its own: a program we run, never a library we import."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

KEY = "sk_test_12345"
WEBHOOK_SECRET = "whsec_of_this_test"
MISSING = "" if find_spec("localstripe") else "localstripe is not installed"

# It would listen on every address and keep its state in one file for the whole machine: it is told otherwise.
LAUNCHER = """
import builtins, runpy, socket, sys
folder = sys.argv.pop()
bind, opened = socket.socket.bind, builtins.open

def loopback(self, address):
    return bind(self, ("::ffff:127.0.0.1", *address[1:]) if address[0] == "::" else address)

def here(name, *args, **kwargs):
    return opened(folder + name.removeprefix("/tmp") if name == "/tmp/localstripe.pickle" else name, *args, **kwargs)

socket.socket.bind, builtins.open = loopback, here
runpy.run_module("localstripe", run_name="__main__", alter_sys=True)
"""

CARDS = {
    "approve": "4242424242424242",
    "decline": "4000000000000341",
    "second_factor": "4000002500003155",
    "second_factor_then_decline": "4000008260003178",
}


@dataclass
class Letter:
    """A webhook as it came over the wire."""

    body: bytes
    signature: str

    @property
    def kind(self) -> str:
        return str(json.loads(self.body)["type"])

    @property
    def key(self) -> str:
        """Our key of the payment that it tells of; empty if it is none of ours."""
        return str(json.loads(self.body)["data"]["object"].get("metadata", {}).get("samband_key", ""))


@dataclass
class LocalStripe:
    """The running stand-in, and the webhooks that it has sent."""

    base: str
    letters: "queue.Queue[Letter]" = field(default_factory=queue.Queue)

    def post(self, path: str, **values: Any) -> Any:
        """Ask it directly, as a browser or Stripe's dashboard would."""
        body = urllib.parse.urlencode(values).encode()
        request = urllib.request.Request(f"{self.base}{path}", body, {"Authorization": f"Bearer {KEY}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            said = answer.read()
        return json.loads(said) if said.strip() else None

    def get(self, path: str) -> Any:
        request = urllib.request.Request(f"{self.base}{path}", headers={"Authorization": f"Bearer {KEY}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def card(self, behaviour: str = "approve") -> str:
        """The payment method that a browser would have made of this card."""
        made = self.post(
            "/v1/payment_methods",
            **{"type": "card", "card[number]": CARDS[behaviour], "card[exp_month]": 12, "card[exp_year]": 2040,
               "card[cvc]": "123"},
        )  # fmt: skip
        return str(made["id"])

    def meet_challenge(self, reference: str, success: bool = True) -> None:
        """The payer answers their bank's question."""
        secret = self.get(f"/v1/payment_intents/{reference}")["client_secret"]
        self.post(f"/v1/payment_intents/{reference}/_authenticate?success={str(success).lower()}", client_secret=secret)

    def type_card(self, reference: str, behaviour: str = "approve") -> None:
        """The payer types a card into Stripe's fields on our page."""
        self.post(f"/v1/payment_intents/{reference}", payment_method=self.card(behaviour))
        try:
            self.post(f"/v1/payment_intents/{reference}/confirm")
        except urllib.error.HTTPError as error:
            if error.code != 402:
                raise

    def letter(self, kind: str, key: str) -> Letter:
        """The next webhook of this kind about a payment; others that come before it are passed over."""
        while True:
            found = self.letters.get(timeout=30)
            if (found.kind, found.key) == (kind, key):
                return found


@contextmanager
def running(folder: Path) -> Iterator[LocalStripe]:
    """localstripe on a free loopback port with its state in a folder, and somebody who receives its webhooks."""
    port = _free_port()
    with open(folder / "localstripe.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, "--port", str(port), "--from-scratch", str(folder)],
            stdout=log, stderr=log, env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder)},
            start_new_session=True,
        )  # fmt: skip
        stripe = LocalStripe(f"http://127.0.0.1:{port}")
        receiver = _receiver(stripe.letters)
        try:
            _wait_for(port, process)
            stripe.post(
                "/_config/webhooks/test",
                url=f"http://127.0.0.1:{receiver.server_address[1]}/", secret=WEBHOOK_SECRET,
            )  # fmt: skip
            yield stripe
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.wait(timeout=20)
            receiver.shutdown()
            receiver.server_close()


def _receiver(letters: "queue.Queue[Letter]") -> ThreadingHTTPServer:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            letters.put(Letter(body, self.headers.get("Stripe-Signature", "")))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until it takes connections; there is nothing else to be told by."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("localstripe ended before it listened; see its log.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    raise RuntimeError("localstripe did not listen within a minute.")
