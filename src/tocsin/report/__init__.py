"""The situation report of a period and an area: what happened, what is only said, what is to come, each line with its sources.

`situation` gathers it from the ledger as plain rows; `markdown`, `html` and `pdf` write it. Nothing in it depends on the clock:
the same ledger gives the same bytes.
"""

from __future__ import annotations

from tocsin.report.situation import Citation, Entry, Report, Section, situation

__all__ = ["Citation", "Entry", "Report", "Section", "situation"]
