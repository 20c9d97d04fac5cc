"""The commands of the ledger, as a person calls them, on a project made of the example pages."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main

from tocsin import cli
from tocsin.project import load
from tocsin.store.codec import now

PAGES = sorted((Path(__file__).parents[2] / "examples" / "pages").glob("*.html"))
COMMANDS = ("init", "add", "incidents", "as-of", "verify", "judge", "regroup", "export", "report")


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["tocsin", *arguments]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            cli.main()
    finally:
        sys.argv = before
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the example pages in it, as the commands have made it. Nobody changes it."""
    folder = tmp_path_factory.mktemp("commands") / "river"
    assert run("init", str(folder))[0] == 0
    status, _, said = run("add", "--project", str(folder), *map(str, PAGES))
    assert status == 0
    assert said.startswith(f"{len(PAGES)} pages added; 0 known already; 0 new versions; 2 copies; ")
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to work on, which is where commands look."""
    folder = shutil.copytree(made, tmp_path / "river")
    monkeypatch.setenv("TOCSIN_PROJECT", str(folder))
    return folder


def listed(*options: str, command: str = "incidents") -> list[dict[str, Any]]:
    status, out, err = run(command, *options, "--format", "jsonl")
    assert status == 0, err
    return [json.loads(line) for line in out.splitlines()]


def whole(command: str = "incidents", *options: str) -> list[dict[str, Any]]:
    """All incidents, without the moment of their last change."""
    more = ("--limit", "9999") if command == "incidents" else ()
    return sorted(({**one, "changed": ""} for one in listed(*options, *more, command=command)), key=lambda one: one["id"])  # fmt: skip


def strike() -> dict[str, Any]:
    """The incident that most pages tell of."""
    return max(listed("--kind", "air-strike"), key=lambda one: len(one["claims"]))


# ---------------------------------------------------------------- what is wrong is told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("init NEW --db mysql://host/x", "postgresql://user@host/database"),
        ("add", "--help"),
        ("add page.html --published 5/9/2018", "like 2018-09-05"),
        ("add page.html --from csv", "one of pages, jsonl"),
        ("incidents --since 5.9.2018", "--since '5.9.2018' is not a day like 2018-09-05"),
        ("incidents --since 2018-09-07 --until 2018-09-01", "--until 2018-09-01 is before --since 2018-09-07"),
        ("incidents --status hapened", "did you mean happened"),
        ("incidents --kind airstrike", "did you mean air-strike"),
        ("incidents --review old", "one of new, changed, accepted, rejected"),
        ("incidents --order size", "one of day, -day"),
        ("incidents --limit 0", "--help"),
        ("incidents --format csv", "one of table, jsonl"),
        ("incidents --project NOWHERE", "tocsin init"),
        ("as-of", "--help"),
        ("as-of yesterday", "2018-09-05T12:00:00Z"),
        ("as-of 2018-09-31", "2018-09-05T12:00:00Z"),
        ("as-of 2018-09-05 claims", "it is: incidents"),
        ("as-of 2018-09-05 --by heart", "one of published, added"),
        ("verify --head abc", "64 hexadecimal digits"),
        ("judge wipe x", "one of same, not-same"),
        ("judge same x", "two or more"),
        ("judge same x x", "two or more"),
        ("judge accept x", "`tocsin incidents` lists"),
        ("judge undo x", "no judgement 'x'"),
        ("judge undo x y", "one judgement"),
        ("judge edit STRIKE --cell kind", "--cell and --value"),
        ("judge edit STRIKE --cell colour --value red", "title, kind, status"),
        ("judge edit STRIKE --cell kind --value airstrike", "not in the codebook"),
        ("judge edit STRIKE --cell status --value maybe", "happened, reported"),
        ("judge edit STRIKE --cell day_from --value tomorrow", "day"),
        ("judge edit STRIKE --cell figure:killed --value many", "9-11-13"),
        ("judge accept STRIKE --cell kind --value shelling", "are for edit"),
        ("judge note STRIKE", "--note"),
        ("regroup now", "--help"),
        ("export --format xml", "one of csv"),
        ("export --status maybe", "one of happened"),
        ("export --out NOWHERE/x.csv", "cannot be written"),
        ("report --from 5.9.2018", "--from '5.9.2018' is not a day"),
        ("report --from 2018-09-07 --to 2018-09-01", "--to 2018-09-01 is before --from 2018-09-07"),
        ("report --out x.doc", ".html, .md or .pdf"),
    ],
)  # fmt: skip
def test_a_wrong_call_ends_with_2_and_says_what_to_do(
    project: Path, tmp_path: Path, arguments: str, words: str
) -> None:
    names = {"NEW": str(tmp_path / "new"), "NOWHERE": str(tmp_path / "nowhere"), "STRIKE": strike()["id"]}
    for name, value in names.items():
        arguments = arguments.replace(name, value)
    store = load(project).open()
    before = store.head()
    status, out, err = run(*arguments.split())
    assert (status, out) == (2, "")
    assert words in err
    assert err.startswith("tocsin: ")
    assert store.head() == before
    store.close()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_that_the_command_takes(name: str) -> None:
    status, out, _ = run(name, "--help")
    assert status == 0
    examples = [line.strip(" │") for line in out.splitlines() if line.strip(" │").startswith(f"tocsin {name} ")]
    assert examples or f"tocsin {name}" in out
    command: click.Command = typer.main.get_command(cli.app).commands[name]  # type: ignore[attr-defined]
    options = {option for one in command.params for option in one.opts}
    for line in examples:
        assert {word for word in line.split() if word.startswith("--")} <= options, line


# ---------------------------------------------------------------- incidents, as-of


def test_incidents_by_their_filters(project: Path) -> None:
    everything = whole()
    assert len(everything) > 20
    march = listed("--since", "2024-03-11", "--until", "2024-03-11")
    assert march
    assert all(one["day_from"] <= "2024-03-11" <= one["day_to"] for one in march)
    assert {one["kind"] for one in listed("--kind", "air-strike")} == {"air-strike"}
    wanted = {"contested", "possible"}
    assert {one["status"] for one in listed("--status", "contested", "--status", "possible")} == wanted
    assert wanted < {one["status"] for one in everything}
    killed = [next((x["best"] for x in one["figures"] if x["kind"] == "killed"), -1) for one in listed("--order", "-killed", "--limit", "3")]  # fmt: skip
    assert killed == sorted(killed, reverse=True)
    status, out, err = run("incidents", "--place", "Atlantis")
    assert (status, out, err) == (0, "", "no incidents\n")
    status, out, err = run("incidents", "--limit", "2", "--format", "table")
    assert "--limit shows more" in err
    assert "day" in out.splitlines()[0]


def test_as_of_gives_what_was_known_then(project: Path) -> None:
    """The first page of 11 March alone has nine dead; the later ones have more, and a denial."""
    assert whole("as-of", "2024-03-11T18:00:00Z") == whole("as-of", "2024-03-10")  # of a day nobody knows the hour
    (first,) = [one for one in whole("as-of", "2024-03-11") if one["kind"] == "air-strike"]
    killed = next(x for x in first["figures"] if x["kind"] == "killed")
    assert (killed["low"], killed["high"], first["documents"]) == (9, 9, 1)
    assert strike()["documents"] > 1
    known = [len({one for row in whole("as-of", day) for one in row["claims"]}) for day in ("2024-03-10", "2024-03-11", "2024-03-13", "2030")]  # fmt: skip
    assert known == sorted(known)
    assert known[0] < known[1] < known[2] < known[3]
    assert whole("as-of", "2030-01-01") == whole()
    assert whole("as-of", "2023-01-01") == []


def test_as_of_by_what_this_ledger_had(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A judgement that was taken back later still counts for the moments between."""
    clock = iter(f"2099-01-0{day}T00:00:00Z" for day in range(1, 9))
    one = strike()
    before = whole()
    assert whole("as-of", "2001-01-01", "--by", "added") == []
    assert whole("as-of", now(), "--by", "added") == before
    monkeypatch.setattr("tocsin.desk.now", lambda: next(clock))
    status, said, _ = run("judge", "reject", one["id"], "--note", "an exercise")
    assert status == 0
    monkeypatch.setattr("tocsin.desk.now", lambda: "2099-02-01T00:00:00Z")
    assert run("judge", "undo", said.strip())[0] == 0
    assert whole() == before
    assert whole("as-of", "2098-01-01", "--by", "added") == before
    between = {row["id"]: row for row in whole("as-of", "2099-01-15", "--by", "added")}
    assert (between[one["id"]]["review"], between[one["id"]]["note"]) == ("rejected", "an exercise")
    assert whole("as-of", "2099-03-01", "--by", "added") == before


