"""`kg serve`."""

from __future__ import annotations

from pathlib import Path

import click

from kg import config as settings_file
from kg import machine
from kg.cli import console, limits
from kg.errors import ConfigError

LOCAL = ("localhost", "127.0.0.1", "[::1]", "::1")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=limits.PORT, default=8765, show_default=True, help="The port; 0 for any that is free."
)
@click.option(
    "--timeout", type=limits.SECONDS, default=30.0, show_default=True, help="Seconds that a query may take."
)
@click.option(
    "--max-rows",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    help="Rows that a result may have.",
)
@click.option(
    "--cors", "origins", multiple=True, metavar="ORIGIN", help="A site whose pages may ask; * for all."
)
@click.option("--allow-service", is_flag=True, help="Let SERVICE in queries ask other servers.")
@console.output_option
def serve(
    host: str, port: int, timeout: float, max_rows: int, origins: tuple[str, ...], allow_service: bool,
    output: Path | None,
) -> None:  # fmt: skip
    """Serve the graph over HTTP: SPARQL at /sparql, pages and linked data of papers and concepts, search."""
    try:
        from kg.web import serve as server
        from kg.web import shares
        from kg.web.settings import Settings
    except ImportError as error:
        raise ConfigError(f"serving needs {error.name}: pip install 'paperkg[web]'") from error
    found = settings_file.find(Path()) or settings_file.Config()
    free = machine.free_memory() or shares.ENOUGH << 20
    share = shares.shares(machine.processors(), free >> 20)
    settings = Settings(
        console.output_folder(output), found.title, seconds=timeout, rows=max_rows, origins=origins,
        hosts=LOCAL if host in LOCAL else (), allow_service=allow_service, **share._asdict(),
    )  # fmt: skip
    server.run(settings, host, port, lambda address: _tell(address, settings.folder))


def _tell(address: str, folder: Path) -> None:
    click.echo(f"{address} serves {folder}; stop it with Ctrl+C", err=True)
