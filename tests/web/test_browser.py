"""The desk in a real browser: what it shows, by keyboard, at 380 px, to axe-core, and to whom it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import rows
from desks import Running
from test_guard import PASSWORD, team

from tocsin.serve.passwords import hashed
from tocsin.store.accounts import User

PAGES = (
    "/map", "/timeline", "/inbox", "/incidents", "/statements", "/calendar", "/control", "/zones", "/people", "/search?q=jets", "/sources",
    "/documents", "/coding", "/about", "/session", "/users", "/alerts", "/rules", "/indicators",
)  # fmt: skip


class Visit:
    """A page of a browser that notes whatever must not happen: requests elsewhere, errors, breaches of the content policy."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.wrong: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda problem: self.wrong.append(str(problem)))
        self.page.on("dialog", lambda dialog: (self.wrong.append("dialog"), dialog.dismiss()))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.wrong.append(request.url)

    def go(self, path: str) -> Any:
        self.page.goto(self.address + path)
        if path.startswith(("/map", "/timeline")) or path == "/":  # these ask for their data
            self.page.wait_for_load_state("networkidle")
        return self.page

    def close(self) -> None:
        self.context.close()
        assert not self.wrong, self.wrong


@pytest.fixture(scope="session")
def desk(plain_store: Any) -> Iterator[Running]:
    running = Running(plain_store)
    yield running
    running.stop()


@pytest.fixture
def visit(browser: Any, desk: Running) -> Iterator[Visit]:
    made = Visit(browser, desk.address)
    yield made
    made.close()


def all_pages(page: Any, address: str) -> list[str]:
    first = page.request.get(f"{address}/incidents.json").json()["rows"][0]
    version = page.request.get(f"{address}/documents.json").json()["rows"][0]["id"]
    return [*PAGES, f"/incidents/{first['id']}", f"/inbox?at={first['id']}", f"/documents/{version}"]


def test_the_first_visit(visit: Visit) -> None:
    page = visit.go("/")
    assert page.title().startswith("Map")
    page.get_by_text("20 incidents on the map, 2 of them happened.").wait_for()
    page.locator("#map canvas").first.wait_for()
    assert page.locator("#mapmessage").is_hidden()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"


def test_the_map_draws_what_it_is_given(visit: Visit) -> None:
    """The colour of `happened` is on the canvas, and an area around places that are known roughly."""
    page = visit.go("/map?status=happened")
    page.get_by_text("2 incidents on the map").wait_for()
    found = page.evaluate(
        """() => [...document.querySelectorAll('#map canvas')].some((canvas) => {
            const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            for (let n = 0; n < data.length; n += 4) if (data[n] === 0xa4 && data[n + 1] === 0x16 && data[n + 2] === 0x1a && data[n + 3] > 250) return true;
            return false; })"""
    )
    assert found


def test_the_maps_filter_is_in_the_address(visit: Visit) -> None:
    page = visit.go("/map")
    page.get_by_label("reported").check()
    page.get_by_text("2 incidents on the map, 0 of them happened.").wait_for()
    assert "status=reported" in page.url
    page.locator("#from").fill("3")
    assert re.search(r"from=2024-05-\d\d", page.url)
    kept = page.url
    page.goto(kept)
    page.wait_for_load_state("networkidle")
    assert page.get_by_label("reported").is_checked()
    assert page.locator("#from").input_value() == "3"


def test_a_mark_leads_to_its_incident(visit: Visit) -> None:
    page = visit.go("/map?status=happened")
    page.get_by_text("2 incidents on the map").wait_for()
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    link = page.locator(".leaflet-popup a[href^='/incidents/']").first
    link.wait_for()
    link.click()
    page.wait_for_url("**/incidents/*")
    assert page.get_by_role("heading", name="Figures").is_visible()


def test_the_evidence_of_an_incident(visit: Visit) -> None:
    page = visit.go("/incidents?status=happened")
    page.locator("td.title a").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("mark.m-event").first.inner_text() == "struck"
    assert page.locator("table.figures").get_by_text("a medic").first.is_visible()
    page.get_by_role("link", name="around it").first.click()
    assert "Read also: the weather." in page.locator("blockquote.context").inner_text()
    page.get_by_role("link", name="in the page").first.click()
    page.wait_for_url("**/documents/*")
    assert page.locator(".paper mark.m-event").inner_text() == "struck"
    assert page.locator(".paper mark.m-residue").first.is_visible()


