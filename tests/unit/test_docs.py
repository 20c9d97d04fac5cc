"""The documents say what the program has: commands, options, fields, data files, links, examples."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import msgspec
import pytest
import typer.main
import yaml

from tocsin import codebook, records
from tocsin.cli import app
from tocsin.pipeline import Page, Reader

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "src" / "tocsin" / "rules"
MODEL_CARD = ROOT / "src" / "tocsin" / "models" / "backoff.md"
DOCUMENTS = sorted(
    (
        *(ROOT / name for name in ("README.md", "NOTICE", "CHANGELOG.md", "benchmarks/README.md")),
        *(ROOT / "docs").glob("*.md"),
        *RULES.rglob("*.md"),
        MODEL_CARD,
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|tmp|Users|mnt|opt|var|work)/|\b[A-Z]:\\")
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


@cache
def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it; groups are walked, not yielded."""

    def walk(command: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield words, command
            return
        for name, one in inner.items():
            yield from walk(one, f"{words} {name}")

    yield from walk(typer.main.get_command(app), "tocsin")


def section(text: str, heading: str) -> str:
    """The part of a document below a heading, up to the next of the same level."""
    level = re.match(r"#+", heading)[0]  # type: ignore[index]
    start = text.index(f"{heading}\n")
    end = re.search(rf"^{level} ", text[start + len(heading) :], re.M)
    return text[start : start + len(heading) + end.start()] if end else text[start:]


@pytest.mark.parametrize("words, command", list(commands()), ids=lambda one: one if isinstance(one, str) else "")
def test_every_command_and_option_is_in_the_readme(words: str, command: click.Command) -> None:
    tour = section(text_of("README.md"), "## The commands")
    assert f"`{words}`" in tour
    assert command.help
    for option in command.params:
        names = [*option.opts, *option.secondary_opts] if option.param_type_name == "option" else []
        missing = [name for name in names if name != "--help" and not re.search(rf"(?<![\w-]){name}(?![\w-])", tour)]
        assert not missing, f"{words}: {missing}"


CODEBOOK_PARTS = {
    codebook.KindFile: "## A kind", codebook.CodesOf: "## A kind", codebook.Cues: "## Cues",
    codebook.Frame: "## Frames", codebook.Slots: "## Slots", codebook.Example: "## Examples",
}  # fmt: skip


@pytest.mark.parametrize("part, heading", CODEBOOK_PARTS.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_every_field_of_the_codebook_is_documented(part: type[msgspec.Struct], heading: str) -> None:
    described = section(text_of("docs/codebook.md"), heading)
    missing = [name for name in part.__struct_fields__ if not re.search(rf"\b{name}\b", described)]
    assert not missing


def test_the_codebook_document_covers_every_strict_type() -> None:
    known = {*CODEBOOK_PARTS, codebook.Kind}
    assert {one for one in vars(codebook).values() if _is_strict(one)} == known


def _is_strict(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, codebook.Strict) and one is not codebook.Strict


def test_the_kind_shown_in_the_codebook_document_is_read() -> None:
    block = re.search(r"```yaml\n(- kind: .*?)```", text_of("docs/codebook.md"), re.S)
    assert block is not None
    (kind,) = msgspec.convert(yaml.safe_load(block[1]), list[codebook.KindFile])
    assert kind.type in codebook.PLOVER_TYPES and kind.codes.acled in text_of("src/tocsin/rules/codes/acled.csv")


RECORD_PARTS = {
    name: one
    for name, one in vars(records).items()
    if isinstance(one, type) and issubclass(one, records.Row) and name not in ("Row", "Span", "Why")
}
WITHIN = {
    "Source": "Statement",
    "Target": "Event",
    "EventTime": "Event",
    "Codes": "Event",
}  # told with what they are in


@pytest.mark.parametrize("name", RECORD_PARTS)
def test_every_field_of_the_record_is_documented(name: str) -> None:
    described = section(text_of("docs/record.md"), f"## {WITHIN.get(name, name)}")
    missing = [one for one in RECORD_PARTS[name].__struct_fields__ if f"`{one}`" not in described]
    assert not missing


@pytest.mark.parametrize("words", [records.Status, records.ResidueKind, records.TimeType, records.FigureKind])
def test_every_value_of_a_closed_list_is_documented(words: object) -> None:
    described = text_of("docs/record.md") + text_of("docs/status.md")
    assert not [one for one in words.__args__ if f"`{one}`" not in described]  # type: ignore[attr-defined]


def test_every_issue_code_is_documented() -> None:
    sources = "".join(one.read_text(encoding="utf-8") for one in (ROOT / "src" / "tocsin").rglob("*.py"))
    codes = set(re.findall(r"Issue\(\s*code=\"([a-z-]+)\"", sources))
    described = section(text_of("docs/record.md"), "## Issue")
    assert len(codes) >= 6
    assert {one for one in codes if f"`{one}`" not in described} == set()


def test_every_data_file_has_its_origin_and_licence() -> None:
    """By a pattern in `rules/SOURCES.md`; a place table by its own name, since their origins differ."""
    table = {
        pattern for row in _rows(text_of("src/tocsin/rules/SOURCES.md")) for pattern in re.findall(r"`([^`]+)`", row)
    }
    files = [one.relative_to(RULES).as_posix() for one in RULES.rglob("*") if one.suffix in (".yaml", ".csv", ".txt")]
    assert len(files) > 50
    assert [one for one in files if not any(fnmatch.fnmatch(one, pattern) for pattern in table)] == []
    places = text_of("src/tocsin/rules/places/SOURCES.md") + text_of("src/tocsin/rules/SOURCES.md")
    assert [one for one in files if one.startswith("places/") and one.endswith(".csv") and one[7:] not in places] == []


def test_the_notice_names_every_folder_of_data_and_every_owner() -> None:
    notice = text_of("NOTICE")
    folders = {one.parent.name for one in RULES.rglob("*") if one.suffix in (".yaml", ".csv", ".txt")}
    assert [one for one in sorted(folders) if f"rules/{one}/" not in notice] == []
    for owner in ("GeoNames", "CC BY 4.0", "Natural Earth", "airportsdata", "PLOVER", "CAMEO", "ACLED", "spaCy"):
        assert owner in notice


def _rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(document: Path) -> None:
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        generated = target == ROOT / "benchmarks" / "RESULTS.md"  # `make bench` makes it
        assert target.exists() or generated, link
        if anchor:
            assert anchor in _anchors(target.read_text(encoding="utf-8")), link


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_documents_name_no_machine(document: Path) -> None:
    assert MACHINE_PATH.findall(document.read_text(encoding="utf-8")) == []


def test_the_model_card_says_what_it_was_fitted_on() -> None:
    card = MODEL_CARD.read_text(encoding="utf-8")
    for heading in ("Training data", "Licence", "Limits"):
        assert heading in card
    assert "rules/events/*.yaml" in card and "Apache-2.0" in card and "<!-- training -->" in card


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_the_first_example_of_the_readme_runs_and_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    readme = text_of("README.md")
    example, printed = re.findall(r"```(?:python)?\n(.*?)```", section(readme, "## From Python"), re.S)[:2]
    exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_the_record_in_the_readme_is_what_is_read(reader: Reader) -> None:
    readme = text_of("README.md")
    page = re.search(r'page = """(.*?)"""', readme, re.S)
    block = re.search(r"```json\n(.*?)```", readme, re.S)
    assert page is not None and block is not None
    record = next(reader.read([Page(name="readme", text=page[1], published="2024-05-08")]))
    shown = msgspec.json.decode(block[1])
    real = msgspec.json.decode(msgspec.json.encode(record.events[0]))
    assert real.pop("why")
    assert abs(real.pop("confidence") - shown.pop("confidence")) < 0.1
    number = re.compile(r"frame-\d+")  # frames are numbered in their order, which may change
    assert number.sub("frame", real.pop("rule")) == number.sub("frame", shown.pop("rule"))
    assert real == shown
    place, figure = record.places[0], record.figures[0]
    assert (place.geonameid, place.country, place.admin1, place.precision) == (164816, "SY", "Idlib", "exact")
    assert (figure.low, figure.best, figure.high) == (9, 9, None)
    assert record.actors[0].text == "Warplanes" and record.actors[0].country is None


def status_examples() -> list[tuple[str, str]]:
    rows = re.findall(r"^\| `([a-z-]+)` \| .+ \| ([^|]*\[[^\]]+\][^|]*) \|$", text_of("docs/status.md"), re.M)
    return [(status, sentence) for status, sentence in rows]


def test_every_status_has_an_example() -> None:
    assert {status for status, _ in status_examples()} == set(records.Status.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("status, sentence", status_examples())
def test_examples_of_status_are_read_so(reader: Reader, status: str, sentence: str) -> None:
    start, end = sentence.index("["), sentence.index("]") - 1
    plain = sentence.replace("[", "").replace("]", "")
    record = next(reader.read([Page(name="x", text=plain, published="2024-05-08", probes=((start, end),))]))
    assert record.probes[0].status == status


def test_the_make_targets_of_the_readme_are_there() -> None:
    makefile = text_of("Makefile")
    targets = set(re.findall(r"`make (\w+)`", text_of("README.md")))
    assert {"demo", "test"} <= targets
    assert [one for one in sorted(targets) if not re.search(rf"^(?:.*\s)?{one}\b[^=\n]*:", makefile, re.M)] == []
