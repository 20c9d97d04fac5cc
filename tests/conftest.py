"""What the tests share: one reader, for its models take two seconds to load; the gazetteer must have been built."""

from __future__ import annotations

import pytest

from tocsin.pipeline import Reader
from tocsin.resolve.gazetteer import default_path


@pytest.fixture(scope="session")
def reader() -> Reader:
    """A reader with default settings. Fails, and does not skip, where there is no gazetteer."""
    if not default_path().exists():
        pytest.fail(f"no gazetteer at {default_path()}: the tests need it; `tocsin geo build` makes it")
    return Reader()
