"""What is taken over from elsewhere."""

from pathlib import Path

import click

from .root import Plain, cli, home, standing


@cli.group(name="import", cls=Plain)
def import_() -> None:
    """Take over products, customers, orders and touchpoints from elsewhere."""


_LOCATION = click.option("--location", default=None, help="Code of the store or warehouse where the goods lie.")


@import_.command("online-retail")
@click.argument("file", type=click.Path(path_type=Path))
@_LOCATION
def import_online_retail(file: Path, location: str | None) -> None:
    """Take over the UCI Online Retail file (CSV or CSV.GZ). Twice changes nothing; begun again, it finishes."""
    with standing():
        from .. import importing

        importing.online_retail(file, home(), location, click.echo)


@import_.command("shopify")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--market", default=None, help="Where products are sold, in its currency (default: the first market).")
@_LOCATION
def import_shopify(files: tuple[Path, ...], market: str | None, location: str | None) -> None:
    """Take over Shopify's exports of products, customers and orders, in any order. Twice changes nothing."""
    with standing():
        from .. import importing

        importing.shopify(files, home(), market, location, click.echo)


@import_.command("touchpoints")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), required=True, help="YAML: what its columns mean.")
def import_touchpoints(file: Path, mapping: Path) -> None:
    """Take over what happened elsewhere (JSON Lines, CSV, Parquet). Twice changes nothing; begun again, it finishes."""
    with standing():
        from .. import importing

        importing.touchpoints(file, mapping, home(), click.echo)


@cli.group(cls=Plain)
def touchpoints() -> None:
    """What was captured of everybody."""


@touchpoints.command("backfill")
@click.option("--after", type=click.IntRange(0), default=0, help="Only what was recorded after this position.")
def touchpoints_backfill(after: int) -> None:
    """Tell orders, pickups and sign-ins of before anybody listened, or brought along. Twice changes nothing."""
    with standing():
        from samband.channels.connectors.progress import Watch
        from samband.flows.telling import Progress, backfill

        with Watch() as watch:
            stage = watch.begin("telling")

            def said(progress: Progress) -> None:
                stage.expect(progress.until)
                stage.done(progress.position)

            done = backfill(after, said)
        click.echo(f"{done.events:,} events gone through, {done.stored:,} touchpoints new; told up to {done.position}")
