"""Takes the pictures in `docs/page.md` anew: `python docs/shots.py [exports/graph.html]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FOLDER = Path(__file__).parent
LLEMMA = "paper/llemma-an-open-language-model-for-mathematics"
WEBMATH = "paper/openwebmath-an-open-dataset-of-high-quality-mathematical-web-text"


def search_pythia(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("pythia")
    page.locator("#found li").first.wait_for()
    page.keyboard.press("Enter")


def show_details(page: Any) -> None:
    page.get_by_role("button", name="Details").click()


def nothing(page: Any) -> None:
    """The page as it opens."""


SHOTS = (
    ("page-concept.png", "#view=both", (1280, 800), search_pythia),
    ("page-link.png", f"#theme=dark&chosen={LLEMMA}&other={WEBMATH}", (1280, 800), nothing),
    ("page-phone.png", f"#chosen={LLEMMA}", (390, 844), show_details),
)


def main() -> None:
    from playwright.sync_api import sync_playwright

    path = Path(sys.argv[1] if len(sys.argv) > 1 else "exports/graph.html").absolute()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, fragment, (width, height), act in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(path.as_uri() + fragment)
            page.wait_for_selector("body[data-ready]")
            act(page)
            page.wait_for_timeout(800)
            page.screenshot(path=FOLDER / name)
        browser.close()
    shutil.copyfile(path.with_name("graph.png"), FOLDER / "graph.png")


if __name__ == "__main__":
    main()
