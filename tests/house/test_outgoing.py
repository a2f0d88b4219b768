"""Whoever asks something of an address goes through `kernel/outside.py`, or stands here with the reason why not."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ASKING = {
    "urllib.request", "http.client", "requests", "httpx", "urllib3", "aiohttp", "socket", "ftplib", "smtplib",
    "telnetlib", "xmlrpc.client", "websockets", "paramiko", "pycurl",
}  # fmt: skip

ALLOWED = {
    "samband/kernel/outside.py": "the one way out",
    "samband/conf/serving.py": "looks whether our own server answers yet, at the address it was told to listen at",
    "samband/channels/capture/settling.py": "a socket file between processes of this machine",
}
"""Files that speak to the network themselves. Vendors' clients (stripe, easypost, a tracing exporter, Django's mail)
ask the addresses that stand in the environment, which nobody from outside can write."""

FREE = ("samband/bench/", "samband/conf/observing/", "samband/conf/postgres/", "samband/conf/cli/")
"""What drives or watches our own server: the bench, the metrics' own door, the embedded database, the command."""


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def speaking(root: Path) -> set[str]:
    """Every file of ours that can speak to the network by itself."""
    found = set()
    for file in (root / "samband").rglob("*.py"):
        name = str(file.relative_to(root))
        if not name.startswith(FREE) and ASKING & set(imported(file)):
            found.add(name)
    return found


def test_nobody_asks_anything_of_an_address_by_themselves() -> None:
    assert speaking(ROOT) == set(ALLOWED)


def test_somebody_who_does_is_seen(tmp_path) -> None:
    room = tmp_path / "samband" / "flows"
    room.mkdir(parents=True)
    (room / "fetch.py").write_text("def fetch(url):\n    from urllib import request\n    return request.urlopen(url)\n")
    assert speaking(tmp_path) == {"samband/flows/fetch.py"}
