"""The `samband` command: everything a shop's owner, a worker process and CI type."""

from . import benching, checking, copies, people, running, segments, taking_in
from .root import cli

__all__ = ["benching", "checking", "cli", "copies", "main", "people", "running", "segments", "taking_in"]


def main() -> None:
    """Run a command of ours."""
    cli(prog_name="samband")
