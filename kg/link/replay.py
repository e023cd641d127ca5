"""People's decisions applied to the names of a corpus."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.link.cluster import Edge
from kg.link.usage import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.link.usage import Name
    from kg.types import Judgement


_PAIRS: Final = frozenset({"same", "different", "broader"})


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision and the concepts that it touched at this build; none if it matched nothing."""

    judgement: Judgement
    concepts: tuple[str, ...]


@dataclass(slots=True)
class Replay:
    """Decisions by what they do, about names by key."""

    same: list[Edge] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    broader: list[tuple[str, str]] = field(default_factory=list)
    touched: list[tuple[Judgement, tuple[str, ...]]] = field(default_factory=list)


def replay(judgements: Iterable[Judgement], names: Mapping[str, Name]) -> Replay:
    """Find the names that decisions speak of; a name stands for all of its spellings."""
    done = Replay()
    aliases: dict[str, str] | None = None
    for item in judgements:
        keys = []
        for text in (
            (item.left, item.right) if item.verdict in ("same", "different", "broader") else (item.left,)
        ):
            key = name_key(text)
            if key not in names:
                aliases = _aliases(names) if aliases is None else aliases
                key = aliases.get(key, aliases.get(key.casefold(), ""))
            keys.append(key)
        used = all(keys) and _apply(done, item, keys)
        done.touched.append((item, tuple(keys) if used else ()))
    return done


def _apply(done: Replay, item: Judgement, keys: list[str]) -> bool:
    """Note one decision; False if it changes nothing, for both names are spellings of one."""
    key, other = keys[0], keys[-1]
    if item.verdict == "block":
        done.blocked.add(key)
    elif item.verdict == "rename":
        done.names[key] = item.right
    elif item.verdict == "retype":
        done.types[key] = item.right
    elif key == other:
        return False
    elif item.verdict == "same":
        done.same.append(
            Edge(key, other, 1.0, f"the same, decided by {item.by or 'a person'} {item.at}".strip())
        )
    elif item.verdict == "different":
        done.apart.append((key, other))
    else:
        done.broader.append((key, other))
    return True


def _aliases(names: Mapping[str, Name]) -> dict[str, str]:
    """The name that a surface form stands for in most papers, by the form's key, in capitals or not."""
    counts: dict[str, Counter[str]] = {}
    for key, name in names.items():
        counts.setdefault(key.casefold(), Counter())[key] += name.papers
        for form, papers in name.forms.items():
            counts.setdefault(name_key(form), Counter())[key] += papers
    return {form: min(keys, key=lambda key: (-keys[key], key)) for form, keys in counts.items()}
