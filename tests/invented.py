"""A small invented corpus as a store, for tests of what is derived from one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ids import concept_id, digest
from kg.store import Store
from kg.text import normal_form
from kg.types import Concept, Extraction, Link, Mention, Paper, Statement
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# title: abstract, in which a concept is marked as [role|Type|name|surface form]
TEXTS = {
    "Heron: a Language Model for Tide Tables": (
        "We present [introduces|Model|Heron|Heron], a [mentions|Model|language model|language model]. "
        "[introduces|Model|Heron|Heron] is trained on [uses|Dataset|Tidemark|Tidemark]. "
        "We tune it by [uses|Method|salt pruning|salt pruning]."
    ),
    "Tidemark: a Corpus of Harbour Logs": (
        "[introduces|Dataset|Tidemark|Tidemark] holds logs. A [mentions|Model|language model|language model] "
        "reads it for [studies|Task|tide forecasting|tide forecasting]."
    ),
    "Egret Compared": (
        "[introduces|Model|Egret|Egret] is better than [compares|Model|Heron|Heron] on "
        "[evaluates_on|Dataset|Tidemark|Tidemark], a [mentions|Model|language model|language model] feat."
    ),
    "Pruning with Salt": (
        "[studies|Method|salt pruning|salt pruning] makes a [mentions|Model|language model|language model] "
        "small. We measure [evaluates_on|Metric|drift|drift]."
    ),
    "Drift and Its Discontents": (
        "[studies|Metric|drift|drift] in a [mentions|Model|language model|language model]."
    ),
    "Alone on the Mudflat": "Nothing here is [studies|Topic|shared solitude|shared].",
}
RELATIONS = [("Heron", "trained_on", "Tidemark"), ("Egret", "outperforms", "Heron")]
Marked = tuple[str, ConceptType, str, int, int]


def write_store(
    path: Path,
    texts: dict[str, str] | None = None,
    extra: Sequence[Concept] = (),
    paper_ids: Mapping[str, str] | None = None,
    **fields: object,
) -> Path:
    """Make a store of marked texts at `path`; `fields` are given to every paper, `paper_ids` are others than
    paper-0, paper-1, ...
    """
    papers, mentions, statements, concepts = [], [], [], {concept.id: concept for concept in extra}
    for number, (title, marked) in enumerate((TEXTS if texts is None else texts).items()):
        abstract, found = read_marks(marked, offset=len(title) + 1)
        facts = {"authors": ("Ada Example",), "year": 2019 + number, "venue": "TideConf"} | fields
        id_ = (paper_ids or {}).get(f"paper-{number}", f"paper-{number}")
        paper = Paper(id_, title, abstract, **facts)  # type: ignore[arg-type]
        papers.append(paper)
        for role, type_, name, start, end in found:
            identifier = concept_id(str(type_), normal_form(name))
            concepts.setdefault(identifier, Concept(identifier, name, type_))
            mentions.append(Mention(paper.id, start, end, paper.text[start:end], name, type_, "made", 0.9))
            statements.append(_statement(paper, role, identifier, start, end))
    statements += _relations(papers, concepts)
    with Store.open(path) as store:
        store.set_papers(papers)
        store.add_extractions(
            [(p, Extraction(p.id, tuple(m for m in mentions if m.paper_id == p.id), ())) for p in papers],
            "made",
        )
        with store.transaction():
            store.replace(Concept, concepts.values())
            store.replace(Link, [Link(m.id, _concept_of(m), 1.0, "made") for m in mentions])
            store.replace(Statement, statements)
    return path


def read_marks(marked: str, offset: int) -> tuple[str, list[Marked]]:
    """The text without its marks, and what they marked."""
    text, found = "", []
    for piece in marked.split("["):
        head, bracket, tail = piece.partition("]")
        if not bracket:
            text += piece
            continue
        role, type_, name, form = head.split("|")
        start = offset + len(text)
        found.append((role, ConceptType(type_), name, start, start + len(form)))  # type: ignore[call-arg]
        text += form + tail
    return text, found


def _concept_of(mention: Mention) -> str:
    return concept_id(str(mention.type), normal_form(mention.name))


def _statement(paper: Paper, role: str, concept: str, start: int, end: int) -> Statement:
    begin = max(paper.text.rfind(mark, 0, start) + len(mark) for mark in (". ", "\n"))
    stop = paper.text.find(".", end) + 1 or len(paper.text)
    key = digest(paper.id, role, concept, start)
    return Statement(key, paper.id, role, concept, paper.id, begin, stop, start, end, "made", 0.9)


def _relations(papers: Iterable[Paper], concepts: dict[str, Concept]) -> list[Statement]:
    named = {concept.name: concept.id for concept in concepts.values()}
    found = []
    for subject, predicate, object_ in RELATIONS:
        for paper in papers:
            at = paper.text.find(object_, len(paper.title))
            if subject in paper.abstract and at >= 0 and {subject, object_} <= named.keys():
                made = _statement(paper, predicate, named[object_], at, at + len(object_))
                found.append(
                    Statement(
                        digest(subject, predicate, object_, paper.id),
                        named[subject],
                        predicate,
                        made.object,
                        paper.id,
                        made.start,
                        made.end,
                        at,
                        at + len(object_),
                        "made",
                        0.8,
                    )
                )
    return found
