"""The script with which CI asks an installed desk for all its pages: it passes a whole desk, and finds what is wrong with another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from desks import Running

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import desk_pages


def test_every_page_of_a_desk_answers_and_a_missing_one_is_named(
    plain_store: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = Running(plain_store)
    assert list(desk_pages.wrong(running.address + "/")) == []
    assert int(capsys.readouterr().err.split()[0]) > 100
    monkeypatch.setattr(desk_pages, "FIRST", ("/about", "/gone"))
    monkeypatch.setattr(desk_pages, "WANTED_OF_ABOUT", ("no such words",))
    monkeypatch.setattr(desk_pages, "MOST", 0)
    told = list(desk_pages.wrong(running.address + "/"))
    running.stop()
    assert [line.split(":")[0] for line in told if line.startswith("404")] == ["404 http"]
    assert any("/gone" in line for line in told) and any("does not say 'no such words'" in line for line in told)
