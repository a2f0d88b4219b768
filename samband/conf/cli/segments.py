"""Segments as text."""

import json
from pathlib import Path

import click

from samband.kernel.refusal import Refusal

from .root import cli, standing


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
