"""`kg review`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import config as settings
from kg.cli import console, limits
from kg.cli.curate import curation_file, decide

if TYPE_CHECKING:
    from kg.link.review import Question

_KEYS = "s same, d different, b block the first, n not now, q quit"


@click.command()
@click.option("-n", "count", type=limits.COUNT, default=20, show_default=True, help="How many pairs at most.")
@click.option("--list", "listed", is_flag=True, help="Only list them.")
@click.option("--file", "path", type=click.Path(path_type=Path), help="The curation file. [kg.toml's]")
@click.option("--by", default="", help="Who decides. [$USER]")
@console.output_option
@console.json_option
def review(count: int, listed: bool, path: Path | None, by: str, output: Path | None, as_json: bool) -> None:
    """Walk through the pairs of names that most need your decision, one key each.

    Decisions go to the curation file at once: stop when you like, and go on another day.
    """
    from dataclasses import asdict

    where = curation_file(path)
    found = _questions(where, output)[:count]
    if as_json:
        console.print_json([asdict(item) for item in found])
        return
    for number, item in enumerate(found, 1):
        _print(item, f"{number}/{len(found)}")
        if not listed and not _answer(item, where, by, console.output_folder(output)):
            return
    if not found:
        console.say("Nothing is in doubt.")


def _questions(curation: Path, output: Path | None) -> list[Question]:
    from kg import link
    from kg.link.review import SKIPPED, load_skipped, questions

    config = settings.find(Path()) or settings.Config()
    vocabulary = link.load_vocabularies(config.vocabularies)
    skipped = load_skipped(console.output_folder(output) / SKIPPED)
    with console.open_store(output) as store:
        judgements = link.load_judgements(curation, missing=True)
        return questions(store.mentions(), vocabulary, judgements, skipped)


def _print(item: Question, place: str) -> None:
    console.say(f"{place}  {item.left} / {item.right}", style="bold")
    speaks = ", ".join(f"{name} {value:.2f}" for name, value in item.features.items())
    console.say(f"  {item.papers[0]} and {item.papers[1]} papers; score {item.score:.2f}: {speaks}")


def _answer(item: Question, where: Path, by: str, folder: Path) -> bool:
    """Ask for a key until it is one of ours; False to stop."""
    from kg.link.review import SKIPPED, skip

    console.say(f"  {_KEYS}", style="dim")
    while True:
        key = click.getchar().lower()
        if key in ("s", "d"):
            decide(where, "same" if key == "s" else "different", item.left, item.right, by)
        elif key == "b":
            decide(where, "block", item.left, by=by)
        elif key == "n":
            skip(folder / SKIPPED, item)
        elif key not in ("q", "\x03", "\x04", "\x1b"):
            continue
        return key in ("s", "d", "b", "n")
