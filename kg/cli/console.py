"""What commands share: where results go, how progress shows, where the exports are."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import config as settings
from kg import published
from kg.cli.shown import printable, to_json
from kg.errors import StoreError
from kg.output import Output
from kg.size import bytes_of
from kg.store import FILE_NAME, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder of the exports. [kg.toml's, else exports/]",
)
unpacked_option = click.option(
    "--max-unpacked",
    metavar="SIZE",
    callback=lambda context, option, value: bytes_of(value) if value else None,
    help="What a packed source may unpack to, like 2GB. [64 MiB and a hundred times its size]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for a program to read.")


@cache
def console() -> Console:
    """The terminal, or plain text where the output is not one."""
    from rich.console import Console

    class Plain(Console):
        """A console that leaves it to the edge what a reader who went away means."""

        def on_broken_pipe(self) -> None:
            raise  # it is called where the error is handled

    return Plain(highlight=False, soft_wrap=not sys.stdout.isatty(), markup=False, emoji=False)


def say(text: str = "", style: str | None = None) -> None:
    """Print a line; the text is shown as it is, markup and control codes of a terminal in it do nothing."""
    console().print(printable(text), style=style)


def print_json(value: Any) -> None:
    """Print a value as JSON, whatever script its text is in."""
    click.echo(to_json(value, indent=2))


def output_folder(output: Path | None) -> Path:
    """The folder of the exports: the option's, else kg.toml's, else `exports`."""
    if output:
        return output
    found = settings.find(Path())
    return found.output if found else settings.Config().output


@contextmanager
def open_store(output: Path | None) -> Iterator[Store]:
    """The store of the last build, to read. Raises StoreError where there is none."""
    folder = output_folder(output)
    if not (folder / FILE_NAME).is_file():
        raise StoreError(f"{folder}: no graph here: run `kg build`, or name its folder with -o")
    with Store.open(folder / FILE_NAME, readonly=True) as store:
        if not published.is_settled(store, Output(folder).state):
            click.echo(f"kg: {folder}: the last build didn't finish, or is at work: run `kg build`", err=True)
        yield store


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage on standard error, where that is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
