"""Pictures for the documentation: the public record in every state, and the desk at two sizes.

``python -m tests.journeys.record``; the server and its demonstration are its own and end with it.
The other pictures come from the journeys themselves (MATXANH_SCREENSHOTS=1).
"""

import tempfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import func, select

from tests.journeys.album import Album, shrunk
from tests.journeys.conftest import CHROMIUM, DESKTOP, FLAGS, PHONE
from tests.journeys.desk_states import CASES, DEMO_PICTURES, DESK
from tests.journeys.residents import Places
from tests.journeys.visitor import Visitor
from tests.resilience.world import actor_named
from tests.servers import Server, running
from webapp.app import create_app
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.config import Settings
from webapp.core import clock, files
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Unit
from webapp.documents.pdf import render_pdf
from webapp.documents.queries import letter_of
from webapp.inspections.models import InspectionFile, InspectionPaper, Measurement
from webapp.jobs.operations import drain
from webapp.media.papers import receive_paper
from webapp.outcomes.hiding import approve_hiding, bring_paper, hide_on_paper
from webapp.outcomes.models import NoticeSheet, Outcome, OutcomeVersion
from webapp.outcomes.operations import Draft, approve_draft, publish_outcome, revise_outcome
from webapp.outcomes.postings import record_posting
from webapp.outcomes.replies import record_reply

UNIT = "Xã Mường Phăng"
_DRAWN = "#map:not([aria-busy]) .mx-marker"
EXPLANATION = (
    "Cơ sở đã thuê xe dọn hết vỏ bao và đặt hai thùng có nắp ở đầu ruộng. Việc để lâu là do chưa "
    "có nơi nhận; nay đã ký hợp đồng thu gom."
)


def main() -> None:
    """Make the record, then the pictures."""
    with tempfile.TemporaryDirectory(prefix="matxanh-record-") as name:
        server = Server(Path(name))
        server.flask("db", "upgrade")
        server.flask("reference", "load")
        server.flask("demo", "load", "--scale", "0.2")
        app = create_app(Settings(data_dir=server.folder, public_url=server.url))
        with app.app_context():
            code, paper = _record()
            sheet, minutes = _sheet(code), _minutes()
        with running(server), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            reader = Visitor(browser.new_context(viewport=PHONE, base_url=server.url), server.url)
            desk = Visitor(browser.new_context(viewport=DESKTOP, base_url=server.url), server.url)
            _take_lists(reader, desk)
            _take(reader, desk, code, paper)
            for size in (DESKTOP, PHONE):
                _take_desk(browser, server, size)
            browser.close()
        for picture, pdf in (("19-to-niem-yet", sheet), ("22-bien-ban", minutes)):
            _keep_page(picture, pdf)


def _record() -> tuple[str, str]:
    """A published page of the demonstration, replied to, corrected and put up."""
    officer, first, second = map(actor_named, ("mattran.xa", "congkhai", "congkhai2"))
    with write_unit():
        outcome = _published()
        case, current = lock_case(outcome.case_id), outcome.versions[-1]
        received = receive_paper(_minutes())
        brought = bring_paper(officer, case, received, title="Biên bản kiểm tra")
        record_reply(officer, case, words=EXPLANATION, received_on=clock.today_local())
    drain()
    with write_unit():
        hidden = hide_on_paper(officer, lock_case(case.id), brought, [])
    drain()
    with write_unit():
        if not hidden.found:
            approve_hiding(first, lock_case(case.id), hidden)
        draft = Draft(
            front_words=f"{current.front_words} Bà con đã đi xem lại ngày hôm nay.",
            office_words=current.office_words or "",
            explanation=EXPLANATION,
            photo_ids=tuple(current.photo_ids),
        )
        revise_outcome(officer, outcome, draft, reason="Bổ sung giải trình của cơ sở.")
        for publisher in (first, second):
            if outcome.versions[-1].approved_by_id is None:
                approve_draft(publisher, outcome, standpoint_hidden=True, recognisable=False)
        publish_outcome(first, outcome)
        board = {"place": "Nhà văn hóa bản Che Căn", "done_by": "Cán bộ (thử)"}
        record_posting(officer, outcome, kind="board", posted_from=clock.today_local(), **board)
    drain()
    return case.code, brought.paper.uid


