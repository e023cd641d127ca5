"""The one outermost edge of the command line: whatever goes wrong in a command is one line on standard error
and an exit code.

Errors of the library carry their own line and code. The system's (no room, no permission, a closed output)
are told with what to do. What nobody foresaw is a fault of ours: where it is, and its traceback with -v.
"""

from __future__ import annotations

import logging
import os
import re
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg.cli import streams
from kg.cli.shown import brief
from kg.errors import ExportError, PaperKgError, advice

if TYPE_CHECKING:
    from collections.abc import Callable

USAGE: Final = 2
FAULT: Final = 70  # EX_SOFTWARE of sysexits.h
STOPPED: Final = 130  # what a shell gives a program that Ctrl+C has ended
GONE: Final = 141  # and one whose reader went away
LENGTH: Final = 1000  # characters of a message, at most
_NO_MEMORY: Final = re.compile(
    "failed to map segment|can(no|')t (allocate|start new thread)|bad.?alloc|not enough memory"
    "|(failed|unable) to allocate",
    re.IGNORECASE,
)  # what libraries say that raise no MemoryError


def run(command: Callable[[], Any]) -> int:
    """Run a command and hand over what it printed; its exit code, what went wrong told."""
    code = _told(command) or _told(streams.flush)
    if code:
        streams.silence()
    return code


def _told(command: Callable[[], Any]) -> int:
    try:
        done = command()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except (KeyboardInterrupt, click.Abort):
        return tell("stopped: what was read is kept, run it again to go on", STOPPED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except click.ClickException as error:
        return tell(_usage(error), error.exit_code)
    except PaperKgError as error:
        return tell(str(error), error.exit_code)
    except BrokenPipeError:
        return GONE
    except OSError as error:
        return tell(_system(error), ExportError.exit_code if error.filename == streams.OUTPUT else 1)
    except Exception as error:  # noqa: BLE001  # the edge
        return _unforeseen(error)
    return done if isinstance(done, int) else 0


def tell(message: str, code: int) -> int:
    """Say what is the matter, in one line, where anybody can be told; the exit code."""
    with suppress(OSError):
        click.echo(f"kg: {brief(message, LENGTH)}", err=True)
    return code


def _usage(error: click.ClickException) -> str:
    """What is wrong with the command's words, and where to look."""
    said = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "kg"
    return f"{said}: see `{where} --help`" if isinstance(error, click.UsageError) else said


def _system(error: OSError) -> str:
    """Where, what, and what to do."""
    what = error.strerror or " ".join(str(error).split()) or type(error).__name__
    names = (error.filename, error.filename2)
    where = " and ".join(os.fsdecode(name) for name in names if isinstance(name, str | bytes | os.PathLike))
    return ": ".join(filter(None, (where, what, advice(error))))


def _unforeseen(error: Exception) -> int:
    if logging.getLogger("kg").isEnabledFor(logging.INFO):
        with suppress(OSError):
            traceback.print_exception(error)
    said = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
    if isinstance(error, MemoryError) or _NO_MEMORY.search(said):
        return tell("not enough memory: close other programs, or read in one process (--jobs 1)", 1)
    where = _place(error)
    return tell(
        f"a fault of kg's own: {brief(said)} ({where}): please report it; kg -v shows all of it", FAULT
    )


def _place(error: Exception) -> str:
    """The deepest line of ours that the error came through."""
    ours = Path(__file__).parent.parent
    frames = traceback.extract_tb(error.__traceback__)
    inner = [frame for frame in frames if Path(frame.filename).is_relative_to(ours)] or frames
    return f"{Path(inner[-1].filename).name}:{inner[-1].lineno}" if inner else "?"
