"""People's decisions applied to the names of a corpus."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from kg.ids import digest
from kg.link.cluster import Edge
from kg.link.usage import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.link.names import Names
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

    def fingerprint(self) -> str:
        """Tells whether the same decisions speak of the same names."""
        return digest([asdict(edge) for edge in self.same], self.apart, sorted(self.blocked), self.names,
                      self.types, self.broader)  # fmt: skip


def replay(judgements: Iterable[Judgement], names: Names) -> Replay:
    """Find the names that decisions speak of; a name stands for all of its spellings."""
    done = Replay()
    items = [
        (item, (item.left, item.right) if item.verdict in _PAIRS else (item.left,)) for item in judgements
    ]
    names.load({name_key(text) for _, both in items for text in both})  # at once: a query each takes longer
    texts = {text: _direct(text, names) for _, both in items for text in both}
    counts = names.by_form(text for text, key in texts.items() if not key)
    forms = {form: min(keys, key=lambda key: (-keys[key], key)) for form, keys in counts.items()}
    for item, both in items:
        keys = [texts[text] or forms.get(text, "") for text in both]
        used = all(keys) and _apply(done, item, keys)
        done.touched.append((item, tuple(keys) if used else ()))
    return done


def _direct(text: str, names: Names) -> str:
    """The key of the name that a text spells, in capitals or not; empty where there is none."""
    key = name_key(text)
    return next((each for each in (key, key.upper(), key.casefold()) if each in names), "")


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
