"""A stand-in for EasyPost's API on this machine, as far as buying and following parcels goes.

It answers in the shapes that EasyPost documents: shipments with rates and a reference that finds them, one label a
shipment, refunds of unused labels, errors with a code. It signs events the way EasyPost's verifier checks them.
"""

import hashlib
import hmac
import json
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

API_KEY = "EZTK-of-the-double"
RATES = (("DPD", "Classic", "7.90", 3), ("DPD", "Express", "19.50", 1), ("Posten", "Parcel", "6.40", 5))


class Double:
    """What EasyPost knows, and what it was asked. `fails_after` of a path: it does as asked and its answer is lost."""

    def __init__(self) -> None:
        self.shipments: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[Any] = []
        self.fails_after: set[str] = set()
        self.lock = threading.Lock()
        self.address = ""

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        with self.lock:
            self.asked.append((method, path))
            self.bodies.append(body)
            parts = path.strip("/").split("/")[1:]
            if parts[:1] != ["shipments"]:
                return _error(404, "NOT_FOUND")
            if method == "POST" and len(parts) == 1:
                return 201, self._create(body["shipment"])
            shipment = self._find(parts[1])
            if shipment is None:
                return _error(404, "NOT_FOUND")
            if method == "GET":
                return 200, shipment
            return self._buy(shipment, body) if parts[2:] == ["buy"] else self._refund(shipment)

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        number = len(self.shipments) + 1
        shipment = {
            "id": f"shp_{number}",
            "object": "Shipment",
            "reference": asked.get("reference"),
            "to_address": asked["to_address"],
            "from_address": asked["from_address"],
            "parcel": {"object": "Parcel", **asked["parcel"]},
            "rates": [
                {
                    "id": f"rate_{number}_{at}",
                    "object": "Rate",
                    "carrier": carrier,
                    "service": service,
                    "rate": rate,
                    "currency": "EUR",
                    "delivery_days": days,
                }
                for at, (carrier, service, rate, days) in enumerate(RATES)
            ],
            "selected_rate": None,
            "postage_label": None,
            "tracking_code": None,
            "tracker": None,
            "refund_status": None,
        }
        self.shipments[str(shipment["id"])] = shipment
        return shipment

    def _find(self, name: str) -> dict[str, Any] | None:
        return next((one for one in self.shipments.values() if name in (one["id"], one["reference"])), None)

    def _buy(self, shipment: dict[str, Any], body: Any) -> tuple[int, Any]:
        if shipment["postage_label"]:
            return _error(422, "SHIPMENT.POSTAGE.EXISTS")
        if shipment["to_address"]["zip"] == "99999":
            return _error(422, "SHIPMENT.POSTAGE.FAILURE")
        rate = next((one for one in shipment["rates"] if one["id"] == body["rate"]["id"]), None)
        if rate is None:
            return _error(422, "SHIPMENT.RATE.INVALID")
        shipment["selected_rate"] = rate
        shipment["tracking_code"] = f"EZ{shipment['id'][4:]:0>10}"
        shipment["postage_label"] = {"object": "PostageLabel", "label_url": f"https://labels.example/{shipment['id']}"}
        shipment["tracker"] = {"id": f"trk_{shipment['id']}", "object": "Tracker", "tracking_details": []}
        return 200, shipment

    def _refund(self, shipment: dict[str, Any]) -> tuple[int, Any]:
        if shipment["tracker"] and shipment["tracker"]["tracking_details"]:
            return _error(422, "SHIPMENT.REFUND.UNAVAILABLE")
        shipment["refund_status"] = "submitted"
        return 200, shipment

    def event(self, shipment_id: str, status: str, at: str = "2026-03-04T10:00:00Z", event_id: str = "") -> bytes:
        """The carrier has seen a parcel: noted in its tracker, and told as an event."""
        tracker = self.shipments[shipment_id]["tracker"]
        detail = {"object": "TrackingDetail", "message": status, "status": status, "datetime": at}
        tracker["tracking_details"].append(detail)
        return json.dumps(
            {
                "id": event_id or f"evt_{shipment_id}_{status}",
                "object": "Event",
                "description": "tracker.updated",
                "result": {**tracker, "shipment_id": shipment_id, "status": status, "updated_at": at},
            }
        ).encode()


def sign(body: bytes, secret: str) -> str:
    """The signature of an event, as EasyPost makes it."""
    normalised = unicodedata.normalize("NFKD", secret).encode()
    return "hmac-sha256-hex=" + hmac.new(normalised, body, hashlib.sha256).hexdigest()


def _error(status: int, code: str) -> tuple[int, Any]:
    return status, {"error": {"code": code, "message": code.lower(), "errors": []}}


@contextmanager
def serving() -> Iterator[Double]:
    """The double answers on a loopback address until the block ends."""
    double = Double()

    class Door(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"null")
            if self.headers.get("Authorization") != f"Bearer {API_KEY}":
                status, answer = _error(401, "APIKEY.INACTIVE")
            else:
                status, answer = double.answer(self.command, self.path, body)
            if self.path.rsplit("/", 1)[-1] in double.fails_after:
                status, answer = _error(500, "INTERNAL_SERVER_ERROR")
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _do  # noqa: N815  as http.server names them

        def log_message(self, *said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    double.address = f"http://127.0.0.1:{server.server_port}/v2"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