def test_reviewing_by_keyboard(browser: Any, fresh_store: Any) -> None:
    running = Running(fresh_store)
    visit = Visit(browser, running.address)
    page = visit.go("/inbox")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.locator("#panel article").wait_for()
    first = page.locator("li.row.open").get_attribute("data-id")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.locator(f"#panel article[data-id='{first}']").wait_for()
    page.keyboard.press("a")
    page.get_by_text("Accepted:").wait_for()
    assert fresh_store.incident(first).review == "accepted"
    second = page.locator("li.row.open").get_attribute("data-id")
    assert second != first
    page.locator(f"#panel article[data-id='{second}']").wait_for()
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "cell"
    page.keyboard.press("Tab")
    page.keyboard.type("alleged")
    page.keyboard.press("Enter")
    page.locator("#panel").get_by_text("status edited").wait_for()
    assert fresh_store.incident(second).status == "alleged"
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.get_by_text("Rejected:").wait_for()
    assert fresh_store.incident(second).review == "rejected"
    page.keyboard.press("u")
    page.get_by_text("Taken back:").wait_for()
    assert fresh_store.incident(second).review != "rejected"
    visit.close()
    running.stop()


def test_the_panel_is_of_the_marked_row_however_late_another_comes(browser: Any, fresh_store: Any) -> None:
    running = Running(fresh_store)
    visit = Visit(browser, running.address)
    page = visit.go("/inbox")
    first, second = (one.get_attribute("data-id") for one in page.locator("#inbox li.row").all()[:2])
    page.keyboard.press("j")
    page.locator(f"#panel article[data-id='{first}']").wait_for()
    late: list[Any] = []
    page.route(f"**/incidents/{second}/panel*", lambda route: late.append(route))
    with page.expect_request(f"**/incidents/{second}/panel*"):
        page.keyboard.press("j")
    page.keyboard.press("e")
    assert not page.locator("#panel details[data-act=edit][open]").count(), "edited while another row is marked"
    with page.expect_response(f"**/incidents/{first}/panel*"):
        page.keyboard.press("k")
    late[0].continue_()
    page.wait_for_timeout(500)
    assert page.locator("li.row.open").get_attribute("data-id") == first
    assert page.locator("#panel article").get_attribute("data-id") == first
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "cell"
    visit.close()
    running.stop()


def test_the_place_and_a_figure_are_set_by_keyboard(browser: Any, fresh_store: Any) -> None:
    running = Running(fresh_store)
    visit = Visit(browser, running.address)
    page = visit.go("/inbox")
    page.keyboard.press("j")
    page.locator("#panel article").wait_for()
    chosen = page.locator("li.row.open").get_attribute("data-id")
    page.locator(f"#panel article[data-id='{chosen}']").wait_for()
    page.keyboard.press("p")
    page.keyboard.type("Aleppo")
    page.locator("#places option").first.wait_for(state="attached")
    proposed = page.locator("#places option").first.get_attribute("value")
    assert re.fullmatch(r"Aleppo, .*SY \[\d+\]", proposed), proposed
    page.locator("details[data-act=place] input[name=value]").fill(proposed)
    page.keyboard.press("Enter")
    page.locator("#panel").get_by_text("place edited").wait_for()
    assert fresh_store.incident(chosen).place.country == "SY"
    page.locator("details[data-act=edit] summary").click()
    page.locator("details[data-act=edit] select[name=cell]").select_option("figure:killed")
    page.locator("details[data-act=edit] input[name=value]").fill("9-13")
    page.keyboard.press("Enter")
    page.locator("#panel").get_by_text("figure:killed edited").wait_for()
    killed = next(one for one in fresh_store.incident(chosen).figures if one.kind == "killed")
    assert (killed.low, killed.best, killed.high) == (9, 11, 13)
    visit.close()
    running.stop()


