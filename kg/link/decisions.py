"""What each name was decided to be, and the links of the mentions that use it; only what changed is
written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.link import tables
from kg.link.usage import name_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kg.link.cluster import Clusters
    from kg.link.groups import Changed, Groups
    from kg.link.senses import Sense
    from kg.link.usage import PaperUse
    from kg.store import Store

    Senses = Mapping[tuple[str, str], Sense]
    Changes = Mapping[str, tuple["Decision | None", "Decision | None"]]


class Decision(NamedTuple):
    """A name's concept: `name` is a key, or key and paper where it is ambiguous and the paper decides."""

    name: str
    concept_id: str
    score: float
    detail: str


def in_paper(paper_id: str, key: str) -> str:
    """The name of an ambiguous abbreviation in one paper."""
    return f"{key} {paper_id}"


def decide(
    groups: Groups, keys: Collection[str], clusters: Clusters, changed: Changed, senses: Senses, old: Senses
) -> Changes:
    """Decide anew for some names, for those of concepts that got another id, and for ambiguous ones in their
    papers; returns what was decided before and after, where that differs.
    """
    store = groups.store
    after = {item.name: item for item in _of_names(groups, keys, clusters, changed)}
    renamed = changed.after.keys() - changed.made.keys()
    moved = {key: head for head in renamed for key in groups.sets.members(head) if key not in after}
    names = {*keys, *moved, *(in_paper(*each) for each in (*senses, *old))}
    rows = tables.among(store, "SELECT * FROM link_decided WHERE name IN (?)", names)
    before = {row[0]: Decision(*row) for row in rows}
    for key in moved.keys() & before.keys():
        after[key] = before[key]._replace(concept_id=changed.after[moved[key]])
    after |= {item.name: item for item in _of_senses(groups, senses)}
    changes = {
        name: (before.get(name), after.get(name))
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    }
    tables.remove(store, "link_decided", "name", (name for name, (_, new) in changes.items() if new is None))
    tables.put(store, "link_decided", (new for _, new in changes.values() if new is not None))
    return changes


def _of_names(
    groups: Groups, keys: Iterable[str], clusters: Clusters, changed: Changed
) -> Iterator[Decision]:
    for key in keys:
        name = groups.names.get(key)
        head = clusters.find(key)
        if name and name.papers and key not in groups.replay.blocked:
            edges = clusters.edges.get(key, ())
            best = max(edges, key=lambda edge: (edge.score, edge.detail), default=None)
            if best is None or name_key(changed.made[head].name) == key:
                yield Decision(key, changed.after[head], 1.0, "its own name")
            else:
                yield Decision(key, changed.after[head], best.score, best.detail)


def _of_senses(groups: Groups, senses: Senses) -> Iterator[Decision]:
    rows = groups.rows("head", {sense.key for sense in senses.values()})
    for (paper_id, key), sense in senses.items():
        row = rows[sense.key]
        detail = f"{row.name} by the paper's other concepts"
        yield Decision(in_paper(paper_id, key), row.id, sense.score, detail)


# The range is for the index; a paper's id may itself look like the beginning of a mention's.
_OF_PAPER: Final = """mention_id >= ?1 || '#char=' AND mention_id < ?1 || '#char>'
    AND rtrim(mention_id, '0123456789,') = ?1 || '#char='"""
_TURN: Final = f"""UPDATE links SET name = ?3, (concept_id, score, detail) =
    (SELECT concept_id, score, detail FROM link_decided d WHERE d.name = ?3)
    WHERE +name = ?2 AND {_OF_PAPER}"""
_CHANGE: Final = "UPDATE links SET concept_id = ?2, score = ?3, detail = ?4 WHERE name = ?1"
_LINK: Final = "INSERT INTO links (mention_id, concept_id, score, detail, name) VALUES (?, ?, ?, ?, ?)"


def write_links(
    store: Store,
    papers: Collection[PaperUse],
    gone: Iterable[str],
    changes: Changes,
    senses: Senses,
    old: Senses,
) -> set[str]:
    """Link the mentions of some papers, and anew those of all others whose decision changed; returns the
    papers whose links now say something else.
    """
    written = {*(paper.paper_id for paper in papers), *gone}
    store.write(f"DELETE FROM links WHERE {_OF_PAPER}", ((paper_id,) for paper_id in written))
    turned = [each for each in senses.keys() ^ old.keys() if each[0] not in written]
    for paper_id, key in turned:
        both = key, in_paper(paper_id, key)
        store.write(_TURN, [(paper_id, *(both if (paper_id, key) in senses else both[::-1]))])
    changed = [(before, after) for before, after in changes.values() if before and after]
    store.write(_CHANGE, (after for _, after in changed))
    store.write(_LINK, _links(store, papers, senses))
    touched = written | {paper_id for paper_id, _ in turned}
    other = {after.name for before, after in changed if before[1:3] != after[1:3]}
    touched |= {name.partition(" ")[2] for name in other if " " in name}
    rows = tables.among(store, "SELECT DISTINCT paper_id FROM link_uses WHERE key IN (?)", other)
    return touched | {paper_id for (paper_id,) in rows}


def _links(store: Store, papers: Collection[PaperUse], senses: Senses) -> Iterator[tuple[str | float, ...]]:
    """The links of some papers' mentions, as rows; none where a name is blocked."""
    names = {key for paper in papers for key in paper.uses} | {in_paper(*each) for each in senses}
    rows = tables.among(
        store, "SELECT name, concept_id, score, detail FROM link_decided WHERE name IN (?)", names
    )
    decided = {row[0]: row for row in rows}
    for paper in papers:
        for place in paper.places:
            ambiguous = (paper.paper_id, place.key) in senses
            row = decided.get(in_paper(paper.paper_id, place.key) if ambiguous else place.key)
            if row:
                yield (place.mention_id, *row[1:], row[0])
