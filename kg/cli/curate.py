"""`kg curate`."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import config as settings
from kg.cli import console
from kg.errors import CurationError

if TYPE_CHECKING:
    from collections.abc import Callable

_file = click.option("--file", "path", type=click.Path(path_type=Path), help="The curation file. [kg.toml's]")


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for decorator in (
        click.option("--why", default="", help="The reason, for whoever reads the file."),
        click.option("--by", default="", help="Who decides. [the user who is logged in]"),
        _file,
    ):
        command = decorator(command)
    return command


def curation_file(path: Path | None) -> Path:
    """The curation file: the option's, else kg.toml's.

    Raises CurationError where neither names one: a build would not read it.
    """
    config = settings.find(Path())
    if path or (config and config.curation):
        return path or config.curation  # type: ignore[return-value, union-attr]  # one of them is there
    raise CurationError('no curation file: add curation = "curation.jsonl" to kg.toml, or give --file')


def decide(path: Path | None, verdict: str, left: str, right: str = "", by: str = "", why: str = "") -> None:
    """Append a decision to the curation file and say so."""
    from kg.link.curation import append, now
    from kg.types import Judgement

    where = curation_file(path)
    by = by or getpass.getuser()
    append(where, Judgement(left=left, right=right, verdict=verdict, by=by, at=now(), why=why))
    said = f"{verdict} {left} / {right}" if right else f"{verdict} {left}"
    console.say(f"{where}: {said}: obeyed from the next `kg build` on")


@click.group()
def curate() -> None:
    """Decide about names: same, different, rename, retype, broader, block, or list what was decided."""


@curate.command()
@click.argument("left")
@click.argument("right")
@_options
def same(left: str, right: str, path: Path | None, by: str, why: str) -> None:
    """LEFT and RIGHT are one concept."""
    decide(path, "same", left, right, by, why)


@curate.command()
@click.argument("left")
@click.argument("right")
@_options
def different(left: str, right: str, path: Path | None, by: str, why: str) -> None:
    """LEFT and RIGHT are two concepts."""
    decide(path, "different", left, right, by, why)


@curate.command()
@click.argument("name")
@click.argument("new")
@_options
def rename(name: str, new: str, path: Path | None, by: str, why: str) -> None:
    """The concept NAME is called NEW."""
    decide(path, "rename", name, new, by, why)


@curate.command()
@click.argument("name")
@click.argument("type_", metavar="TYPE")
@_options
def retype(name: str, type_: str, path: Path | None, by: str, why: str) -> None:
    """The concept NAME is of TYPE: Model, Dataset, Method, Task, Metric, Software or Topic."""
    decide(path, "retype", name, type_.capitalize(), by, why)


@curate.command()
@click.argument("name")
@click.argument("above")
@_options
def broader(name: str, above: str, path: Path | None, by: str, why: str) -> None:
    """The concept NAME is a kind of ABOVE."""
    decide(path, "broader", name, above, by, why)


@curate.command()
@click.argument("name")
@_options
def block(name: str, path: Path | None, by: str, why: str) -> None:
    """NAME is never a concept."""
    decide(path, "block", name, "", by, why)


@curate.command(name="list")
@click.option("--unused", is_flag=True, help="Only those that matched nothing at the last build.")
@_file
@console.output_option
@console.json_option
def list_(unused: bool, path: Path | None, output: Path | None, as_json: bool) -> None:
    """List the decisions, or those that did nothing at the last build."""
    from kg.link.curation import load_judgements, to_record, unused_lines

    where = curation_file(path)
    found = load_judgements(where, missing=True)
    if unused:
        with console.open_store(output) as store:
            lines = unused_lines(store)
        found = tuple(item for item in found if item.line in lines)
    if as_json:
        console.print_json([to_record(item) | {"line": item.line} for item in found])
        return
    for item in found:
        said = f"{item.verdict} {item.left} / {item.right}".removesuffix(" / ")
        console.say(f"{where}:{item.line}: {said}  ({', '.join(filter(None, (item.by, item.at, item.why)))})")
