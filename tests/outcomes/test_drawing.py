"""Drawing in a real Chromium, by mouse and by keyboard, answered by the application in process."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Playwright, Route
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from tests.factories.media import a_photo_file, a_ready_photo
from tests.factories.outcomes import a_case
from tests.journeys.axe import violations
from tests.journeys.conftest import CHROMIUM, FLAGS
from webapp.cases.models import CasePhoto
from webapp.core.unit_of_work import session, write_unit
from webapp.media.models import Redaction

pytestmark = pytest.mark.browser
ORIGIN = "http://mat-xanh.test"


def test_boxes_are_drawn_moved_and_dropped(
    app: Flask, client: FlaskClient, playwright: Playwright
) -> None:
    source = a_ready_photo(a_photo_file(400, 300))
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
        case = a_case()
        link = CasePhoto(case_id=case.id, photo_id=source.id, purpose="before", voice="residents")
        session().add(link)
    sign_in(client, account.email)

    def serve(route: Route) -> None:
        asked = route.request
        address = asked.url.removeprefix(ORIGIN)
        kept = {"content-type": asked.headers.get("content-type", "")}
        with app.app_context():  # the browser's own thread of work knows of none
            answer = client.open(
                address,
                method=asked.method,
                data=asked.post_data_buffer,
                headers=kept,
                buffered=True,
            )
        headers = {name: value for name, value in answer.headers if name != "Set-Cookie"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.data)

    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    try:
        context = chromium.new_context(viewport={"width": 360, "height": 640}, bypass_csp=True)
        page = context.new_page()
        page.route(f"{ORIGIN}/**", serve)
        page.goto(f"{ORIGIN}/can-bo/che/{case.code}/anh/{source.uid}")
        picture = page.locator("[data-redact-page]")
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        assert box is not None
        across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.click(across, down)
        assert page.locator(".mx-redact-mark:focus").count() == 1
        for key, times in (("ArrowLeft", 10), ("Shift+ArrowDown", 8), ("ArrowUp", 4)):
            for _each in range(times):
                page.keyboard.press(key)
        page.locator("#kind-blur").check()
        page.mouse.move(across, down + 60)
        page.mouse.down()
        page.mouse.move(across + 72, down + 84, steps=6)
        page.mouse.up()
        page.locator("[data-redact-add]").click()
        assert page.locator(".mx-redact-mark").count() == 3
        page.keyboard.press("Delete")
        assert page.locator("[data-redact-status]").inner_text() == "2 ô che"
        assert violations(page) == []
        page.locator("form[data-redact] button[type=submit]").click()
        page.wait_for_url(f"{ORIGIN}/can-bo/che/{case.code}")
        assert urlsplit(page.url).path == f"/can-bo/che/{case.code}"
    finally:
        chromium.close()
    session().rollback()  # what was read before the browser wrote
    first, second = session().scalars(select(Redaction)).one().marks
    assert (first["kind"], first["x"], first["width"]) == ("blur", 0.3, 0.2)
    assert (first["y"], first["height"]) == (pytest.approx(0.4), pytest.approx(0.2))
    assert second["kind"] == "blur" and second["width"] > second["height"] > 0.02
