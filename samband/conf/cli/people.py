"""Staff and keys, and what a customer may ask for."""

from pathlib import Path

import click

from .root import cli, standing


@cli.command()
@click.argument("who", required=False)
@click.option("--again", is_flag=True, help="Forget everybody again who was forgotten: after restoring a backup.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def erase(who: str | None, again: bool, yes: bool) -> None:
    """Forget a customer (WHO: an e-mail address or an id) in every room and file; what was sold stays in the books."""
    if again == bool(who):
        raise click.UsageError("Say whom to forget, or --again.")
    with standing():
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
    with standing():
        from .. import forgetting

        forgetting.export(who, file, language, click.echo)


@cli.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it opens; say it once for each.")
def key(name: str, scopes: tuple[str, ...]) -> None:
    """Issue a key for the HTTP API; it is shown this once."""
    with standing():
        from samband.staff.commands import issue_key

        click.echo(issue_key(name, scopes))


@cli.command()
@click.argument("email")
@click.option("--name", prompt=True)
@click.option("--role", prompt=True, help="admin, merchandiser, stock, service or analyst")
@click.option("--location", default="", help="The code of the store where they usually stand.")
@click.password_option()
def member(email: str, name: str, role: str, location: str, password: str) -> None:
    """Take somebody on the staff."""
    with standing():
        from samband.staff.commands import add_member

        add_member(email, name, role, password, location=location)


@cli.command()
@click.argument("email")
@click.password_option()
def password(email: str, password: str) -> None:
    """Give somebody on the staff another password."""
    with standing():
        from samband.staff.commands import set_password

        set_password(email, password)
