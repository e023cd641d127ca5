"""axe-core, a judge of accessibility, looks at the page's states."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from visiting import Visit


STATES = (
    "#chosen=paper/paper-2",
    "#chosen=concept/dataset-tidemark&tab=concepts",
    "#chosen=paper/paper-0&other=paper/paper-2&tab=gaps",
    "#chosen=paper/paper-0&walk=paper/paper-3&tab=time",
)


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script from the package that carries it."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("needs axe-playwright-python, which carries axe-core")
    return next(Path(spec.origin).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_fault(visit: Callable[..., Visit], axe: str, theme: str) -> None:
    seen = visit(color_scheme=theme)
    seen.page.evaluate(axe)
    seen.page.locator("#filters summary").click()
    faults = _faults(seen)
    for fragment in STATES if theme == "light" else STATES[:1]:
        seen.page.evaluate("there => { location.hash = there; }", fragment)
        seen.page.wait_for_timeout(150)
        faults += _faults(seen)
    seen.search("a")
    faults += _faults(seen)
    assert faults == []


def _faults(seen: Visit) -> list[str]:
    found = seen.page.evaluate("axe.run()")["violations"]
    return [f"{f['impact']}: {f['help']}: {node['html'][:120]}" for f in found for node in f["nodes"]]
