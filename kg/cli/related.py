"""`kg related`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli import console, limits

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph import KnowledgeGraph, PaperLink


@click.command()
@click.argument("paper")
@click.option(
    "-n", "count", type=limits.COUNT, default=10, show_default=True, help="How many papers at most."
)
@console.output_option
@console.json_option
def related(paper: str, count: int, output: Path | None, as_json: bool) -> None:
    """List the papers that share most with PAPER (an id, a title, or how one begins), and why."""
    from kg import graph, lookup

    with console.open_store(output) as store:
        asked = lookup.find_paper(store, paper)
        built = graph.build(store)
    links = [_described(built, link) for link in graph.related(built, asked.id, count)]
    if as_json:
        console.print_json(links)
        return
    console.say(asked.title, style="bold")
    if not links:
        console.say("  shares no concept with another paper")
    for link in links:
        _print(link)


def _described(graph: KnowledgeGraph, link: PaperLink) -> dict[str, Any]:
    """A link as data: the other paper, and each shared concept with a sentence of both papers."""
    shared = [
        {
            "id": share.concept_id,
            "name": graph.concepts[share.concept_id].name,
            "type": str(graph.concepts[share.concept_id].type),
            "weight": round(share.weight, 4),
            "sentences": {side: _evidence(graph, side, share.concept_id) for side in (link.left, link.right)},
        }
        for share in link.shared
    ]
    title = graph.papers[link.right].title
    return {"id": link.right, "title": title, "weight": round(link.weight, 4), "shared": shared}


def _evidence(graph: KnowledgeGraph, paper_id: str, concept_id: str) -> str:
    edges = (edge for edge in graph.edges_of_paper(paper_id) if edge.concept_id == concept_id)
    return next((graph.sentence(edge.evidence[0]) for edge in edges), "")


def _print(link: dict[str, Any]) -> None:
    console.say(f"{link['weight']:.3f}  {link['title']}", style="bold")
    console.say(f"       {link['id']}")
    for share in link["shared"]:
        console.say(f"  {share['weight']:.3f}  {share['name']} ({share['type']})")
        for sentence in share["sentences"].values():
            console.say(f"         {sentence}", style="dim")
