"""The `samband` command: everything a shop's owner, a worker process and CI type."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from samband import __version__
from samband.kernel.refusal import Refusal

from . import environment


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
            from .postgres import PostgresError, using

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


@cli.command()
@click.option(
    "--demo/--no-demo", default=None, help="Fill an empty house with the demo retailer (default: where only we see it)."
)
def run(demo: bool | None) -> None:
    """Bring the database up to date, fill it if it is empty, and serve until stopped."""
    from . import serving

    with standing():
        serving.migrate()
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


def _require_migrated() -> None:
    from . import serving

    if serving.is_behind():
        raise click.ClickException("The database is not up to date: run `samband migrate` first.")


@cli.command()
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Server processes (default: one a core).")
@click.option("--deliver/--no-deliver", default=True, help="Deliver events from a thread beside the server.")
def serve(workers: int | None, deliver: bool) -> None:
    """Serve shop, console and API, and nothing else."""
    from . import serving

    with standing():
        _require_migrated()
        serving.serve(announce=lambda line: click.echo(line), workers=workers, deliver=deliver)


@cli.command()
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes (default: one a core).")
@click.option("--bind", default="127.0.0.1:8001", show_default=True, help="Host and port to listen on.")
def capture(workers: int | None, bind: str) -> None:
    """Take in what is captured, in processes of its own; as many of these as you like, behind a balancer."""
    from . import serving

    with standing():
        _require_migrated()
        serving.capture(announce=lambda line: click.echo(line), bind=bind, workers=workers)


@cli.command()
def migrate() -> None:
    """Bring the database up to date."""
    from . import serving

    with standing():
        serving.migrate()


@cli.command()
def work() -> None:
    """Deliver events and do chores until stopped; as many of these as you like."""
    from . import serving

    with standing():
        _require_migrated()
        serving.work()


@cli.command()
def stop() -> None:
    """Stop the database that we started, whoever still uses it."""
    from . import postgres

    postgres.stop(home())


@cli.command()
def demo() -> None:
    """Fill the house with the demo retailer, unless it has staff of its own; twice changes nothing."""
    from . import serving

    with standing():
        from samband.demo.opening import open_shop

        serving.migrate()
        open_shop(say=lambda text: click.echo(text, err=True))


@cli.command()
def audit() -> None:
    """Check that every book balances; say what does not, and exit non-zero."""
    with standing():
        from samband.flows.audit import audit as check

        found = 0
        for finding in check():
            found += 1
            click.echo(finding)
        click.echo(f"{found} findings" if found else "every book balances")
    sys.exit(1 if found else 0)


@cli.command()
@click.argument("who", required=False)
@click.option("--again", is_flag=True, help="Forget everybody again who was forgotten: after restoring a backup.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def erase(who: str | None, again: bool, yes: bool) -> None:
    """Forget a customer (WHO: an e-mail address or an id) in every room and file; what was sold stays in the books."""
    if again == bool(who):
        raise click.UsageError("Say whom to forget, or --again.")
    with standing():
        from . import forgetting

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
        from . import forgetting

        forgetting.export(who, file, language, click.echo)


@cli.command()
@click.option("--replay", is_flag=True, help="Compute every customer from the assertions alone and compare.")
@click.option("--reconsider", is_flag=True, help="Take every assertion in anew, as after a change of the rules.")
def identity(replay: bool, reconsider: bool) -> None:
    """How many are known, as JSON; or whether who is kept as one customer is who the assertions say, else non-zero."""
    with standing():
        from dataclasses import asdict

        from samband.customers.identity import books, commands, queries

        if reconsider:
            click.echo(f"{commands.reconsider()} assertions are taken in anew")
            while commands.resolve():
                pass
        found = 0
        for finding in books.findings() if replay else ():
            found += 1
            click.echo(finding)
        if replay:
            click.echo(f"{found} findings" if found else "every customer is who the assertions say")
        else:
            click.echo(json.dumps(asdict(queries.counts())))
    sys.exit(1 if found else 0)


@cli.group()
def segments() -> None:
    """Named conditions over customers, kept as text (YAML)."""


@segments.command("list")
def list_segments() -> None:
    """Every segment and how many are in it, as JSON: one object a line."""
    with standing():
        from samband.customers.segments import queries

        for one in queries.listed():
            told = {"segment": one.slug, "version": one.version, "live": one.live, "size": one.size}
            click.echo(json.dumps(told))


@segments.command("apply")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def apply_segments(path: Path) -> None:
    """Save what is new or different of the segments in a file, or in the *.yaml and *.yml files of a folder."""
    with standing():
        from samband.customers.segments import commands, writing

        files = sorted(one for one in path.iterdir() if one.suffix in (".yaml", ".yml")) if path.is_dir() else [path]
        texts = {file: file.read_text(encoding="utf-8") for file in files}
        for file, text in texts.items():
            try:
                writing.read(text)
            except Refusal as refusal:
                raise click.ClickException(f"{file.name}: {refusal.message}") from refusal
        text = "\n---\n".join(texts.values())
        for slug, became in sorted(commands.apply(writing.read(text), by="text").items()):
            click.echo(f"{became:8} {slug}")


@segments.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def export_segments(folder: Path | None) -> None:
    """Write every segment as text: to a folder, one file a segment, or all of them to the screen."""
    with standing():
        from samband.customers.segments import queries, writing

        found = [one.definition for one in queries.listed()]
        if folder is None:
            click.echo(writing.write(found), nl=False)
            return
        folder.mkdir(parents=True, exist_ok=True)
        for one in found:
            (folder / f"{one.segment}.yaml").write_text(writing.write([one]), encoding="utf-8")
        click.echo(f"{len(found)} segments written")


@cli.command()
@click.option("--sku", "skus", multiple=True, help="Only these (default: everything that is sold).")
@click.option("--location", "locations", multiple=True, help="Only at these stores (default: all).")
@click.option("--all", "every", is_flag=True, help="List each difference that has a reason, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a difference.")
def parity(skus: tuple[str, ...], locations: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Ask every channel the same; list each difference with its stated reason, or as a fault, and exit non-zero."""
    with standing():
        from dataclasses import asdict

        from samband.flows.parity import Summary
        from samband.flows.parity import parity as ask

        summary = Summary()
        for one in summary.of(ask(skus or None, locations or None)):
            if as_json:
                click.echo(json.dumps({**asdict(one), "fault": one.is_fault}))
            elif every or one.is_fault:
                click.echo(str(one))
        if not as_json:
            for line in summary.lines():
                click.echo(line)
    sys.exit(1 if summary.faults else 0)


