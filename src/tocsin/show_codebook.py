"""The codebook for people and for programs."""

from __future__ import annotations

from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tocsin.codebook import PLOVER_TYPES, Codebook, Kind


def kind_as_json(kind: Kind) -> dict[str, Any]:
    """All that the codebook says of a kind, as plain values."""
    plain: dict[str, Any] = msgspec.to_builtins(kind)
    return plain


def print_kinds(book: Codebook) -> None:
    """A line a kind, by PLOVER type."""
    console = Console(highlight=False)
    for plover in (*PLOVER_TYPES, "NONE"):
        kinds = book.of_type(plover)
        if not kinds:
            continue
        console.print(Text(f"\n{plover if plover != 'NONE' else 'of no PLOVER type'}", style="bold"))
        grid = Table(box=None, pad_edge=False, show_header=False)
        for kind in kinds:
            grid.add_row(f"  {kind.kind}", kind.mode or "", kind.codes.acled or "", kind.definition.strip())
        console.print(grid)
    console.print(f"\n{len(book.kinds)} kinds. `tocsin codebook KIND` shows one.")


def print_kind(kind: Kind) -> None:
    """Definition, codes, cues, and the sentences that are and are not of the kind."""
    console = Console(highlight=False)
    console.print(Text(f"{kind.kind}: {kind.name}", style="bold"))
    console.print(Text(kind.definition.strip()))
    codes = {
        "PLOVER": f"{kind.type}{'/' + kind.mode if kind.mode else ''}",
        "CAMEO": kind.codes.cameo,
        "ACLED": kind.codes.acled,
        "UCDP": kind.codes.ucdp,
    }
    console.print(Text("  ".join(f"{name} {code}" for name, code in codes.items() if code)))
    for name in ("verbs", "nouns", "adjectives", "phrases"):
        words = getattr(kind.cues, name)
        if words:
            console.print(Text(f"\n{name}: {', '.join(words)}"))
    for frame in kind.cues.frames:
        plain = {key: value for key, value in msgspec.to_builtins(frame).items() if value}
        console.print(Text("frame: " + "; ".join(f"{key} {value}" for key, value in plain.items()), style="dim"))
    console.print(Text("\nare:", style="green"))
    for example in kind.sentences():
        console.print(Text(f"  {example.text}"))
    console.print(Text("are not:", style="red"))
    for text in kind.counter_examples:
        console.print(Text(f"  {text}"))
    console.print(Text(f"\nfrom rules/events/{kind.source}", style="dim"))
