"""Tells who belongs together while others send, as the running house does; until told to finish what is there.

    python -m samband.bench.resolving

Says `ready`, then works until standard input ends; then until nothing waits, and prints how many assertions it took.
"""

import sys
import threading
import time

REST_SECONDS = 0.05


def main() -> None:
    """Work."""
    import django

    django.setup()
    from samband.customers.identity.commands import resolve

    last_call = threading.Event()
    threading.Thread(target=_listen, args=(last_call,), daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    resolved = 0
    while True:
        last = last_call.is_set()
        did = resolve()
        resolved += did
        if not did:
            if last:
                break
            time.sleep(REST_SECONDS)
    sys.stdout.write(f"{resolved}\n")
    sys.stdout.flush()


def _listen(last_call: threading.Event) -> None:
    sys.stdin.read()
    last_call.set()


if __name__ == "__main__":
    main()
