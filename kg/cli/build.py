"""`kg build` and `kg rebuild`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import config as settings
from kg.cli import console
from kg.cli.shown import brief
from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.pipeline import Report

SHOWN = 10  # issues printed; the store has them all


def _names(value: str) -> tuple[str, ...]:
    """The names of files in an option; there must be one, for `none` says that none is meant."""
    names = tuple(value.replace(",", " ").split())
    if not names:
        raise click.BadParameter("name some files, or `all` or `none`")
    return names


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    decorators = (
        click.argument("sources", nargs=-1, type=click.Path(path_type=Path, allow_dash=True)),
        console.output_option,
        click.option(
            "--format", "format_", help="The sources' format: page or jsonl. [told by their content]"
        ),
        click.option("--pipeline", help="The extractor: its name, or a spaCy pipeline's folder or package."),
        click.option(
            "--vocabulary",
            "vocabularies",
            multiple=True,
            type=click.Path(path_type=Path),
            help="A vocabulary of your own: SKOS, OWL or CSV. May be given several times.",
        ),
        click.option("--curation", type=click.Path(path_type=Path), help="The file of your decisions."),
        click.option(
            "--exports",
            callback=lambda context, option, value: None if value is None else _names(value),
            help="The files to write: names with commas between them, or none. [all]",
        ),
        click.option("--base-iri", help="What every IRI in the exports begins with."),
        click.option(
            "--strict", is_flag=True, default=None, help="Stop at what would be skipped and listed."
        ),
        console.unpacked_option,
        click.option("--wait", is_flag=True, help="Wait where another build is at work in the folder."),
        click.option(
            "--jobs",
            type=click.IntRange(min=0),
            help="Read in so many processes at most, even few papers; 0 for as many as processors and memory "
            "allow. [kg.toml's, else 0]",
        ),
        console.json_option,
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@click.command()
@_options
def build(**options: Any) -> None:
    """Build the graph of SOURCES (files of papers, - for standard input) and all its exports.

    Without SOURCES, those of the kg.toml in this folder. The graph is of these SOURCES alone: papers of an
    earlier build that none of them names any more are gone from it. What was read before isn't read again.
    """
    _run(fresh=False, **options)


@click.command()
@_options
def rebuild(**options: Any) -> None:
    """Build the graph of SOURCES from nothing: forget what was read before."""
    _run(fresh=True, **options)


def _run(*, fresh: bool, format_: str | None, wait: bool, as_json: bool, **options: Any) -> None:
    from kg.pipeline import build as run

    found = settings.find(Path())
    if not found and not options["sources"]:
        raise ConfigError("no kg.toml in this folder: give files of papers, or write one with `kg init`")
    config = (found or settings.Config()).with_options(**options)
    with console.progress() as progress:
        report = run(config, format=format_, fresh=fresh, wait=wait, progress=progress)
    _print_json(report) if as_json else _print(report)


def _print_json(report: Report) -> None:
    from dataclasses import asdict

    console.print_json(
        asdict(report) | {"output": str(report.output), "issues": [dict(asdict(i)) for i in report.issues]}
    )


def _print_coverage(source: dict[str, Any]) -> None:
    """What a vocabulary has in common with the papers, with examples."""
    console.say(f"{source['title']}: {source['concepts']} concepts")
    for kind, label in (("matched", "matched"), ("unseen", "never seen"), ("ambiguous", "ambiguous")):
        examples = ", ".join(source[f"{kind}_examples"])
        console.say(f"  {source[kind]:>6} {label}{f': {examples}' if examples else ''}")


def _print(report: Report) -> None:
    assert report.output is not None
    changes = f"{report.new} new, {report.gone} gone, {report.read} read"
    console.say(
        f"{report.papers} papers ({changes}), {report.concepts} concepts, {report.statements} statements"
    )
    if report.gone:
        s = "" if report.gone == 1 else "s"
        console.say(
            f"{report.gone} paper{s} that no source names any more {'are' if s else 'is'} gone: name their "
            "files too to keep them",
            style="yellow",
        )
    for issue in report.issues[:SHOWN]:
        console.say(f"  {brief(f'{issue.level}: {issue}')}", style="yellow")
    if len(report.issues) > SHOWN:
        console.say(
            f"  ... and {len(report.issues) - SHOWN} more: `kg stats --issues` lists them", style="yellow"
        )
    for source in report.coverage["sources"][:-1]:  # the last is the package's own
        _print_coverage(source)
    if not report.changed:
        console.say(f"Nothing has changed: {report.output} is up to date.")
        return
    if report.changes:
        console.say(f"Since the last build: {report.changes}")
    if report.removed:
        console.say(f"Removed, for they were of an earlier build: {', '.join(report.removed)}")
    if report.kept:
        console.say(f"Kept, for they were changed since they were written: {', '.join(report.kept)}")
    if report.files:
        console.say(f"Wrote to {report.output}:")
    for name in report.files:
        console.say(f"  {name}")
    if "graph.html" in report.files:
        console.say(f"Open {report.output / 'graph.html'} in a browser, or try:")
    else:
        console.say("Try:")
    for hint in ("kg stats", "kg show PAPER-OR-CONCEPT", "kg related PAPER"):
        console.say(f"  {hint}", style="bold")
    if {"kg.nt", "kg.ttl"} & {*report.files}:
        console.say("  kg query --name shared-concepts", style="bold")
