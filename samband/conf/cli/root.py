"""What every command stands on: the group, the database up, the rooms ready."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from samband import __version__
from samband.kernel.refusal import Refusal

from .. import environment


def home() -> Path:
    """Where a running system keeps everything it writes."""
    return Path(os.environ.get("SAMBAND_HOME", "var")).resolve()


@contextlib.contextmanager
def standing(reached: bool = True) -> Iterator[None]:
    """With the database up (our own unless one is named), `reached` unless that is not needed, and the rooms ready."""
    environment.check()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samband.conf.settings")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever is open is closed on the way out
    with contextlib.ExitStack() as leaving:
        if "SAMBAND_DATABASE_URL" not in os.environ:
            from ..postgres import PostgresError, using

            try:
                cluster = leaving.enter_context(using(home()))
            except PostgresError as error:
                raise click.ClickException(str(error)) from error
            os.environ["SAMBAND_DATABASE_URL"] = cluster.url
            leaving.callback(os.environ.pop, "SAMBAND_DATABASE_URL", None)
        _set_up()
        if reached:
            _reach()
        yield


def _set_up() -> None:
    import django
    from psycopg import ProgrammingError

    try:
        django.setup()
    except ProgrammingError as error:  # whose message repeats what was given, the password too
        raise click.ClickException(
            "SAMBAND_DATABASE_URL is no address of a PostgreSQL, such as postgresql://me:secret@db/samband."
        ) from error


def _reach() -> None:
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        told = " ".join(str(error).split())
        raise click.ClickException(f"The database of SAMBAND_DATABASE_URL cannot be reached: {told}") from error


class Plain(click.Group):
    """A refusal is told in one sentence, not in a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except Refusal as refusal:
            details = f" {json.dumps(refusal.details, default=str)}" if refusal.details else ""
            raise click.ClickException(f"{refusal.message}{details}") from refusal
        except environment.Misconfigured as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """One customer, one stock, one price and one conversation on every channel."""


def require_migrated() -> None:
    """That the database is up to date, and its keys made with our secret. Raises ClickException, AnotherSecret."""
    from .. import migrating

    if migrating.is_behind():
        raise click.ClickException("The database is not up to date: run `samband migrate` first.")
    require_one_secret()


def require_one_secret() -> None:
    from django.db import connection

    from samband.customers.identity import keyed

    keyed.same_secret()
    connection.close()  # processes of ours that begin from here must not share it