def test_what_people_set_is_marked_on_the_map_the_list_and_the_page(visit: Visit) -> None:
    page = visit.go("/map?status=reported&place=Jisr")
    page.get_by_text("2 incidents on the map").wait_for()
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    edited = page.locator(".leaflet-popup .edited")
    edited.wait_for()
    assert edited.inner_text() == "edited: kind by ana, 2024-06-02; place by ben, 2024-06-02"
    visit.go("/incidents?status=reported")
    assert page.get_by_title("kind by ana, 2024-06-02; place by ben, 2024-06-02").inner_text() == "edited"
    page.locator("tr", has=page.locator(".tag.person")).locator("td.title a").click()
    page.get_by_text("place edited").wait_for()
    told = page.get_by_role("list", name="What people set").inner_text()
    assert "kind edited by ana, 2024-06-02 08:30 UTC; the pages were read as" in told and "shelling" in told


def test_lines_between_provinces_are_drawn_from_zoom_five(visit: Visit) -> None:
    page = visit.page
    asked: list[str] = []
    page.on("response", lambda answer: asked.append(answer.url) if "admin1" in answer.url else None)
    visit.go("/map#4/35/38")
    page.locator("#map canvas").first.wait_for()
    assert asked == []
    before = page.locator("#map").get_attribute("data-drawn")
    assert before != "provinces"
    with page.expect_response(lambda answer: "admin1-lines.json" in answer.url) as answer:
        page.locator(".leaflet-control-zoom-in").click()
        page.locator(".leaflet-control-zoom-in").click()
    assert answer.value.status == 200
    page.locator("#map[data-drawn=provinces]").wait_for()


def test_reviewing_without_javascript(browser: Any, fresh_store: Any) -> None:
    running = Running(fresh_store)
    visit = Visit(browser, running.address, java_script_enabled=False)
    page = visit.go("/inbox")
    page.locator("a.go").first.click()
    page.get_by_role("button", name="Accept", exact=True).click()
    assert page.url.endswith("/inbox")
    assert fresh_store.inbox().total == 5
    visit.close()
    running.stop()


