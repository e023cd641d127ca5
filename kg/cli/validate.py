"""`kg validate`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import console


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@console.output_option
@console.json_option
def validate(file: Path | None, output: Path | None, as_json: bool) -> None:
    """Check FILE of RDF (else the exports' kg.ttl) against the shapes; exit code 1 where it doesn't fit."""
    from kg.rdf.validation import validate_file

    path = file or console.output_folder(output) / "kg.ttl"
    found = validate_file(path)
    if as_json:
        console.print_json([violation._asdict() for violation in found])
    else:
        for violation in found:
            console.say(str(violation))
        console.say(f"{path}: {len(found) or 'no'} violation{'' if len(found) == 1 else 's'} of the shapes")
    if found:
        raise SystemExit(1)
