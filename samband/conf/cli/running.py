"""What starts, serves and stops."""

import click

from .. import environment
from .root import cli, home, require_migrated, require_one_secret, standing


@cli.command()
@click.option(
    "--demo/--no-demo", default=None, help="Fill an empty house with the demo retailer (default: where only we see it)."
)
def run(demo: bool | None) -> None:
    """Bring the database up to date, fill it if it is empty, and serve until stopped."""
    from .. import migrating, serving

    with standing():
        migrating.migrate()
        require_one_secret()
        _open_demo(demo)
        serving.serve(announce=lambda line: click.echo(line))


def _open_demo(wanted: bool | None) -> None:
    """Unless somebody said whether, the demo opens only where nobody else can come in by its known passwords."""
    from samband.demo.opening import is_empty, open_shop

    if wanted is False or not is_empty():
        return
    if wanted or environment.is_loopback():
        open_shop(say=lambda text: click.echo(text, err=True))
    else:
        click.echo("the demo has known passwords; say --demo to open it here", err=True)


@cli.command()
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Server processes (default: one a core).")
@click.option("--deliver/--no-deliver", default=True, help="Deliver events from a thread beside the server.")
def serve(workers: int | None, deliver: bool) -> None:
    """Serve shop, console and API, and nothing else."""
    from .. import serving

    with standing():
        require_migrated()
        serving.serve(announce=lambda line: click.echo(line), workers=workers, deliver=deliver)


@cli.command()
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes (default: one a core).")
@click.option("--bind", default="127.0.0.1:8001", show_default=True, help="Host and port to listen on.")
def capture(workers: int | None, bind: str) -> None:
    """Take in what is captured, in processes of its own; as many of these as you like, behind a balancer."""
    from .. import serving

    with standing():
        require_migrated()
        serving.capture(announce=lambda line: click.echo(line), bind=bind, workers=workers)


@cli.command()
def migrate() -> None:
    """Bring the database up to date."""
    from .. import migrating

    with standing():
        migrating.migrate()


@cli.command()
def work() -> None:
    """Deliver events and do chores until stopped; as many of these as you like."""
    from .. import serving

    with standing():
        require_migrated()
        serving.work()


@cli.command()
def stop() -> None:
    """Stop the database that we started, whoever still uses it."""
    from .. import postgres

    postgres.stop(home())


@cli.command()
def demo() -> None:
    """Fill the house with the demo retailer, unless it has staff of its own; twice changes nothing."""
    from .. import migrating

    with standing():
        from samband.demo.opening import open_shop

        migrating.migrate()
        open_shop(say=lambda text: click.echo(text, err=True))


@cli.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, hidden=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Django's own management commands, for developers: samband django makemigrations …"""
    with standing(reached=False):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["samband", *arguments])
