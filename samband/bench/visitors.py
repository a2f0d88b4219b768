"""Visitors of a shop as the tracking API hears of them: about twelve events each, a quarter of whom give their mail.

Some forty are in the shop at once, so that what comes together is of many; one event in a hundred is sent twice.
"""

import os
import random
import time
from collections.abc import Iterator
from itertools import count

AT_ONCE = 40
EVENTS_EACH = 12
SHARE_KNOWN = 0.25
SHARE_REPEATED = 0.01
GOODS = 2000

_ABOUT = (
    b'"context":{"page":{"path":"/p/%d/","url":"https://shop.example/p/%d/?utm=1","referrer":"https://shop.example/",'
    b'"title":"Goods %d"},"locale":"is-IS","timezone":"Atlantic/Reykjavik","library":{"name":"bench","version":"1"},'
    b'"userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0","ip":"192.0.2.7"}'
)
_EVENT = b'{"type":"%b","messageId":"%b","anonymousId":"%b","timestamp":"%b",%b,' + _ABOUT + b"}"
_VIEWED = (
    b'"event":"Product Viewed","properties":{"product_id":"%d","sku":"SKU-%d","category":"aisle-%d","name":"Goods %d",'
    b'"brand":"Bench","price":%d.5,"currency":"EUR","quantity":1,"position":3}'
)
_ADDED = _VIEWED.replace(b"Product Viewed", b"Product Added")
_LISTED = b'"event":"Product List Viewed","properties":{"list_id":"aisle-%d","category":"aisle-%d"}'
_BOUGHT = (
    b'"event":"Order Completed","properties":{"order_id":"%b","total":%d.9,"currency":"EUR",'
    b'"products":[{"sku":"SKU-%d","quantity":1,"price":%d.9,"category":"aisle-%d"}]}'
)
_KNOWN = b'"traits":{"email":"%b@mail.example","firstName":"Anna","language":"is"}'
_PAGE = b'"name":"Home","properties":{"path":"/","title":"Home"}'


class Visitor:
    """One browser."""

    def __init__(self, dice: random.Random) -> None:
        self.id = os.urandom(16).hex().encode()
        self.left = max(1, round(dice.expovariate(1 / EVENTS_EACH)))
        self.tells = dice.randrange(self.left) + 1 if dice.random() < SHARE_KNOWN else 0


class Traffic:
    """Batches without end; `sent` counts the events in them, `different` those that are not repeats."""

    def __init__(self, seed: int, size: int = 100) -> None:
        self.dice = random.Random(seed)
        self.size = size
        self.inside = [Visitor(self.dice) for _ in range(AT_ONCE)]
        self.earlier: list[bytes] = []
        self.sent = self.different = 0

    def __iter__(self) -> Iterator[bytes]:
        """Bodies of `/v1/batch`."""
        for _ in count():
            yield self.batch()

    def batch(self) -> bytes:
        """The next one."""
        at = time.time()
        written = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)).encode()
        moment = b"%b.%03dZ" % (written, int(at % 1 * 1000))
        events = [self._next(moment) for _ in range(self.size)]
        self.sent += self.size
        return b'{"sentAt":"%b","batch":[%b]}' % (moment, b",".join(events))

    def _next(self, moment: bytes) -> bytes:
        if self.earlier and self.dice.random() < SHARE_REPEATED:
            return self.dice.choice(self.earlier)
        nth = self.dice.randrange(AT_ONCE)
        visitor = self.inside[nth]
        event = self._event(visitor, moment)
        visitor.left -= 1
        if not visitor.left:
            self.inside[nth] = Visitor(self.dice)
        self.different += 1
        if self.dice.random() < SHARE_REPEATED * 5:
            self.earlier = [*self.earlier[-200:], event]
        return event

    def _event(self, visitor: Visitor, moment: bytes) -> bytes:
        goods = self.dice.randrange(GOODS)
        call, body = self._said(visitor, goods)
        message = os.urandom(16).hex().encode()
        return _EVENT % (call, message, visitor.id, moment, body, goods, goods, goods)

    def _said(self, visitor: Visitor, goods: int) -> tuple[bytes, bytes]:
        if visitor.left == visitor.tells:
            return b"identify", _KNOWN % visitor.id
        aisle, price = goods % 20, goods % 90
        match self.dice.randrange(20):
            case 0 | 1 | 2 | 3:
                return b"page", _PAGE
            case 4 | 5 | 6 | 7:
                return b"track", _LISTED % (aisle, aisle)
            case 8 | 9:
                return b"track", _ADDED % (goods, goods, aisle, goods, price)
            case 10:
                return b"track", _BOUGHT % (os.urandom(6).hex().encode(), price, goods, price, aisle)
            case _:
                return b"track", _VIEWED % (goods, goods, aisle, goods, price)
