"""`kg explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import config as settings
from kg.cli import console
from kg.errors import SourceError

if TYPE_CHECKING:
    from kg.link.explain import Explanation


@click.command()
@click.argument("left", required=False)
@click.argument("right", required=False)
@click.option("--pairs", type=click.Path(path_type=Path), help="A file of pairs, a tab between the names.")
@console.output_option
@console.json_option
def explain(
    left: str | None, right: str | None, pairs: Path | None, output: Path | None, as_json: bool
) -> None:
    """Explain why LEFT and RIGHT are one concept, or why not, feature by feature.

    As the present graph has it where it knows both names; else as a build would decide.
    """
    from kg.link.explain import as_record

    if bool(pairs) == bool(left and right):
        raise click.UsageError("give two names, or --pairs FILE")
    asked = _read(pairs) if pairs else [(left or "", right or "")]
    found = _explain(asked, output)
    if as_json:
        records = [as_record(item) for item in found]
        console.print_json(records if pairs else records[0])
        return
    for item in found:
        _print(item, brief=bool(pairs))


def _explain(pairs: list[tuple[str, str]], output: Path | None) -> list[Explanation]:
    """By the graph in the output folder if there is one, and the settings of this folder's kg.toml."""
    from kg import link
    from kg.link.explain import Explainer
    from kg.store import FILE_NAME

    config = settings.find(Path()) or settings.Config()
    vocabulary = link.load_vocabularies(config.vocabularies)
    judgements = link.load_judgements(config.curation)
    if not (console.output_folder(output) / FILE_NAME).is_file() and output is None:
        return Explainer(vocabulary, judgements).explain(pairs)
    with console.open_store(output) as store:
        return Explainer(vocabulary, judgements, store).explain(pairs)


def _read(path: Path) -> list[tuple[str, str]]:
    from kg.link.explain import read_pairs

    try:
        return read_pairs(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: {error}") from error


def _print(item: Explanation, *, brief: bool) -> None:
    verdict = "one concept" if item.same else "two concepts"
    if brief:
        console.say(f"{item.left}\t{item.right}\t{'same' if item.same else 'different'}\t{item.score:.2f}")
        return
    console.say(f"{item.left} and {item.right}: {verdict}", style="bold")
    console.say(f"  by the {item.decided_by}: {item.detail}; score {item.score:.2f}")
    for name, value, meaning in item.describe():
        console.say(f"  {value:5.2f}  {name}: {meaning}")
    if item.beside:
        console.say(
            f"  {item.company:5.2f}  company: how alike the concepts beside them are (not in the score)"
        )
        for name, left, right in item.beside:
            console.say(
                f"         {name}: in {left} papers with {item.left}, {right} with {item.right}", style="dim"
            )
    for paper in item.papers:
        console.say(f"  in {paper}: one stands for the other there", style="dim")
    for paper in item.by_context:
        console.say(f"  in {paper}, by its other concepts", style="dim")
