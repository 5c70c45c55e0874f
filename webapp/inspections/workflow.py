"""The table of an inspection file (workflow.md, Inspection), and the words of its records.

A form by decision (kiểm tra, kiểm tra đột xuất, thanh tra) needs the decision before the minutes;
xác minh goes from the plan to the minutes. The conclusion is approved by another person.
"""

from typing import Final

from webapp.core.text import _
from webapp.core.workflow import Transition, Workflow, states
from webapp.directory.permissions import MANAGE as MANAGE_DIRECTORY
from webapp.inspections import permissions as may

FILE_STATES = {
    "planned": _("Đã lập kế hoạch"),
    "decided": _("Đã có quyết định"),
    "visited": _("Đã lập biên bản"),
    "proposed": _("Chờ duyệt kết luận"),
    "concluded": _("Đã kết luận"),
    "remedying": _("Đang khắc phục"),
    "closed": _("Đã xong"),
    "cancelled": _("Đã hủy"),
    "handed_over": _("Đã niêm phong, chuyển cơ quan khác"),
}
DONE: Final = states("concluded", "remedying", "closed")
ENDED: Final = states("closed", "cancelled", "handed_over")
BEFORE_VISIT: Final = states("planned", "decided")
RUNNING: Final = frozenset(FILE_STATES) - ENDED
BY_DECISION: Final = frozenset({"examination", "unannounced_examination", "state_inspection"})
MOMENTS = {
    "before": _("Trước khắc phục"),
    "site": _("Khi kiểm tra"),
    "after": _("Sau khắc phục"),
}
PAPERS = {
    "minutes": _("Biên bản"),
    "notice": _("Thông báo kết quả"),
    "slip": _("Phiếu trả lời"),
}
SCANS = {
    **PAPERS,
    "decision": _("Quyết định kiểm tra"),
    "sanction": _("Quyết định xử phạt"),
}
"""Papers whose signed scan is kept; decisions are numbered elsewhere."""
ESTABLISHMENT_KINDS = {
    "livestock": _("Chăn nuôi, giết mổ"),
    "processing": _("Chế biến nông sản, thực phẩm"),
    "industry": _("Sản xuất công nghiệp, tiểu thủ công"),
    "mining": _("Khai thác, chế biến khoáng sản"),
    "construction": _("Xây dựng, vật liệu xây dựng"),
    "waste": _("Thu gom, xử lý chất thải"),
    "health": _("Y tế"),
    "market": _("Chợ, thương mại, dịch vụ"),
    "other": _("Khác"),
}
PERMIT_KINDS = {
    "eia": _("Quyết định phê duyệt kết quả thẩm định ĐTM"),
    "licence": _("Giấy phép môi trường"),
    "registration": _("Đăng ký môi trường"),
    "water": _("Giấy phép tài nguyên nước"),
    "other": _("Giấy tờ khác"),
}

_RECORD, _APPROVE = (may.RECORD,), (may.APPROVE,)

FILE = Workflow(
    "inspection",
    FILE_STATES,
    (
        Transition(
            "plan",
            states(),
            "planned",
            _RECORD,
            _("Lập kế hoạch kiểm tra"),
            ("form", "lead", "planned_on", "purpose"),
        ),
        Transition(
            "amend",
            BEFORE_VISIT,
            None,
            _RECORD,
            _("Sửa kế hoạch"),
            ("form", "lead", "planned_on", "purpose"),
        ),
        Transition(
            "decide",
            states("planned"),
            "decided",
            _APPROVE,
            _("Ghi quyết định kiểm tra"),
            ("number", "decided_on"),
        ),
        Transition("cancel", BEFORE_VISIT, "cancelled", _RECORD, _("Hủy kế hoạch"), ("reason",)),
        Transition(
            "write_minutes",
            BEFORE_VISIT,
            None,
            _RECORD,
            _("Ghi biên bản"),
            ("started_at", "place", "observed"),
        ),
        Transition(
            "add_photos", RUNNING - states("proposed"), None, _RECORD, _("Thêm ảnh"), ("photos",)
        ),
        Transition(
            "sign_minutes",
            BEFORE_VISIT,
            "visited",
            _RECORD,
            _("Chốt biên bản"),
            ("number", "signed_on"),
        ),
        Transition(
            "propose_result",
            states("visited"),
            "proposed",
            _RECORD,
            _("Trình kết luận"),
            ("conclusion", "answer"),
        ),
        Transition(
            "return_result",
            states("proposed"),
            "visited",
            _APPROVE,
            _("Trả lại kết luận"),
            ("reason",),
        ),
        Transition(
            "approve_result", states("proposed"), "concluded", _APPROVE, _("Duyệt kết luận")
        ),
        Transition(
            "issue_paper",
            DONE,
            None,
            _RECORD,
            _("Ban hành thông báo, phiếu trả lời"),
            ("kind", "number", "issued_on"),
        ),
        Transition(
            "add_scan",
            frozenset(FILE_STATES) - states("cancelled", "handed_over"),
            None,
            _RECORD,
            _("Đưa bản ký lên"),
            ("kind",),
        ),
        Transition(
            "record_sanction",
            states("concluded", "remedying"),
            None,
            _RECORD,
            _("Ghi quyết định xử phạt"),
            ("number", "on", "body", "words"),
        ),
        Transition(
            "order_measure",
            states("concluded", "remedying"),
            "remedying",
            _RECORD,
            _("Yêu cầu khắc phục"),
            ("text", "due_on"),
        ),
        Transition(
            "finish_measure",
            states("remedying"),
            None,
            _RECORD,
            _("Ghi kết quả khắc phục"),
            ("measure", "result"),
        ),
        Transition(
            "close", states("concluded", "remedying"), "closed", _RECORD, _("Kết thúc hồ sơ")
        ),
        Transition(
            "reinspect",
            DONE,
            None,
            _RECORD,
            _("Kiểm tra lại"),
            ("form", "lead", "planned_on", "purpose"),
        ),
        Transition(
            "hand_over",
            RUNNING,
            "handed_over",
            (may.HAND_OVER,),
            _("Niêm phong, chuyển hồ sơ"),
            ("body", "reason"),
        ),
        Transition(
            "open_sealed",
            states("handed_over"),
            None,
            (may.OPEN_SEALED,),
            _("Mở hồ sơ niêm phong"),
            ("reason",),
        ),
        Transition(
            "move_unit",
            frozenset(FILE_STATES),
            None,
            (MANAGE_DIRECTORY,),
            _("Đổi đơn vị theo đợt sắp xếp"),
        ),
    ),
)
