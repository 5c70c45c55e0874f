"""What is told about reports: urgent ones to those on watch, changes to who sent them.

No notice carries words, photos or an identity, and only ``NEW_CODE`` a code (rings of sight).
"""

from sqlalchemy import select

from webapp.cases.categories import category
from webapp.core import clock
from webapp.core.codes import grouped, tracking_code
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.names import name_in
from webapp.notifications.messages import (
    Address,
    Message,
    Phone,
    Reader,
    Rendered,
    register_message,
)
from webapp.reporting.identity import contact_of
from webapp.reporting.models import ReissuedCode, Report

NEW = "report.new"
OVERDUE = "report.overdue"
URGENT = "report.urgent"
URGENT_UNCHECKED = "report.urgent_unchecked"
UNOPENED = "report.unopened"
REPRISAL = "report.reprisal"
ASKED = "report.asked"
NEWS = "report.news"
SENDER = "report.update"
NEW_CODE = "report.new_code"

_NEUTRAL = _("Mắt Xanh: có cập nhật")


def _new(report_id: int, reader: Reader) -> Rendered | None:
    return _staff(
        report_id,
        reader,
        _("Có phản ánh mới"),
        _("%(category)s, %(unit)s. Nhận lúc %(time)s."),
    )


def _overdue(report_id: int, reader: Reader) -> Rendered | None:
    return _staff(
        report_id,
        reader,
        _("Phản ánh quá hạn xem lần đầu"),
        _("%(category)s, %(unit)s. Nhận lúc %(time)s, chưa ai xem."),
    )


def _urgent(report_id: int, reader: Reader) -> Rendered | None:
    return _staff(
        report_id,
        reader,
        _("Mắt Xanh: tin khẩn, chưa xác minh"),
        _(
            "Chưa xác minh. Loại việc: %(category)s. Nơi: %(unit)s. Nhận lúc %(time)s. "
            "Nguy hiểm đến tính mạng thì gọi 113, 114, 115 hoặc 112."
        ),
    )


def _urgent_unchecked(report_id: int, reader: Reader) -> Rendered | None:
    return _staff(
        report_id,
        reader,
        _("Mắt Xanh: tin khẩn từ nguồn chưa kiểm tra"),
        _(
            "Nhiều máy lạ đang gửi từ một mạng; tin này xếp cuối hàng đợi. "
            "Loại việc: %(category)s. Nơi: %(unit)s. Nhận lúc %(time)s. "
            "Trong 15 phút tới các tin như vậy không báo riêng, xin mở hàng đợi để xem."
        ),
    )


def _unopened(report_id: int, reader: Reader) -> Rendered | None:
    return _staff(
        report_id,
        reader,
        _("Mắt Xanh: tin khẩn chưa ai mở"),
        _(
            "Tin khẩn chưa xác minh, cấp xã chưa mở. Loại việc: %(category)s. Nơi: %(unit)s. "
            "Nhận lúc %(time)s."
        ),
    )


def _reprisal(report_id: int, reader: Reader) -> Rendered | None:
    return Rendered(
        _NEUTRAL,
        _("Có người gửi phản ánh báo bị gây khó dễ. Xin mở Mắt Xanh để xem."),
        "/can-bo/bao-ve",
    )


def _asked(report_id: int, reader: Reader) -> Rendered | None:
    return Rendered(
        _NEUTRAL,
        _("Người gửi phản ánh đề nghị xem xét lại. Xin mở Mắt Xanh để xem."),
        "/can-bo/de-nghi",
    )


def _news(report_id: int, reader: Reader) -> Rendered | None:
    return Rendered(
        _NEUTRAL,
        _("Người gửi bổ sung hoặc đánh giá một phản ánh. Xin mở Mắt Xanh để xem."),
        "/can-bo/de-nghi",
    )


def _sender(report_id: int, reader: Reader) -> Rendered | None:
    return Rendered(
        _NEUTRAL,
        _("Việc ông/bà gửi có cập nhật. Mở trang tra cứu và nhập mã ông/bà giữ để xem."),
        "/tra-cuu",
    )


def _new_code(report_id: int, reader: Reader) -> Rendered | None:
    """The one letter that carries a code: who lost theirs asked for it at this very address."""
    row = session().get(ReissuedCode, report_id, populate_existing=True)
    report = session().get(Report, report_id)
    if row is None or report is None:
        return None
    body = _(
        "Mã tra cứu mới cho phản ánh ngày %(day)s: %(code)s. Dùng trong 7 ngày, dùng rồi thì mã cũ "
        "hết tác dụng. Ông/bà không xin mã thì bỏ qua tin này.",
        day=f"{clock.local(report.received_at):%d/%m/%Y}",
        code=grouped(tracking_code(row.uid, row.version)),
    )
    return Rendered(_NEUTRAL, body, "/tra-cuu")


def _sender_addresses(report_id: int) -> list[Address | Phone]:
    contact = contact_of(report_id)
    language = session().scalar(select(Report.locale).where(Report.id == report_id)) or "vi"
    found: list[Address | Phone] = []
    if contact is not None and contact.email:
        found.append(Address(contact.email, language))
    if contact is not None and contact.phone:
        found.append(Phone(contact.phone, language))
    return found


def _staff(report_id: int, reader: Reader, subject: Text, body: Text) -> Rendered | None:
    report = session().get(Report, report_id)
    if report is None or report.state == "withdrawn":
        return None
    values = {
        "category": category(report.category).label.in_language(reader.language),
        "unit": name_in(reader.language, report.handling_unit),
        "time": f"{clock.local(report.received_at):%H:%M %d/%m/%Y}",
    }
    return Rendered(subject, Text(body.source, values), "/can-bo/hang-doi")


register_message(Message(NEW, "report", _new, listed_only=True))
register_message(Message(OVERDUE, "report", _overdue, listed_only=True))
register_message(Message(URGENT, "report", _urgent, urgent=True))
register_message(Message(URGENT_UNCHECKED, "report", _urgent_unchecked, urgent=True))
register_message(Message(UNOPENED, "report", _unopened, urgent=True))
register_message(Message(REPRISAL, "report", _reprisal))
register_message(Message(ASKED, "report", _asked))
register_message(Message(NEWS, "report", _news))
register_message(
    Message(
        NEW_CODE,
        "report",
        _new_code,
        addresses=_sender_addresses,
        urgent=True,
        asked_for=True,
    )
)
register_message(Message(SENDER, "report", _sender, addresses=_sender_addresses))
