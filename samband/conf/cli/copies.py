"""Copies of the house, and bringing them back."""

import sys
from pathlib import Path

import click

from .root import cli, home, standing

_FOLDER = click.Path(file_okay=False, path_type=Path)


def _say(text: str) -> None:
    click.echo(text, err=True)


@cli.command()
@click.argument("folder", type=_FOLDER)
@click.option("--keys", type=_FOLDER, help="Copy the secrets and who was forgotten into this other folder.")
@click.option("--keep", type=click.IntRange(1), default=None, help="Keep so many copies there, and remove older ones.")
@click.option("--check", is_flag=True, help="FOLDER is a copy: only look whether it is whole.")
def backup(folder: Path, keys: Path | None, keep: int | None, check: bool) -> None:
    """Copy database and pictures into a new folder below FOLDER, while the shop is open; print where it is."""
    from ..backups.errors import BackupFailed

    with standing():
        from ..backups import restoring, writing

        try:
            if check:
                told = restoring.check(folder)
                click.echo(f"whole: made {told.at} by Samband {told.version}, {len(told.files)} files")
                return
            click.echo(writing.write(folder, keep, _say))
            if keys is not None:
                click.echo(writing.write_keys(keys, keep))
            else:
                _say("secrets and the list of who was forgotten are not in it: --keys copies them, to another place")
        except BackupFailed as error:
            raise click.ClickException(str(error)) from error


@cli.command()
@click.argument("folder", type=_FOLDER)
@click.option("--keys", type=_FOLDER, help="A copy of secrets and of who was forgotten, to be brought back first.")
@click.option("--over", is_flag=True, help="Give up what is in the database now.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def restore(folder: Path, keys: Path | None, over: bool, yes: bool) -> None:
    """Bring the copy in FOLDER back, bring it up to date, forget again who was forgotten since, and audit it."""
    from ..backups.errors import BackupFailed

    if over and not yes and not click.confirm("Give up everything that is in the database now?"):
        raise click.Abort
    try:
        if keys is not None:
            from ..backups.keys import bring_keys

            bring_keys(keys, home())
        with standing():
            found = _restore(folder, over)
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error
    sys.exit(1 if found else 0)


def _restore(folder: Path, over: bool) -> int:
    from samband.flows.audit import audit

    from .. import forgetting, migrating
    from ..backups import restoring

    restoring.restore(folder, over, _say)
    _say("bringing it up to date …")
    migrating.migrate()
    forgetting.again(_say)
    found = 0
    for finding in audit():
        found += 1
        click.echo(finding)
    click.echo(f"{found} findings" if found else "brought back; every book balances")
    return found
