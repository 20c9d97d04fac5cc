"""Every page and its twin, over plain and over hostile words."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import desks
import msgspec
import pytest
from desks import client_of
from fastapi.testclient import TestClient

from tocsin.export import BINARY, counted, formats
from tocsin.ledger import IncidentFilter
from tocsin.serve.accuracy import accuracy
from tocsin.serve.files import _static
from tocsin.serve.incidents import IncidentList, IncidentPage

PAGES = (
    "/map", "/timeline", "/inbox", "/incidents", "/statements", "/calendar", "/control", "/zones", "/people", "/search?q=jets",
    "/sources", "/documents", "/coding", "/about", "/session", "/users", "/alerts", "/rules", "/indicators",
)  # fmt: skip


def addresses(client: TestClient) -> list[str]:
    """All pages, with those of the first incident, document and claim."""
    first = client.get("/incidents.json").json()["rows"][0]
    claim = first["claims"][0]
    version = client.get(f"/incidents/{first['id']}.json").json()["evidence"][0]["claim"]["version"]
    return [
        *PAGES, f"/incidents/{first['id']}", f"/incidents/{claim}", f"/incidents/{first['id']}/panel", f"/inbox?at={first['id']}",
        f"/documents/{version}", f"/documents/{version}/changes/{version}", f"/claims/{claim}/context",
    ]  # fmt: skip


class Elements(HTMLParser):
    """What a browser would make of a page: elements and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def check_harmless(page: str) -> None:
    for tag, attributes in Elements(page).found:
        assert tag not in ("img", "style", "iframe", "object", "base"), tag
        assert tag != "script" or (attributes.get("src") or "").startswith("/static/")
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        target = attributes.get("href") or attributes.get("src") or attributes.get("action") or ""
        assert re.match(r"(/(?!/)|#|\?|$)", target), target
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\U000e0000-\U000e007f]", page)


def test_every_page_and_its_twin(client: TestClient) -> None:
    for address in addresses(client):
        page = client.get(address)
        assert page.status_code == 200, (address, page.text[:300])
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        check_harmless(page.text)
        if address.endswith("/panel"):
            continue
        path, _, query = address.partition("?")
        twin = client.get(f"{path}.json?{query}")
        assert twin.status_code == 200, address
        assert isinstance(twin.json(), dict)
        accepted = client.get(address, headers={"accept": "application/json"})
        if address.startswith(("/calendar", "/session")):
            continue
        assert accepted.content == twin.content


def test_hostile_words_are_shown_and_harm_nothing(hostile_store: Any) -> None:
    client = client_of(hostile_store)
    for address in [
        *addresses(client),
        "/search?q=struck",
        '/search?q="><script>',
        "/statements?speaker=<b>&text=%22onload",
    ]:
        page = client.get(address)
        assert page.status_code == 200, (address, page.text[:300])
        check_harmless(page.text)
        assert "owned" not in page.text or "&lt;script&gt;" in page.text
        path, _, query = address.partition("?")
        if not path.endswith("/panel"):
            twin = client.get(f"{path}.json?{query}")
            assert twin.status_code == 200
            twin.json()


def test_a_word_of_a_million_characters(tmp_path: Path) -> None:
    import rows

    long = "A" * 1_000_000
    store = rows.filled(tmp_path / "long", words=lambda text: text + long, incidents=1)
    client = client_of(store)
    for address in addresses(client):
        page = client.get(address)
        assert page.status_code == 200, address
        assert len(page.content) < 1_500_000, address
    store.close()


def test_what_is_not_there(client: TestClient) -> None:
    for path in (
        "/incidents/none",
        "/documents/none",
        "/claims/none/context",
        "/coding/none",
        "/nowhere",
        "/static/../app.py",
    ):
        page = client.get(path)
        assert page.status_code == 404, path
        check_harmless(page.text)
        assert client.get(path, headers={"accept": "application/json"}).json()["status"] == 404


