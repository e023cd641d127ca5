"""The documentation is true: commands, files and links that it names are there."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click
import pytest

from kg.cli import COMMANDS, kg

if TYPE_CHECKING:
    from pathlib import Path


def reference() -> str:
    """docs/cli.md, made of the commands' own help."""
    parts = [
        "# Commands\n\nMade from the commands' own help by `UPDATE_GOLDEN=1 pytest tests/test_docs.py`.\n"
    ]
    context = click.Context(kg, info_name="kg", **kg.context_settings)
    parts.append(f"## kg\n\n```text\n{kg.get_help(context)}\n```\n")
    for name in COMMANDS:
        command = kg.get_command(context, name)
        assert command is not None
        parts += _pages(command, click.Context(command, info_name=name, parent=context))
    return "\n".join(parts)


def _pages(command: click.Command, context: click.Context) -> list[str]:
    pages = [f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"]
    for name in command.list_commands(context) if isinstance(command, click.Group) else []:
        assert isinstance(command, click.Group)
        inner = command.get_command(context, name)
        assert inner is not None
        pages += _pages(inner, click.Context(inner, info_name=name, parent=context))
    return pages


def test_the_command_reference_is_the_commands_own_help(root):
    path = root / "docs" / "cli.md"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(reference(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == reference()


def pages(root: Path) -> list[Path]:
    return [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").glob("*.md"))]


def test_links_in_the_documentation_lead_somewhere(root):
    for page in pages(root):
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_commands_in_the_documentation_exist(root):
    for page in pages(root):
        for name in re.findall(r"(?:^|`|&& )kg ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert name in COMMANDS, f"{page.name}: kg {name}"


def test_the_readme_gives_both_commands_in_its_first_screen(root):
    first = "\n".join((root / "README.md").read_text(encoding="utf-8").splitlines()[:20])
    assert "pip install . && kg build" in first
    assert 'pip install -e ".[dev]" && pytest' in first
    assert re.search(r"!\[[^\]]+\]\(docs/\S+\.(png|svg)\)", first)


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "LICENSE"])
def test_what_a_distribution_carries_is_there(root, name):
    assert (root / name).stat().st_size > 300
