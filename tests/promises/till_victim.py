"""A server that dies while it takes in what a till sold: each line is done in a process of its own.

Reads JSON lines from standard input: `deed` (take_in, accept or cancel), what it is about, how many statements to live
for and whether to die `before` or `after` the last of them. Writes a JSON line for each: how it ended, how many
statements it took, and the answer if it lived.
"""

import json
import os
import signal
import sys
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402

from samband.commerce.tills import queries as tills  # noqa: E402
from samband.flows.take_in_sale import accept, cancel, take_in  # noqa: E402


def serve(wish: dict) -> dict:
    statements = 0

    def count(execute, sql, params, many, context):
        nonlocal statements
        statements += 1
        if statements == wish["lives"] and wish["when"] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if statements == wish["lives"]:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    device = tills.device(UUID(wish["device"]))
    with connection.execute_wrapper(count):
        answer = _do(wish, device)
    return {"ended": "lived", "statements": statements, "answer": answer}


def _do(wish, device):
    match wish["deed"]:
        case "take_in":
            return take_in(device, wish["told"])
        case "accept":
            return accept(UUID(wish["sale"]), None, UUID(wish["by"]), correct_stock=True).state
        case _:
            return cancel(UUID(wish["sale"]), None, UUID(wish["by"]), refunded_from_drawer=False).state


def main() -> None:
    for line in sys.stdin:
        wish = json.loads(line)
        ours, theirs = os.pipe()
        child = os.fork()  # nobody has opened a connection yet that a child could inherit
        if child == 0:
            os.write(theirs, json.dumps(serve(wish)).encode())
            os._exit(0)
        os.close(theirs)
        with os.fdopen(ours, "rb") as heard:
            said = heard.read().decode()
        _, status = os.waitpid(child, 0)
        print("{}" if os.WIFSIGNALED(status) else said or '{"ended": "failed"}', flush=True)


main()
