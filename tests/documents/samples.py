"""Letters of one invented case, for the tests of this folder."""

import hashlib
from datetime import UTC, date, datetime

from webapp.documents.certificate import certificate_of_originals
from webapp.documents.evidence import SealedOriginal
from webapp.documents.facts import AnswerTerm, CaseFacts, Despatch, Issuer
from webapp.documents.front_letters import SentLetter, recommendation_letter, urging_letter
from webapp.documents.hearing import HearingFigures, OutstandingLetter, hearing_report
from webapp.documents.letters import (
    Letter,
    OrganisationHeader,
    Partner,
    Recipient,
    Registration,
    Signature,
)
from webapp.documents.notices import Closing, Handling, Meeting, invitation, result_notice
from webapp.documents.numbering import DocumentNumber
from webapp.documents.slips import ReceivedReport, receipt, transfer_slip

ISSUER = Issuer(
    header=OrganisationHeader(
        ("Mặt trận Tổ quốc Việt Nam", "tỉnh Điện Biên"),
        ("Ủy ban MTTQ Việt Nam", "xã Nà Tấu"),
        "Nà Tấu",
    ),
    name="Ban Thường trực Ủy ban MTTQ Việt Nam xã Nà Tấu",
    body="MTTQ-BTT",
    filing="VT, BTT",
    programme="Chương trình phối hợp giai đoạn 2026 - 2030 của tỉnh",
)
CASE = CaseFacts(
    code="MX-11-26-000123",
    category="Nước thải chế biến dong riềng",
    unit="xã Nà Tấu",
    place="suối Nậm Rốm, đoạn qua bản Nà Luống",
    summary="Nước suối trắng đục, nổi bọt.\n\nKhoảng 40 hộ dùng nước suối để tưới rau.",
    report_count=12,
    first_reported="ngày 03/09/2026",
)
CHAIR = Signature(("TM. BAN THƯỜNG TRỰC",), "Chủ tịch", "Lò Thị Thử Nghiệm")
VICE_CHAIR = Signature(("TM. BAN THƯỜNG TRỰC", "KT. CHỦ TỊCH"), "Phó Chủ tịch")
DESPATCH = Despatch(
    addressee="Ủy ban nhân dân xã Nà Tấu",
    signature=CHAIR,
    handling_unit="Phòng Kinh tế xã",
    urgency="KHẨN",
    recipients=(
        Recipient("Đảng ủy xã (để báo cáo)", "paper"),
        Recipient("Phòng Kinh tế xã (để phối hợp)"),
    ),
)
TERM = AnswerTerm(due_on=date(2026, 9, 25), agreed_by="quy chế phối hợp của tỉnh")
DRAFT = Registration(drafted_on=date(2026, 9, 4))
ISSUED = Registration(
    drafted_on=date(2026, 9, 4), number=DocumentNumber(5), issued_on=date(2026, 9, 5)
)
DATED_SLIP = Registration(drafted_on=date(2026, 9, 5), issued_on=date(2026, 9, 5))
ORIGINALS = (
    SealedOriginal(
        hashlib.sha256("ảnh thứ nhất".encode()).hexdigest(),
        date(2026, 9, 3),
        datetime(2026, 9, 2, 18, 30, tzinfo=UTC),
        "bờ suối Nậm Rốm, bản Nà Luống",
    ),
    SealedOriginal(hashlib.sha256("ảnh thứ hai".encode()).hexdigest(), date(2026, 9, 3)),
)


def recommendation(registration: Registration = ISSUED, despatch: Despatch = DESPATCH) -> Letter:
    """A recommendation with an annex of two originals."""
    return recommendation_letter(
        ISSUER,
        CASE,
        despatch,
        registration,
        term=TERM,
        requests=("Nhắc nhở các cơ sở thu gom bã thải.",),
        verified_on=date(2026, 9, 4),
        originals=ORIGINALS,
    )


def urging(issued_on: date = date(2026, 10, 1)) -> Letter:
    """An urging letter, by default after the term has passed."""
    number = Registration(drafted_on=issued_on, number=DocumentNumber(9, "a"), issued_on=issued_on)
    return urging_letter(
        ISSUER,
        CASE,
        DESPATCH,
        number,
        sent=SentLetter(
            code="05/KN-MTTQ-BTT", issued_on=date(2026, 9, 5), delivered_on=date(2026, 9, 7)
        ),
        term=TERM,
        new_due_on=date(2026, 10, 12),
        situation="Đến ngày 30/09/2026 nước suối vẫn đục.",
    )


