"""A voice note in a real browser: recorded, heard, recorded anew, sent, and heard by the Front."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.databases import wait_for
from tests.journeys.conftest import ON_SPATIALITE, Visit
from tests.journeys.loop import receipt_of
from tests.journeys.visitor import Visitor
from tests.servers import Server

pytestmark = [
    pytest.mark.browser,
    # What a browser records does not depend on the database.
    ON_SPATIALITE,
]

PLAYED = "audio => audio.currentTime > 0.3 && !audio.error"
# Keeps what the player is given, so that its bytes can be compared.
KEEP = """
const make = URL.createObjectURL;
URL.createObjectURL = (blob) => { window.given = blob; return make.call(URL, blob); };
"""
DIGEST = """
async () => {
  const digest = await crypto.subtle.digest("SHA-256", await window.given.arrayBuffer());
  return Array.from(new Uint8Array(digest), each => each.toString(16).padStart(2, "0")).join("");
}
"""


def to_last_screen(resident: Visitor) -> Page:
    """The form without photos at its third screen, all but the words filled in."""
    page = resident.page
    page.add_init_script(KEEP)
    resident.open("/gui-phan-anh")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Tôi đang ở chỗ đó").click()
    page.get_by_text("Chỗ này thuộc").wait_for()
    page.get_by_role("button", name="Tiếp tục").click()
    resident.fill(category="p_waste", consent=True)
    return page


def record(page: Page, seconds: int) -> str:
    """Speak until the phone counts so many seconds; the digest of what it then holds."""
    page.get_by_role("button", name="Ghi âm", exact=True).click()
    page.get_by_text(_counted("Đang ghi", seconds)).wait_for()
    assert not page.locator("[data-voice-remove]").is_visible()
    page.get_by_role("button", name="Dừng ghi").click()
    page.get_by_text(_counted("Đã ghi", seconds)).wait_for()
    digest: str = page.evaluate(DIGEST)
    return digest


def _counted(words: str, seconds: int) -> re.Pattern[str]:
    """So many seconds or more, below a minute: a look may come late."""
    return re.compile(rf"{words} 0:(0[{seconds}-9]|[1-5]\d)\b")


def play(page: Page, selector: str) -> None:
    """Start the player; it must come to sound something."""
    player = page.locator(selector)
    player.evaluate("audio => audio.play()")
    wait_for(lambda: player.evaluate(PLAYED) is True)


def hear(officer: Visitor, report_code: str) -> bytes:
    """As the commune's Front does: refused without a reason, opened with one."""
    page = officer.page
    officer.open(f"/can-bo/phan-anh/{report_code}")
    officer.follow("Nghe và chép lại")
    assert officer.page.locator("main audio").count() == 0
    assert officer.status(f"{page.url}/tep") == 403
    officer.fill(reason="Nghe để biết rác ở đâu.")
    assert officer.send("Mở để nghe") == 200, officer.refusals()
    play(page, ".mx-voice-player")
    return page.request.get(f"{page.url}/tep").body()


def test_a_voice_note_is_recorded_sent_sealed_and_heard(visit: Visit, server: Server) -> None:
    resident = visit(phone=True)
    resident.page.context.grant_permissions(["microphone", "geolocation"])
    page = to_last_screen(resident)
    first = record(page, 2)
    play(page, "[data-voice] audio")
    page.get_by_role("button", name="Bỏ ghi âm").click()
    assert not page.locator("[data-voice] audio").is_visible()
    second = record(page, 2)
    puts: list[Any] = []
    page.on("request", lambda sent: puts.append(sent) if sent.method == "PUT" else None)
    with page.expect_response(lambda answer: "/voice/" in answer.url) as answered:
        resident.send_report()
    assert answered.value.status == 201
    code, _tracking, _words = receipt_of(resident)
    assert [put.url.rpartition("/voice/")[2] for put in puts] == [second] != [first]

    sound = hear(visit("mattran.xa"), code)
    assert hashlib.sha256(sound).hexdigest() == second
    assert sound.startswith(b"\x1a\x45\xdf\xa3")  # WebM, as the phone made it
    opened = [path for path in server.folder.rglob("*") if path.is_file()]
    assert not any(sound[200:260] in _bytes_of(path) for path in opened)


def _bytes_of(path: Path) -> bytes:
    """Nothing of a file that its program has just removed."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def test_sending_while_the_recording_runs_takes_what_was_said(visit: Visit) -> None:
    resident = visit(phone=True)
    resident.page.context.grant_permissions(["microphone", "geolocation"])
    page = to_last_screen(resident)
    page.get_by_role("button", name="Ghi âm", exact=True).click()
    page.get_by_text(_counted("Đang ghi", 1)).wait_for()
    with page.expect_response(lambda answer: "/voice/" in answer.url) as answered:
        resident.send_report()
    assert answered.value.status == 201


def test_without_a_microphone_the_form_says_so_and_goes_on(visit: Visit) -> None:
    resident = visit(phone=True)  # nobody allowed the microphone
    page = to_last_screen(resident)
    page.get_by_role("button", name="Ghi âm", exact=True).click()
    page.get_by_text("Điện thoại chưa cho phép ghi âm").wait_for()
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('', 'NotFoundError')); }"
    )
    page.get_by_role("button", name="Ghi âm", exact=True).click()
    page.get_by_text("Máy không có micrô dùng được").wait_for()
    resident.fill(description="Rác ở đầu bản, không nói vào máy được.")
    resident.send_report()
    receipt_of(resident)
