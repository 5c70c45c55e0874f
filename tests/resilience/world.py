"""What one small world for attacks holds: a commune, its neighbour, their canaries.

Every secret in it is a canary: a string that stands nowhere else, so that a sight of it is a leak.
``world_made`` fills it.
"""

from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import sign_in
from webapp.accounts.demo import SIGN_INS
from webapp.accounts.policy import DEMO_DOMAIN
from webapp.accounts.queries import account_by_email, actor_of
from webapp.cases.models import Case, CasePhoto
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session

# Canaries. The digits of the device's place are finer than any page may show.
NAME, PHONE = "Quàng Thị Chim Cú", "0987123654"
EMAIL, WORDS = "chim.cu@canari.invalid", "Chim cú kêu ba tiếng bên suối đục."
DEVICE_LON, DEVICE_LAT = 103.1514379, 21.4718263
REPRISAL = "Chim lợn đậu trên mái nhà ba đêm."
VOICE = "Tiếng chim họa mi ghi trong máy."
VOTE_WORDS = "Chim gõ kiến vẫn thấy rác dưới cầu."
NOTE = "Ghi chú nội bộ: chim bìm bịp."
PARTY, PARTY_OWNER = "Cơ sở Chim Ưng Biển (ví dụ)", "Người Đại Diện Chim Ưng"
MINUTES, SEALED = "Chim sáo đậu trên miệng cống xả.", "Chim lặn dưới hồ chứa lúc nửa đêm."
PAPER_AUTHOR, PAPER_LINE = "Van thu Chim Sao", "Chim sao keu so 0966 123 321"
REPLY_NOTE, POSTER = "Hồ sơ lưu chim chích số 9", "Chim Bồ Câu Dán Tờ"
MEMBER = "Thành viên tổ tự quản (thử)"
ROLES = ("guest", *(row.local for row in SIGN_INS), "disabled")
DISABLED = f"bi.khoa{DEMO_DOMAIN}"


@dataclass
class World:
    """What stands in it, by name: report and case codes, uids, ids, tracking codes."""

    app: Flask
    reports: dict[str, str] = field(default_factory=dict)
    tracking: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    case_letters: dict[str, str] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)
    inspections: dict[str, str] = field(default_factory=dict)
    establishments: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)
    original: bytes = b""
    paper_page: bytes = b""
    note: str = NOTE
    open_token: str = ""

    def client(self, role: str) -> FlaskClient:
        """A browser of its own, signed in unless it is a guest's."""
        client = self.app.test_client()
        if role != "guest":
            sign_in(client, DISABLED if role == "disabled" else f"{role}{DEMO_DOMAIN}")
        return client


def actor_named(local: str) -> Actor:
    """The actor of a demo sign-in."""
    account = account_by_email(f"{local}{DEMO_DOMAIN}")
    assert account is not None, local
    return actor_of(account, clock.today_local())


def case_named(world: World, name: str) -> Case:
    """The case of this name, to be changed."""
    return session().scalars(select(Case).where(Case.code == world.cases[name])).one()


def link_photo(case: Case, photo_id: int) -> None:
    """Show a photo of the residents with the case, as it was before."""
    session().add(
        CasePhoto(case_id=case.id, photo_id=photo_id, purpose="before", voice="residents")
    )
    session().flush()
