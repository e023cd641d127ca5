"""From mentions to concepts, over the whole corpus."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.link import anchors, concepts, hierarchy, vocabulary
from kg.link.abbreviations import count
from kg.link.candidates import pairs
from kg.link.cluster import Clusters, Edge, cluster
from kg.link.coverage import Coverage, cover
from kg.link.features import Evidence
from kg.link.replay import Decision, Replay, replay
from kg.link.scoring import THRESHOLD, compare, reason
from kg.link.senses import Sense, senses
from kg.link.usage import Name, Usage, collect, name_key
from kg.types import Concept, Issue, Judgement, Link, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.link.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking decided: concepts by id, links by mention, and what it would not guess at.

    `decisions` say which concepts each of the people's decisions touched; `coverage` how much of the
    vocabularies was met.
    """

    concepts: tuple[Concept, ...]
    links: tuple[Link, ...]
    issues: tuple[Issue, ...] = ()
    decisions: tuple[Decision, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)


@dataclass(slots=True)
class _Work:
    """What the steps of linking share: names by key, their sets, the sets' concepts and ids."""

    usage: Usage
    names: dict[str, Name]
    vocabulary: Vocabulary
    replay: Replay
    clusters: Clusters
    senses: dict[tuple[str, str], Sense] = field(default_factory=dict)
    concepts: dict[str, Concept] = field(default_factory=dict)
    papers: dict[str, int] = field(default_factory=dict)


def link(
    mentions: Iterable[Mention],
    vocabulary: Vocabulary | None = None,
    judgements: Iterable[Judgement] = (),
) -> Linked:
    """Decide which concept each mention names.

    Mentions of one paper must stand together; the order of papers changes nothing.
    """
    work = _cluster(collect(mentions), vocabulary or _NOTHING, judgements)
    _make(work)
    _order(work)
    found = tuple(sorted(work.concepts.values(), key=lambda concept: concept.id))
    decisions = tuple(
        Decision(item, tuple(sorted({work.concepts[group].id for group in _groups(work, keys)})))
        for item, keys in work.replay.touched
    )
    issues = tuple(_unused(item) for item, keys in work.replay.touched if not keys)
    coverage = cover(work.vocabulary, work.names, work.clusters.find, work.papers)
    return Linked(found, _links(work), issues, decisions, coverage)


_NOTHING = vocabulary.Vocabulary()


def _cluster(usage: Usage, known: Vocabulary, judgements: Iterable[Judgement]) -> _Work:
    """Join the names by people's decisions, by the vocabulary, and by their likeness."""
    names = usage.names | anchors.label_names(known, usage.names)
    evidence = Evidence(count(usage.names, known), known)
    decided = replay(judgements, names)
    edges = [*decided.same, *anchors.ties(names, known)]
    for left, right in pairs(names, evidence):
        compared = compare(left, right, evidence)
        if compared.score >= THRESHOLD:
            edges.append(Edge(left.key, right.key, compared.score, reason(left, right, compared, evidence)))
    clusters = cluster(edges, THRESHOLD, Clusters(decided.apart, anchors.marks(known)))
    work = _Work(usage, names, known, decided, clusters)
    work.senses = senses(usage, evidence.abbreviations, clusters.find)
    return work


def _make(work: _Work) -> None:
    """The concept of each set of names that papers use, and of each vocabulary concept above one of these."""
    papers: Counter[str] = Counter()
    for name in work.usage.names.values():
        if name.key not in work.replay.blocked:
            papers[work.clusters.find(name.key)] += name.papers
    for sense in work.senses.values():
        papers[sense.key] += 1
    keys = [*work.names, *map(anchors.anchor, work.vocabulary.entries)]
    groups = work.clusters.groups(key for key in keys if key not in work.replay.blocked)
    wanted = {group for group in groups if papers[group]}
    wanted |= _ancestors(work, wanted, groups)
    made = {group: _concept(work, groups[group]) for group in sorted(wanted)}
    work.papers = {group: papers[group] for group in made}
    ids = concepts.distinct(made, work.papers)
    work.concepts = {group: replace(made[group], id=ids[group]) for group in made}