def transfer() -> Letter:
    """A transfer slip signed by the vice chair, not yet by name."""
    return transfer_slip(
        ISSUER,
        CASE,
        Despatch(addressee="Ủy ban nhân dân xã Mường Phăng", signature=VICE_CHAIR),
        ISSUED,
        reason="Nội dung trên thuộc địa bàn của quý cơ quan.",
        term=TERM,
    )


def report_receipt() -> Letter:
    """A receipt given at the desk; the report came at 09:05 in Vietnam."""
    return receipt(
        ISSUER,
        ReceivedReport(
            code="PA-11-26-000456",
            category="Nước thải chế biến dong riềng",
            place="bản Nà Luống, xã Nà Tấu",
            channel="Trực tiếp tại trụ sở",
            received_at=datetime(2026, 9, 5, 2, 5, tzinfo=UTC),
            files=3,
            tracking_code="7K2M-9QXT-4HVB-1CZD",
            follow_address="matxanh.example/tra-cuu",
        ),
        DATED_SLIP,
        received_by="Quàng Văn Thử Nghiệm",
    )


def certificate() -> Letter:
    """The certificate of both originals."""
    return certificate_of_originals(ISSUER, CASE.code, ORIGINALS, DATED_SLIP, signature=CHAIR)


def notice() -> Letter:
    """A notice of result to everybody who reported."""
    return result_notice(
        ISSUER,
        CASE,
        Handling(
            letter_code="05/KN-MTTQ-BTT",
            sent_on=date(2026, 9, 5),
            office="Ủy ban nhân dân xã Nà Tấu",
            answered_on=date(2026, 9, 24),
            answer_document="112/UBND-KT",
        ),
        Closing(recipients=(Recipient("Trưởng bản Nà Luống", "paper"),), signature=CHAIR),
        Registration(
            drafted_on=date(2026, 9, 28), number=DocumentNumber(3), issued_on=date(2026, 9, 28)
        ),
        result="Cơ sở đã xây bể lắng, nước thải được lọc trước khi ra suối.",
    )


def joint_invitation() -> Letter:
    """An invitation that the People's Committee signs beside the Front."""
    header = OrganisationHeader((), ("Ủy ban nhân dân", "xã Nà Tấu"), "Nà Tấu")
    signature = Signature(("TM. ỦY BAN NHÂN DÂN",), "Chủ tịch", "Vàng A Thử Nghiệm")
    return invitation(
        ISSUER,
        Meeting(
            purpose="Hội nghị nghe kết quả giám sát 6 tháng đầu năm 2026",
            at=datetime(2026, 7, 8, 1, 0, tzinfo=UTC),
            place="Hội trường Ủy ban nhân dân xã Nà Tấu",
            points="Kết quả giám sát, kiến nghị của Mặt trận.\nTrả lời của các cơ quan.",
            host="Chủ tịch Ủy ban MTTQ Việt Nam xã",
        ),
        Closing(
            recipients=(Recipient("Như trên"), Recipient("Đảng ủy xã (để báo cáo)", "paper")),
            signature=CHAIR,
            partner=Partner(header, signature),
            partner_body="UBND",
            partner_name="Ủy ban nhân dân xã Nà Tấu",
        ),
        Registration(
            drafted_on=date(2026, 7, 1), number=DocumentNumber(4), issued_on=date(2026, 7, 1)
        ),
        invited=("Phòng Kinh tế xã", "Ban công tác Mặt trận các bản"),
    )


def hearing() -> Letter:
    """The report of a half year with one letter that still waits."""
    return hearing_report(
        ISSUER,
        "6 tháng đầu năm 2026",
        HearingFigures(
            reports=41,
            cases=19,
            closed=12,
            ended_otherwise=2,
            letters=9,
            answered=7,
            on_time=6,
            late=1,
            waiting_late=1,
            agreed=5,
            clarified=1,
            urged=2,
            raised=1,
        ),
        (("Rác thải", 11), ("Nước bẩn", 8)),
        (
            OutstandingLetter(
                code="05/KN-MTTQ-BTT",
                issued_on=date(2026, 5, 5),
                addressee="Ủy ban nhân dân xã Nà Tấu",
                subject="kiến nghị xem xét, giải quyết phản ánh về nước thải",
                status="26/05/2026, quá hạn",
            ),
        ),
        Registration(
            drafted_on=date(2026, 7, 2), number=DocumentNumber(6), issued_on=date(2026, 7, 2)
        ),
        signature=CHAIR,
    )


ALL_KINDS = {
    "recommendation": recommendation,
    "urging": urging,
    "transfer": transfer,
    "receipt": report_receipt,
    "certificate": certificate,
    "notice": notice,
    "invitation": joint_invitation,
    "hearing": hearing,
}