@cli.command("rebuild-profiles")
def rebuild_profiles() -> None:
    """Reckon every customer's traits from nothing; say how many were not as they should have been."""
    with standing():
        from samband.customers.profiles.commands import rebuild

        click.echo(f"{rebuild()} profiles are other than they were")


@cli.command()
def backlog() -> None:
    """How far behind delivery is, as JSON."""
    with standing():
        from dataclasses import asdict

        from samband.timeline.queries import backlog as ask

        click.echo(json.dumps(asdict(ask())))


@cli.command()
@click.option("--reaction", default=None, help="Only what this reaction set aside.")
def retry(reaction: str | None) -> None:
    """Try again what reactions set aside."""
    with standing():
        from samband.timeline.commands import retry_all

        click.echo(f"{retry_all(reaction)} will be tried again")


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
        from . import importing

        importing.online_retail(file, home(), location, click.echo)


@import_.command("shopify")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--market", default=None, help="Where products are sold, in its currency (default: the first market).")
@_LOCATION
def import_shopify(files: tuple[Path, ...], market: str | None, location: str | None) -> None:
    """Take over Shopify's exports of products, customers and orders, in any order. Twice changes nothing."""
    with standing():
        from . import importing

        importing.shopify(files, home(), market, location, click.echo)


@import_.command("touchpoints")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), required=True, help="YAML: what its columns mean.")
def import_touchpoints(file: Path, mapping: Path) -> None:
    """Take over what happened elsewhere (JSON Lines, CSV, Parquet). Twice changes nothing; begun again, it finishes."""
    with standing():
        from . import importing

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
def bench_capture(as_json: bool, events: int, workers: int | None) -> None:
    """Events captured, on disk and resolved to customers, beside a bare COPY of the same rows."""
    with standing():
        from samband.bench.capture import capture as measure

        report = measure(events, workers)
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


@cli.command()
@click.option("--every", type=click.FloatRange(0.1, 720), default=None, help="Hours; then it goes on until stopped.")
def match(every: float | None) -> None:
    """Propose customers who may be one person; the retailer's rules decide what they decide."""
    import time

    with standing():
        _require_migrated()
        from samband.flows.propose_matches import propose_matches

        while True:
            found = propose_matches()
            click.echo(
                f"{found.records} records, {found.compared} pairs compared: {found.waiting} wait for a person,"
                f" {found.accepted} taken for one by a rule, {found.withdrawn} withdrawn"
            )
            if every is None:
                return
            time.sleep(every * 3600)


@cli.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, hidden=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Django's own management commands, for developers: samband django makemigrations …"""
    with standing(reached=False):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["samband", *arguments])


def main() -> None:
    """Run a command of ours."""
    cli(prog_name="samband")


if __name__ == "__main__":
    main()