# ---------------------------------------------------------------- judge, regroup, verify


def judged(*arguments: str) -> str:
    status, out, err = run("judge", *arguments)
    assert status == 0, err
    return out.strip()


def test_a_word_is_kept_outlasts_regrouping_and_can_be_taken_back(project: Path) -> None:
    before = whole()
    one = strike()
    other = next(row for row in listed("--kind", "ambush") if row["id"] != one["id"])
    given = [
        judged("same", one["id"], other["id"], "--user", "ana"),
        judged("edit", one["id"], "--cell", "figure:killed", "--value", "9-11-13"),
        judged("edit", one["id"], "--cell", "kind", "--value", "shelling"),
        judged("accept", one["id"], "--note", "seen"),
    ]
    (found,) = [row for row in whole() if one["id"] == row["id"] or other["claims"][0] in row["claims"]]
    assert set(found["claims"]) == {*one["claims"], *other["claims"]}
    assert (found["kind"], found["review"], found["note"]) == ("shelling", "accepted", "seen")
    assert found["edited"] == ["figure:killed", "kind"]
    judged_so = whole()
    assert run("regroup")[0] == 0
    assert whole() == judged_so
    for name in reversed(given):
        judged("undo", name)
    assert whole() == before
    assert run("regroup")[0] == 0
    assert whole() == before
    status, _, err = run("verify")
    assert (status, f"{2 * len(given)} judgements" in err) == (0, True)


