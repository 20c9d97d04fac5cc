"""Cuts a text into the tokens that time expressions are made of, each with its class (`rules/times/words.yaml`).

The classes of all tokens, one character each, make a string that `time_patterns` matches rules on: a time expression
is then found by a short regular expression over classes, never by one over the text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import msgspec

from tocsin.errors import RuleError
from tocsin.rulefiles import read_yaml, rules_root

OTHER = "."  # the class of every token that no rule names
_MADE = (
    *("DAY", "DAYORD", "INT", "YEAR", "YEAR2", "MIL", "CLOCK", "ISO", "SLASH", "FRAC", "QCODE"),
    *("HYPHEN", "COMMA", "POSS", "NAMED", "HOLIDAY"),
)
_SYMBOLS = {"-": "HYPHEN", "–": "HYPHEN", "—": "HYPHEN", ",": "COMMA", "½": "FRAC", "¼": "FRAC"}
_TOKEN = re.compile(
    r"(?P<common>[a-z]+(?![^\W\d_]|['’.]))"  # most tokens, so it is tried first
    r"|"
    r"(?P<iso>(?<![0-9])[0-9]{4}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?(?![0-9]))"
    r"|(?P<slash>(?<![0-9/.])[0-3]?[0-9](?P<mark>[/.])[0-3]?[0-9](?P=mark)(?:[12][0-9])?[0-9]{2}(?![0-9/]))"
    r"|(?P<clock>(?<![0-9:])[0-2]?[0-9][:.][0-5][0-9](?=\s?[ap]\.?m)|(?<![0-9:])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9:]))"
    r"|(?P<frac>(?<![0-9/])[1-9]/[2-9](?![0-9/]))"
    r"|(?P<number>['’]?[0-9]+(?:[,.][0-9]+)*)(?P<tail>(?:st|nd|rd|th)(?![a-z])|['’]?s(?![a-z]))?"
    r"|(?P<ampm>[AaPp]\.\s?[Mm]\.?|[Bb]\.\s?[Cc](?:\.[Ee])?\b\.?|[Aa]\.[Dd]\.)"
    r"|(?P<short>(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\.)"
    r"|(?P<qcode>Q[1-4](?![^\W_]))"
    r"|(?P<word>[^\W\d_]+(?:['’](?:clock|CLOCK))?)"
    r"|(?P<poss>['’][sS](?![^\W\d_])|(?<=s)['’](?=\s))"
    r"|(?P<gap>\n[ \t\r]*\n\s*)"
    r"|(?P<symbol>[^\s])"
)
_CAPITALISED = frozenset({"MONTH", "WEEKDAY", "WEEKDAYS", "TZ", "BC"})


class Token(NamedTuple):
    """One token: where it stands, its class and what its word stands for (`None` where that is the word itself)."""

    start: int
    end: int
    text: str
    kind: str
    value: object


class Tokens(NamedTuple):
    """The tokens of a text, and their classes as a string of the same length."""

    tokens: list[Token]
    classes: str


@cache
def lexicon() -> dict[str, tuple[str, object]]:
    """word -> (class, value). Raises `RuleError` where a word stands in two classes."""
    table = read_yaml(rules_root() / "times" / "words.yaml", dict[str, dict[str, int | float | str]])
    found: dict[str, tuple[str, object]] = {}
    for kind, entries in table.items():
        for word, value in entries.items():
            if word in found:
                raise RuleError(f"times/words.yaml: {word!r} is in {found[word][0]} and in {kind}")
            found[word] = (kind, value)
    for name in sorted(holidays(), key=len, reverse=True):  # the longest name is tried first
        first = name.split(" ")[0]
        kind, names = found.get(first, ("NAMED", ()))
        if kind != "NAMED" or not isinstance(names, tuple):
            raise RuleError(f"times/holidays.yaml: {first!r} is in class {kind}")
        found[first] = ("NAMED", (*names, name))
    return found


class HolidayRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """When a named day is: one of `day` (MM-DD), `easter` (days after), `nth` (n, weekday, month), `once` (a date)."""

    names: list[str]
    day: str | None = None
    easter: int | None = None
    nth: tuple[int, int, int] | None = None
    plus: int = 0
    once: str | None = None


@cache
def holidays() -> dict[str, HolidayRow]:
    """name, as its lower-case tokens joined by spaces -> when it is."""
    rows = read_yaml(rules_root() / "times" / "holidays.yaml", list[HolidayRow])
    return {" ".join(m.group() for m in _TOKEN.finditer(name)): row for row in rows for name in row.names}


@cache
def symbols() -> dict[str, str]:
    """class name -> the one character that stands for it in `Tokens.classes`."""
    names = sorted({kind for kind, _ in lexicon().values()}.union(_MADE))
    return {name: chr(0xC0 + index) for index, name in enumerate(names)}


def tokenize(text: str) -> Tokens:
    """Every token of the text in order. Takes time linear in the text."""
    words = lexicon()
    chars = symbols()
    tokens: list[Token] = []
    kinds: list[str] = []
    for match in _TOKEN.finditer(text):
        group = match.lastgroup
        shown = match.group()
        kind, value = OTHER, None
        if group == "common":
            entry = words.get(shown)
            if entry is not None and entry[0] not in _CAPITALISED:
                kind, value = entry
        elif group == "word":
            entry = words.get(shown.lower())
            if entry is not None and not (entry[0] in _CAPITALISED and shown[0].islower()):
                kind, value = entry
        elif group == "symbol":
            kind = _SYMBOLS.get(shown, OTHER)
        elif group != "gap":
            kind, value = _made(match, shown)
        tokens.append(Token(match.start(), match.end(), shown, kind, value))
        kinds.append(chars[kind] if kind is not OTHER else OTHER)
    return Tokens(tokens, "".join(kinds))


def _made(match: re.Match[str], shown: str) -> tuple[str, object]:
    """The class of a token that is recognised by its form."""
    if match["number"] is not None:
        return _number(match["number"], match["tail"] or "")
    if match["iso"] is not None:
        return "ISO", shown
    if match["slash"] is not None:
        return "SLASH", shown
    if match["clock"] is not None:
        return "CLOCK", shown.replace(".", ":")
    if match["frac"] is not None:
        return "FRAC", int(shown[0]) / int(shown[2])
    if match["short"] is not None:
        return lexicon()[shown[:-1].lower()]
    if match["qcode"] is not None:
        return "QCODE", int(shown[1])
    if match["poss"] is not None:
        return "POSS", None
    entry = lexicon().get(shown.lower().replace(" ", ""))
    return entry if entry is not None else (OTHER, None)


def _number(digits: str, tail: str) -> tuple[str, object]:
    """A number's class by its digits and what hangs on it: `3rd`, `1990s`, `'98`, `1,500`, `0630`."""
    short = digits[0] in "'’"
    digits = digits.lstrip("'’")
    plain = digits.isascii() and digits.isdigit()
    if len(digits) > 12:
        return OTHER, None
    if tail and tail[-1] == "s" and tail != "s" and plain and len(digits) in (2, 4) and digits[-1] != "0":
        return ("YEAR", int(digits)) if len(digits) == 4 else (OTHER, None)
    if tail and tail[-1] == "s":
        decade = plain and digits[-1] == "0" and len(digits) in (2, 3, 4)
        return ("DECADE", int(digits)) if decade else (OTHER, None)
    if tail:
        return ("DAYORD", int(digits)) if plain else (OTHER, None)
    if short:
        return ("YEAR2", int(digits)) if plain and len(digits) == 2 else (OTHER, None)
    if not plain:
        value = digits.replace(",", "")
        return ("INT", float(value) if "." in value else int(value)) if value.count(".") < 2 else (OTHER, None)
    if len(digits) == 4 and digits[0] == "0":
        return "MIL", digits
    number = int(digits)
    if len(digits) == 4 and 1000 <= number < 2200:
        return "YEAR", number
    return ("DAY" if 1 <= number <= 31 and len(digits) < 3 else "INT"), number
