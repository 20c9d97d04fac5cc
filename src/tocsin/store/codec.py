"""How rows become columns and bytes, and how they come back: JSON, compression, digests, moments, folded words."""

from __future__ import annotations

import calendar
import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, overload

import msgspec

from tocsin.ledger import Claim, Incident, Judgement, Link, Locus, Party, Reason
from tocsin.records import Record, Version, from_json, to_json

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 60  # code points of a word that the full text knows; PostgreSQL refuses lexemes of more than 2 kB
MOST_WORDS = 60_000  # words of a page in the full text; PostgreSQL refuses a vector of more than 1 MB
_encoder = msgspec.json.Encoder()
_claim = msgspec.json.Decoder(Claim)
_incident = msgspec.json.Decoder(Incident)
_judgement = msgspec.json.Decoder(Judgement)
_reasons = msgspec.json.Decoder(tuple[Reason, ...])


def encode(value: Any) -> str:
    """Compact JSON; the same value gives the same text. A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD."""
    try:
        return _encoder.encode(value).decode()
    except UnicodeEncodeError:
        return _encoder.encode(_whole(msgspec.to_builtins(value))).decode()


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return _UNKEEPABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list | tuple) else value


def claim_of(body: str) -> Claim:
    return _claim.decode(body)


def incident_of(body: str) -> Incident:
    return _incident.decode(body)


def judgement_of(body: str) -> Judgement:
    return _judgement.decode(body)


def link_of(one: str, other: str, score: float, reasons: str) -> Link:
    return Link(one=one, other=other, score=score, reasons=_reasons.decode(reasons))


def pack(record: Record) -> bytes:
    return zlib.compress(to_json(record), 6)


def unpack(packed: bytes) -> Record:
    return from_json(zlib.decompress(packed))


def digest(values: Iterable[Any]) -> str:
    """sha256 over the JSON of some column values; bytes count by their own sha256."""
    plain = [hashlib.sha256(one).hexdigest() if isinstance(one, bytes) else one for one in values]
    return hashlib.sha256(_encoder.encode(plain)).hexdigest()


def reading_id(version: Version | None) -> str:
    """The name of what reads: code version, codebook, model and gazetteer. The same four give the same name."""
    parts = [version.tocsin, version.codebook, version.model, version.gazetteer] if version else []
    return digest(parts)[:16]


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def known_by(published: str | None, added: str) -> str:
    """The moment by which a page was public at the latest: a day alone counts from its end, a month from its last day.

    Unknown or unreadable dates count from when the page was added.
    """
    for text in (published, added):
        found = latest_moment(text or "")
        if found:
            return found
    return added


def latest_moment(text: str) -> str | None:
    """The last second that an ISO date or moment can mean, in UTC, as `YYYY-MM-DDTHH:MM:SSZ`; None where it is neither."""
    match = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](.+))?)?)?$", text.strip(), re.ASCII)
    if match is None:
        return None
    try:
        year, month = int(match[1]), int(match[2] or 12)
        last = int(match[3] or calendar.monthrange(year, month)[1])
        if match[4] is None:
            return datetime(year, month, last, 23, 59, 59).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return None


def fold(text: str) -> str:
    """Lower case without accents: two spellings that a person would type for one another are equal."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in bare if not unicodedata.combining(char))


def folded_words(text: str) -> list[str]:
    """The words of a text as the full text knows them, in order."""
    if text.isascii():
        return [word[:LONGEST_WORD] for word in _WORD.findall(text.lower())]
    return [fold(one.group()[:LONGEST_WORD]) for one in _WORD.finditer(text)]


def word_spans(text: str) -> Iterable[tuple[int, int, str]]:
    """Each word of a text with where it stands, folded."""
    return ((one.start(), one.end(), fold(one.group()[:LONGEST_WORD])) for one in _WORD.finditer(text))


def index_text(*texts: str | None) -> str:
    """What the full text is fed: folded words with single spaces, so that both databases cut them alike."""
    return " ".join([word for text in texts if text for word in folded_words(text)][:MOST_WORDS])


def lines(values: Iterable[str | None]) -> str:
    """Folded values, one a line, between line breaks, so that a whole value can be looked for as well as a part."""
    unique = dict.fromkeys(fold(" ".join(one.split())) for one in values if one)
    return "\n" + "".join(f"{one}\n" for one in unique)


def party_lines(parties: Sequence[Party]) -> list[str | None]:
    return [value for one in parties for value in (one.name, one.text, one.code, one.key)]


def locus_lines(places: Iterable[Locus | None]) -> list[str | None]:
    return [value for one in places if one for value in (one.name, one.admin1, one.country)]


@overload
def clean(text: str) -> str: ...
@overload
def clean(text: None) -> None: ...
def clean(text: str | None) -> str | None:
    """Text as a column can hold it: PostgreSQL refuses NUL, and no UTF-8 carries lone surrogates; both become U+FFFD."""
    if text is None or (text.isascii() and "\x00" not in text):
        return text
    return _UNKEEPABLE.sub("\ufffd", text)