def _concept(work: _Work, keys: list[str]) -> Concept:
    """The concept of a set of names and anchors, as a person wants it called and typed."""
    entries = [work.vocabulary.entries[key.partition(" ")[2]] for key in keys if " " in key]
    entries.sort(key=lambda entry: (entry.source, entry.iri))
    made = concepts.make([work.names[key] for key in keys if key in work.names], entries)
    label = next((work.replay.names[key] for key in keys if key in work.replay.names), "")
    type_ = next((work.replay.types[key] for key in keys if key in work.replay.types), "")
    return concepts.altered(made, label, type_)


def _ancestors(work: _Work, wanted: set[str], groups: dict[str, list[str]]) -> set[str]:
    """The sets of the vocabulary concepts above those of some sets."""
    found: set[str] = set()
    stack = sorted(wanted)
    while stack:
        for _, above in _above(work, groups.get(stack.pop(), [])):
            if above not in found and above not in wanted:
                found.add(above)
                stack.append(above)
    return found


def _above(work: _Work, keys: list[str]) -> Iterator[tuple[str, str]]:
    """(set, broader set) by the vocabulary, for the set of these keys."""
    for key in keys:
        entry = work.vocabulary.entries.get(key.partition(" ")[2]) if " " in key else None
        for iri in entry.broader if entry else ():
            if iri in work.vocabulary.entries:
                yield work.clusters.find(key), work.clusters.find(anchors.anchor(iri))


def _order(work: _Work) -> None:
    """Give each concept its broader ones: a person's word first, then the vocabulary's, then names'."""
    find = work.clusters.find
    anchored = [anchors.anchor(iri) for iri in sorted(work.vocabulary.entries)]
    said = [(find(low), find(high)) for low, high in work.replay.broader]
    found = [*said, *_above(work, anchored), *hierarchy.families(work.concepts, find)]
    known = (pair for pair in found if pair[0] != pair[1] and {*pair} <= work.concepts.keys())
    for group, above in hierarchy.without_rings(known).items():
        ids = tuple(sorted(work.concepts[each].id for each in above))
        work.concepts[group] = replace(work.concepts[group], broader=ids)


def _links(work: _Work) -> tuple[Link, ...]:
    """A link for each mention whose name isn't blocked."""
    decided = {key: _decision(work, key) for key in work.usage.names if key not in work.replay.blocked}
    made = []
    for paper in work.usage.papers:
        for place in paper.places:
            group, score, detail = decided.get(place.key, ("", 0.0, ""))
            if sense := work.senses.get((paper.paper_id, place.key)):
                name = work.concepts[sense.key].name
                group, score, detail = sense.key, sense.score, f"{name} by the paper's other concepts"
            if group:
                made.append(Link(place.mention_id, work.concepts[group].id, score, detail))
    made.sort(key=lambda link: link.mention_id)
    return tuple(made)


def _decision(work: _Work, key: str) -> tuple[str, float, str]:
    """The set that a name is in, how sure, and why."""
    group = work.clusters.find(key)
    if group not in work.concepts or name_key(work.concepts[group].name) == key:
        return group if group in work.concepts else "", 1.0, "its own name"
    edge = max(work.clusters.edges[key], key=lambda edge: (edge.score, edge.detail), default=None)
    return (group, edge.score, edge.detail) if edge else (group, 1.0, "its own name")


def _groups(work: _Work, keys: Iterable[str]) -> set[str]:
    return {group for key in keys if (group := work.clusters.find(key)) in work.concepts}


def _unused(item: Judgement) -> Issue:
    said = f"{item.verdict} {item.left!r} {item.right!r}".removesuffix(" ''")
    return Issue("info", "link", f"the decision {said} matched nothing", where=f"curation:{item.line}")
