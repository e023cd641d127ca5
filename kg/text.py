"""Normal forms: what two spellings of one name have in common."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from kg.ids import compatible

_GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212_/]+")
_EDGES: Final = " .,;:()[]'\"\u201c\u201d\u2018\u2019`"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
INVISIBLE: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0001"
)
"""Signs that are not seen and act on what is around them, as the inside of a regular expression's brackets:
control codes, marks and overrides of direction, joiners of nothing. The joiners that scripts and emoji need,
soft hyphens and tags of flags are none.
"""
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_NAMELESS = re.compile(_CONTROL.pattern[:-1] + "\t\n\r\u2028\u2029]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_PLURALS: Final = (
    (re.compile(r"(?<=[a-z]{2})ies$"), "y"),
    (re.compile(r"(?<=[a-z])(sses|shes|ches|xes|zzes)$"), lambda m: m.group(1)[:-2]),
    (re.compile(r"(?<=[a-z]{2})(?<![su])(?<!i)s$"), ""),
)
_INVARIANT: Final = frozenset(
    {"alias", "analysis", "basis", "bayes", "bias", "gas", "kubernetes", "lens", "news", "series", "species"}
)
_IRREGULAR: Final = {
    **dict.fromkeys(("biases", "gases", "aliases", "lenses", "viruses", "corpuses", "statuses"), None),
    "analyses": "analysis",
    "axes": "axis",
    "corpora": "corpus",
    "crises": "crisis",
    "criteria": "criterion",
    "hypotheses": "hypothesis",
    "indices": "index",
    "matrices": "matrix",
    "movies": "movie",
    "phenomena": "phenomenon",
    "syntheses": "synthesis",
    "theses": "thesis",
    "vertices": "vertex",
}
# Words in -ics are fields (physics, dynamics, semantics) and keep their s; these are things one can count.
_COUNTABLE: Final = frozenset(
    {
        "basics",
        "characteristics",
        "clinics",
        "critics",
        "fabrics",
        "heuristics",
        "logics",
        "metrics",
        "mosaics",
    }
    | {"tactics", "topics"}
)
# American spelling stands for both: (British ending, American ending).
_BRITISH: Final = (
    (re.compile(r"(?<=[a-z]{3})isation$"), "ization"),
    (re.compile(r"(?<=[a-z]{3})ising$"), "izing"),
    (re.compile(r"(?<=[a-z]{3})ise[dr]?$"), lambda m: m.group().replace("is", "iz", 1)),
    (re.compile(r"(?:(?<=[aeiou][a-z][ea])|(?<=[aeiou][a-z]{2}[ea]))ll(ing|ed|er)$"), r"l\1"),
    (re.compile(r"(?<=[a-z]{2})our(al|ed|ing|less)?$"), r"or\1"),
    (re.compile(r"(?<=[a-z]{2}[bt])re$"), "er"),
    (re.compile(r"(?<=[a-z]{2})ogue$"), "og"),
    (re.compile(r"(?<=dg)ement$"), "ment"),
)
_ISE: Final = frozenset(
    {"denoise", "enterprise", "exercise", "expertise", "noise", "precise", "promise", "raise", "wise"}
)


def clean(text: str) -> str:
    """Text without what no format can carry: control characters but tab and newlines, and lone surrogates."""
    return _CONTROL.sub("", text)


def visible(text: str) -> str:
    """Text in which each sign of INVISIBLE is written as its number, [U+202E], and acts on nothing."""
    return _INVISIBLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def encodable(text: str) -> str:
    """Text as it can be kept and compared: half characters, as names of files that are no UTF-8 have them,
    are written out.
    """
    return text.encode("utf-8", "backslashreplace").decode()


def nameable(name: str) -> str:
    """A file's name as text that can be kept and written: what can't stands as U+FFFD."""
    return _NAMELESS.sub("\ufffd", name)


def shown(text: object, limit: int = 200) -> str:
    """Anything as a part of a message: one line of printable characters, at most `limit` of them."""
    line = " ".join(str(text)[: 4 * limit].split())
    cut = line if len(line) <= limit else line[: limit - 3] + "..."
    return "".join(c if c.isprintable() else "\ufffd" for c in cut)


def plain_quotes(text: str) -> str:
    """Curly quotes and no-break spaces as their plain forms, one character for one."""
    return text.translate(_QUOTES)


@lru_cache(maxsize=200_000)
def normal_form(name: str) -> str:
    """The form that spellings of one name share: no case, hyphens as spaces, the last word in the singular.

    Digits and signs stay, so `GPT-3` and `GPT-4`, `C` and `C++` are two. Plurals follow three rules of
    English and short lists of its exceptions; the S of an abbreviation in capitals (FPS) is part of it.
    """
    folded = plain_quotes(compatible(name))
    words = _GAPS.sub(" ", folded).strip(_EDGES).split()
    if not words:
        return ""
    shouted = len(words) > 1 and folded.isupper()
    return " ".join([*(word.casefold() for word in words[:-1]), _last(words[-1], shouted)])


def _last(word: str, shouted: bool) -> str:
    """The last word of a name in the singular; an abbreviation loses a small s, and keeps a capital one."""
    if len(word) > 2 and word.endswith("s") and word[:-1].isupper():
        return word[:-1].casefold()
    return word.casefold() if word.isupper() and not shouted else singular(word.casefold())


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """The singular of an English noun by its ending, or the word itself."""
    if word in _IRREGULAR:
        return _IRREGULAR[word] or word[:-2]
    if word in _INVARIANT or len(word) < 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ics") and word not in _COUNTABLE:
        return word
    for ending, replacement in _PLURALS:
        short, changed = ending.subn(replacement, word)
        if changed:
            return short
    return word


@lru_cache(maxsize=200_000)
def spelling_key(name: str) -> str:
    """The form that looser spellings share too: spaces and inner plurals gone, American endings.

    `pre-training` and `pretraining`, `data set` and `dataset`, `GPT 3` and `GPT3`, `optimisation` and
    `optimization` have one key. A space between two digits stays, for `3 5` is not `35`.
    """
    *inner, last = normal_form(name).split() or [""]
    words = [american(word) for word in (*map(singular, inner), last)]
    return re.sub(r"(?<=\d) (?=\d)", "_", " ".join(words)).replace(" ", "")


@lru_cache(maxsize=50_000)
def american(word: str) -> str:
    """The American spelling of an English word by its ending, for keys only: not every result is a word."""
    if len(word) < 5 or word in _ISE:
        return word
    for ending, replacement in _BRITISH:
        other, changed = ending.subn(replacement, word)
        if changed:
            return other
    return word


@lru_cache(maxsize=200_000)
def is_acronym(form: str) -> bool:
    """Whether a form looks like an abbreviation: short, no space, at least two capitals, at least half of its
    letters.

    A final lower-case s (LLMs) does not count against it.
    """
    core = form[:-1] if len(form) > 2 and form.endswith("s") and form[-2].isupper() else form
    letters = [c for c in core if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return " " not in core and 2 <= len(core) <= 10 and capitals >= 2 and 2 * capitals >= len(letters)


def initials(phrase: str) -> str:
    """First letters of a phrase's words, in capitals: what its acronym would be."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", phrase)).upper()
