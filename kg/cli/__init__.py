"""The command line: thin commands over library functions, each loaded when it is called, so that `kg --help`
is quick.

Whatever goes wrong becomes one line and an exit code at the one edge, `kg.cli.edge`.
"""

from __future__ import annotations

import importlib
import logging
import sys
from functools import partial
from typing import Any, Final

import click

from kg.cli import edge
from kg.version import VERSION

# name -> (module, what it does in a line): help is printed without importing any of them
COMMANDS: Final = {
    "build": ("kg.cli.build", "Build the graph of your papers and all its exports."),
    "rebuild": ("kg.cli.build", "Build from nothing: forget what was read before."),
    "init": ("kg.cli.init", "Write a kg.toml for your own papers."),
    "extract": ("kg.cli.extract", "Print the concepts of each paper as JSON lines."),
    "evaluate": ("kg.cli.evaluate", "Measure a pipeline against annotated papers."),
    "query": ("kg.cli.query", "Ask the graph in SPARQL, by text, file or name."),
    "show": ("kg.cli.show", "Show a paper or a concept with its evidence."),
    "related": ("kg.cli.related", "List the papers that share most with a paper, and why."),
    "path": ("kg.cli.path", "Show how two papers or concepts hang together."),
    "explain": ("kg.cli.explain", "Explain why two names are one concept, or why not."),
    "curate": ("kg.cli.curate", "Decide about names, once for every later build."),
    "review": ("kg.cli.review", "Walk through the pairs that most need your decision."),
    "diff": ("kg.cli.diff", "Show what changed between two builds."),
    "stats": ("kg.cli.stats", "Count what is in the graph."),
    "validate": ("kg.cli.validate", "Check the RDF against its shapes."),
    "serve": ("kg.cli.serve", "Serve the graph over HTTP: SPARQL, linked data, search."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when one of them is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        run = partial(super().main, *args, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        sys.exit(edge.run(run))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (EOFError, KeyboardInterrupt) as error:
            raise click.Abort from error  # click itself would write an empty line first
        except BrokenPipeError:
            ctx.exit(edge.GONE)  # the reader of our output went away: nobody is left to tell


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="kg")
@click.option("-v", "--verbose", count=True, help="Say what is done; twice for every detail.")
@click.option("--log-json", is_flag=True, help="Log as JSON lines on standard error.")
def kg(verbose: int, log_json: bool) -> None:
    """Build and ask a knowledge graph of research papers.

    `kg build` reads the papers that kg.toml in this folder names (or the files you give), and writes the
    graph as RDF, as an interactive page and as tables.
    """
    from kg.cli import log

    log.configure([logging.WARNING, logging.INFO, logging.DEBUG][min(verbose, 2)], as_json=log_json)
