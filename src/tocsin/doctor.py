"""What is installed here, what is missing, and the command that gets it."""

from __future__ import annotations

import hashlib
import platform
import sys
from importlib import metadata
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tocsin import __version__, rulefiles
from tocsin.codebook import codebook
from tocsin.errors import TocsinError
from tocsin.extract import backoff
from tocsin.parse.syntax import INSTALL, Parser, installed_models
from tocsin.resolve.gazetteer import Gazetteer, default_path

LIBRARIES = (
    "spacy",
    "msgspec",
    "numpy",
    "pyyaml",
    "trafilatura",
    "htmldate",
    "lxml",
    "resiliparse",
    "ahocorasick_rs",
    "protego",
    "typer",
    "rich",
)


def examine(gazetteer: Path | None, model: str | None) -> bool:
    """Prints the state of every part; whether all that reading needs is there."""
    console = Console(highlight=False)
    console.print(
        Text(
            f"tocsin {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
            style="bold",
        )
    )
    checks = [
        _libraries(console),
        _model(console, model),
        _gazetteer(console, gazetteer or default_path()),
        _codebook(console),
        _backoff(console),
    ]
    ready = all(checks)
    console.print(Text("ready to read" if ready else "not ready: see the lines marked ✗", style="bold"))
    return ready


def _line(console: Console, good: bool, text: str, remedy: str = "") -> bool:
    console.print(Text(f"{'✓' if good else '✗'} {text}", style="" if good else "red"))
    if not good and remedy:
        console.print(Text(f"    get it: {remedy}"))
    return good


def _libraries(console: Console) -> bool:
    good = True
    for name in LIBRARIES:
        try:
            _line(console, True, f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            good = _line(
                console, False, f"{name} is not installed", f"{Path(sys.executable).name} -m pip install {name}"
            )
    return good


def _model(console: Console, model: str | None) -> bool:
    try:
        parser = Parser(model)
    except TocsinError as problem:
        return _line(console, False, str(problem), INSTALL)
    others = [one for one in installed_models() if one != parser.model]
    return _line(
        console,
        True,
        f"language model {parser.version}" + (f" (also installed: {', '.join(others)})" if others else ""),
    )


def _gazetteer(console: Console, path: Path) -> bool:
    remedy = "pip install 'tocsin[build]' && tocsin geo build"
    if not path.exists():
        return _line(console, False, f"no gazetteer at {path}", remedy)
    try:
        found = Gazetteer(path)
    except TocsinError as problem:
        return _line(console, False, str(problem), remedy)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    found.close()
    return _line(
        console, True, f"gazetteer {found.version} at {path}, {path.stat().st_size / 1e6:.0f} MB, sha256 {digest[:16]}…"
    )


def _codebook(console: Console) -> bool:
    try:
        book = codebook()
    except TocsinError as problem:
        return _line(console, False, str(problem), "repair the named rule file")
    return _line(console, True, f"codebook of {len(book.kinds)} kinds, rules sha256 {rulefiles.rules_digest()[:16]}…")


def _backoff(console: Console) -> bool:
    digest = backoff.weights_digest()
    if digest is None:
        return _line(console, False, "no weights of the back-off classifier", "tocsin train")
    return _line(console, True, f"back-off classifier, weights sha256 {digest[:16]}…")
