"""Issue 4, figure 8: every page of an officer's desk, in any state it can show."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.residents import Places
from tests.journeys.visitor import Visitor

Look = Callable[[Visitor, Places], object]
QUEUE, CASES = "/can-bo/hang-doi?tab=phan-anh", "/can-bo/hang-doi?tab=vu-viec"
PANEL = "[data-desk-panel] h1"


def at(path: str) -> Look:
    """Open an address; parts in braces are the codes of cases and reports."""
    return lambda visitor, places: visitor.open(path.format(**places.cases, **places.desk))


def in_panel(visitor: Visitor, _places: Places) -> None:
    """A record over the map, opened by keyboard."""
    visitor.open(QUEUE)
    visitor.page.keyboard.press("j")
    visitor.page.keyboard.press("Enter")


def loading(visitor: Visitor, _places: Places) -> None:
    """The panel while its record does not come."""
    # Before the page: from one that the service worker serves already a request may slip past.
    visitor.page.route("**/can-bo/phan-anh/*", lambda route: None)
    visitor.open(QUEUE)
    visitor.page.keyboard.press("Enter")


def map_loading(visitor: Visitor, _places: Places) -> None:
    """The map while its places do not come; the list is there already."""
    visitor.page.route("**/api/v1/staff/map*", lambda route: None)
    visitor.open(QUEUE)


def keys_help(visitor: Visitor, _places: Places) -> None:
    visitor.open(QUEUE)
    visitor.page.keyboard.press("?")


def chosen(visitor: Visitor, _places: Places) -> None:
    """Two rows ticked by keyboard: the bar for many at once shows."""
    visitor.open(QUEUE)
    for key in "jxjx":
        visitor.page.keyboard.press(key)


def bulk_form(act: str, tab: str) -> Look:
    """The page of one step for many."""

    def look(visitor: Visitor, _places: Places) -> None:
        visitor.open(tab)
        for key in "jx":
            visitor.page.keyboard.press(key)
        with visitor.next_page():
            visitor.page.locator(f"[data-bulk] [value={act}]").click()

    return look


def bulk_refused(visitor: Visitor, places: Places) -> None:
    bulk_form("attach", QUEUE)(visitor, places)
    assert visitor.send() == 422


def bulk_result(visitor: Visitor, places: Places) -> None:
    """A row that cannot be attached says why, beside its code."""
    bulk_form("attach", QUEUE)(visitor, places)
    visitor.fill(case="VV0000000")
    assert visitor.send() == 200
    visitor.page.get_by_text("Không làm được").wait_for()


def _stale(page: Page) -> None:
    page.locator("main [name=version]").evaluate("field => { field.value = '0'; }")


def conflict(visitor: Visitor, places: Places) -> None:
    """Somebody was faster: the page says who and keeps what was typed."""
    visitor.open(f"/can-bo/vu-viec/{places.cases['public']}/buoc/prioritise")
    visitor.fill(chosen="top", reason="Gần trường học, bà con gọi nhiều.")
    _stale(visitor.page)
    assert visitor.send() == 409


def refused(visitor: Visitor, places: Places) -> None:
    visitor.open(f"/can-bo/vu-viec/{places.cases['unpublished']}/buoc/assess")
    assert visitor.send() == 422


# name → how to come there, and what the page must then show.
DESK: dict[str, tuple[Look, str]] = {
    "queue": (at(QUEUE), "[data-case]"),
    "queue of cases": (at(CASES), "[data-case]"),
    "queue, empty filter": (at(QUEUE + "&words=khongco&due=overdue"), ".mx-widen"),
    "record over the map": (in_panel, PANEL),
    "loading": (loading, "[data-desk-panel][aria-busy]"),
    "loading the map": (map_loading, "[data-map-note=loading]:not([hidden])"),
    "keyboard help": (keys_help, "dialog[open]"),
    "rows chosen": (chosen, "[data-bulk]:not([hidden])"),
    "bulk attach": (bulk_form("attach", QUEUE), "#case"),
    "bulk forward": (bulk_form("forward", QUEUE), "#unit"),
    "bulk assign": (bulk_form("assign", CASES), "#person"),
    "bulk, refused": (bulk_refused, ".mx-error"),
    "bulk, results": (bulk_result, "progress"),
    "conflict": (conflict, "[data-form-errors]"),
    "refused": (refused, "[data-form-errors]"),
    "report": (at("/can-bo/phan-anh/{report}"), "[data-alike]"),
    "case": (at("/can-bo/vu-viec/{unpublished}"), "h1"),
    "case, public": (at("/can-bo/vu-viec/{public}"), "h1"),
    "case at the office": (at("/can-bo/vu-viec/{office}"), "h1"),
    "case, done?": (at("/can-bo/vu-viec/{done?}"), "h1"),
    "case, merged": (at("/can-bo/vu-viec/{merged}"), "h1"),
    "compare": (at("/can-bo/so-sanh/{report}/{like}"), "[data-compare-range]"),
    "compare, not the same": (at("/can-bo/so-sanh/{like}/{unlike}"), "text=Xét lại"),
    "today": (at("/can-bo/hom-nay"), ".mx-today"),
    "today, to urge": (at("/can-bo/hom-nay?viec=don-doc"), "main"),
    "what senders ask": (at("/can-bo/de-nghi"), "h1"),
    "templates": (at("/can-bo/mau-tra-loi"), "h1"),
    "absence": (at("/can-bo/vang-mat"), "h1"),
    "dates": (at("/can-bo/thoi-han"), "h1"),
    "notices": (at("/can-bo/thong-bao"), "h1"),
    "filter to be named": (at("/can-bo/bo-loc?tab=vu-viec&due=overdue"), "#name"),
    "case in English": (at("/en/can-bo/vu-viec/{office}"), "main [lang=vi]"),
    "report in English": (at("/en/can-bo/phan-anh/{report}"), "main [lang=vi]"),
}
PHONE_DESK = (
    "queue",
    "queue of cases",
    "queue, empty filter",
    "rows chosen",
    "bulk attach",
    "conflict",
    "report",
    "case",
    "compare",
    "filter to be named",
    "today",
    "today, to urge",
)
# What docs/desk.md shows, by the name of its picture: of these records, and of the demonstration,
# with what stands on top on a phone.
PICTURES = {
    "report": "ban-lam-viec-goi-y",
    "compare": "ban-lam-viec-so-sanh",
    "today, to urge": "ban-lam-viec-hom-nay",
}
DEMO_PICTURES = {
    "queue of cases": ("ban-lam-viec-day", "body"),
    "queue, empty filter": ("ban-lam-viec-trong", "body"),
    "loading the map": ("ban-lam-viec-dang-tai", "#map"),
    "conflict": ("ban-lam-viec-xung-dot", "body"),
}
STEP_LINKS = "a[href*='/buoc/']"
