"""Install the clients that come from npm; says plainly when that cannot be. Run as a module before the tests."""

import shutil
import subprocess
import sys
from pathlib import Path

NODE = Path(__file__).resolve().parent / "node"
MARK = NODE / "node_modules" / ".installed"


def installed() -> bool:
    """Whether Node and its clients are there, as the lock names them."""
    return (
        bool(shutil.which("node")) and MARK.exists() and MARK.read_bytes() == (NODE / "package-lock.json").read_bytes()
    )


def install() -> str:
    """Install them, unless they are; returns what stands in the way, if anything does."""
    if installed():
        return ""
    if not shutil.which("node") or not shutil.which("npm"):
        return "no Node with npm here: the clients written for it are not tried"
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"],
        cwd=NODE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return f"npm could not install the clients written for Node: {done.stderr.strip()[-500:]}"
    shutil.copyfile(NODE / "package-lock.json", MARK)
    return ""


if __name__ == "__main__":
    if reason := install():
        print(reason, file=sys.stderr)
