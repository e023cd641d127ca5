"""Names of artefacts read as family, version, size and checkpoint.

A size or checkpoint is its family (`Pythia 410M` is Pythia, `Llama 2 7B/13B` is Llama 2); a version is a
concept of its own (`LLaMA`, `Llama 2`) whose family is more general.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# 7B, 1.5B, 410M, 8x7B, 175 B; lower-case b and m only right after a digit
_SIZE: Final = r"(?:\d+x)?\d+(?:\.\d+)?\s?(?:[BMT]|(?<=\d)[bm])"
_SIZES: Final = rf"{_SIZE}(?:\s*(?:/|,|&|\\&|and|,\s*and)\s*{_SIZE})*"
_WINDOW: Final = r"\d+[kK]|1M"
_TUNING: Final = r"[Ii]nstruct(?:ion)?|[Ii]nst|IT|it|[Bb]ase|[Pp]review|hf|HF|v\d+(?:\.\d+)*"
_LONGEST: Final = 100  # characters of a name that is read for its parts
_GAP: Final = r"[\s\-_:]+"
_TAIL = re.compile(
    rf"(?:{_GAP}|\s*\()(?P<size>{_SIZES})\)?(?:{_GAP}(?:{_TUNING}|{_WINDOW}))*$",
)
_INNER = re.compile(rf"{_GAP}{_SIZES}(?={_GAP}[A-Za-z])")
_HEAD = re.compile(rf"^{_SIZES}\s(?=[A-Z])")
_CLASS = re.compile(
    rf"(?<=[A-Za-z0-9]){_GAP}(?:[Bb]ase|[Ss]mall|[Ll]arge|[Mm]edium|[Tt]iny|(?<=\d.)XX?L|(?:Ti|[SBLHGg])/\d+)$"
)
_VERSION = re.compile(
    rf"^(?P<family>.*?[A-Za-z][A-Za-z)]*)(?:{_GAP})?[vV]?(?P<version>\d+(?:\.\d+)*)(?P<rest>[A-Za-z]?)$"
)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A name's parts: `family` is the name without size or checkpoint, `size` what was taken off."""

    family: str
    size: str = ""


@lru_cache(maxsize=200_000)
def parse(name: str) -> Artefact:
    """Take a size or checkpoint off the name of a model; a name without one is its own family."""
    worth = len(name) <= _LONGEST and any(map(str.isdigit, name))
    for pattern in (_TAIL, _HEAD, _INNER) if worth else ():
        if (match := pattern.search(name)) and (rest := _cut(name, match)) != name:
            return Artefact(rest, name[match.start() : match.end()].strip(" -_:()"))
    return Artefact(name)


def _cut(name: str, match: re.Match[str]) -> str:
    rest = (name[: match.start()] + name[match.end() :]).strip(" -_:")
    return rest if any(c.isalpha() for c in rest) and len(rest) > 1 else name


def of_model(name: str) -> Artefact:
    """A model's name without its size, in numbers (`LLaMA-7B`) or words (`BERT-base`)."""
    parsed = parse(name)
    return parsed if parsed.size else parse_class(name)


def parse_class(name: str) -> Artefact:
    """Take a size in words off a name (`BERT-base`): only right where the rest is a known model."""
    match = _CLASS.search(name)
    return Artefact(name[: match.start()], name[match.start() :].strip(" -_:")) if match else Artefact(name)


def release(name: str) -> tuple[str, str]:
    """(family, version) of a release: `Llama 2` is version 2 of Llama; the version is empty where none is."""
    match = _VERSION.match(name)
    return (match["family"], match["version"] + match["rest"]) if match else (name, "")
