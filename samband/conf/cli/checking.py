"""What looks whether all is well: books, channels, delivery, who is who."""

import json
import sys
import time

import click

from .root import cli, require_migrated, standing


@cli.command()
@click.option("--book", "only", multiple=True, help="Only these books (default: all; an unknown name lists them).")
@click.option("--most", type=click.IntRange(1), default=100, show_default=True, help="Findings of one kind told.")
@click.option("--full", is_flag=True, help="Compute every customer and profile anew, not only today's part of them.")
@click.option("--jobs", type=click.IntRange(1, 16), default=1, show_default=True, help="Books read at a time.")
@click.option("--timing", is_flag=True, help="Say how long each book took.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
def audit(only: tuple[str, ...], most: int, full: bool, jobs: int, timing: bool, as_json: bool) -> None:
    """Check that every book balances; say what does not, and exit non-zero."""
    with standing():
        from samband.flows.audit import Extent, look
        from samband.kernel.clock import now
        from samband.kernel.refusal import Refusal

        found = 0
        try:
            for told in look(Extent(full, now().date(), most), only, jobs):
                found += len(told.findings)
                for one in told.findings:
                    shown = {"book": told.book, "check": one.check, "sentence": one, "rows": one.row}
                    click.echo(json.dumps(shown, default=str) if as_json else one)
                if timing:
                    click.echo(f"{told.seconds:8.2f} s  {told.book}", err=True)
        except Refusal as refusal:
            raise click.ClickException(f"{refusal.message} {refusal.details}") from refusal
        if not as_json:
            click.echo(f"{found} findings" if found else "every book balances")
    sys.exit(1 if found else 0)


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
@click.option("--reach", is_flag=True, help="Call others, too: the mail server.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a point.")
def doctor(reach: bool, as_json: bool) -> None:
    """Look at everything the house stands on; say what to do about what is not well, and exit non-zero."""
    wrong = 0
    with standing():
        from dataclasses import asdict

        from ..doctor import Level, examine

        for finding in examine(reach):
            wrong += finding.level is Level.WRONG
            click.echo(json.dumps(asdict(finding)) if as_json else str(finding))
    sys.exit(1 if wrong else 0)


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
@click.option("--every", type=click.FloatRange(0.1, 720), default=None, help="Hours; then it goes on until stopped.")
def match(every: float | None) -> None:
    """Propose customers who may be one person; the retailer's rules decide what they decide."""
    with standing():
        require_migrated()
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
