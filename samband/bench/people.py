"""Filling a house with people of whom much was captured: with whole sets, as fast as the database takes them.

    python -m samband.bench.people CUSTOMERS TOUCHPOINTS

A customer has a browser; every second one has a mail address, typed into a form, and every fourth an account, proved
with a code. What was captured lies under the browser, the address or the account, over four hundred days; of some
customers there is a thousand times as much as of most.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
from django.db import connection

ACCOUNT, EMAIL, COOKIE = 0, 3, 8
AT_ONCE = 4

SOURCES = (("bench-shop", "browser"), ("bench-server", "server"), ("bench-house", "house"))
EVENTS = (
    ("Product Viewed", 40), ("Page Viewed", 25), ("Product List Viewed", 12), ("Product Added", 8),
    ("Checkout Started", 4), ("Order Completed", 5), ("Store Visited", 4), ("Products Searched", 2),
)  # fmt: skip

_IDENTIFIERS = """
copy identity_identifier (id, kind, namespace, value, key, customer, shared, marked, first_seen) from stdin
"""
_ASSERTIONS = "copy identity_assertion (a, b, rule, source, first_at) from stdin"
_ACCOUNTS = "copy accounts_customer (id, email, name, phone, language, market, source, created_at) from stdin"
_SETTLED = (
    "select setval(pg_get_serial_sequence('identity_identifier', 'id'), (select max(id) from identity_identifier))"
)

# The square of a chance: of a million customers, the busiest has a thousand times as much as most.
_TOUCHPOINTS = """
insert into touchpoints_touchpoint (identifier, source, event, occurred_at, received_at, channel, place, sku, category,
                                    order_ref, worth, currency, payload)
select whose, source, (%(events)s::int[])[e], at, at, channel, place, case when goods then 'SKU-' || r1 end,
       case when goods then 'category-' || r1 %% 40 end,
       case when e = any(%(ordered)s::int[]) then 'B-' || n end, case when e = any(%(ordered)s::int[]) then worth end,
       case when e = any(%(ordered)s::int[]) then 'EUR' end,
       case when e = any(%(ordered)s::int[]) then jsonb_build_object('properties', jsonb_build_object(
                'payment_method', (array['card', 'card', 'transfer'])[1 + r1 %% 3],
                'shipping_method', (array['ship', 'pickup'])[1 + r1 %% 2],
                'products', jsonb_build_array(jsonb_build_object(
                    'sku', 'SKU-' || r1, 'category', 'category-' || r1 %% 40, 'quantity', 1))),
                'context', jsonb_build_object('locale', 'is-IS'))
            else jsonb_build_object('properties', jsonb_build_object('name', 'Product ' || r1, 'path', '/p/' || r1),
                'context', jsonb_build_object('locale', (array['is-IS', 'pl-PL', 'el-GR'])[1 + r1 %% 3])) end