def _published() -> Outcome:
    query = select(Outcome).join(Outcome.case).join(Unit, Unit.id == Case.handling_unit_id)
    found = session().scalars(query.where(Outcome.state == "published", Unit.name == UNIT))
    return max(found, key=lambda each: len(each.versions[-1].photo_ids))


def _sheet(code: str) -> bytes:
    query = (
        select(NoticeSheet.file_key)
        .join(OutcomeVersion, OutcomeVersion.id == NoticeSheet.version_id)
        .join(Outcome, Outcome.id == OutcomeVersion.outcome_id)
        .join(Case, Case.id == Outcome.case_id)
        .where(Case.code == code, NoticeSheet.paper_size == "a4")
        .order_by(NoticeSheet.id.desc())
    )
    return files.store().get(session().scalars(query).first() or "")


def _minutes() -> bytes:
    """The minutes with the most measurements."""
    query = (
        select(InspectionPaper)
        .join(InspectionFile, InspectionFile.id == InspectionPaper.file_id)
        .outerjoin(Measurement, Measurement.file_id == InspectionFile.id)
        .where(InspectionPaper.kind == "minutes")
        .group_by(InspectionPaper.id)
        .order_by(func.count(Measurement.id).desc())
    )
    paper = session().scalars(query).first()
    assert paper is not None
    return render_pdf(letter_of(paper.document))


def _take_lists(reader: Visitor, desk: Visitor) -> None:
    """The lists of the record with their maps: beside each other, and behind the phone's switch."""
    album = Album(keep=True)
    for number, address in ((23, "/vu-viec"), (25, "/ket-qua")):
        name = f"ban-do-{address[1:]}"
        desk.open(address)
        desk.page.locator(_DRAWN).first.wait_for()
        album.keep(desk, f"{number}-{name}")
        reader.open(address)
        reader.page.get_by_role("button", name="Bản đồ").click()
        reader.page.locator(_DRAWN).first.wait_for()
        album.keep(reader, f"{number + 1}-{name}-360", at=".mx-record-switch")


def _take(reader: Visitor, desk: Visitor, code: str, paper: str) -> None:
    album, address = Album(keep=True), f"/ket-qua/{code}"
    reader.open(address)
    album.keep(reader, "15-truoc-va-sau", at="main h2")
    desk.open(address)
    desk.photos("main img")
    album.keep(desk, "16-y-kien-giai-trinh", at="main .mx-voice--front")
    desk.page.locator("main details summary").first.click()
    album.keep(desk, "17-dinh-chinh", at="main details")
    _keep_page("21-in-ket-qua", _printed(desk.page))
    desk.sign_in("mattran.xa")
    desk.open(f"/can-bo/che/{code}/van-ban/{paper}")
    desk.page.get_by_role("button", name="Thêm ô").click()
    album.keep(desk, "18-che-van-ban")


def _take_desk(browser: Browser, server: Server, size: dict[str, int]) -> None:
    """The officer's desk full, empty, loading, and where somebody was faster."""
    context = browser.new_context(viewport=size, base_url=server.url, locale="vi-VN")
    officer, album = Visitor(context, server.url), Album(keep=True)
    officer.sign_in("mattran.xa")
    officer.open(CASES)
    first = officer.page.locator("[data-case]").first.get_attribute("data-case") or ""
    for state, (name, on_phone) in DEMO_PICTURES.items():
        look, shown = DESK[state]
        look(officer, Places(cases={"public": first}))
        officer.page.locator(shown).first.wait_for()
        album.keep(officer, f"{name}-{size['width']}", at=on_phone if size == PHONE else "body")
        officer.page.unroute_all()


def _printed(page: Page) -> bytes:
    return page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))


def _keep_page(name: str, pdf: bytes) -> None:
    """The first page of a PDF as a picture, 700 pixels wide."""
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=700 / page.get_width()).to_pil()
    shrunk(picture, name)


if __name__ == "__main__":
    main()
