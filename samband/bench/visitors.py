"""Visitors of a shop as the tracking API hears of them: about twelve events each; a quarter of them give their mail.

Some forty are in the shop at once, so that what comes together is of many.
"""

import os
import random
import time

AT_ONCE = 40
EVENTS_EACH = 12
SHARE_KNOWN = 0.25
ONE_IN = 100
"""One event in so many is sent again."""

GOODS = 1000

_ABOUT = (
    b'"context":{"page":{"path":"/p/%d/","url":"https://shop.example/p/%d/?utm=1","referrer":"https://shop.example/",'
    b'"title":"Goods %d"},"locale":"is-IS","timezone":"Atlantic/Reykjavik","library":{"name":"bench","version":"1"},'
    b'"userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0","ip":"192.0.2.7"}}'
)
_EVENT = b'{"messageId":"%b%08x","anonymousId":"%b","timestamp":"%b",%b'
_VIEWED = (
    b'"type":"track","event":"Product %b","properties":{"product_id":"%d","sku":"SKU-%d","category":"aisle-%d",'
    b'"name":"Goods %d","brand":"Bench","price":%d.5,"currency":"EUR","quantity":1,"position":3},'
)
_LISTED = b'"type":"track","event":"Product List Viewed","properties":{"list_id":"aisle-%d","category":"aisle-%d"},'
_PAGE = b'"type":"page","name":"Home","properties":{"path":"/","title":"Home"},'
_BOUGHT = (
    b'"type":"track","event":"Order Completed","properties":{"order_id":"%b","total":%d.9,"currency":"EUR",'
    b'"products":[{"sku":"SKU-%d","quantity":1,"price":%d.9,"category":"aisle-%d"}]},'
)
_KNOWN = b'"type":"identify","traits":{"email":"%b@mail.example","firstName":"Anna","language":"is"},'


def _seen_alike() -> list[list[bytes]]:
    """What many do, for each of the goods, written once: a client that costs little leaves more to the server."""
    alike = []
    for nth in range(GOODS):
        about = _ABOUT % (nth, nth, nth)
        viewed = _VIEWED % (b"Viewed", nth, nth, nth % 20, nth, nth % 90) + about
        added = _VIEWED % (b"Added", nth, nth, nth % 20, nth, nth % 90) + about
        listed, page = _LISTED % (nth % 20, nth % 20) + about, _PAGE + about
        alike.append([page] * 4 + [listed] * 4 + [added] * 2 + [viewed] * 9)
    return alike


class Visitor:
    """One browser."""

    def __init__(self, dice: random.Random) -> None:
        self.id = os.urandom(16).hex().encode()
        self.left = max(1, round(dice.expovariate(1 / EVENTS_EACH)))
        self.tells = dice.randrange(self.left) + 1 if dice.random() < SHARE_KNOWN else 0


class Traffic:
    """Batches without end; `different` counts the events in them that are no repeats."""

    def __init__(self, seed: int, size: int = 100) -> None:
        self.dice = random.Random(seed)
        self.size = size
        self.alike = _seen_alike()
        self.inside = [Visitor(self.dice) for _ in range(AT_ONCE)]
        self.earlier: list[bytes] = []
        self.name = os.urandom(12).hex().encode()
        self.different = 0

    def batch(self) -> bytes:
        """The body of a `/v1/batch`."""
        at = time.time()
        written = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)).encode()
        moment = b"%b.%03dZ" % (written, int(at % 1 * 1000))
        self.name = os.urandom(12).hex().encode()
        events = [self._next(moment) for _ in range(self.size)]
        self.earlier = [*self.earlier[-200:], *events[:3]]
        return b'{"sentAt":"%b","batch":[%b]}' % (moment, b",".join(events))

    def _next(self, moment: bytes) -> bytes:
        drawn = self.dice.getrandbits(60)
        if self.earlier and drawn % ONE_IN == 0:
            return self.earlier[(drawn >> 10) % len(self.earlier)]
        nth = (drawn >> 10) % AT_ONCE
        visitor = self.inside[nth]
        said = self._said(visitor, (drawn >> 20) % GOODS, (drawn >> 35) % 20)
        visitor.left -= 1
        if not visitor.left:
            self.inside[nth] = Visitor(self.dice)
        self.different += 1
        return _EVENT % (self.name, self.different, visitor.id, moment, said)

    def _said(self, visitor: Visitor, goods: int, deed: int) -> bytes:
        if visitor.left == visitor.tells:
            return _KNOWN % visitor.id + _ABOUT % (goods, goods, goods)
        if deed < 19:
            return self.alike[goods][deed]
        order, price = os.urandom(6).hex().encode(), goods % 90
        return _BOUGHT % (order, price, goods, price, goods % 20) + _ABOUT % (goods, goods, goods)
