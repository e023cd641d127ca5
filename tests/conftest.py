"""What tests share: the invented toy corpus, and the larger data where it lies beside the checkout."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, however slow the machine: a test that fails once fails again.
settings.register_profile(
    "paperkg", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("paperkg")

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).parent.parent
TOY = ROOT / "tests" / "toy"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def toy() -> Path:
    return TOY


@pytest.fixture(scope="session")
def toy_exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of the toy corpus, made with its own annotations and vocabulary, to read only."""
    from annotated import Annotated

    from kg import pipeline, reading
    from kg.config import Config

    folder = tmp_path_factory.mktemp("exports")
    extractor = Annotated(TOY / "gold.jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading.extract, "load", lambda name: extractor)
        patch.setattr(reading.extract, "fingerprint", lambda name: extractor.fingerprint)
        patch.setattr(pipeline.link, "PACKAGED", TOY / "vocabulary.ttl")
        pipeline.build(Config(sources=(TOY / "papers.jsonl",), output=folder, title="Toy papers"))
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the data that isn't committed; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("PAPERKG_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the shared data, looked for in {folder} (set PAPERKG_SHARED)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium by playwright; tests skip where either is absent."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
