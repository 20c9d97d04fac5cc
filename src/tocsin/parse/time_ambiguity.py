"""Takes back the class of words that only look like time words: `may`, `march`, `fall`, 1500 people, `Sun`.

The words that decide stand in `rules/times/context.yaml`.
"""

from __future__ import annotations

from functools import cache

from tocsin.parse.time_words import OTHER, Token, Tokens, symbols
from tocsin.rulefiles import read_yaml, rules_root

_MONEY = frozenset("$£€¥#%")


@cache
def context(name: str) -> frozenset[str]:
    """The lower-case words of one list of `rules/times/context.yaml`."""
    return frozenset(read_yaml(rules_root() / "times" / "context.yaml", dict[str, list[str]])[name])


def settle(found: Tokens) -> Tokens:
    """Takes back the class of words that only look like one (`may`, `march`, `fall`, a count of 1500 people)."""
    tokens, kinds, chars = found.tokens, list(found.classes), symbols()
    tests = {
        "MONTH": _is_month,
        "WEEKDAY": _is_weekday,
        "SEASON": _is_season,
        "YEAR": _is_year,
        "DECADE": _is_decade,
        "NAMED": _is_holiday,
        "HOLIDAY": _is_itself,
    }
    for index in range(len(tokens)):
        token = tokens[index]
        test = tests.get(token.kind)
        if test is None:
            continue
        settled = test(tokens, index)
        if settled != token.kind or settled == "HOLIDAY":
            tokens[index] = tokens[index]._replace(kind=settled)
            kinds[index] = chars[settled] if settled is not OTHER else OTHER
    return Tokens(tokens, "".join(kinds))


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


def _is_itself(tokens: list[Token], index: int) -> str:
    """A holiday's name is unmistakable."""
    return tokens[index].kind


def _is_month(tokens: list[Token], index: int) -> str:
    """`May`, `March` and short forms need a day, a year or a preposition beside them; `Jan` a day or a full stop."""
    word = tokens[index].text
    if word[-1] == ".":  # `Oct.` before a number is a month; `Jan. said` is somebody
        return (
            "MONTH"
            if _kind(tokens, index + 1) in ("DAY", "DAYORD", "YEAR", "YEAR2", "COMMA", "HYPHEN")
            or (_near(tokens, index - 1) in context("month_after"))
            else OTHER
        )
    beside = {_kind(tokens, index - 1), _kind(tokens, index + 1)}
    dated = bool(beside & {"DAY", "DAYORD", "YEAR", "YEAR2"}) or (
        _kind(tokens, index + 1) == "COMMA" and _kind(tokens, index + 2) == "YEAR"
    )
    if word.lower() in ("may", "march"):
        before = _near(tokens, index - 1)
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        noun = (
            before in context("determiners")
            and after.islower()
            and after.isalpha()
            and after not in context("march_to")
        )
        firm = (
            dated or noun or before in context("month_after") or (before == "-" and _near(tokens, index - 2) == "mid")
        )
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
        or after in context("season_before")
        or _near(tokens, index - 1) in context("season_after")
    ):
        return "SEASON" if word.lower() != "fall" or after != "of" or _kind(tokens, index + 2) == "YEAR" else OTHER
    if word.lower() == "fall":
        return OTHER
    if word.lower() == "spring":
        part = after == "of" and _kind(tokens, index + 2) not in ("YEAR", "THIS", "THAT", "LAST", "NEXT")
        return "SEASON" if not part and _near(tokens, index - 1) in context("season_after") | {"the"} else OTHER
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
    if after == "-" and tokens[index].end == tokens[index + 1].start and _near(tokens, index + 2) in context("counted"):
        return "INT"
    if after in ("hours", "hrs") and before in context("clock_after"):
        return "MIL"
    if after in context("counted") or _kind(tokens, index + 1) in ("UNITS", "HUNDRED"):
        return "INT"
    if before in context("count_after") and _kind(tokens, index - 1) != "EDGE":
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
