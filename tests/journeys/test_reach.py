"""Axe finds nothing on any page of a resident or an officer, in any state it can show.

Issue 3, figure 4 and issue 4, figure 8.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, StorageState

from tests.journeys.album import Album
from tests.journeys.axe import violations
from tests.journeys.conftest import DESKTOP, PHONE, Visit
from tests.journeys.desk_states import DESK, PHONE_DESK, PICTURES, STEP_LINKS
from tests.journeys.loop import send_report
from tests.journeys.residents import Places, make_places
from tests.journeys.visitor import Visitor
from tests.servers import Server, running

pytestmark = pytest.mark.browser

OPEN_ALL = "document.querySelectorAll('main details').forEach(each => { each.open = true; })"
SIDEWAYS = """() => {
  document.documentElement.style.fontSize = "200%";
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}"""
Look = Callable[[Visitor, Places], object]


@pytest.fixture(scope="session")
def places_and_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Places, Server]]:
    folder = tmp_path_factory.mktemp("reach")
    places = make_places(folder)
    with running(Server(folder)) as made:
        yield places, made
    assert "Traceback" not in made.log()


@pytest.fixture(scope="session")
def places(places_and_server: tuple[Places, Server]) -> Places:
    return places_and_server[0]


@pytest.fixture(scope="session")
def server(places_and_server: tuple[Places, Server]) -> Server:
    """In the place of the empty server of the other journeys."""
    return places_and_server[1]


@pytest.fixture(scope="session")
def sessions(server: Server) -> dict[str, StorageState]:
    """Of this server's own sign-ins."""
    return {}


@pytest.fixture(scope="session")
def resident(browser: Browser, server: Server) -> Iterator[Visitor]:
    """One phone for all pages that leave nothing in it: its cache saves half of the time."""
    context = browser.new_context(viewport=PHONE, base_url=server.url, locale="vi-VN")
    yield Visitor(context, server.url.removeprefix("http://"))
    context.close()


@pytest.fixture(scope="session")
def officer(browser: Browser, server: Server) -> Iterator[Visitor]:
    """One desk for all pages of an officer."""
    yield from signed_in(browser, server, DESKTOP)


@pytest.fixture(scope="session")
def officers_phone(browser: Browser, server: Server) -> Iterator[Visitor]:
    yield from signed_in(browser, server, PHONE)


@pytest.fixture(scope="session")
def steps_seen() -> set[str]:
    return set()


def signed_in(browser: Browser, server: Server, size: dict[str, int]) -> Iterator[Visitor]:
    """The commune's officer, in a window of this size."""
    context = browser.new_context(viewport=size, base_url=server.url, locale="vi-VN")
    visitor = Visitor(context, server.url.removeprefix("http://"))
    visitor.sign_in("mattran.xa")
    yield visitor
    context.close()


def at(path: str) -> Look:
    """Open an address; parts in braces are the codes of cases."""
    return lambda visitor, places: visitor.open(path.format(**places.cases, **places.news))


def by_code(name: str, path: str = "/tra-cuu") -> Look:
    """Open the page behind a tracking code."""

    def look(visitor: Visitor, places: Places) -> None:
        visitor.open(path)
        visitor.fill(code=places.codes[name])
        assert visitor.send() == 200

    return look


def following(name: str) -> Look:
    """Open the page behind a follower's code."""

    def look(visitor: Visitor, places: Places) -> None:
        visitor.open("/theo-doi")
        visitor.fill(code=places.following[name])
        assert visitor.send() == 200

    return look


def wrong_code(path: str) -> Look:
    """Ask with a code that nobody has."""

    def look(visitor: Visitor, _places: Places) -> None:
        visitor.open(path)
        visitor.fill(code="0" * 16)
        assert visitor.send() == 404

    return look


def refused(act: str, button: str) -> Look:
    """Send a form of the follow page without what it needs."""

    def look(visitor: Visitor, places: Places) -> None:
        by_code("waiting")(visitor, places)
        visitor.page.evaluate(OPEN_ALL)
        form = visitor.page.locator(f"form[action$='{act}']")
        with visitor.next_page():
            form.get_by_role("button", name=button).click()

    return look