def test_claims_that_do_not_belong_are_parted(project: Path) -> None:
    one = strike()
    parted, *rest = one["claims"]
    judged("not-same", parted, *rest)
    (found,) = [row["claims"] for row in whole() if parted in row["claims"]]  # it may join what the others kept it from
    assert set(found).isdisjoint(rest)


def test_verify_prints_a_hash_that_the_chain_must_still_have(project: Path) -> None:
    status, out, err = run("verify")
    assert (status, out) == (0, "")
    assert err.startswith(f"whole: {len(PAGES)} pages, ")
    head = err.split()[-1]
    judged("note", strike()["id"], "--note", "later")
    assert run("verify", "--head", head)[0] == 0
    status, out, err = run("verify", "--head", "0" * 64)
    assert (status, "is not in the chain" in out, err.startswith("1 fault:")) == (1, True, True)


def test_verify_names_a_broken_file_of_the_archive(project: Path) -> None:
    path = sorted((project / "archive").rglob("*.gz"))[3]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-9])
    status, out, _ = run("verify")
    assert (status, out.count("\n")) == (1, 1)
    assert str(path) in out
    assert "is damaged" in out
    assert whole()
    status, _, err = run("add", str(PAGES[0]))
    assert (status, err.startswith("0 pages added; 1 known already")) == (0, True)


# ---------------------------------------------------------------- export, report


def test_exports_hold_the_incidents_that_are_listed(project: Path, tmp_path: Path) -> None:
    listed_ids = {one["id"] for one in whole()}
    status, out, err = run("export", "--format", "csv", "--all")
    assert status == 0, err
    assert len(out.splitlines()) == len(listed_ids) + 1
    file = tmp_path / "map.geojson"
    status, out, err = run("export", "--format", "geojson", "--all", "--out", str(file))
    assert (status, out) == (0, "")
    assert len(json.loads(file.read_text())["features"]) == len(listed_ids)
    status, out, _ = run("export", "--format", "csv", "--kind", "air-strike", "--since", "2024-03-11", "--until", "2024-03-11")  # fmt: skip
    assert len(out.splitlines()) == 1 + len(listed("--kind", "air-strike", "--since", "2024-03-11", "--until", "2024-03-11"))  # fmt: skip


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_a_report_cites_its_pages(project: Path, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"sitrep{suffix}"
    status, out, err = run("report", "--from", "2024-03-11", "--to", "2024-03-13", "--out", str(file))
    assert (status, out) == (0, "")
    assert err.startswith(f"wrote {file}: ")
    first = file.read_text()
    assert "Abu Kamal" in first
    run("report", "--from", "2024-03-11", "--to", "2024-03-13", "--out", str(file))
    assert file.read_text() == first
