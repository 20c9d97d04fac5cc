"""Numbers and amounts of time in words: `two and a half years`, `nearly a hundred days`, `a couple of weeks`."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.parse.time_words import Token

X = float("nan")  # an unknown number; never equal to anything, so it cannot slip into arithmetic unseen


def by_kind(tokens: Sequence[Token]) -> dict[str, Token]:
    """The first token of each class."""
    found: dict[str, Token] = {}
    for token in tokens:
        found.setdefault(token.kind, token)
    return found


def number(tokens: Sequence[Token]) -> float | None:
    """The number that a run of tokens spells (`twenty-four`, `2 1/2`, `a hundred and ten`, `two and a half`).

    `X` (not a number) for `several`, `a few`; `None` where there is no number at all.
    """
    total, part, seen = 0.0, 0.0, False
    for token in tokens:
        value = token.value
        if token.kind == "FEW" and value == "X":
            return X
        if token.kind in ("DAY", "INT", "YEAR", "CARD", "FEW", "A", "FRAC", "HALF", "DAYORD") and isinstance(
            value, (int, float)
        ):
            part = part * value if token.kind == "FEW" and part else _joined(part, token)
            seen = True
        elif token.kind == "FRAC":
            part, seen = part + (0.25 if token.text == "¼" else 0.5), True
        elif token.kind == "HUNDRED" and isinstance(value, (int, float)):
            total, part, seen = total + (part or 1) * value, 0.0, True
    return total + part if seen else None


def _joined(part: float, token: Token) -> float:
    """`a` counts one only where nothing else does (`a hundred`, `two and a half`)."""
    if token.kind == "A":
        return part or 0.0
    return part + float(token.value) if isinstance(token.value, (int, float)) else part


def amount(tokens: Sequence[Token]) -> tuple[float | None, str | None, str | None]:
    """How many of what unit, with the modifier: `nearly two and a half years`."""
    unit_at = next((i for i, t in enumerate(tokens) if t.kind in ("UNIT", "UNITS", "QUARTER", "QUARTERS")), None)
    if unit_at is None:
        return None, None, None
    lead = tokens[:unit_at]
    first = next((i + 1 for i, t in enumerate(lead) if t.kind == "ORDWORD"), 0)
    joints = [
        i
        for i, t in enumerate(lead)
        if i > first and lead[i - 1].kind != "MORE" and (t.kind == "TO" or t.text.lower() == "or")
    ]
    count = number(lead[first : joints[0] if joints else None])
    if not count and count is not X and any(t.kind == "A" for t in lead):
        count = 1.0
    tail = [t.kind for t in tokens[unit_at + 1 :]]
    if "HALF" in tail and count is not None:
        count += 0.5
    return count, str(tokens[unit_at].value), approximation(lead)


def approximation(lead: Sequence[Token]) -> str | None:
    """The modifier of a quantity: the first word of degree decides (`more than`, `no more than`, `about`)."""
    kinds = by_kind(lead)
    if "NO" in kinds and "MORE" in kinds:
        return "EQUAL_OR_LESS"
    for kind in ("MORE", "APPROX"):
        if kind in kinds and kinds[kind].value != "EQUAL":
            return str(kinds[kind].value)
    return None
