"""The gazetteer that the tests of `resolve` share: the user's own where it is up to date, else one built here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.resolve.gazetteer import Gazetteer, default_path
from tocsin.resolve.gazetteer_build import build_gazetteer, tables_digest


def _up_to_date(path: Path) -> bool:
    try:
        with Gazetteer(path) as found:
            return found.meta.get("tables") == tables_digest()
    except Exception:
        return False


@pytest.fixture(scope="session")
def gazetteer_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if _up_to_date(default_path()):
        return default_path()
    path = tmp_path_factory.mktemp("gazetteer") / "gazetteer.sqlite"
    build_gazetteer(path)
    return path


@pytest.fixture(scope="session")
def gazetteer(gazetteer_path: Path) -> Iterator[Gazetteer]:
    with Gazetteer(gazetteer_path) as found:
        yield found
