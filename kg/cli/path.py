"""`kg path`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli import console

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph import Edge, KnowledgeGraph


@click.command()
@click.argument("a")
@click.argument("b")
@console.output_option
@console.json_option
def path(a: str, b: str, output: Path | None, as_json: bool) -> None:
    """Show how A and B (papers or concepts) hang together, sentence by sentence."""
    from kg import graph, lookup

    with console.open_store(output) as store:
        start, end = lookup.find(store, a), lookup.find(store, b)
        built = graph.build(store)
    steps = [_described(built, edge) for edge in graph.path(built, start.id, end.id)]
    if as_json:
        console.print_json(steps)
    elif not steps:
        console.say("Nothing joins them." if start.id != end.id else "They are one and the same.")
    else:
        _print(steps)


def _described(graph: KnowledgeGraph, edge: Edge) -> dict[str, Any]:
    return {
        "paper": edge.paper_id,
        "title": graph.papers[edge.paper_id].title,
        "role": str(edge.role),
        "concept": edge.concept_id,
        "name": graph.concepts[edge.concept_id].name,
        "sentence": graph.sentence(edge.evidence[0]),
    }


def _print(steps: list[dict[str, Any]]) -> None:
    for step in steps:
        console.say(f"{step['title']}", style="bold")
        console.say(f"  {step['role'].replace('_', ' ')} {step['name']}")
        console.say(f"    {step['sentence']}", style="dim")
