"""Papers as a corpus of any size might have them: groups of interests, few concepts in many papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kg.ids import digest
from kg.store import Store
from kg.types import Concept, Extraction, Link, Mention, Paper, Statement
from kg.vocab import ROLES, TYPES

if TYPE_CHECKING:
    from pathlib import Path

EACH = 9  # concepts of a paper, on average
WORDS = (
    "we",
    "show",
    "that",
    "the",
    "learned",
    "structure",
    "of",
    "these",
    "representations",
    "improves",
    "when",
)


def write_store(path: Path, papers: int, seed: int = 7) -> Path:
    """Make a store of so many simulated papers, with mentions and statements, at `path`."""
    draw = np.random.default_rng(seed)
    concepts = _concepts(max(60, int(8 * papers**0.65)))
    made = [_paper(number, draw, concepts) for number in range(papers)]
    with Store.open(path) as store:
        store.set_papers([paper for paper, _, _ in made])
        store.add_extractions([(p, Extraction(p.id, tuple(m), ())) for p, m, _ in made], "simulated")
        links = [Link(m.id, s.object, 1.0, "") for _, ms, ss in made for m, s in zip(ms, ss, strict=True)]
        with store.transaction():
            store.replace(Concept, concepts)
            store.replace(Link, links)
            store.replace(Statement, [s for _, _, statements in made for s in statements])
    return path


def _concepts(n: int) -> list[Concept]:
    return [Concept(f"concept-{i}", f"simulated concept {i}", TYPES[i % len(TYPES)]) for i in range(n)]


def _paper(number: int, draw: Any, concepts: list[Concept]) -> tuple[Paper, list[Mention], list[Statement]]:
    """A paper of one of sixty interests; three in four of its concepts are of that interest."""
    interest, n = int(draw.integers(60)), len(concepts)
    chosen: dict[int, None] = {}
    for _ in range(max(2, int(draw.poisson(EACH)))):
        rank = int(n ** draw.random()) - 1  # log-uniform ranks: few concepts in many papers
        own = draw.random() < 0.75
        chosen[(rank // 60 * 60 + interest) % n if own else rank] = None
    text, spans = "", []
    title = f"Paper {number} on interest {interest}: a simulated title of usual length for a paper"
    for at, concept in enumerate(chosen):
        begin = len(text)
        text += "We study "
        start = len(text)
        text += f"{concepts[concept].name} and {' '.join(draw.choice(WORDS, 14))}. "
        spans.append((at, concept, begin, start, start + len(concepts[concept].name), len(text) - 1))
    authors = tuple(f"Author {int(draw.integers(papers_authors(number)))}" for _ in range(4))
    paper = Paper(f"paper-{number}", title, text.strip(), authors, "SimConf", year=2012 + number % 14)
    offset = len(title) + 1
    mentions, statements = [], []
    for at, concept, begin, start, end, stop in spans:
        place = [offset + value for value in (begin, stop, start, end)]
        found = concepts[concept]
        name = paper.text[place[2] : place[3]]
        mentions.append(Mention(paper.id, place[2], place[3], name, found.name, found.type, "simulated", 0.9))
        role = str(ROLES[at % len(ROLES)])
        statements.append(
            Statement(digest(paper.id, concept), paper.id, role, found.id, paper.id, *place, "simulated", 0.9)
        )
    return paper, mentions, statements


def papers_authors(number: int) -> int:
    """How many authors there are to draw from when so many papers are written."""
    return 10 + number
