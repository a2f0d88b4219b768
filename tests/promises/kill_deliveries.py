"""Whoever delivers events dies: each reaction to each event takes effect once all the same, and in order."""

import json
import threading
import time

import psycopg

from tests.promises.kill_counting import TABLE
from tests.promises.kill_house import House, Victims, dice, opened, sentences
from tests.promises.told import Told

AT_ONCE = 40
"""Events that are told at once, about seven subjects."""


def at_any_step(kills: int) -> Told:
    """Delivering and looking after dies before or after a step; the next one goes on."""
    name = "delivery"
    with opened("delivery") as house, Victims(house) as victims:
        throw, wrong, told = dice(name), list[str](), 0
        _say(house, TABLE)
        orders = 0
        while victims.kills < kills:
            told += victims.do("tell", first=told, many=AT_ONCE)["answer"]
            orders += 1
            victims.do("buy", cart=victims.do("open_cart", seed=f"{orders}")["answer"]["cart"], key=f"buy-{orders}")
            for _ in range(3):
                victims.killed("look_after", throw, 250, 0.6)
        victims.do("look_after", most=100_000)
        after = house.after()
        wrong += [*after["wrong"], *_heard_wrong(house, told)]
        if len(after["placed"]) != orders:
            wrong.append(f"{orders} orders were placed, {len(after['placed'])} stand.")
        return Told(victims.kills, told, sentences(wrong, name))


def workers(kills: int) -> Told:
    """Two `samband work` deliver what is told meanwhile; they are killed at any moment and begun again."""
    name = "workers"
    with opened("workers") as house, Victims(house) as victims:
        throw, told, killed = dice(name), 0, 0
        _say(house, TABLE)
        stop = threading.Event()
        shops = threading.Thread(target=_keep_telling, args=(victims, stop, told_of := []))
        crowd = [_Worker(house, nth) for nth in range(2)]
        shops.start()
        try:
            while killed < kills:
                time.sleep(throw.uniform(0.02, 0.6))
                killed += throw.choice(crowd).killed()
        finally:
            stop.set()
            shops.join()
            for one in crowd:
                one.end()
        told = sum(told_of)
        wrong = [*house.after()["wrong"], *_heard_wrong(house, told)]
        seen = {f"begun {len(crowd)} + {killed} times, delivering in {sum(one.busy for one in crowd)}": told}
        return Told(killed, told, sentences(wrong, name), seen)


class _Worker:
    """A worker that is begun again as soon as it was killed: a fork of a process that has all it needs."""

    def __init__(self, house: House, nth: int) -> None:
        self._process = house.begin("tests.promises.kill_workers", str(nth))
        self.busy = 0
        self._read()

    def killed(self) -> bool:
        """Kill it and begin it again."""
        self._tell("kill")
        answer = self._read()
        self.busy += answer["delivered"] > 0
        return True

    def end(self) -> None:
        self._tell("end")
        self._process.wait(60)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def _read(self) -> dict[str, int]:
        assert self._process.stdout is not None
        told: dict[str, int] = json.loads(self._process.stdout.readline())
        return told


def _keep_telling(victims: Victims, stop: threading.Event, told_of: list[int]) -> None:
    nth = 0
    while not stop.is_set():
        told_of.append(victims.do("tell", first=sum(told_of), many=AT_ONCE)["answer"])
        nth += 1
        cart = victims.do("open_cart", seed=f"workers-{nth}")["answer"]["cart"]
        victims.do("buy", cart=cart, key=f"workers-{nth}")


def _heard_wrong(house: House, told: int) -> list[str]:
    """Each told event was heard once, and those about one subject in their order."""
    heard = house.rows("select nth, subject, number from kill_heard order by nth")
    numbers = [number for _, _, number in heard]
    wrong = []
    if sorted(numbers) != list(range(told)):
        wrong.append(f"{told} events were told; {len(numbers)} were heard, {len(set(numbers))} of them different.")
    last: dict[str, int] = {}
    for (_, subject, _), number in zip(heard, numbers, strict=True):
        if number < last.get(subject, -1):
            wrong.append(f"Event {number} about {subject} was heard after {last[subject]}.")
        last[subject] = number
    return wrong


def _say(house: House, statement: str) -> None:
    """Say something that tells nothing back."""
    with psycopg.connect(house.url, autocommit=True) as session:
        session.execute(statement)  # type: ignore[call-overload]
