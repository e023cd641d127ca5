"""`kg extract`: the concepts of each paper as JSON lines."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import console
from kg.cli.shown import brief, to_json


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "format_", help="The sources' format; guessed from their content by default.")
@click.option("--pipeline", default="default", show_default=True, help="default, rules, or a spaCy pipeline.")
@click.option("--strict", is_flag=True, help="Stop at the first record that can't be read.")
@console.unpacked_option
def extract(
    sources: tuple[Path, ...], format_: str | None, pipeline: str, strict: bool, max_unpacked: int | None
) -> None:
    """Print one JSON object for each paper of SOURCES (`-` is standard input): its concepts with type, role
    and every place, and the relations between them.
    """
    from kg.extract import load
    from kg.extract.output import to_record
    from kg.ingest import read_papers

    reading = read_papers(sources, format=format_, strict=strict, max_unpacked=max_unpacked)
    for issue in reading.issues:
        click.echo(f"kg: {brief(str(issue))}", err=True)
    papers = reading.papers
    for paper, found in zip(papers, load(pipeline).extract(papers), strict=True):
        click.echo(to_json(to_record(paper, found)))
