"""`tocsin group`: which texts of a batch tell one story, and which reprint which."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(group)


def group(
    inputs: Annotated[list[str], typer.Argument(help="Files of JSON Lines, one text a line; - for standard input.")],
    source: Annotated[str, typer.Option("--from", help="jsonl: the only form.")] = "jsonl",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary.")] = False,
) -> None:
    """Group texts into stories: copies of one wire text, however many outlets print it, are one.

    Prints a line for each text, in order: {"id", "story", "copy_of"}. `story` is the id of the story's first text, `copy_of` the same
    for its copies and null for the first.

    Examples:

      tocsin group --from jsonl pages.jsonl > stories.jsonl

      tocsin read --from jsonl pages.jsonl | tocsin group --from jsonl -
    """
    from tocsin.arrivals import Arrival, arrivals
    from tocsin.clean import clean_html
    from tocsin.errors import UsageError
    from tocsin.merge.reprints import stories

    if source != "jsonl":
        raise UsageError(f"--from {source!r} is not known; it is jsonl")
    names: list[str | None] = []
    texts: list[str] = []
    failed = 0
    for one in arrivals(inputs, source="jsonl"):
        if isinstance(one, Arrival):
            names.append(one.page.ref)
            texts.append(clean_html(one.page.html).text if one.page.html is not None else one.page.text or "")
        else:
            failed += 1
            print(f"tocsin: {one}", file=sys.stderr)
    found = stories(texts)
    for n, first in enumerate(found):
        print(json.dumps({"id": names[n], "story": names[first], "copy_of": names[first] if first != n else None}))
    if not quiet:
        print(f"{len(texts)} texts, {len(set(found))} stories, {failed} could not be read", file=sys.stderr)
    if failed:
        raise typer.Exit(1)
