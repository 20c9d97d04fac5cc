"""The interface under fire: whatever is sent, no answer is a fault of the server, and every answer is as described."""

from __future__ import annotations

from typing import Any

import pytest
import rows
from hypothesis import HealthCheck, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from tocsin.desk import Desk  # noqa: E402
from tocsin.serve.app import create_app  # noqa: E402
from tocsin.serve.settings import Settings  # noqa: E402


@pytest.fixture(scope="module")
def interface(tmp_path_factory: pytest.TempPathFactory) -> Any:
    store = rows.filled(tmp_path_factory.mktemp("interface"), incidents=6)
    app = create_app(Desk(store), Settings(hosts=("testserver", "localhost")))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


schema = schemathesis.pytest.from_fixture("interface")


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_answer_is_a_fault_of_the_server(case: Any) -> None:
    """Writes come without a token here, so that they are refused; `test_judging_under_fire` sends one."""
    answer = case.call()
    assert answer.status_code < 500, answer.text[:500]
    case.validate_response(
        answer, checks=[schemathesis.checks.not_a_server_error, schemathesis.checks.content_type_conformance, schemathesis.checks.response_schema_conformance, schemathesis.checks.status_code_conformance]
    )  # fmt: skip


@schema.include(method="POST").parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_judging_under_fire(case: Any, interface: Any) -> None:
    from starlette.testclient import TestClient

    client = TestClient(interface.app, base_url="http://localhost")
    case.headers = {**(case.headers or {}), "X-CSRF-Token": client.get("/session.json").json()["csrf"]}
    case.cookies = dict(client.cookies)
    answer = case.call(base_url="http://localhost")
    assert answer.status_code < 500, answer.text[:500]
