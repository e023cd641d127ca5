"""What changed between two builds, as text or Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.diff import TITLES

if TYPE_CHECKING:
    from kg.diff import Diff

SHOWN: Final = 20  # changes of a kind that are listed


def to_lines(changes: Diff, *, markdown: bool = False) -> list[str]:
    """The changes as text or Markdown, the first of each kind."""
    lines: list[str] = []
    for name, title in TITLES.items():
        items = getattr(changes, name)
        if items:
            lines.append(f"## {title} ({len(items)})\n" if markdown else f"{title} ({len(items)})")
            lines += [("- " if markdown else "  ") + _said(item, markdown) for item in items[:SHOWN]]
            lines += [f"{'- ' if markdown else '  '}... and {len(items) - SHOWN} more"] * (len(items) > SHOWN)
            lines += [""] if markdown else []
    return lines or ["Nothing has changed."]


def _said(item: str | tuple[str, ...], markdown: bool) -> str:
    parts = (item,) if isinstance(item, str) else item
    clean = [_escaped(part) if markdown else part for part in parts]
    return f"{clean[0]} {clean[1]} {clean[2]}" if len(clean) == 3 else " -> ".join(clean)


def _escaped(text: str) -> str:
    """Text that Markdown and the HTML made of it show as it is."""
    shown = "".join(f"\\{c}" if c in "\\`*_[]#|" else c for c in text)
    return " ".join(shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split())