from (
    select n, w.number as whose, e, at, r1, worth,
           (array[%(shop)s, %(server)s, %(house)s]::smallint[])[1 + n %% 3] as source,
           (array['shop', 'app', 'pos'])[1 + n %% 3] as channel,
           case when n %% 3 = 2 then (array['RVK', 'WAW', 'RIX', 'ATH'])[1 + r1 %% 4] end as place,
           e = any(%(of_goods)s::int[]) as goods
    from (
        select n, floor(power(random(), 2) * %(customers)s)::int as customer,
               (%(mix)s::int[])[1 + (random() * 99)::int] as e, (random() * 999)::int as r1,
               (500 + random() * 20000)::int as worth, random() as third,
               timestamptz '2025-10-01' + (n::float8 / %(touchpoints)s) * interval '400 days' as at
        from generate_series(%(first)s::bigint, %(last)s::bigint) n
    ) drawn
    cross join lateral (
        select 1 + 7 * (customer / 4) + (array[0, 3, 4, 6])[1 + customer %% 4] + case
            when customer %% 4 = 0 and third < 0.4 then 2 when customer %% 2 = 0 and third < 0.6 then 1 else 0 end
    ) w (number)
) told
"""


def main() -> None:
    """Fill the house that the environment names."""
    import django

    django.setup()
    customers, touchpoints = int(sys.argv[1]), int(sys.argv[2])
    began = time.perf_counter()
    fill(customers, touchpoints)
    sys.stdout.write(f"{time.perf_counter() - began:.1f}\n")


def fill(customers: int, touchpoints: int) -> None:
    """So many customers and touchpoints, in order for being asked about."""
    with connection.cursor() as cursor:
        with cursor.copy(_IDENTIFIERS) as copy:
            for row in _identifiers(customers):
                copy.write_row(row)
        with cursor.copy(_ASSERTIONS) as copy:
            for pair in _assertions(customers):
                copy.write_row(pair)
        with cursor.copy(_ACCOUNTS) as copy:
            for account in _accounts(customers):
                copy.write_row(account)
        cursor.execute(_SETTLED)
        _capture(customers, touchpoints)
        cursor.execute("vacuum analyze")


def number_of(customer: int) -> int:
    """The number of a customer's browser; their address has the next one, their account the one after that."""
    return 1 + 7 * (customer // 4) + (0, 3, 4, 6)[customer % 4]


def account_of(customer: int) -> UUID:
    """The id of a customer's account, if they have one."""
    return UUID(int=(0x0193 << 112) | (0x7 << 76) | (0x8 << 60) | random.Random(customer).getrandbits(60))


def leading(customer: int) -> UUID:
    """The key of the strongest identifier of a customer: the id they are known by."""
    return _keys(customer)[-1]


def _keys(customer: int) -> list[UUID]:
    from samband.kernel.identifier import key_of

    keys = [key_of("cookie", f"visitor-{customer}")]
    if customer % 2 == 0:
        keys.append(key_of("email", _address(customer)))
    if customer % 4 == 0:
        keys.append(account_of(customer))
    return keys


def _identifiers(customers: int) -> Iterator[Sequence[object]]:
    for nth in range(customers):
        keys = _keys(nth)
        values = (f"visitor-{nth}", _address(nth), str(keys[-1]))
        for more, (kind, value, key) in enumerate(zip((COOKIE, EMAIL, ACCOUNT), values, keys, strict=False)):
            yield number_of(nth) + more, kind, "", value, key, keys[-1], False, False, "2025-10-01"


def _address(customer: int) -> str:
    return f"visitor-{customer}@customer.example"


def _assertions(customers: int) -> Iterator[Sequence[object]]:
    for nth in range(0, customers, 2):
        number = number_of(nth)
        yield number, number + 1, "stated", "bench-shop", "2025-10-02"
        if nth % 4 == 0:
            yield number + 1, number + 2, "verified", "accounts", "2025-10-03"


def _accounts(customers: int) -> Iterator[Sequence[object]]:
    for nth in range(0, customers, 4):
        yield account_of(nth), _address(nth), f"Visitor {nth}", "", "is", "IS", "shop", "2025-10-03"


def _capture(customers: int, touchpoints: int) -> None:
    """Several at a time, without the indexes that can be built afterwards."""
    given = {"customers": customers, "touchpoints": touchpoints, **_sources(), **_events()}
    with connection.cursor() as cursor:
        cursor.execute(
            "select indexname, indexdef from pg_indexes where tablename = 'touchpoints_touchpoint'"
            " and indexname not like '%pkey'"
        )
        later = cursor.fetchall()
        for name, _ in later:
            cursor.execute(f"drop index {name}")
        share = -(-touchpoints // AT_ONCE)
        stretches = [
            {**given, "first": nth * share + 1, "last": min((nth + 1) * share, touchpoints)} for nth in range(AT_ONCE)
        ]
        _together([lambda one=one: _insert(one) for one in stretches])  # type: ignore[misc]
        _together([lambda text=text: _execute(text) for _, text in later])  # type: ignore[misc]


def _together(deeds: Sequence[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as several:
        for done in [several.submit(deed) for deed in deeds]:
            done.result()


def _insert(given: dict[str, object]) -> None:
    with psycopg.connect(os.environ["SAMBAND_DATABASE_URL"], autocommit=True) as session:
        session.execute(_TOUCHPOINTS, given)


def _execute(text: str) -> None:
    with psycopg.connect(os.environ["SAMBAND_DATABASE_URL"], autocommit=True) as session:
        session.execute("set maintenance_work_mem = '512MB'")
        session.execute(text)


def _sources() -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into touchpoints_source (slug, name, kind, namespace, secret_ref, needs_consent, created_at)"
            " values (%s, %s, %s, 'bench', '', false, now())",
            [(slug, slug, kind) for slug, kind in SOURCES],
        )
        cursor.execute("select slug, id from touchpoints_source")
        ids = dict(cursor.fetchall())
    return {"shop": ids["bench-shop"], "server": ids["bench-server"], "house": ids["bench-house"]}


def _events() -> dict[str, object]:
    from samband.customers.touchpoints.storing import event_numbers

    numbers = event_numbers([name for name, _ in EVENTS])
    places = {name: nth for nth, (name, _) in enumerate(EVENTS, 1)}
    return {
        "events": [numbers[name] for name, _ in EVENTS],
        "mix": [places[name] for name, share in EVENTS for _ in range(share)],
        "ordered": [places["Order Completed"]],
        "of_goods": [places["Product Viewed"], places["Product Added"], places["Product List Viewed"]],
    }


if __name__ == "__main__":
    main()
