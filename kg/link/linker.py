"""From mentions to concepts: steps that each pass on what they changed, so that a build costs what is new.

A first build is the same steps with every paper changed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg.link import anchors, proposals, tables
from kg.link.abbreviations import Abbreviations, base
from kg.link.cluster import Clusters, cluster
from kg.link.contexts import Contexts
from kg.link.coverage import Coverage, cover
from kg.link.decisions import decide, write_links
from kg.link.features import Evidence
from kg.link.groups import Groups
from kg.link.names import Names
from kg.link.order import write_concepts
from kg.link.replay import Decision, replay
from kg.link.scoring import THRESHOLD
from kg.link.senses import MIN_PAPERS, Sense, ambiguous, senses
from kg.link.sets import Sets
from kg.link.usage import read_uses, unordered
from kg.link.vocabulary import Vocabulary
from kg.store import Store
from kg.types import Concept, Issue, Judgement, Link, Mention

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kg.link.replay import Replay
    from kg.link.usage import PaperUse

    Senses = Mapping[tuple[str, str], Sense]

_NOTHING: Final = Vocabulary()


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


def link(
    mentions: Iterable[Mention],
    vocabulary: Vocabulary | None = None,
    judgements: Iterable[Judgement] = (),
) -> Linked:
    """Decide which concept each mention names, with a store of its own.

    The order of mentions changes nothing.
    """
    with Store.temporary() as store, store.transaction():
        store.insert(Mention, mentions)
        linker = Linker(store, vocabulary or _NOTHING, tuple(judgements))
        linker.update(None)
        found = tuple(store.concepts()), tuple(store.links()), tuple(store.issues())
        return Linked(*found, linker.decisions, linker.coverage)


class Linker:
    """Links a store's mentions: writes its concepts and links, and keeps what it needs to do so again for a
    few papers. Works inside a transaction of the caller's.
    """

    def __init__(self, store: Store, vocabulary: Vocabulary, judgements: Iterable[Judgement]) -> None:
        self._store = store
        self._vocabulary = vocabulary
        self._judgements = tuple(judgements)
        self._apart = {
            unordered(item.left, item.right) for item in self._judgements if item.verdict == "different"
        }
        self._labels = anchors.label_names(vocabulary)
        self._names = Names(store, self._labels)
        self._base = base(vocabulary)
        self.decisions: tuple[Decision, ...] = ()
        self.coverage = Coverage()

    def update(self, changed: Collection[str] | None) -> set[str] | None:
        """Link anew what papers (by id) that were read anew or are gone touch, or all (None); returns the
        papers whose links say something else than before, or None for all.
        """
        store = self._store
        if changed is None:
            tables.reset(store)
            store.replace(Concept, ())
            store.replace(Link, ())
            self._names = Names(store, self._labels)
        papers = list(read_uses(store.mentions(changed), self._apart))
        gone = set(changed or ()) - {paper.paper_id for paper in papers}
        affected, evidence = self._recount(papers, gone)
        replayed = replay(self._judgements, self._names)
        if changed is not None and replayed.fingerprint() != store.get_meta("replayed"):
            return self.update(None)  # a person's decision speaks of other names than it did
        store.set_meta("replayed", replayed.fingerprint())
        if changed is not None:
            return self._link(papers, gone, affected, evidence, replayed)
        with store.filling(Link):
            anchored = anchors.marks(self._vocabulary).keys()
            self._link(papers, gone, affected | self._labels.keys() | anchored, evidence, replayed)
        return None

    def _recount(self, papers: Collection[PaperUse], gone: Collection[str]) -> tuple[set[str], Evidence]:
        """Count names anew; returns those (by key) for which something changed that they are compared by, and
        that by which they are.
        """
        counted = self._names.recount(papers, gone)
        old = Abbreviations(self._names, self._base)
        shorts = self._names.abbreviations(counted.values())
        shorts |= {short for key in counted for short in self._base.shorts.get(key, ())}
        before = {short: (old.shown(short), old.long(short)) for short in shorts}
        self._names.write(counted, papers, gone)
        new = Abbreviations(self._names, self._base)
        altered = {short for short in shorts if (new.shown(short), new.long(short)) != before[short]}
        written = {short for short in altered if new.long(short) != before[short][1]}
        affected = counted.keys() | {short for short in altered if short in self._names}
        affected |= self._names.spelled_with(written)
        return affected, Evidence(new, self._vocabulary)

    def _link(
        self,
        papers: Collection[PaperUse],
        gone: Collection[str],
        affected: set[str],
        evidence: Evidence,
        replayed: Replay,
    ) -> set[str]:
        """Sets, concepts and links from the names (and anchors) on which something changed; returns the
        papers whose links now say something else.
        """
        store, names, sets = self._store, self._names, Sets(self._store)
        touched = proposals.index(store, affected, names, evidence)
        moved = proposals.propose(store, affected, touched, names, evidence)
        keys, edges = proposals.connected(store, affected | moved, replayed.same)
        clusters = cluster(edges, THRESHOLD, Clusters(replayed.apart, anchors.marks(self._vocabulary)))
        there = {key for key in keys if key in names or anchors.of(key, self._vocabulary)}
        heads = {key: clusters.find(key) for key in there}
        members: defaultdict[str, list[str]] = defaultdict(list)
        for head in sets.replace(keys, heads):
            members[head] = []
        for key in sorted(there - replayed.blocked):
            members[heads[key]].append(key)
        old, new = self._senses(evidence, replayed, sets)
        hits = Counter(sense.key for sense in new.values())
        shifted = Counter(hits)
        shifted.subtract(sense.key for sense in old.values())
        groups = Groups(store, names, sets, self._vocabulary, replayed)
        changed = groups.update(members, hits, {head: n for head, n in shifted.items() if n})
        write_concepts(groups, changed)
        changes = decide(groups, keys, clusters, changed, new, old)
        written = write_links(store, papers, gone, changes, new, old)
        self._report(groups)
        return written

    def _senses(self, evidence: Evidence, replayed: Replay, sets: Sets) -> tuple[Senses, Senses]:
        """What ambiguous abbreviations stand for in papers, before and now."""
        rows = self._store.query("SELECT paper_id, key, head, score FROM link_senses")
        old = {(paper, key): Sense(head, score) for paper, key, head, score in rows}
        keys = {short for (short,) in self._store.query(_AMBIGUOUS, (MIN_PAPERS,))}
        may = {*self._base.counts, *self._vocabulary.candidates, *self._vocabulary.ambiguous}
        self._names.load(may)
        keys |= {key for key in may if (name := self._names.get(key)) and name.papers}
        contexts = Contexts(self._store, sets)
        wanted = sorted(keys - replayed.blocked)
        known = ambiguous(wanted, evidence.abbreviations, self._vocabulary, contexts)
        open_ = {key: options for key, options in known.items() if not options.keys() & replayed.blocked}
        new = senses(open_, contexts)
        for paper, key in old.keys() - new.keys():
            self._store.write("DELETE FROM link_senses WHERE paper_id = ? AND key = ?", [(paper, key)])
        tables.put(
            self._store,
            "link_senses",
            ((*each, *sense) for each, sense in new.items() if old.get(each) != sense),
        )
        return old, new

    def _report(self, groups: Groups) -> None:
        """Keep what people's decisions and vocabularies came to."""
        touched = groups.replay.touched
        find = groups.sets.find
        ids = {
            h: row.id
            for h, row in groups.rows("head", {find(key) for _, keys in touched for key in keys}).items()
        }
        self.decisions = tuple(
            Decision(item, tuple(sorted({ids[head] for key in keys if (head := find(key)) in ids})))
            for item, keys in touched
        )
        rows = groups.rows("head", set(groups.sets.anchors().values()))
        papers = {head: row.papers for head, row in rows.items()}
        self.coverage = cover(self._vocabulary, self._names, find, papers)
        self._store.set_issues("link", [_unused(item) for item, keys in touched if not keys])
        self._store.set_meta("decisions", _json([asdict(each) for each in self.decisions]))
        self._store.set_meta("coverage", _json(asdict(self.coverage)))


_AMBIGUOUS: Final = """SELECT DISTINCT f.short FROM link_forms f
    JOIN link_names s ON s.key = f.short JOIN link_names n ON n.key = f.key WHERE n.papers >= ?"""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _unused(item: Judgement) -> Issue:
    said = f"{item.verdict} {item.left!r} {item.right!r}".removesuffix(" ''")
    return Issue("info", "link", f"the decision {said} matched nothing", where=f"curation:{item.line}")