def lost_code(visitor: Visitor, _places: Places) -> None:
    visitor.open("/tra-cuu/mat-ma")
    visitor.fill(left="0987123654")
    assert visitor.send() == 202


def receipt(visitor: Visitor, _places: Places) -> None:
    send_report(visitor, category="dumping.roadside")


def kept_in_the_phone(visitor: Visitor, _places: Places) -> None:
    """Send without network, look at what waits, and ask to wipe it."""
    page = visitor.page
    visitor.open("/gui-phan-anh")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.context.set_offline(True)
    page.get_by_role("button", name="Tiếp tục").click()
    page.locator("[data-place-words] > summary").click()
    visitor.fill(unit="gso-2025:03325", place_note="Sau chợ")
    page.get_by_role("button", name="Tiếp tục").click()
    visitor.fill(category="p_waste", consent=True)
    page.get_by_role("button", name="Gửi phản ánh").click()
    page.locator("[data-sending]").wait_for()
    assert violations(page) == []
    page.goto("/phan-anh-cho-gui")
    page.locator("[data-item]").wait_for()
    page.locator("[data-outbox-wipe]").click()
    page.locator("[data-outbox-wipe-yes]").wait_for()


def with_its_map(path: str) -> Look:
    """A list of the record on a phone, its map asked for."""

    def look(visitor: Visitor, _places: Places) -> None:
        visitor.open(path)
        visitor.page.get_by_role("button", name="Bản đồ").click()

    return look


def refused_follow(visitor: Visitor, places: Places) -> None:
    visitor.open(f"/vu-viec/{places.cases['public']}/toi-cung-bi-anh-huong")
    visitor.page.evaluate(OPEN_ALL)
    visitor.fill(email="khong-phai-thu")
    visitor.page.locator("main form").evaluate("form => { form.noValidate = true; }")
    assert visitor.send() == 422


def followed_now(visitor: Visitor, places: Places) -> None:
    visitor.open(f"/vu-viec/{places.cases['public']}/toi-cung-bi-anh-huong")
    visitor.send()


def asked_for_news(visitor: Visitor, _places: Places) -> None:
    visitor.open("/nhan-tin")
    visitor.fill(email="ban.doc@thu.invalid")
    assert visitor.send() == 202


