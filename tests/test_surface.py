"""The public surface: what users import stays where it is."""

from __future__ import annotations

import re

import kg


def test_public_names():
    assert sorted(kg.__all__) == ["Opened", "__version__", "build", "open"]
    assert all(hasattr(kg, name) for name in kg.__all__)


def test_the_version_is_the_distributions(root):
    text = (root / "pyproject.toml").read_text()
    match = re.search(r'^version = "(.+)"', text, re.MULTILINE)
    assert match is not None
    assert kg.__version__ == match[1]
