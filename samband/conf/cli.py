"""The `samband` command."""

import os
import sys


def main() -> None:
    """Run a command of ours, or hand over to Django's management commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samband.conf.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["samband", *sys.argv[1:]])