# name → how to come there, and what the page must then show.
STATES: dict[str, tuple[Look, str]] = {
    "home": (at("/"), ".mx-hero"),
    "home, filtered": (at("/?category=dumping&overdue=1&from=2026-01-01"), "[data-map-filters]"),
    "home, empty filter": (at("/?from=2031-01-01"), "text=Không có vụ việc nào như vậy"),
    "outbox, empty": (at("/phan-anh-cho-gui"), "[data-outbox-empty]"),
    "other door": (at("/gui-phan-anh/khieu-nai"), "h1"),
    "ask the code": (at("/tra-cuu"), "#code"),
    "wrong code": (wrong_code("/tra-cuu"), ".mx-error"),
    "waiting": (by_code("waiting"), "text=Rút phản ánh"),
    "asked": (by_code("asked"), "#information"),
    "rejected": (by_code("rejected"), "#reconsideration"),
    "redirected": (by_code("redirected"), "#reconsideration"),
    "withdrawn": (by_code("withdrawn"), "text=Đã rút"),
    "asked again": (by_code("own"), "text=Ghi âm"),
    "reprisal answered": (by_code("threatened"), "text=Mặt trận tỉnh đã gọi"),
    "taken up": (by_code("taken up"), "text=Mặt trận đã xem chỗ đó"),
    "done?": (by_code("done?"), "#confirmation"),
    "rating": (by_code("ended"), "#rating"),
    "not content": (by_code("unsatisfied"), "#reopening[open]"),
    "withdrawal not confirmed": (refused("/rut", "Rút phản ánh"), "[role=alert]"),
    "name not confirmed": (refused("/rut-danh-tinh", "Xóa tên"), "[role=alert]"),
    "empty reprisal": (refused("/bi-gay-kho-de", "Gửi Mặt trận tỉnh"), "[role=alert]"),
    "empty evidence": (refused("/bo-sung", "Gửi thêm"), "[role=alert]"),
    "lost code": (at("/tra-cuu/mat-ma"), "#left"),
    "lost code, sent": (lost_code, "main"),
    "follower's code": (at("/theo-doi"), "#code"),
    "follower, wrong code": (wrong_code("/theo-doi"), ".mx-error"),
    "follower": (following("public"), "text=Thôi theo dõi"),
    "follower, done?": (following("done?"), "text=Việc này đã xong chưa?"),
    "also affected": (at("/vu-viec/{public}/toi-cung-bi-anh-huong"), "main form"),
    "also affected, refused": (refused_follow, ".mx-error"),
    "also affected, followed": (followed_now, "#follow-code"),
    "without network": (at("/ngoai-tuyen"), "h1"),
    "cases": (at("/vu-viec"), ".mx-row-title, .mx-list, main li"),
    "cases, empty filter": (at("/vu-viec?from=2031-01-01"), "text=Không có vụ việc nào"),
    "cases, map": (with_its_map("/vu-viec"), "#map:not([aria-busy]) .mx-marker"),
    "case": (at("/vu-viec/{public}"), "h1"),
    "case at the office": (at("/vu-viec/{office}"), "h1"),
    "case, closed": (at("/vu-viec/{published}"), "h1"),
    "outcomes": (at("/ket-qua"), "h1"),
    "outcomes, map": (with_its_map("/ket-qua"), "#map:not([aria-busy]) .mx-marker"),
    "outcome": (at("/ket-qua/{published}"), "h1"),
    "unit": (at("/don-vi/gso-2025/03325"), "h1"),
    "figures": (at("/so-lieu"), "h1"),
    "open data": (at("/du-lieu-mo"), "h1"),
    "news": (at("/nhan-tin?case={public}"), "[data-alert-form]"),
    "news, asked": (asked_for_news, "text=Xin mở thư để xác nhận"),
    "news, to confirm": (at("/nhan-tin/xac-nhan/{confirmed}"), "text=Xác nhận nhận tin"),
    "news, own page": (at("/nhan-tin/{news}"), ".mx-row-title"),
    "answer to a recommendation": (at("/tra-loi-kien-nghi"), "h1"),
    "sign-in": (at("/dang-nhap"), "input[type=password]"),
    "sign-in's second step": (at("/dang-nhap/ma"), "h1"),
}
KEPT: dict[str, tuple[Look, str]] = {
    "receipt": (receipt, "#tracking-code"),
    "kept in the phone": (kept_in_the_phone, "[data-outbox-wipe-yes]"),
}
FORM: tuple[Look, str] = (at("/gui-phan-anh"), "[data-step]")
OTHERS: dict[str, tuple[Look, str]] = {
    "form, in English": (at("/en/gui-phan-anh"), "html[lang=en] [data-step]"),
    "report, in English": (by_code("done?", "/en/tra-cuu"), "html[lang=en] #confirmation"),
}


def look_at(visitor: Visitor, places: Places, look: Look, shown: str) -> None:
    """Come to a state, unfold all of it, and see that it is the one."""
    look(visitor, places)
    visitor.page.evaluate(OPEN_ALL)
    visitor.page.locator(shown).first.wait_for()


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing(resident: Visitor, places: Places, name: str) -> None:
    look_at(resident, places, *STATES[name])
    assert violations(resident.page) == []


@pytest.mark.parametrize("name", KEPT)
def test_axe_finds_nothing_where_the_phone_keeps_something(
    visit: Visit, places: Places, name: str
) -> None:
    visitor = visit(phone=True, quiet=False)
    look_at(visitor, places, *KEPT[name])
    assert violations(visitor.page) == []


@pytest.mark.parametrize("name", OTHERS)
def test_axe_finds_nothing_in_english(resident: Visitor, places: Places, name: str) -> None:
    look_at(resident, places, *OTHERS[name])
    assert violations(resident.page) == []


