"""`tocsin group`: order, bad lines, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_reprints import OTHERS, PARAGRAPHS
from typer.testing import CliRunner

from tocsin.cli import app

ROWS = [("one", PARAGRAPHS), ("two", OTHERS), ("three", PARAGRAPHS[:4])]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    file = tmp_path / "pages.jsonl"
    file.write_text("".join(json.dumps({"id": name, "text": "\n".join(rows)}) + "\n" for name, rows in ROWS))
    return file


def test_a_line_for_each_text_in_order(pages: Path) -> None:
    done = CliRunner().invoke(app, ["group", "--from", "jsonl", str(pages)])
    assert done.exit_code == 0, done.output
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "one", "story": "one", "copy_of": None},
        {"id": "two", "story": "two", "copy_of": None},
        {"id": "three", "story": "one", "copy_of": "one"},
    ]
    assert "3 texts, 2 stories, 0 could not be read" in done.stderr


def test_a_bad_line_is_told_and_the_others_are_grouped(pages: Path) -> None:
    pages.write_text(pages.read_text() + "{no json\n")
    done = CliRunner().invoke(app, ["group", "--quiet", str(pages)])
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 3
    assert "pages.jsonl" in done.stderr and "texts," not in done.stderr


def test_another_form_is_refused(pages: Path) -> None:
    done = CliRunner().invoke(app, ["group", "--from", "csv", str(pages)])
    assert done.exit_code != 0 and not done.stdout
