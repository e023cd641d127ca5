"""What linking depends on besides the mentions, as one hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kg import fingerprint
from kg.errors import VocabularyError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def hash_of(files: Iterable[Path]) -> str:
    """Hash of linking's code and tables and of some files; one that isn't there counts as empty: reading it
    will say so.
    """
    whole = hashlib.sha256(fingerprint.of("link").encode())
    for path in files:
        try:
            content = path.read_bytes() if path.is_file() else b""
        except OSError as error:
            raise VocabularyError(f"{path}: can't be read ({error.strerror})") from error
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:16]
