"""Sets of names become concepts: which sets do, in how many papers, under which ids; as a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kg.link import anchors, concepts, tables
from kg.link.usage import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.link.names import Names
    from kg.link.replay import Replay
    from kg.link.sets import Sets
    from kg.link.vocabulary import Vocabulary
    from kg.store import Store
    from kg.types import Concept


class Row(NamedTuple):
    """A set that is a concept: the papers of its names, the id of its own (`own`), the one that it has
    (`id`), its type and name, and the name as models' names are looked up by.
    """

    head: str
    papers: int
    own: str
    id: str
    type: str
    name: str
    folded: str


@dataclass(slots=True)
class Changed:
    """The concepts that changed: those made anew by set, with the ids of their own; and the ids before and
    after (None where there was or is none) of every set whose concept was made anew, got another id, or is no
    more.
    """

    made: dict[str, Concept] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Groups:
    """The sets that are concepts."""

    store: Store
    names: Names
    sets: Sets
    vocabulary: Vocabulary
    replay: Replay

    def rows(self, column: str, values: Iterable[str]) -> dict[str, Row]:
        """The rows with one of the values in a column, by set."""
        statement = f"SELECT * FROM link_groups WHERE {column} IN (?)"
        return {row[0]: Row(*row) for row in tables.among(self.store, statement, list(values))}

    def update(
        self, members: Mapping[str, list[str]], hits: Mapping[str, int], moved: Mapping[str, int]
    ) -> Changed:
        """Make the concepts of some sets anew (`members`: their keys, none for a set that is no more), as
        their names now are, and those of vocabularies' concepts that came to be above one or no longer are.

        `hits` counts the papers in which an ambiguous abbreviation stands for a set, `moved` by how much
        these have changed.
        """
        old = self.rows("head", members.keys() | moved.keys())
        papers = {head: self._papers(keys) + hits.get(head, 0) for head, keys in members.items()}
        others = {h: row._replace(papers=row.papers + moved[h]) for h, row in old.items() if h not in members}
        papers |= {head: row.papers for head, row in others.items()}
        above, below = self._ancestors(papers), self._unused()
        wanted = {head for head, keys in members.items() if keys and (papers[head] or head in above)}
        wanted |= above - below - members.keys()
        dropped = (members.keys() | (below - above)) - wanted
        old |= self.rows("head", (wanted | dropped) - old.keys())
        made = {h: self._concept(members[h] if h in members else self._members(h)) for h in sorted(wanted)}
        new = {head: _row(head, papers.get(head, 0), concept) for head, concept in made.items()} | others
        tables.remove(self.store, "link_groups", "head", dropped & old.keys())
        return self._identify(made, old, new)

    def _members(self, head: str) -> list[str]:
        return [key for key in self.sets.members(head) if key not in self.replay.blocked]

    def _papers(self, keys: Iterable[str]) -> int:
        return sum(name.papers for key in keys if (name := self.names.get(key)))

    def _ancestors(self, papers: Mapping[str, int]) -> set[str]:
        """The sets of the vocabulary concepts above those that papers name."""
        heads = self.sets.anchors()
        known = {head: row.papers for head, row in self.rows("head", set(heads.values())).items()}
        known |= papers
        up: dict[str, set[str]] = {}
        for low, high in above(self.vocabulary, heads):
            up.setdefault(low, set()).add(high)
        stack = [head for head in up if known.get(head)]
        found: set[str] = set()
        while stack:
            for high in up.get(stack.pop(), set()) - found:
                found.add(high)
                stack.append(high)
        return {head for head in found if not known.get(head)}

    def _unused(self) -> set[str]:
        return {head for (head,) in self.store.query("SELECT head FROM link_groups WHERE papers = 0")}

    def _concept(self, keys: list[str]) -> Concept:
        """The concept of a set of names and anchors, as a person wants it called and typed."""
        entries = [entry for key in keys if (entry := anchors.of(key, self.vocabulary))]
        entries.sort(key=lambda entry: (entry.source, entry.iri))
        names = [name for key in keys if (name := self.names.get(key))]
        label = next((self.replay.names[key] for key in keys if key in self.replay.names), "")
        type_ = next((self.replay.types[key] for key in keys if key in self.replay.types), "")
        return concepts.altered(concepts.make(names, entries), label, type_)

    def _identify(self, made: dict[str, Concept], old: dict[str, Row], new: dict[str, Row]) -> Changed:
        """Give ids to the new rows and to all others that may want the same ones; the rows are written."""
        owns = {row.own for row in (*old.values(), *new.values())}
        there = self.rows("own", owns)
        rows = {h: row for h, row in there.items() if h not in old} | new
        ids = concepts.distinct(rows.values())
        rows = {head: row._replace(id=ids[head]) for head, row in rows.items()}
        before = {head: row.id for head, row in (there | old).items()}
        tables.put(self.store, "link_groups", (row for head, row in rows.items() if row != there.get(head)))
        tables.index(self.store, "link_groups")
        touched = {h for h in before.keys() | rows.keys() if h in made or before.get(h) != ids.get(h)}
        return Changed(
            made,
            {head: before[head] for head in touched & before.keys()},
            {head: ids[head] for head in touched & rows.keys()},
        )


def above(vocabulary: Vocabulary, heads: Mapping[str, str]) -> list[tuple[str, str]]:
    """(set, broader set) by the vocabulary, from the set of each anchor; in the order of the concepts'
    IRIs.
    """
    return [
        (heads[anchors.anchor(iri)], heads[anchors.anchor(high)])
        for iri in sorted(vocabulary.entries)
        for high in vocabulary.entries[iri].broader
        if high in vocabulary.entries
    ]


def _row(head: str, papers: int, concept: Concept) -> Row:
    type_ = str(concept.type)
    folded = name_key(concept.name).casefold() if type_ == "Model" else ""
    return Row(head, papers, concept.id, concept.id, type_, concept.name, folded)
