"""`python -m kg` and the `kg` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    try:
        from kg.cli import kg, streams

        streams.prepare()
    except KeyboardInterrupt:
        sys.exit(130)
    kg()


if __name__ == "__main__":
    main()
