"""What linking remembers between builds: tables of its own in the store, made anew when its code changes.

Each step of linking reads its tables as the last build left them, brings them up to date with what has
changed before it, and tells the next step what that changed. A build from nothing is the same steps with
every paper changed, so that it and any sequence of smaller builds come to the same rows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kg.store import Store

# `head` is the key that stands for a set of names: its first one. `block` is a hash of what names share.
TABLES: Final = {
    "link_uses": "paper_id, key, spelling, type, score, forms, PRIMARY KEY (paper_id, key)",
    "link_names": "key PRIMARY KEY, papers, spelling, weights, spellings, forms",
    "link_forms": "form, key, papers, short, PRIMARY KEY (form, key)",
    "link_blocks": "key, block, PRIMARY KEY (key, block)",
    "link_edges": "block, left, right, score, detail, PRIMARY KEY (block, left, right)",
    "link_sets": "key PRIMARY KEY, head",
    "link_groups": "head PRIMARY KEY, papers, own, id, type, name, folded",
    "link_above": "head, rank, key, PRIMARY KEY (head, rank)",
    "link_senses": "paper_id, key, head, score, PRIMARY KEY (paper_id, key)",
    "link_decided": "name PRIMARY KEY, concept_id, score, detail",
}
INDICES: Final = {
    "link_uses": ("key",),
    "link_forms": ("key", "short"),
    "link_blocks": ("block",),
    "link_edges": ("left", "right"),
    "link_sets": ("head",),
    "link_groups": ("own",),
}


def reset(store: Store) -> None:
    """Empty tables; inside a transaction of the caller's."""
    for table, columns in TABLES.items():
        store.execute(f"DROP TABLE IF EXISTS {table}")
        store.execute(f"CREATE TABLE {table} ({columns}) WITHOUT ROWID")


def index(store: Store, table: str) -> None:
    """Make a table's indices where there are none: cheaper after the first rows than with each of them."""
    for column in INDICES[table]:
        store.execute(f'CREATE INDEX IF NOT EXISTS {table}_{column} ON {table} ("{column}")')


def among(store: Store, statement: str, values: Collection[Any]) -> Iterator[Any]:
    """Rows of a query in which `(?)` stands for some values: `... WHERE key IN (?)`; none where there are
    none.
    """
    if values:
        marked = statement.replace("(?)", "(SELECT value FROM json_each(?1))")
        yield from store.query(marked, (json.dumps(list(values)),))


def put(store: Store, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows in the order of the table's columns, in place of those with their keys."""
    ordered = sorted(rows)
    if ordered:
        store.write(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(ordered[0]))})", ordered)


def remove(store: Store, table: str, column: str, values: Iterable[Any]) -> None:
    """Delete the rows that have one of the values in a column."""
    store.write(f'DELETE FROM {table} WHERE "{column}" = ?', ((value,) for value in values))
