"""Projects: made once, found where one looks for them, and a typo in the settings is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from opened import Ledger
from pages import keep

from tocsin.errors import RuleError, StoreError, UsageError
from tocsin.project import SETTINGS, VARIABLE, find, init, load


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_project_is_a_folder_with_settings_ledger_and_archive(here: Path) -> None:
    made = init(Path("idlib"))
    assert sorted(one.name for one in (here / "idlib").iterdir() if not one.name.startswith("ledger.sqlite-")) == [
        "archive", "ledger.sqlite", "project.toml",
    ]  # fmt: skip
    assert made.settings == load(Path("idlib")).settings
    assert made.settings.name == "idlib"
    made.open().close()


def test_names_that_toml_must_escape(here: Path) -> None:
    name = 'a "quoted" \\ näme'
    assert init(Path(name)).settings.name == load(Path(name)).settings.name == name


def test_a_project_is_made_once(here: Path) -> None:
    made = init(Path("idlib"))
    with pytest.raises(UsageError, match="already"):
        init(Path("idlib"))
    store = made.open()
    keep(store, b"Jets struck the market of Idlib on Wednesday.")
    store.close()
    (here / "idlib" / SETTINGS).unlink()
    with pytest.raises(UsageError, match="ledger"):
        init(Path("idlib"))
    (here / "file").write_text("x")
    with pytest.raises(UsageError, match="no folder"):
        init(Path("file"))


def test_a_making_that_was_stopped_before_the_settings_were_written_goes_on(here: Path) -> None:
    init(Path("idlib"))
    (here / "idlib" / SETTINGS).unlink()
    init(Path("idlib")).open().close()
    (here / "half").mkdir()
    (here / "half" / "ledger.sqlite").touch()
    init(Path("half")).open().close()


def test_where_a_project_is_looked_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no project here"):
        find()
    init(Path("one"))
    assert find().folder.name == "one"
    init(Path("two"))
    with pytest.raises(UsageError, match="one, two"):
        find()
    assert find(Path("two")).folder.name == "two"
    monkeypatch.setenv(VARIABLE, str(here / "two"))
    assert find().folder.name == "two"
    monkeypatch.delenv(VARIABLE)
    (here / "one" / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(here / "one" / "deep" / "er")
    assert find().folder == here / "one"
    with pytest.raises(UsageError, match="no project"):
        find(here)


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("port = 8642", "prot = 8642", 13, "prot.*is `port` meant"),
        ("port = 8642", 'port = "high"', 13, "port"),
        ('archive = "archive"', 'achive = "archive"', 5, "achive"),
        ("[serve]", "[sevre]", 11, "sevre.*is `serve` meant"),
        ('name = "idlib"', "name = 7", 2, "name"),
    ],
)
def test_a_typo_is_named_by_file_line_and_key(here: Path, old: str, new: str, line: int, word: str) -> None:
    init(Path("idlib"))
    path = here / "idlib" / SETTINGS
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(RuleError, match=rf"project\.toml:{line}: .*{word}"):
        find()


def test_what_is_no_toml_is_told_with_its_line(here: Path) -> None:
    init(Path("idlib"))
    (here / "idlib" / SETTINGS).write_text("name = \n")
    with pytest.raises(RuleError, match="line 1"):
        find()
    (here / "idlib" / SETTINGS).write_bytes(b'name = "\xff"')
    with pytest.raises(RuleError, match="UTF-8"):
        find()


def test_a_ledger_that_is_gone_is_told(here: Path) -> None:
    made = init(Path("idlib"))
    (here / "idlib" / "ledger.sqlite").unlink()
    with pytest.raises(StoreError, match="there is no ledger"):
        made.open()


def test_a_project_on_postgresql(here: Path, ledger: Ledger) -> None:
    if ledger.kind == "sqlite":
        pytest.skip("the other tests here are about SQLite")
    made = init(Path("idlib"), ledger.url)
    assert made.database == load(Path("idlib")).database == ledger.url
    assert made.archive == Path("idlib") / "archive"
    store = made.open()
    assert store.totals()["versions"] == 0
    store.close()
    assert not (here / "idlib" / "ledger.sqlite").exists()
