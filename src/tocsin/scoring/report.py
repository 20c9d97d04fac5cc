"""The figures as a table for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

SHOWN_BROKEN = 5


def print_scores(outcome: dict[str, Any], console: Console) -> None:
    """A line a field, the confusion table of `status`, and what could not be scored."""
    console.print(f"{outcome['documents']} documents. Cells of events are scored where the event itself was found.")
    grid = Table("field", "n", "precision", "95 %", "recall", "95 %", "F1", "95 %", box=None, pad_edge=False)
    for name, one in outcome["fields"].items():
        if one["f1"] is not None:
            cells = [
                cell for key in ("precision", "recall", "f1") for cell in (_number(one[key]), _range(one[f"{key}_95"]))
            ]
            grid.add_row(name, str(one["n"]), *cells)
    console.print(grid)
    status = outcome["status"]
    if status["n"]:
        console.print(f"\nstatus: n {status['n']}, macro-F1 {_number(status['macro_f1'])} {_range(status['macro_f1_95'])}, "
                      f"accuracy {_number(status['accuracy'])} {_range(status['accuracy_95'])}")  # fmt: skip
        console.print(_confusion(status["confusion"]))
    console.print(f"\nforbidden outputs: {outcome['forbidden']['n']}")
    for name, said in (
        ("missing", "gold records without a prediction (scored as empty)"), ("broken", "predictions that cannot be read"),
        ("unasked", "predictions that no gold record asks for"), ("not_scored", "sections of the gold that are not scored"),
        ("partial", "sections with partial gold, so precision and F1 are upper bounds, only recall is measured"),
    ):  # fmt: skip
        if outcome[name]:
            rest = ", …" if len(outcome[name]) > SHOWN_BROKEN else ""
            console.print(
                f"{said}: {len(outcome[name])} ({', '.join(outcome[name][:SHOWN_BROKEN])}{rest})", markup=False
            )
    console.print(
        "Intervals: precision, recall, accuracy Wilson; F1 bootstrap over documents (from five documents on)."
    )


def _confusion(table: dict[str, dict[str, int]]) -> Table:
    given = sorted({label for row in table.values() for label in row})
    grid = Table("gold \\ given", *given, box=None, pad_edge=False)
    for gold, row in table.items():
        grid.add_row(gold, *(str(row.get(one, "·")) for one in given))
    return grid


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _range(value: list[float] | None) -> str:
    return "" if value is None else f"{value[0]:.2f}–{value[1]:.2f}"
