"""The interface under fire: whatever is sent, no answer is a fault of the server, and every answer is as described."""

from __future__ import annotations

from typing import Any

import pytest
import rows
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from tocsin.desk import Desk  # noqa: E402
from tocsin.serve.app import create_app  # noqa: E402
from tocsin.serve.settings import Settings  # noqa: E402


@pytest.fixture(scope="module")
def interface(tmp_path_factory: pytest.TempPathFactory) -> Any:
    store = rows.filled(tmp_path_factory.mktemp("interface"), incidents=6)
    app = create_app(Desk(store), Settings(hosts=("testserver", "localhost")))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


CHECKS = [
    schemathesis.checks.not_a_server_error, schemathesis.checks.content_type_conformance, schemathesis.checks.response_schema_conformance,
    schemathesis.checks.status_code_conformance,
]  # fmt: skip


def under_fire(schema: Any, examples: int, method: str, headers: dict[str, str], cookies: dict[str, str]) -> int:
    """Calls every operation of a method with made-up values; returns how many operations there were."""
    operations = [one.ok() for one in schema.get_all_operations() if one.ok().method.upper() == method]
    for operation in operations:

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def calls(case: Any) -> None:
            answer = case.call(headers=headers, cookies=cookies)
            assert answer.status_code < 500, answer.text[:500]
            case.validate_response(answer, checks=CHECKS)

        calls()
    return len(operations)


def test_no_question_is_a_fault_of_the_server(interface: Any) -> None:
    assert under_fire(interface, 10, "GET", {}, {}) > 35


def test_no_write_is_a_fault_of_the_server(interface: Any) -> None:
    client = TestClient(interface.app, base_url="http://localhost")
    token = client.get("/session.json").json()["csrf"]
    assert under_fire(interface, 25, "POST", {}, {}) == 9
    assert under_fire(interface, 25, "POST", {"X-CSRF-Token": token}, dict(client.cookies)) == 9
