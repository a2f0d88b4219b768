"""The server that carries Samband, with nothing of Samband in it: `python -m samband.bench.bare_server WORKERS`."""

import os
import socket
import sys
import threading
import time


def main() -> None:
    """Serve the bare answer at SAMBAND_BIND until told to stop."""
    from granian.constants import Interfaces
    from granian.server import Server

    host, _, port = os.environ["SAMBAND_BIND"].rpartition(":")
    server = Server(
        "samband.bench.echo:bare",
        address=host,
        port=int(port),
        interface=Interfaces.RSGI,
        websockets=False,
        workers=int(sys.argv[1]),
        log_enabled=False,
    )
    announcing = threading.Thread(target=_announce, args=(host, int(port)), daemon=True)
    server.on_startup(announcing.start)
    server.serve()


def _announce(host: str, port: int) -> None:
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    sys.stdout.write("ready: bare\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
