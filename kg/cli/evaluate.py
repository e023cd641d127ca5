"""`kg evaluate`: how well a pipeline does on annotated papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import evaluate as measure
from kg.cli import console, limits
from kg.cli.shown import to_json
from kg.errors import SourceError
from kg.vocab import RELATIONS, ROLES, TYPES

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping


@click.command()
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("predicted", required=False, type=click.Path(path_type=Path))
@click.option(
    "--papers", type=click.Path(path_type=Path), help="The papers' texts; X.docs.jsonl beside X.gold.jsonl."
)
@click.option("--pipeline", default="default", show_default=True, help="default, rules, or a spaCy pipeline.")
@click.option(
    "--misses",
    type=limits.COUNT,
    default=10,
    show_default=True,
    help="How many of the commonest misses to list.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(
    gold: Path, predicted: Path | None, papers: Path | None, pipeline: str, misses: int, as_json: bool
) -> None:
    """Measure concepts, roles and relations against the annotations of GOLD.

    PREDICTED is what `kg extract` printed; without it the papers are read now, with the pipeline.
    """
    annotated = measure.read(gold)
    found = measure.read(predicted) if predicted else _extracted(papers or _beside(gold), pipeline)
    result = measure.evaluate(annotated, found)
    if as_json:
        click.echo(to_json(_as_json(result, misses)))
        return
    _print(result, misses)


def _beside(gold: Path) -> Path:
    papers = gold.with_name(gold.name.replace(".gold.", ".docs."))
    if papers == gold or not papers.is_file():
        raise SourceError(f"{gold.name}: no texts beside it: name them with --papers, or give a second file")
    return papers


def _extracted(papers: Path, pipeline: str) -> dict[str, Mapping[str, Any]]:
    from kg.extract import load
    from kg.extract.output import to_record
    from kg.ingest import read_papers

    read = read_papers([papers]).papers
    found = load(pipeline).extract(read)
    return {paper.id: to_record(paper, each) for paper, each in zip(read, found, strict=True)}


def _tables(result: measure.Evaluation) -> dict[str, dict[str, measure.Score]]:
    return {
        "types": measure.by_label(result.types, map(str, TYPES)),
        "roles": measure.by_label(result.roles, map(str, ROLES)),
        "relations": {
            name: measure.score(*(result.relations[name, part] for part in ("matched", "predicted", "gold")))
            for name in map(str, RELATIONS)
        },
    }


def _as_json(result: measure.Evaluation, misses: int) -> dict[str, Any]:
    tables = {
        name: {label: score._asdict() for label, score in table.items()}
        for name, table in _tables(result).items()
    }
    figures = {name: score._asdict() for name, score in result.figures().items()}
    counts = {name: result.counts[name] for name in ("gold", "predicted", "matched")}
    return {
        **figures, **result.shares(), **counts, **tables,
        "missed": _commonest(result.missed, misses), "extra": _commonest(result.extra, misses),
    }  # fmt: skip


def _commonest(counts: Counter[tuple[str, str]], number: int) -> list[tuple[str, str, int]]:
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(name, type_, count) for (name, type_), count in order[:number]]


def _print(result: measure.Evaluation, misses: int) -> None:
    _rows(result.figures().items())
    for name, share in result.shares().items():
        click.echo(f"{name:22s} {share:.3f}")
    click.echo("{gold} gold, {predicted} predicted, {matched} matched".format(**result.counts))
    for title, table in _tables(result).items():
        click.echo(f"\n{title}")
        _rows(table.items())
    for title, counts in (("missed", result.missed), ("extra", result.extra)):
        listed = ", ".join(f"{name} ({type_}) {count}" for name, type_, count in _commonest(counts, misses))
        console.say(f"\n{title}: {listed}")


def _rows(scores: Iterable[tuple[str, measure.Score]]) -> None:
    for name, score in scores:
        click.echo(f"{name:16s} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}")
