"""Find a browser for the tests, or get one from the system's packages: `python -m tests.browser.finding`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def browser() -> str | None:
    """The path of a Chromium; SAMBAND_BROWSER names one."""
    if named := os.environ.get("SAMBAND_BROWSER"):
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    ours = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return str(ours[-1]) if ours else None


def get() -> None:
    """Install one where we can; otherwise say plainly that the browser tests will be left out."""
    if browser():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("installing chromium from the system's packages …", file=sys.stderr)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, env=environment, **quiet)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not browser():
        print(
            "NO BROWSER: none was found and none could be installed, so the tests in a real browser will be skipped.\n"
            "Install Chromium (Debian: apt-get install chromium) or name one with SAMBAND_BROWSER.",
            file=sys.stderr,
        )


if __name__ == "__main__":
    get()