@pytest.mark.parametrize("name", ["done?", "home"])
def test_axe_finds_nothing_in_the_dark(resident: Visitor, places: Places, name: str) -> None:
    resident.page.emulate_media(color_scheme="dark")
    look_at(resident, places, *STATES[name])
    found = violations(resident.page)
    resident.page.emulate_media(color_scheme="light")
    assert found == []


def test_axe_finds_nothing_in_the_own_reports(visit: Visit) -> None:
    resident = visit("nguoidan", phone=True)
    resident.open("/phan-anh-cua-toi")
    resident.reads("đang hỏi ông/bà")
    found = violations(resident.page)
    with resident.next_page():
        resident.page.locator("main a[href^='/phan-anh-cua-toi/']").first.click()
    resident.page.evaluate(OPEN_ALL)
    assert found + violations(resident.page) == []


def picture(visitor: Visitor, state: str, width: str) -> None:
    """Keep what docs/desk.md shows, as it is before anything is unfolded, when it is asked for."""
    if state in PICTURES:
        visitor.page.evaluate(OPEN_ALL.replace("true", "false"))
        Album().keep(visitor, f"{PICTURES[state]}-{width}")
        visitor.page.evaluate(OPEN_ALL)


@pytest.mark.parametrize("name", DESK)
def test_axe_finds_nothing_on_the_desk(officer: Visitor, places: Places, name: str) -> None:
    look_at(officer, places, *DESK[name])
    picture(officer, name, "1280")
    found = violations(officer.page)
    officer.page.unroute_all()  # what a state held back
    assert found == []


@pytest.mark.parametrize("name", PHONE_DESK)
def test_axe_finds_nothing_on_an_officers_phone(
    officers_phone: Visitor, places: Places, name: str
) -> None:
    look_at(officers_phone, places, *DESK[name])
    picture(officers_phone, name, "360")
    assert violations(officers_phone.page) == []


def test_each_side_of_a_comparison_has_half_of_a_phone(
    officers_phone: Visitor, places: Places
) -> None:
    look_at(officers_phone, places, *DESK["compare"])
    widths = officers_phone.page.eval_on_selector_all(
        ".mx-compare-table tbody td", "found => found.map(each => each.offsetWidth)"
    )
    assert widths and min(widths) >= 150
    named = officers_phone.page.get_by_role("table").get_by_role("rowheader", name="Trạng thái")
    assert named.count() == 1


@pytest.mark.parametrize("name", ["case", "case at the office", "report"])
def test_axe_finds_nothing_in_the_steps(
    officers_phone: Visitor, places: Places, steps_seen: set[str], name: str
) -> None:
    """Every step that these offer, each looked at once."""
    look_at(officers_phone, places, *DESK[name])
    hrefs = officers_phone.page.eval_on_selector_all(
        STEP_LINKS, "found => found.map(link => link.pathname)"
    )
    steps = {step: href for href in hrefs if (step := href.rpartition("/")[2]) not in steps_seen}
    steps_seen |= set(steps)
    found = []
    for address in steps.values():
        officers_phone.open(address)
        found += violations(officers_phone.page)
    assert found == [] and steps


def test_a_planted_fault_is_found(resident: Visitor, places: Places) -> None:
    look_at(resident, places, *STATES["done?"])
    resident.page.evaluate("document.querySelector('#confirmation label').style.color = '#ddd'")
    (found,) = violations(resident.page)
    assert 'color-contrast: label[for="confirmation-fixed-0"]' in found


@pytest.mark.parametrize("name", ["form", "done?", "waiting", "not content"])
def test_text_twice_as_large_scrolls_down_only(
    resident: Visitor, places: Places, name: str
) -> None:
    look_at(resident, places, *(STATES | {"form": FORM})[name])
    assert resident.page.evaluate(SIDEWAYS) <= 0
    resident.page.evaluate("document.querySelector('main h1').style.whiteSpace = 'nowrap'")
    resident.page.evaluate("document.querySelector('main h1').append('chữ dài '.repeat(9))")
    assert resident.page.evaluate(SIDEWAYS) > 0  # a planted line that does not fit
