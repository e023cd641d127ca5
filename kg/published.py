"""What has changed in the store since its exports were last published, noted as it changes.

Of each paper, concept and paper's statements that a build writes anew, the tables here keep what was there
before, once. So what is new in a build can be told without its predecessor, at a cost of what has changed,
and after a build that was killed too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kg.records import IS_ROLE

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.database import Database

# `title` and `name` are null where there was no such paper or concept; `was_links` is what the papers of
# `was_read` stated
SCHEMA: Final = """CREATE TABLE was_papers (id PRIMARY KEY, title) WITHOUT ROWID;
    CREATE TABLE was_concepts (id PRIMARY KEY, name, type, aliases) WITHOUT ROWID;
    CREATE TABLE was_read (paper_id PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE was_links (subject, predicate, object, PRIMARY KEY (subject, predicate, object))
    WITHOUT ROWID;"""
_COLUMNS: Final = {"papers": ("title",), "concepts": ("name", "type", "aliases")}
_STATE: Final = "published"
_COMING: Final = "publishing"


def note_rows(store: Database, table: str, ids: Collection[str] | None = None) -> None:
    """Keep some papers or concepts as they are (None: all), before they change; inside a transaction of the
    caller's.
    """
    if store.get_meta(_STATE):
        columns = ", ".join(f"t.{name}" for name in _COLUMNS[table])
        rows = f"FROM json_each(?) j LEFT JOIN {table} t ON t.id = j.value"
        if ids is None:
            store.write(f"INSERT OR IGNORE INTO was_{table} SELECT t.id, {columns} FROM {table} t", [()])
        else:
            store.write(
                f"INSERT OR IGNORE INTO was_{table} SELECT j.value, {columns} {rows}",
                [(json.dumps(sorted(ids)),)],
            )


def note_statements(store: Database, papers: Collection[str] | None = None) -> None:
    """Keep what some papers state (None: all), before that changes; inside a transaction of the caller's."""
    if not store.get_meta(_STATE):
        return
    some, values = (
        ("", ())
        if papers is None
        else ("paper_id IN (SELECT value FROM json_each(?)) AND ", (_listed(papers),))
    )
    known = "paper_id NOT IN (SELECT paper_id FROM was_read)"
    links = "INSERT OR IGNORE INTO was_links SELECT subject, predicate, object FROM statements"
    store.write(f"{links} WHERE {some}{known}", [values])
    if papers is None:
        store.write(
            "INSERT OR IGNORE INTO was_read SELECT paper_id FROM statements UNION SELECT id FROM papers", [()]
        )
    else:
        store.write("INSERT OR IGNORE INTO was_read SELECT value FROM json_each(?)", [values])


def _listed(values: Collection[str]) -> str:
    return json.dumps(sorted(values))


def announce(store: Database, state: str) -> None:
    """Note that exports of a state are about to be shown: a build that is killed then may have shown them."""
    with store.transaction():
        store.set_meta(_COMING, state)


def settle(store: Database, shown: str) -> None:
    """Where exports that were announced are shown, note that they are."""
    if shown and state(store) != shown == store.get_meta(_COMING):
        set_published(store, shown)


def set_published(store: Database, state: str) -> None:
    """Note that the exports are now those of a state: from here on, changes are noted anew."""
    with store.transaction():
        for table in ("papers", "concepts", "read", "links"):
            store.write(f"DELETE FROM was_{table}", [()])
        store.set_meta(_STATE, state)
        store.write("DELETE FROM meta WHERE key = ?", [(_COMING,)])


def state(store: Database) -> str:
    """The state that was last published; empty where none was."""
    return store.get_meta(_STATE)


def is_settled(store: Database, shown: str) -> bool:
    """Whether what the store holds is linked, and what is shown (where that is known) is of it."""
    return not any(store.query("SELECT 1 FROM unlinked LIMIT 1")) and shown in ("", state(store))


def rows(store: Database, table: str) -> tuple[dict[str, tuple[Any, ...]], dict[str, tuple[Any, ...]]]:
    """The papers or concepts that have changed, by id: as they were, and as they are."""
    columns = ", ".join(_COLUMNS[table])
    known = f"SELECT id, {columns} FROM was_{table} WHERE {_COLUMNS[table][0]} IS NOT NULL"
    present = f"SELECT id, {columns} FROM {table} WHERE id IN (SELECT id FROM was_{table})"
    old, new = ({id_: tuple(values) for id_, *values in store.query(found)} for found in (known, present))
    return old, new


def links(store: Database) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """The triples that only papers with changes stated, and those that only they state now."""
    old = store.query(f"SELECT subject, predicate, object FROM was_links t WHERE {_BY_NO_OTHER}")
    new = store.query(
        "SELECT DISTINCT subject, predicate, object FROM statements t"
        f" WHERE paper_id IN (SELECT paper_id FROM was_read) AND {_BY_NO_OTHER}"
    )
    return set(old), set(new)


# What a paper does with a concept, no other paper states
_BY_NO_OTHER: Final = f"""({IS_ROLE} OR NOT EXISTS (
    SELECT 1 FROM statements o INDEXED BY statements_subject WHERE o.subject = t.subject
    AND o.predicate = t.predicate AND o.object = t.object
    AND o.paper_id NOT IN (SELECT paper_id FROM was_read)))"""
