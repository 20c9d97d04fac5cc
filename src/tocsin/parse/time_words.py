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
_MONTH_PREPOSITIONS = frozenset(
    "in of by since until till from during before after through between for last this next early late mid and to to "
    "throughout every each around about following or end beginning middle start".split()
)
_DETERMINERS = frozenset("the a its their his her our".split())
_MARCH_TO = frozenset("of to for on against through by in into from towards toward and was is will has".split())
_SEASON_BEFORE = frozenset(
    "the this last next that same past every each early late mid in of during by since until previous following coming and or "
    "into through throughout".split()
)
_SEASON_AFTER = frozenset("offensive offensives campaign campaigns season and or of olympics holiday semester".split())
_COUNTED_AFTER = frozenset(
    "people troops soldiers men women children civilians rebels fighters militants tons tonnes miles kilometers "
    "kilometres km m meters metres feet ft yards acres houses homes families refugees pounds dollars euros rubles "
    "jobs workers guns tanks vehicles aircraft planes ships prisoners rounds points votes members students killed "
    "dead wounded million billion trillion percent hectares barrels degrees shells missiles personnel employees "
    "police officers pages and-a cars units copies shares mm cm kg lb hp mph others additional more passengers".split()
)
_COUNT_BEFORE = frozenset(
    "about nearly almost over some than least approximately roughly around only another additional no nos number "
    "resolution decree flight route article section page room highway boeing".split()
)
_MONEY = frozenset("$£€¥#%")


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
        if group == "word":
            entry = words.get(shown.lower())
            if entry is not None and not (entry[0] in _CAPITALISED and shown[0].islower()):
                kind, value = entry
        elif group == "symbol":
            kind = _SYMBOLS.get(shown, OTHER)
        elif group != "gap":
            kind, value = _made(match, shown)
        tokens.append(Token(match.start(), match.end(), shown, kind, value))
        kinds.append(chars[kind] if kind is not OTHER else OTHER)
    _settle(tokens, kinds)
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


def _settle(tokens: list[Token], kinds: list[str]) -> None:
    """Takes back the class of words that only look like one (`may`, `march`, `fall`, a count of 1500 people)."""
    chars = symbols()
    tests = {
        "MONTH": _is_month,
        "WEEKDAY": _is_weekday,
        "SEASON": _is_season,
        "YEAR": _is_year,
        "DECADE": _is_decade,
        "NAMED": _is_holiday,
        "HOLIDAY": lambda tokens, index: "HOLIDAY",
    }
    for index in range(len(tokens)):
        token = tokens[index]
        test = tests.get(token.kind)
        if test is None:
            continue
        settled = test(tokens, index)
        if settled != token.kind:
            tokens[index] = tokens[index]._replace(kind=settled)
            kinds[index] = chars[settled] if settled is not OTHER else OTHER


def _is_holiday(tokens: list[Token], index: int) -> str:
    """The first word of a feast's name: the rest must follow. Its tokens become one run of the same class."""
    candidates = tokens[index].value
    if tokens[index].text[0].islower() or not isinstance(candidates, tuple):
        return tokens[index].kind if isinstance(candidates, str) else OTHER
    for name in candidates:
        rest = name.split(" ")[1:]
        if [token.text.lower() for token in tokens[index + 1 : index + 1 + len(rest)]] == rest:
            for at in range(index, index + 1 + len(rest)):
                tokens[at] = tokens[at]._replace(kind="HOLIDAY", value=name)
            return "HOLIDAY"
    return OTHER


def _near(tokens: list[Token], index: int) -> str:
    """The lower-case word at an index, or nothing where the index is outside."""
    return tokens[index].text.lower() if 0 <= index < len(tokens) else ""


def _kind(tokens: list[Token], index: int) -> str:
    return tokens[index].kind if 0 <= index < len(tokens) else OTHER