@pytest.mark.parametrize(
    "query",
    [
        "since=2024-02-30", "since=yesterday", "status=invented", "bbox=1,2,3", "bbox=0,0,999,1", "limit=100000", "offset=-1",
        "order=random", "country=SYR", "minimum_voices=-1", "text=" + "x" * 401, "bbox=nan,nan,nan,nan",
    ],
)  # fmt: skip
def test_wrong_filters_are_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/incidents.json?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_filters_ask_for_less(client: TestClient) -> None:
    def total(query: str) -> int:
        return int(client.get(f"/incidents.json?{query}").json()["total"])

    assert total("status=happened") == 2 < total("status=happened&status=reported") == 4 < total("") == 20
    assert total("since=2024-05-03&until=2024-05-03") == 1
    assert total("status=&kind=&since=&place=") == 20  # an empty form field asks for everything
    assert len(client.get("/map.json?status=happened").json()["points"]) == 2


def test_the_twin_is_of_the_type_that_openapi_says(client: TestClient) -> None:
    found = msgspec.json.decode(client.get("/incidents.json").content, type=IncidentList)
    msgspec.json.decode(client.get(f"/incidents/{found.rows[0].id}.json").content, type=IncidentPage)
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path in (
        "/map",
        "/incidents/{any_id}",
        "/documents/{version_id}",
        "/statements",
        "/calendar",
        "/control",
        "/search",
    ):
        answer = document["paths"][f"{path}.json"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        name = answer["$ref"].rsplit("/", 1)[1]
        assert document["components"]["schemas"][name]["properties"]
    for reference in re.findall(r'"\$ref": ?"#/components/schemas/([^"]+)"', json.dumps(document)):
        assert reference in document["components"]["schemas"], reference


def test_an_unchanged_answer_is_not_sent_again(client: TestClient) -> None:
    for path in ("/incidents.json", "/incidents", "/basemap/countries-50m.json", "/static/desk.css"):
        first = client.get(path)
        again = client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


def test_no_page_names_another_host(client: TestClient) -> None:
    """Addresses of sources are shown as text, never as links."""
    for address in addresses(client):
        for tag, attributes in Elements(client.get(address).text).found:
            for value in attributes.values():
                if value and tag != "input":
                    assert not re.match(r"(https?:)?//", value), (address, tag, value)


def test_vendored_files_are_whole_and_licensed() -> None:
    names = set(_static())
    assert {"vendor/leaflet/leaflet.js", "vendor/htmx/htmx.min.js", "vendor/uplot/uPlot.iife.min.js"} <= names
    vendor = Path(desks.create_app.__code__.co_filename).parent / "static" / "vendor"
    for folder in (one for one in vendor.iterdir() if one.is_dir()):
        assert (folder / "LICENSE").read_text(encoding="utf-8").strip()
        assert folder.name in (vendor / "README.md").read_text(encoding="utf-8")


def test_the_accuracy_shown_is_the_accuracy_measured() -> None:
    own = json.loads((Path(__file__).parents[2] / "benchmarks/accuracy/own.json").read_text(encoding="utf-8"))[
        "heldback"
    ]
    shown = {one.field: one.f1 for one in accuracy()}
    assert shown["events found"] == own["events.f1"] and shown["who says so"] == own["who says so.f1"]
    assert len(shown) == 12


FORMATS = ("csv", "claims", "geojson", "evidence", "hxl", "acled", "ucdp", "parquet", "geoparquet")


@pytest.mark.parametrize("name", FORMATS)
def test_files_of_a_filter_are_those_of_the_command(client: TestClient, plain_store: Any, name: str) -> None:
    stream: Any = io.BytesIO() if name in BINARY else io.StringIO()
    formats()[name][0](plain_store, counted(IncidentFilter(place="Binnish")), stream)
    answer = client.get(f"/export/{name}?place=Binnish")
    wanted = stream.getvalue() if name in BINARY else stream.getvalue().encode()
    assert answer.status_code == 200 and answer.content == wanted and len(wanted) > 100
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert set(FORMATS) == set(formats())


def test_a_file_holds_the_statuses_that_are_asked_for(client: TestClient) -> None:
    def statuses(path: str) -> set[str]:
        return {row["status"] for row in csv.DictReader(io.StringIO(client.get(path).text))}

    assert statuses("/export/csv") == {"happened", "reported", "contested"}
    assert statuses("/export/csv?status=denied") == {"denied"}
    assert len(statuses("/export/csv?all=true")) == 10
    assert client.get("/export/exe").status_code == 422
    assert 'href="/export/acled?status=denied' in client.get("/incidents?status=denied").text


def test_hostile_words_in_files_are_no_formulas(hostile_store: Any) -> None:
    text = client_of(hostile_store).get("/export/csv?all=true").text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == [] and "\x1b" not in text
