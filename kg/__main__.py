"""`python -m kg` and the `kg` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from kg.cli import kg

    kg()


if __name__ == "__main__":
    main()