def _is_month(tokens: list[Token], index: int) -> str:
    """`May`, `March` and short forms need a day, a year or a preposition beside them; `Jan` a day or a full stop."""
    word = tokens[index].text
    if word[-1] == ".":  # `Oct.` before a number is a month; `Jan. said` is somebody
        return (
            "MONTH"
            if _kind(tokens, index + 1) in ("DAY", "DAYORD", "YEAR", "YEAR2", "COMMA", "HYPHEN")
            or (_near(tokens, index - 1) in _MONTH_PREPOSITIONS)
            else OTHER
        )
    beside = {_kind(tokens, index - 1), _kind(tokens, index + 1)}
    dated = bool(beside & {"DAY", "DAYORD", "YEAR", "YEAR2"}) or (
        _kind(tokens, index + 1) == "COMMA" and _kind(tokens, index + 2) == "YEAR"
    )
    if word.lower() in ("may", "march"):
        before = _near(tokens, index - 1)
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        noun = before in _DETERMINERS and after.islower() and after.isalpha() and after not in _MARCH_TO
        firm = dated or noun or before in _MONTH_PREPOSITIONS or (before == "-" and _near(tokens, index - 2) == "mid")
        return "MONTH" if firm or (word.isupper() is False and _month_by_list(tokens, index)) else OTHER
    if len(word) > 4 or word.lower() in ("june", "july"):
        return "MONTH"
    return "MONTH" if dated else OTHER


def _month_by_list(tokens: list[Token], index: int) -> bool:
    """`April, May and June`: a month among months; a possessive (`May's`)."""
    if _kind(tokens, index + 1) == "POSS":
        return True
    return any(
        _near(tokens, index + step) in (",", "and", "or", "-", "–", "to") and _kind(tokens, index + 2 * step) == "MONTH"
        for step in (-1, 1)
    )


def _is_weekday(tokens: list[Token], index: int) -> str:
    """Short forms (`Sat`, `Sun`, `Wed`) count only before a comma or full stop and a date."""
    word = tokens[index].text
    if len(word) > 5:
        return "WEEKDAY"
    after = index + 1 + (_near(tokens, index + 1) == ",")
    dated = _kind(tokens, after) in ("MONTH", "DAY")
    return "WEEKDAY" if dated and (word[-1] == "." or after > index + 1) else OTHER


def _is_season(tokens: list[Token], index: int) -> str:
    """`spring` and `fall` are verbs too, and a season with a capital may be a name."""
    word = tokens[index].text
    after = _near(tokens, index + 1)
    if (
        _kind(tokens, index + 1) == "YEAR"
        or after in _SEASON_AFTER
        or _near(tokens, index - 1) in _SEASON_BEFORE - {"the"}
    ):
        return "SEASON" if word.lower() != "fall" or after != "of" or _kind(tokens, index + 2) == "YEAR" else OTHER
    if word.lower() == "fall":
        return OTHER
    if word.lower() == "spring":
        return "SEASON" if _near(tokens, index - 1) in _SEASON_BEFORE else OTHER
    return "SEASON" if word[0].islower() else OTHER


def _is_year(tokens: list[Token], index: int) -> str:
    """A four-digit number is a count before counted nouns, after words of approximation and beside money."""
    before, after = _near(tokens, index - 1), _near(tokens, index + 1)
    glued = index > 0 and tokens[index - 1].end == tokens[index].start and not before.isspace()
    if (
        before in _MONEY
        or after in ("%", "°")
        or (glued and before not in ("(", "-", "–", "/", "'", "‘", '"', "“", "["))
    ):
        return "INT"
    if after == "-" and tokens[index].end == tokens[index + 1].start and _near(tokens, index + 2) in _COUNTED_AFTER:
        return "INT"
    if after in _COUNTED_AFTER or _kind(tokens, index + 1) in ("UNITS", "HUNDRED"):
        return "INT"
    if before in _COUNT_BEFORE and _kind(tokens, index - 1) != "EDGE":
        return (
            "INT" if before not in ("about", "around", "over") or not 1900 <= _as_int(tokens[index]) < 2100 else "YEAR"
        )
    if _as_int(tokens[index]) >= 1500:
        return "YEAR"
    return "YEAR" if before in ("in", "of", "since", "by", "until", "from", "(", "to", "and", "year") else "INT"


def _as_int(token: Token) -> int:
    return token.value if isinstance(token.value, int) else 0


def _is_decade(tokens: list[Token], index: int) -> str:
    """`in his thirties` is an age, `the sixties` a decade; `the 20s` only after `the`, `early` and the like."""
    if _near(tokens, index - 1) in ("his", "her", "their", "my", "our", "upper", "low", "temperatures"):
        return OTHER
    digits = tokens[index].text[0].isdigit() and len(tokens[index].text) < 5
    if digits and len(tokens[index].text) == 4 and tokens[index].text[2].isdigit():
        return "DECADE" if _kind(tokens, index + 1) == "BC" else OTHER
    lead = ("the", "early", "late", "-", "mid", "and", "of", "or")
    return "DECADE" if not (digits or tokens[index].text[0].isalpha()) or _near(tokens, index - 1) in lead else OTHER
