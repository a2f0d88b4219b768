"""Staff and keys, and what a customer may ask for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from .root import cli, standing


@contextmanager
def noted() -> Iterator[None]:
    """Standing; what is done to people goes into the record as the command line's."""
    with standing():
        from samband.staff import record

        with record.acting(record.COMMAND_LINE, "samband"):
            yield


@cli.command()
@click.argument("who", required=False)
@click.option("--again", is_flag=True, help="Forget everybody again who was forgotten: after restoring a backup.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def erase(who: str | None, again: bool, yes: bool) -> None:
    """Forget a customer (WHO: an e-mail address or an id) in every room and file; what was sold stays in the books."""
    if again == bool(who):
        raise click.UsageError("Say whom to forget, or --again.")
    with noted():
        from .. import forgetting

        if again:
            forgetting.again(click.echo)
        else:
            forgetting.one(str(who), click.echo, lambda text: yes or click.confirm(text))


@cli.command("export-customer")
@click.argument("who")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", default="en", help="Of the page for people that lies beside the data.")
def export_customer(who: str, file: Path, language: str) -> None:
    """Write everything kept about a customer (WHO: an e-mail address or an id) into a ZIP."""
    with noted():
        from .. import forgetting

        forgetting.export(who, file, language, click.echo)


@cli.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it opens; say it once for each.")
def key(name: str, scopes: tuple[str, ...]) -> None:
    """Issue a key for the HTTP API; it is shown this once."""
    with noted():
        from samband.staff.commands import issue_key

        click.echo(issue_key(name, scopes))


@cli.command()
@click.argument("email")
@click.option("--name", prompt=True)
@click.option("--role", prompt=True, help="admin, manager, cashier, merchandiser, stock, service or analyst")
@click.option("--location", default="", help="The code of the store where they usually stand.")
@click.password_option()
def member(email: str, name: str, role: str, location: str, password: str) -> None:
    """Take somebody on the staff."""
    with noted():
        from samband.staff.commands import add_member

        add_member(email, name, role, password, location=location)


@cli.command()
@click.argument("email")
@click.password_option()
def password(email: str, password: str) -> None:
    """Give somebody on the staff another password; whoever is in by the old one is out."""
    with noted():
        from samband.staff.commands import set_password

        set_password(email, password)


@cli.command("second-factor")
@click.argument("email")
@click.option("--reset", is_flag=True, help="Take all of them away; they set up new ones when they sign in next.")
def second_factor(email: str, reset: bool) -> None:
    """Say which second factors somebody on the staff has, or take them away."""
    with noted():
        from samband.staff import factors

        if reset:
            factors.reset(email)
            click.echo("taken away; their sessions have ended, and they are told by mail")
            return
        has = factors.standing_of(email)
        click.echo(f"authenticator app: {'yes' if has.authenticator else 'no'}")
        click.echo(f"passkeys: {len(has.passkeys)}, recovery codes left: {has.codes}")


@cli.command("record")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="From this day or moment (UTC).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Before this one (UTC).")
@click.option("--who", default="", help="member:ID, key:PREFIX, 'command line' or nobody.")
@click.option("--about", multiple=True, help="Such as customer:ID or order:ID; any of those that are said.")
@click.option("--tip", is_flag=True, help="Only the last seal: kept elsewhere, it proves that nothing was cut off.")
def record_(since: datetime | None, until: datetime | None, who: str, about: tuple[str, ...], tip: bool) -> None:
    """Print what staff and programs did and saw, the oldest first: one JSON object a line."""
    with noted():
        from samband.staff import record, recorded, sealing

        if tip:
            click.echo(json.dumps(asdict(last)) if (last := sealing.tip()) else "nothing is sealed yet")
            return
        record.saw("record", about)
        for one in recorded.all_of(recorded.Asked(who, "", about, _utc(since), _utc(until))):
            click.echo(json.dumps({**asdict(one), "at": one.at.isoformat()}))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
