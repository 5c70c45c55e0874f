"""The tables of a recommendation and of every other letter (workflow.md)."""

from webapp.cases import permissions as cases_may
from webapp.casework import permissions as may
from webapp.core.text import _
from webapp.core.workflow import Transition, Workflow, states
from webapp.directory.permissions import MANAGE as MANAGE_DIRECTORY

RECOMMENDATION_STATES = {
    "drafted": _("Đang soạn"),
    "submitted_for_signature": _("Đã trình ký"),
    "signed": _("Đã ký, chờ cấp số"),
    "issued": _("Đã ban hành"),
    "delivered": _("Đã gửi đến nơi"),
    "answered": _("Cơ quan đã trả lời"),
    "agreed": _("Mặt trận đồng tình"),
    "clarification_asked": _("Mặt trận đề nghị làm rõ thêm"),
    "reconsidered": _("Đã đối thoại, chờ ý kiến cuối"),
    "kept": _("Giữ kiến nghị"),
    "changed": _("Đã đổi kiến nghị"),
    "withdrawn": _("Đã rút kiến nghị"),
    "void": _("Đã hủy"),
}
JUDGED = states("agreed", "kept", "changed", "withdrawn")
SENT = states("issued", "delivered", "answered", "clarification_asked", "reconsidered") | JUDGED
LAST_WORD = states("reconsidered")

_MOVE = _("Đổi đơn vị theo đợt sắp xếp")
# What every letter goes through: shared, so that one word means one step.
_SIGNING = (
    # It has no number yet, so that none is lost and nothing is in the register.
    Transition("discard", states("drafted"), "void", (may.DRAFT,), _("Bỏ dự thảo"), ("reason",)),
    Transition(
        "submit_for_signature",
        states("drafted"),
        "submitted_for_signature",
        (may.DRAFT,),
        _("Trình ký"),
    ),
    Transition(
        "return_draft",
        states("submitted_for_signature"),
        "drafted",
        (may.SIGN,),
        _("Trả lại bản thảo"),
        ("reason",),
    ),
    Transition("sign", states("submitted_for_signature"), "signed", (may.SIGN,), _("Ký")),
    # Who issues a letter signs and numbers it (NĐ 30/2020, Đ.15): a signature of a body that ended
    # stands under no number of the one that follows it.
    Transition("move_unit", states("signed"), "drafted", (MANAGE_DIRECTORY,), _MOVE),
    Transition(
        "move_unit",
        states("drafted", "submitted_for_signature"),
        None,
        (MANAGE_DIRECTORY,),
        _MOVE,
    ),
)
_VOID = Transition("void", states("issued"), "void", (may.SIGN,), _("Hủy"), ("reason",))

RECOMMENDATION = Workflow(
    "recommendation",
    RECOMMENDATION_STATES,
    (
        Transition("draft", states(), "drafted", (may.DRAFT,), _("Soạn kiến nghị"), ("content",)),
        *_SIGNING,
        Transition(
            "issue",
            states("signed"),
            "issued",
            (may.ISSUE,),
            _("Ban hành"),
            ("number", "issued_on"),
        ),
        _VOID,
        Transition(
            "deliver",
            states("issued"),
            "delivered",
            (may.ISSUE,),
            _("Ghi đã gửi đến"),
            ("channel", "proof"),
        ),
        Transition(
            "deliver_copy",
            SENT - states("issued"),
            None,
            (may.ISSUE,),
            _("Ghi bản khác đã gửi đến"),
            ("channel", "proof"),
        ),
        Transition(
            "answer",
            states("issued", "delivered", "clarification_asked"),
            "answered",
            (cases_may.HANDLE, cases_may.APPROVE_CONCLUSION, cases_may.RECORD_FOR_OFFICE),
            _("Trả lời"),
            ("answer",),
        ),
        Transition("agree", states("answered"), "agreed", (may.JUDGE,), _("Đồng tình với trả lời")),
        Transition(
            "ask_clarification",
            states("answered"),
            "clarification_asked",
            (may.JUDGE, cases_may.DENY),
            _("Đề nghị làm rõ thêm"),
            ("reason",),
        ),
        Transition(
            "hold_dialogue",
            states("clarification_asked"),
            "reconsidered",
            (may.JUDGE,),
            _("Ghi biên bản đối thoại"),
            ("minutes",),
        ),
        Transition("keep", LAST_WORD, "kept", (may.SIGN,), _("Giữ kiến nghị"), ("reason",)),
        Transition("change", LAST_WORD, "changed", (may.SIGN,), _("Đổi kiến nghị"), ("reason",)),
        Transition(
            "withdraw_recommendation",
            LAST_WORD,
            "withdrawn",
            (may.SIGN,),
            _("Rút kiến nghị"),
            ("reason",),
        ),
    ),
)

LETTER_KINDS = {
    "urging": _("Công văn đôn đốc"),
    "transfer": _("Phiếu chuyển"),
    "notice": _("Thông báo kết quả"),
    "invitation": _("Giấy mời"),
    "hearing_report": _("Báo cáo hội nghị 6 tháng"),
}
# What a committee writes of its own, about no single case.
COMMITTEE_KINDS = ("hearing_report", "invitation")
LETTER_STATES = {
    "drafted": _("Đang soạn"),
    "submitted_for_signature": _("Đã trình ký"),
    "signed": _("Đã ký, chờ cấp số"),
    "issued": _("Đã ban hành"),
    "void": _("Đã hủy"),
}
LETTER = Workflow(
    "case_letter",
    LETTER_STATES,
    (
        Transition("draft", states(), "drafted", (may.DRAFT,), _("Soạn văn bản")),
        *_SIGNING,
        Transition(
            "issue", states("signed"), "issued", (may.ISSUE,), _("Ban hành"), ("issued_on",)
        ),
        Transition(
            "deliver",
            states("issued"),
            None,
            (may.ISSUE,),
            _("Ghi đã gửi đến"),
            ("channel", "proof"),
        ),
        _VOID,
    ),
)

INSPECTION_FORMS = {
    "fact_finding": _("Xác minh"),
    "examination": _("Kiểm tra"),
    "unannounced_examination": _("Kiểm tra đột xuất"),
    "state_inspection": _("Thanh tra"),
}