def test_signing_in(browser: Any, fresh_store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server listens on loopback here; that it asks for a login is what an address elsewhere makes it do."""
    team(fresh_store)
    running = Running(fresh_store, host="0.0.0.0")
    visit = Visit(browser, running.address)
    page = visit.go("/timeline")
    assert "/login?next=/timeline" in page.url
    page.get_by_label("Name").fill("viewer")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(running.address + "/timeline", wait_until="networkidle")
    visit.go("/inbox")
    assert page.get_by_role("button", name="Accept").count() == 0
    visit.go("/session")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login**")
    visit.close()
    running.stop()


def sign_in(visit: Visit, name: str, password: str = PASSWORD) -> Any:
    page = visit.go("/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(visit.address + "/map", wait_until="networkidle")
    return page


def test_changing_ones_password_and_the_people_by_keyboard(browser: Any, fresh_store: Any) -> None:
    team(fresh_store)
    running = Running(fresh_store, host="0.0.0.0")
    visit = Visit(browser, running.address)
    page = sign_in(visit, "admin")
    visit.go("/session")
    page.get_by_label("Old password").focus()
    for word in (PASSWORD, "a newer password", "a newer password"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("The password is changed.").wait_for()
    page.get_by_role("link", name="People who may use this desk").click()
    page.get_by_role("textbox", name="Name", exact=True).focus()
    page.keyboard.type("nadia")
    page.keyboard.press("Tab")
    page.keyboard.type("editor")
    page.keyboard.press("Tab")
    page.keyboard.type("her own password")
    page.keyboard.press("Enter")
    page.get_by_label("Role of nadia").wait_for()
    assert fresh_store.user("nadia").role == "editor"
    page.get_by_label("Role of nadia").select_option("none")
    page.get_by_label("Role of nadia").press("Tab")
    page.keyboard.press("Enter")
    page.locator("tr.uncounted", has_text="nadia").wait_for()
    page.locator("tr", has_text="nadia").locator("summary").click()
    page.get_by_role("button", name="Remove nadia").click()
    page.get_by_label("Role of nadia").wait_for(state="detached")
    assert fresh_store.user("nadia") is None
    visit.close()
    running.stop()


@pytest.mark.parametrize("width", [380, 1280])
def test_pages_behind_a_login_are_accessible_and_fit(browser: Any, fresh_store: Any, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    team(fresh_store)
    running = Running(fresh_store, host="0.0.0.0")
    visit = Visit(browser, running.address, bypass_csp=True)
    visit.page.set_viewport_size({"width": width, "height": 760})
    faults = look(axe, visit, "/login")
    sign_in(visit, "admin")
    faults += look(axe, visit, "/session") + look(axe, visit, "/users")
    visit.close()
    running.stop()
    assert faults == []


def look(axe: Any, visit: Visit, path: str) -> list[Any]:
    """Serious faults of a page, and whether it scrolls sideways."""
    page = visit.go(path)
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    faults = [(path, one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]  # fmt: skip
    return faults + ([(path, "scrolls sideways", over)] if over > 0 else [])


def test_hostile_words_do_nothing_in_a_browser(browser: Any, hostile_store: Any) -> None:
    known = hashed(PASSWORD)
    for name in ("<img src=x onerror=alert(7)>", "'\"><script>alert(8)</script>"):  # what can be typed as a name
        hostile_store.put_user(User(name=name, role="viewer", password=known, added="2024-06-01T10:00:00Z"))
    running = Running(hostile_store)
    visit = Visit(browser, running.address)
    for path in all_pages(visit.page, running.address):
        page = visit.go(path)
        assert "owned" not in page.title() or "<script>" in page.title(), path
        assert page.locator("header.top").is_visible(), path  # no style of theirs hid ours
        assert (
            page.locator("main img, main script, main iframe").count() == page.locator(".leaflet-container img").count()
        )
    visit.close()
    running.stop()


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 380)])
def test_axe_finds_no_serious_fault(browser: Any, desk: Running, theme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    visit = Visit(
        browser, desk.address, color_scheme=theme, bypass_csp=True
    )  # axe is a script of ours, put in by the test
    visit.page.set_viewport_size({"width": width, "height": 900})
    faults = []
    for path in all_pages(visit.page, desk.address):
        found = axe.run(visit.go(path), options={"resultTypes": ["violations"]}).response["violations"]
        faults += [
            (path, one["id"], one["nodes"][0]["html"][:200])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
    visit.close()
    assert faults == []


def test_narrow_screens_do_not_scroll_sideways(browser: Any, desk: Running) -> None:
    visit = Visit(browser, desk.address)
    visit.page.set_viewport_size({"width": 380, "height": 760})
    for path in all_pages(visit.page, desk.address):
        page = visit.go(path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, (path, over)
    visit.close()


def test_drawing_a_zone(browser: Any, fresh_store: Any) -> None:
    running = Running(fresh_store)
    visit = Visit(browser, running.address)
    page = visit.go("/rules")
    page.wait_for_load_state("networkidle")
    page.get_by_role("textbox", name="Name").fill("Drawn zone")
    drawing = page.locator("#zonemap")
    for x, y in ((200, 100), (320, 110), (310, 220), (250, 300)):
        drawing.click(position={"x": x, "y": y})
        page.wait_for_timeout(300)  # else two clicks are a double click
    page.get_by_role("button", name="Undo a point").click()
    drawing.dblclick(position={"x": 200, "y": 220})
    assert page.locator("#drawn").inner_text() == "4 points, closed"
    page.get_by_role("button", name="Add the rule").click()
    page.get_by_role("link", name="Drawn zone").wait_for()
    ring = fresh_store.rules()["Drawn zone"]["polygon"]["coordinates"][0]
    assert len(ring) == 5 and ring[0] == ring[-1] and ring[0][0] < ring[1][0] and ring[0][1] > ring[3][1]
    visit.close()
    running.stop()


def test_the_theme_can_be_switched_and_stays(visit: Visit) -> None:
    page = visit.go("/about")
    before = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    after = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    assert after != before
    visit.go("/sources")
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == after


def test_statuses_have_a_sign_each(visit: Visit) -> None:
    page = visit.go("/about")
    for status in rows.STATUSES:
        assert page.locator(f"#sign-{status}").count() == 1
        assert page.locator(f".statuses use[href='#sign-{status}']").count() == 1
