"""Servers that die under their clients, whole or a process of them; the clients try again with the same words."""

import contextlib
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any

from tests.promises.kill_house import House, Server, dice, opened, sentences, serving
from tests.promises.told import Told

CLIENTS = 6
GIVES_UP_AFTER_SECONDS = 180.0
LONDON = {"name": "A Buyer", "line1": "1 High Street", "city": "London", "country": "GB", "postcode": "SW1A 1AA"}

Answer = tuple[int, dict[str, Any]]
AFRESH = (500, 502, 503, 504)
"""Answers after which a client asks again with the same key. A 500 is wrong by itself, too."""


@dataclass
class Crowd:
    """Clients of a server, each in a thread of its own, until told to stop; what they were told."""

    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    longest: float = 0.0

    def ask(self, path: str, body: Any, headers: dict[str, str], method: str = "POST") -> Answer:
        """Ask until there is an answer that is meant."""
        until = time.monotonic() + GIVES_UP_AFTER_SECONDS
        while time.monotonic() < until:
            began = time.monotonic()
            status, said = self._once(path, body, headers, method)
            self.longest = max(self.longest, time.monotonic() - began)
            if status not in (0, *AFRESH):
                return status, said
            self.seen[f"{status or 'cut off'}"] += 1
            if status == 500:
                self.wrong.append(f"{method} {path} was answered with 500: {said}")
            time.sleep(0.05)
        self.wrong.append(f"{method} {path} was never answered.")
        return 0, {}

    def _once(self, path: str, body: Any, headers: dict[str, str], method: str) -> Answer:
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            given = json.dumps(body).encode() if body is not None else None
            line.request(method, path, given, {"Content-Type": "application/json", **headers})
            answer = line.getresponse()
            said = answer.read()
            is_json = "json" in (answer.getheader("Content-Type") or "")
            return answer.status, json.loads(said) if is_json else {"text": said.decode(errors="replace")[:300]}
        except (OSError, HTTPException):
            return 0, {}
        finally:
            line.close()

    @contextlib.contextmanager
    def at_work(self, deed: Callable[[int], None], clients: int = CLIENTS) -> Iterator[None]:
        """Everybody does it for as long as the block lasts, and then finishes what they began."""
        threads = [threading.Thread(target=self._keep_on, args=(deed, nth)) for nth in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()

    def _keep_on(self, deed: Callable[[int], None], nth: int) -> None:
        try:
            while not self.stop.is_set():
                deed(nth)
        except Exception as error:
            self.wrong.append(f"A client broke: {error!r}")


@dataclass
class Buyers(Crowd):
    """Clients of the API who open carts and pay them, each by one key. Three in five cards pay at once."""

    api_key: str = ""
    cards: Sequence[str] = ()
    numbers: "count[int]" = field(default_factory=count)

    @classmethod
    def of(cls, house: House, port: int) -> "Buyers":
        return cls(port, api_key=house.given["api_key"], cards=house.given["cards"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_key}"}

    def buy(self, _: int) -> None:
        number = next(self.numbers)
        throw = random.Random(number)
        pickup, sku = throw.random() < 0.3, throw.choice(("CUP", "LAMP"))
        card = self.cards[throw.choice((0, 0, 0, 1, 2))]
        market, method = ("IS", "pickup") if pickup else ("GB", "ship")
        wanted = {"market": market, "method": method, "lines": [{"sku": sku, "quantity": 1}]}
        status, cart = self.ask("/api/v1/carts", wanted, self.headers)
        if status != 201:
            self.wrong.append(f"No cart could be opened: {status} {cart}")
            return
        wish = {
            "method": method, "seen_total": cart["seen_total"], "token": card,
            "contact": {"email": f"buyer{number}@example.com", "name": "A Buyer"},
            **({"location": "RVK"} if pickup else {"address": LONDON}),
        }  # fmt: skip
        key = f"buyer-{number}"
        status, said = self.ask(f"/api/v1/carts/{cart['id']}/checkout", wish, {**self.headers, "Idempotency-Key": key})
        self.seen[f"{status} {said.get('state') or said.get('code')}"] += 1
        self.told[key] = {"status": status, **said}

    def wrong_after(self, after: dict[str, Any]) -> list[str]:
        """What was acknowledged stands once, and nothing else does."""
        placed = [said["order_id"] for said in self.told.values() if said.get("state") == "placed"]
        maybe = sum(said.get("state") == "processing" for said in self.told.values())
        lost = [one for one in placed if one not in after["placed"]]
        unsaid = set(after["placed"]) - set(placed)
        wrong = [*self.wrong, *(f"Order {one} was acknowledged and is not there." for one in lost)]
        if len(set(placed)) != len(placed):
            wrong.append("Two keys were answered with one order.")
        if len(unsaid) > maybe:
            wrong.append(f"{len(unsaid)} orders stand of which nobody was told, {maybe} could.")
        return wrong


def checkout(kills: int) -> Told:
    """The server dies, or one process of it, while people pay."""
    name = "servers"
    with opened("servers") as house, serving(house, "serve", "--workers", "2") as server:
        buyers, throw, done = Buyers.of(house, server.port), dice(name), 0
        with buyers.at_work(buyers.buy):
            while done < kills:
                time.sleep(throw.uniform(0.05, 0.8))
                done += 1
                buyers.wrong += killed(server, throw)
        server.stop()
        after = house.after()
        wrong = [*after["wrong"], *buyers.wrong_after(after)]
        return Told(done, len(after["placed"]), sentences(wrong, name), buyers.seen)


MOST_DEATHS = 8
"""A process that dies ten times in a minute has a fault that stays, and its server ends: see `conf/serving.py`."""


def killed(server: Server, throw: random.Random) -> list[str]:
    """Kill one process of a server, or all of them."""
    if throw.random() < 0.6 and server.deaths < MOST_DEATHS:
        server.deaths += 1
        return worker_killed(server, throw)
    server.kill()
    server.start()
    return []


def worker_killed(server: Server, throw: random.Random) -> list[str]:
    """Kill a process of a server, perhaps several times: the eldest goes on answering, and soon it is not alone."""
    others = server.workers()[1:]
    server.wait_for_eldest()
    if not others:
        return ["The server had but one process."]
    with contextlib.suppress(ProcessLookupError):
        os.kill(throw.choice(others), signal.SIGKILL)
    # A call that waited for the one that died is cut off; whoever calls again is answered by another.
    if not any(server.answers() or time.sleep(0.05) for _ in range(10)):
        return ["With one of its processes killed, the server answered no more."]
    until = time.monotonic() + 60
    while len(server.workers()) <= len(others):
        if time.monotonic() > until:
            return [f"Of {len(others) + 1} processes {len(server.workers())} are left a minute after one was killed."]
        time.sleep(0.02)
    return []


@dataclass
class Visitors(Crowd):
    """Clients of capture who send batches, each message with an id of its own."""

    numbers: "count[int]" = field(default_factory=count)

    def send(self, nth: int, key: str) -> None:
        number = next(self.numbers)
        batch = [
            {
                "type": "identify" if each % 5 == 0 else "track", "event": f"Event {each}",
                "anonymousId": f"visitor-{nth}-{number}", "messageId": f"m-{nth}-{number}-{each}",
                "properties": {"mark": f"m-{nth}-{number}-{each}"},
                **({"traits": {"email": f"v-{nth}-{number}@mail.example"}} if each % 5 == 0 else {}),
            }
            for each in range(20)
        ]  # fmt: skip
        status, said = self.ask("/v1/batch", {"batch": batch, "writeKey": key}, {})
        self.seen[f"{status} {said.get('success')}"] += 1
        for one in batch:
            if status == 200:
                self.told[str(one["messageId"])] = {}
            else:
                self.wrong.append(f"A batch was answered with {status}: {said}")

    def lost(self, house: House) -> list[str]:
        """What was acknowledged and is not there, and what is there twice."""
        kept = Counter(mark for (mark,) in house.rows(_MARKS))
        missing = [f"{mark} was acknowledged and is not there." for mark in self.told if not kept[mark]]
        return [*missing, *(f"{mark} stands {times} times." for mark, times in kept.items() if times != 1)]

    def ask(self, path: str, body: Any, headers: dict[str, str], method: str = "POST") -> Answer:
        """As Segment's clients do: what was refused for now is sent again, and so is what is answered with 429."""
        status, said = super().ask(path, body, headers, method)
        while status == 429:
            time.sleep(0.1)
            status, said = super().ask(path, body, headers, method)
        return status, said


def capture(kills: int) -> Told:
    """`samband serve` dies while it takes in what visitors did."""
    return _captured(kills, "capture_in_shop", "serve", "--workers", "2")


def capture_processes(kills: int) -> Told:
    """`samband capture`, where many share a commit, dies."""
    return _captured(kills, "capture_alone", "capture", "--workers", "2")


_MARKS = r"""
select substring(payload::text from 'm-\d+-\d+-\d+') from touchpoints_touchpoint
where payload::text ~ 'm-\d+-\d+-\d+'
"""


def _captured(kills: int, name: str, *command: str) -> Told:
    with opened(name) as house, serving(house, *command, SAMBAND_CAPTURE_SETTLES="0") as server:
        crowd, throw, done = Visitors(server.port), dice(name), 0
        key = house.given["write_key"]
        with crowd.at_work(lambda nth: crowd.send(nth, key)):
            while done < kills:
                time.sleep(throw.uniform(0.05, 0.6))
                done += 1
                crowd.wrong += killed(server, throw)
        server.stop()
        wrong = [*house.after()["wrong"], *crowd.wrong]
        wrong += crowd.lost(house)
        return Told(done, len(crowd.told), sentences(wrong, name), crowd.seen)
