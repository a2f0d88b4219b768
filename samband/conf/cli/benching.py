"""What is measured."""

import json
from collections.abc import Callable
from pathlib import Path

import click

from .root import Plain, cli, standing


@cli.group(cls=Plain)
def bench() -> None:
    """Measure a path beside the limit of this machine."""


def _load(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a bench with clients."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.option("--seconds", type=click.FloatRange(1, 600), default=10.0, show_default=True),
        click.option("--warm-up", type=click.FloatRange(0, 60), default=3.0, show_default=True, help="Seconds before."),
        click.option("--products", type=click.IntRange(30, 100_000), default=1000, show_default=True),
        click.option("--clients", type=click.IntRange(1, 256), default=16, show_default=True),
        click.option("--workers", type=click.IntRange(1, 64), default=None, help="Server processes (one a core)."),
    ):
        command = option(command)
    return command


@bench.command("checkout")
@_load
def bench_checkout(
    as_json: bool, seconds: float, warm_up: float, products: int, clients: int, workers: int | None
) -> None:
    """Orders placed and paid over HTTP, beside the bare statements of the same path."""
    with standing():
        from samband.bench.checkout import checkout

        report = checkout(products, clients, workers, warm_up, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("hot-sku")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--buyers", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True)
@click.option("--clients", type=click.IntRange(1, 256), default=64, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Server processes (one a core).")
def bench_hot_sku(as_json: bool, buyers: int, clients: int, workers: int | None) -> None:
    """Ten thousand buyers of one SKU in one place over HTTP, beside a bare update of its row."""
    with standing():
        from samband.bench.hot_sku import hot_sku

        report = hot_sku(buyers, clients, workers)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("listing")
@_load
def bench_listing(
    as_json: bool, seconds: float, warm_up: float, products: int, clients: int, workers: int | None
) -> None:
    """Category pages of 24 products over HTTP, beside the same server answering the same bytes from memory."""
    with standing():
        from samband.bench.listing import listing

        report = listing(products, clients, workers, warm_up, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("search")
@_load
def bench_search(
    as_json: bool, seconds: float, warm_up: float, products: int, clients: int, workers: int | None
) -> None:
    """Searches of shoppers over HTTP, some mistyped, beside the same server answering the same bytes from memory."""
    with standing():
        from samband.bench.searching import search

        report = search(products, clients, workers, warm_up, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("product")
@_load
def bench_product(
    as_json: bool, seconds: float, warm_up: float, products: int, clients: int, workers: int | None
) -> None:
    """Product pages over HTTP, beside the same server answering the same bytes from memory."""
    with standing():
        from samband.bench.product_page import product_page

        report = product_page(products, clients, workers, warm_up, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("add")
@click.option("--door", type=click.Choice(["shop", "api"]), default="shop", show_default=True)
@_load
def bench_add(
    as_json: bool, seconds: float, warm_up: float, products: int, clients: int, workers: int | None, door: str
) -> None:
    """Goods put into carts over HTTP, beside the bare statements of it."""
    with standing():
        from samband.bench.adding import add

        report = add(door, products, clients, workers, warm_up, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("hold")
@_load
def bench_hold(as_json: bool, seconds: float, warm_up: float, products: int, clients: int, workers: int | None) -> None:
    """Goods set aside, over HTTP and in processes, beside the bare statements of it."""
    with standing():
        from samband.bench.holding import hold

        report = hold(products, clients, workers, warm_up, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("deliver")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seconds", type=click.FloatRange(0.5, 600), default=4.0, show_default=True, help="Of ordering before.")
@click.option("--products", type=click.IntRange(30, 100_000), default=300, show_default=True)
def bench_deliver(as_json: bool, seconds: float, products: int) -> None:
    """Events of orders delivered to their reactions, beside the same statements said by rote."""
    with standing():
        from samband.bench.delivering import deliver

        report = deliver(products, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("all")
@click.argument("names", nargs=-1)
@click.option("--quick", is_flag=True, help="Short and small, to see that all of it runs.")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path("docs/performance"))
def bench_all(names: tuple[str, ...], quick: bool, into: Path) -> None:
    """Every bench (or those that are named), and the page with their figures and plots."""
    from samband.bench.all import BENCHES, run

    known = [bench.name for bench in BENCHES]
    if unknown := sorted(set(names) - set(known)):
        raise click.UsageError(f"There is no bench {', '.join(unknown)}; there are {', '.join(known)}.")
    if failed := run(into, names, quick, lambda text: click.echo(text, err=True)):
        raise click.ClickException(f"failed: {', '.join(failed)}")


@bench.command("growth")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--products", "most_products", type=click.IntRange(1_000), default=1_000_000, show_default=True)
@click.option("--clients", "most_clients", type=click.IntRange(1, 256), default=64, show_default=True)
@click.option("--orders", "most_orders", type=click.IntRange(1_000), default=1_000_000, show_default=True)
@click.option("--seconds", type=click.FloatRange(0.5, 60), default=4.0, show_default=True, help="For each figure.")
@click.option("--only", type=click.Choice(["products", "clients", "orders"]), multiple=True)
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=None, help="Write figures and plots.")
def bench_growth(
    as_json: bool,
    most_products: int,
    most_clients: int,
    most_orders: int,
    seconds: float,
    only: tuple[str, ...],
    into: Path | None,
) -> None:
    """How what a page or an order costs grows with products, clients and orders, each up to so many."""
    with standing():
        from samband.bench.growth import as_text, growth, write

        most = {"products": most_products, "clients": most_clients, "orders": most_orders}
        told = growth({name: most[name] for name in only or most}, seconds, lambda text: click.echo(text, err=True))
        if into is not None:
            write(into, told)
    click.echo(json.dumps(told) if as_json else as_text(told))


@bench.command("pricing")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seconds", type=click.FloatRange(1, 600), default=10.0, show_default=True)
@click.option("--warm-up", type=click.FloatRange(0, 60), default=2.0, show_default=True, help="Seconds before.")
@click.option("--lines", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--promotions", type=click.IntRange(0, 2000), default=200, show_default=True)
def bench_pricing(as_json: bool, seconds: float, warm_up: float, lines: int, promotions: int) -> None:
    """A cart of many lines priced under many live promotions, in this process."""
    with standing():
        from samband.bench.pricing import pricing

        report = pricing(lines, promotions, warm_up, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("customers")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--customers", "people", type=click.IntRange(40, 100_000_000), default=1_000_000, show_default=True)
@click.option("--touchpoints", type=click.IntRange(100, 1_000_000_000), default=10_000_000, show_default=True)
@click.option("--seconds", type=click.FloatRange(0.5, 600), default=10.0, show_default=True)
def bench_customers(as_json: bool, people: int, touchpoints: int, seconds: float) -> None:
    """A customer's page, a decision taken back, and segments counted, among so many customers."""
    with standing():
        from samband.bench.customers import customers

        report = customers(people, touchpoints, seconds)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("routing")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--orders", type=click.IntRange(10, 100_000), default=1000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def bench_routing(as_json: bool, orders: int, seed: int) -> None:
    """Random orders routed, each compared with the cheapest route there is."""
    with standing(reached=False):
        from samband.bench.routing import routing

        report = routing(orders, seed)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("capture")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--events", type=click.IntRange(10_000, 10_000_000), default=300_000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Server processes (one a core).")
@click.option("--overload", "overloaded", is_flag=True, help="Ten times as much as can be taken in, and none lost.")
def bench_capture(as_json: bool, events: int, workers: int | None, overloaded: bool) -> None:
    """Events captured, on disk and resolved to customers, beside a bare COPY of the same rows."""
    with standing():
        from samband.bench.capture import capture as measure
        from samband.bench.overload import overload

        report = overload() if overloaded else measure(events, workers)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("import")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--file", type=click.Path(path_type=Path), default=None, help="Default: below SAMBAND_DATA.")
def bench_import(as_json: bool, file: Path | None) -> None:
    """The Online Retail file taken over, beside a bare COPY of its rows into one table."""
    from samband.bench.importing import DATA, default_file

    file = file or default_file()
    if file is None or not file.is_file():
        absent = f"nothing measured: {file or f'SAMBAND_DATA/{DATA}'} is not there"
        click.echo(json.dumps({"name": "import", "absent": absent}) if as_json else absent)
        return
    with standing():
        from samband.bench.importing import importing

        report = importing(file)
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("identity")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--people", type=click.IntRange(1000, 10_000_000), default=100_000, show_default=True, help="For speed.")
@click.option("--data", type=click.Path(path_type=Path), default=None, help="Default: linkage below SAMBAND_DATA.")
def bench_identity(as_json: bool, people: int, data: Path | None) -> None:
    """How well customers are told apart with and without the proposals, where the truth is known; and how fast."""
    with standing():
        from samband.bench.identity import folder, identity

        data = data or folder()
        report = identity(data, people)
    if report is None:
        absent = f"nothing measured: there is no fake_1000.csv or febrl3.csv in {data}"
        click.echo(json.dumps({"name": "identity", "absent": absent}) if as_json else absent)
        return
    click.echo(report.as_json() if as_json else report.as_text())


@bench.command("audit")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--orders", type=click.IntRange(60, 100_000_000), default=100_000, show_default=True)
@click.option("--jobs", type=click.IntRange(1, 16), default=4, show_default=True, help="Books read at a time.")
def bench_audit(as_json: bool, orders: int, jobs: int) -> None:
    """Every book of a house with so many orders, beside reading its tables from end to end."""
    with standing():
        from samband.bench.auditing import auditing

        report = auditing(orders, jobs)
    click.echo(report.as_json() if as_json else report.as_text())
