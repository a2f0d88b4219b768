"""Errands in a running house: a process stands ready with everything loaded and forks for each, so that none waits for
two seconds of imports; and each begins as fresh as a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.processes import ROOT

STANDING = """
import json, os, runpy, sys, traceback
import django
django.setup()
import samband.conf.cli

def go(program, arguments, out, err):
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    sys.argv = ["-c", *arguments]
    try:
        exec(program, {"__name__": "__main__"}) if program else runpy.run_module("samband", run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

for line in sys.stdin:
    sent = os.fork()
    if sent == 0:
        go(*json.loads(line))
    print(os.waitstatus_to_exitcode(os.waitpid(sent, 0)[1]), flush=True)
"""


class Errands:
    """Whoever runs them; one at a time."""

    def __init__(self, standing: "subprocess.Popen[str]", folder: Path) -> None:
        self.standing, self.out, self.err = standing, folder / "out", folder / "err"

    def run(self, program: str, *arguments: str) -> str:
        """Run a program, or without one a command of ours; returns what it printed."""
        assert self.standing.stdin is not None
        assert self.standing.stdout is not None
        self.standing.stdin.write(json.dumps([program, arguments, str(self.out), str(self.err)]) + "\n")
        self.standing.stdin.flush()
        ended = self.standing.stdout.readline().strip()
        assert ended == "0", (ended, self.err.read_text())
        return self.out.read_text()


@contextmanager
def errands(environment: Mapping[str, str]) -> Iterator[Errands]:
    """Stand ready for a house until the block ends."""
    told = {**environment, "DJANGO_SETTINGS_MODULE": "samband.conf.settings"}
    command = [sys.executable, "-c", STANDING]
    with (
        tempfile.TemporaryDirectory(prefix="samband-errands-") as folder,
        subprocess.Popen(
            command, env=told, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as standing,
    ):
        yield Errands(standing, Path(folder))
