"""From mentions to concepts, over the whole corpus."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kg.link import concepts as making
from kg.link.cluster import Clusters, cluster
from kg.link.edges import edges
from kg.link.usage import Usage, collect
from kg.link.vocabulary import Vocabulary
from kg.types import Concept, Issue, Judgement, Link, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.link.vocabulary import Entry

THRESHOLD: Final = 0.7


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking decided: concepts by id, links by mention, and what it would not guess at."""

    concepts: tuple[Concept, ...]
    links: tuple[Link, ...]
    issues: tuple[Issue, ...] = ()


def link(
    mentions: Iterable[Mention],
    vocabulary: Vocabulary | None = None,
    judgements: Iterable[Judgement] = (),
) -> Linked:
    """Decide which concept each mention names.

    Mentions of one paper must stand together; the order of papers changes nothing.
    """
    usage = collect(mentions)
    clusters = cluster(edges(usage), THRESHOLD)
    groups = clusters.groups(usage.names)
    entries = {group: _entry(keys, vocabulary or Vocabulary()) for group, keys in groups.items()}
    made = {
        group: making.make([usage.names[key] for key in keys], entries[group])
        for group, keys in groups.items()
    }
    papers = {group: sum(usage.names[key].papers for key in keys) for group, keys in groups.items()}
    ids = making.distinct(made, papers)
    found = sorted((replace(made[group], id=ids[group]) for group in groups), key=lambda concept: concept.id)
    return Linked(tuple(found), _links(usage, clusters, ids))


def _entry(keys: list[str], vocabulary: Vocabulary) -> Entry | None:
    """The one entry of the vocabulary that has these names."""
    found = {iri for key in keys for iri in vocabulary.names.get(key, ())}
    return vocabulary.entries[found.pop()] if len(found) == 1 else None


def _links(usage: Usage, clusters: Clusters, ids: dict[str, str]) -> tuple[Link, ...]:
    made = []
    for mention_id, _, key, _ in usage.mentions:
        edge = clusters.reasons.get(key)
        score, detail = (edge.score, edge.detail) if edge else (1.0, "the concept's own name")
        made.append(Link(mention_id, ids[clusters.find(key)], round(score, 4), detail))
    made.sort(key=lambda link: link.mention_id)
    return tuple(made)
