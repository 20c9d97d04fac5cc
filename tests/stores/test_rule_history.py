"""Rules have a history that nobody changes afterwards, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from tocsin.alerts.rules import redline
from tocsin.cli import app
from tocsin.errors import StoreError, UsageError
from tocsin.store.ledger_store import LedgerStore

NAME = "air-strike in Syria"


def test_each_change_of_a_rule_is_kept_with_who_made_it(store: LedgerStore) -> None:
    from msgspec.structs import replace

    rule = redline(NAME)
    store.put_rule(NAME, rule, "ada")
    store.put_rule(NAME, rule, "ben")  # what it was: no change
    store.put_rule(NAME, replace(rule, enabled=False), "ben")
    store.put_rule(NAME, replace(rule, enabled=True), "ben")
    store.put_rule(NAME, replace(rule, since="2024-01-01"), "cem")
    store.remove_rule(NAME, "ada")
    store.put_rule("other", redline("shelling in SY"), "ada")
    found = [(one.user, one.action) for one in store.rule_history(NAME)]
    assert found == [("ada", "added"), ("ben", "disabled"), ("ben", "enabled"), ("cem", "changed"), ("ada", "removed")]
    assert store.rule_history(NAME)[3].value["since"] == "2024-01-01"
    assert [one.version for one in store.rule_history()] == [1, 2, 3, 4, 5, 1]
    assert (store.rule_version(NAME), store.rule_version("other"), store.rule_version("none")) == (5, 1, 0)
    assert len(store.rule_history()) == 6
    assert list(store.verify()) == []


def test_a_change_that_is_refused_leaves_no_trace(store: LedgerStore) -> None:
    with pytest.raises(UsageError, match="no rule"):
        store.remove_rule(NAME, "ada")
    assert store.rule_history() == ()


def test_the_history_of_rules_is_part_of_the_chain(store: LedgerStore) -> None:
    before = store.head()
    store.put_rule(NAME, redline(NAME), "ada")
    assert store.head() != before
    with pytest.raises(StoreError, match="never changed"), store.writing():
        connection = store._current()
        assert connection is not None
        connection.execute(text("UPDATE rule_changes SET action = 'removed'"))
    assert [one.action for one in store.rule_history()] == ["added"]


def test_the_command_tells_what_was_changed(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--project", str(tmp_path / "idlib")], catch_exceptions=False)
        return done.stdout

    CliRunner().invoke(app, ["init", str(tmp_path / "idlib")], catch_exceptions=False)
    run("redline", "add", NAME)
    file = tmp_path / "rule.yaml"
    file.write_text(f"name: {NAME}\nkind: redline\nkinds: [air-strike]\ncountry: SY\nsince: 2024-01-01\n")
    run("rules", "add", str(file))
    run("rules", "disable", NAME)
    told = run("rules", "history")
    assert [line.split("  ")[2] for line in told.splitlines() if NAME in line] == ["added", "changed", "disabled"]
    assert f"{NAME}, version 2" in told
    assert "since: nothing -> 2024-01-01" in told.replace("None", "nothing")
    assert run("rules", "history", NAME, "--format", "jsonl").count("\n") == 3
