"""Claims and versions made by hand, for tests of merging that need no reader."""

from __future__ import annotations

from typing import Any

from tocsin.families import family_of
from tocsin.ledger import Claim, DocumentVersion, FigureClaim, Judgement, Locus, Party, Voice
from tocsin.records import Span

HAJIN = Locus(name="Hajin", lat=34.69, lon=40.83, country="SY", admin1="Deir ez-Zor", precision="exact", radius_km=3.0)
DARNAJ = Locus(
    name="Darnaj", lat=34.93, lon=40.62, country="SY", admin1="Deir ez-Zor", precision="exact", radius_km=3.0
)
SYRIA = Locus(name="Syria", lat=35.0, lon=38.0, country="SY", precision="country", radius_km=300.0)
ARMY = Party(key="SYRMIL:army", name="Army", text="the army", code="SYRMIL", country="SYR")
WORDS = "Planes bombed the grain silos beside the river crossing before dawn."


def claim(name: str, kind: str = "air-strike", day: str | None = "2021-05-03", **others: Any) -> Claim:
    """An event claim of its own page; `day` is stated."""
    words = others.pop("words", WORDS)
    given: dict[str, Any] = {
        "id": name, "version": f"v-{name}", "reading": "r", "section": "event", "row": "e1", "kind": kind, "family": family_of(kind),
        "day_from": day, "day_to": day, "day_basis": "stated" if day else "unknown", "place": HAJIN, "outlet": name,
        "published": "2021-05-04", "known": "2021-05-04", "voices": (Voice(key=f"outlet:{name}"),),
        "trigger": Span(start=7, end=13, text="bombed"), "sentence": Span(start=0, end=len(words), text=words),
    }  # fmt: skip
    return Claim(**(given | others))


def figure(best: int | None, kind: str = "killed", voice: str = "outlet:a", **others: Any) -> FigureClaim:
    given: dict[str, Any] = {
        "id": f"f-{kind}-{best}", "kind": kind, "low": best, "best": best, "high": best, "voice": Voice(key=voice), "text": f"{best} people",
    }  # fmt: skip
    return FigureClaim(**(given | others))


def version(of: Claim, **others: Any) -> DocumentVersion:
    return DocumentVersion(
        **({"id": of.version, "document": of.version, "outlet": of.outlet, "published": of.published} | others)
    )


def judged(name: str, action: str, *claims: str, **others: Any) -> Judgement:
    return Judgement(id=name, at="2021-06-01T00:00:00Z", user="ana", action=action, claims=claims, **others)  # type: ignore[arg-type]
