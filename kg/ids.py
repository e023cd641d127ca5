"""Identifiers: readable where a person meets them, hashes where they only need to be stable."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Final
from urllib.parse import quote

MAX_SLUG: Final = 120
_WORD = re.compile(r"[^\W_]+")
_PIECE: Final = 4096
_PIECES = re.compile(rf"\s+|\S{{1,{_PIECE}}}")
_SYMBOLS: Final = "+#*&@%=<>"


def digest(*parts: object, length: int = 16) -> str:
    """Hash of the parts, as `length` hexadecimal digits; parts are told apart, so ("ab", "c") is not ("a",
    "bc").
    """
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def compatible(text: str) -> str:
    """Unicode's compatibility form of a text, in time linear in its length.

    Python sorts the accents on one letter by insertion, which thousands of them make quadratic: what stands
    without a space for over 4,096 characters is taken in parts.
    """
    pieces = [text] if len(text) <= _PIECE else _PIECES.findall(text)
    return "".join([unicodedata.normalize("NFKC", piece) for piece in pieces])


def normal_title(title: str) -> str:
    """A title's words without case, punctuation or accents' encodings: equal for two prints of one title.

    Signs that tell two titles apart (the ++ of C++) count as words.
    """
    folded = compatible(title).casefold()
    return " ".join(re.findall(rf"[^\W_]+|[{re.escape(_SYMBOLS)}]+", folded))


def slug(text: str) -> str:
    """A readable ASCII identifier of a title or name, at most 120 characters and a hash.

    The slug alone tells two normal titles apart wherever it holds the whole of them; where letters had to be
    dropped (no ASCII form, signs, length), eight digits of the normal title's hash are appended, so no clash
    is left.
    """
    normal = normal_title(text) or text
    words = [_ascii(word) for word in normal.split()]
    whole = "-".join(word for word in words if word)
    lossy = "-".join(normal.split()) != whole
    if len(whole) > MAX_SLUG:
        whole, lossy = whole[:MAX_SLUG].rpartition("-")[0] or whole[:MAX_SLUG], True
    return f"{whole}-{digest(normal, length=8)}".strip("-") if lossy else whole


def _ascii(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return "".join(_WORD.findall(decomposed))


def concept_id(type_: str, normal: str) -> str:
    """The id of a concept from its type and the normal form of its name: `model-llama-2`."""
    return f"{type_.casefold()}-{slug(normal)}"


def iri_segment(identifier: str) -> str:
    """An identifier as one segment of an IRI's path: everything but unreserved characters is
    percent-encoded.
    """
    return quote(identifier.encode("utf-8", "replace"), safe="-._~")


def claim_id(paper_id: str, subject: str, predicate: str, object_: str, start: int, end: int) -> str:
    """The id of a claim: the hash of what makes it this claim and no other."""
    return digest(paper_id, subject, predicate, object_, start, end)
