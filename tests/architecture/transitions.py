"""The transitions as the design has them, typed in by hand: what the code's tables are held to.

Step → state it starts from → state it ends in. From ``None`` a record begins; into ``None`` its
state stays.
"""

Rows = dict[str, dict[str | None, str | None]]


def _rows(*lines: str) -> Rows:
    """``name: from from → to`` as a row; ``–`` is no record yet, ``=`` is the state unchanged."""
    found: Rows = {}
    for line in lines:
        name, _, way = line.partition(":")
        sources, _, target = way.partition("→")
        to = None if target.strip() == "=" else target.strip()
        starts = {None if source == "–" else source: to for source in sources.split()}
        found.setdefault(name, {}).update(starts)
    return found


_OPEN = (
    "received verifying assessed local_action escalated accepted declined inspecting concluded "
    "remedying awaiting_confirmation"
)
_RAISABLE = (
    "assessed escalated accepted declined inspecting concluded remedying awaiting_confirmation"
)
_EXTENDABLE = "local_action escalated accepted inspecting remedying"

CASE_ROWS = _rows(
    "open_case: – → received",
    "request_verification: received → verifying",
    "record_verification: received verifying → received",
    "cancel_verification: verifying → received",
    "return_verification: verifying → received",
    "assess: received → assessed",
    "fast_lane: received → local_action",
    "act_locally: assessed → local_action",
    "report_local_result: local_action → awaiting_confirmation",
    "escalate: assessed local_action declined → escalated",
    f"escalate_raised: {_OPEN} → escalated",
    "recommendation_voided: escalated → assessed",
    f"propose_raise: {_RAISABLE} → =",
    f"raise: {_RAISABLE} → =",
    f"return_raise: {_RAISABLE} → =",
    "propose_transfer: received assessed → =",
    "transfer: received assessed → received",
    "return_transfer: received assessed → =",
    "merge_into: received verifying assessed local_action → merged",
    "unmerge: merged → received",
    f"assign: {_OPEN} → =",
    f"amend: {_OPEN} → =",
    f"propose_extend: {_EXTENDABLE} → =",
    f"extend: {_EXTENDABLE} → =",
    f"return_extend: {_EXTENDABLE} → =",
    f"recategorise: {_OPEN} → =",
    "dismiss: received verifying assessed → dismissed",
    "urge: escalated accepted inspecting remedying → =",
    "accept: escalated → accepted",
    "accept_urgent: received verifying assessed → accepted",
    "regularise: accepted inspecting concluded remedying awaiting_confirmation → =",
    f"release_to_commune: {_OPEN} → =",
    "decline: escalated → declined",
    "reassess: declined → assessed",
    "start_inspection: accepted → inspecting",
    "propose_conclude: inspecting accepted → =",
    "conclude: inspecting accepted → concluded",
    "return_conclude: inspecting accepted → =",
    "order_remedy: concluded → remedying",
    "no_remedy: concluded → awaiting_confirmation",
    "report_remedied: remedying → awaiting_confirmation",
    "vote_fixed: awaiting_confirmation → =",
    "deny_local: awaiting_confirmation → assessed",
    "deny_remedy: awaiting_confirmation → remedying",
    "deny_conclusion: awaiting_confirmation → assessed",
    "close: awaiting_confirmation → closed",
    f"hand_over: {_OPEN} → handed_over",
    f"prioritise: {_OPEN} → =",
    f"move_unit: {_OPEN} → =",
    f"step_aside: {_OPEN} → =",
    "reopen: closed → assessed",
    "reopen: dismissed → received",
)

_ANY_REPORT = "submitted attached needs_info rejected redirected withdrawn"
REPORT_ROWS = _rows(
    "submit: – → submitted",
    "request_info: submitted → needs_info",
    "add_info: needs_info → submitted",
    "resume: needs_info → submitted",
    "forward: submitted needs_info → =",
    "attach: submitted needs_info → attached",
    "detach: attached → submitted",
    "reject: submitted needs_info → rejected",
    "redirect: submitted needs_info → redirected",
    "reconsider: rejected redirected → submitted",
    "undo: attached needs_info rejected → submitted",
    "prioritise: submitted needs_info → =",
    "move_unit: submitted needs_info → =",
    "step_aside: submitted needs_info → =",
    "withdraw: submitted needs_info → withdrawn",
    f"withdraw_identity: {_ANY_REPORT} → =",
    f"report_reprisal: {_ANY_REPORT} → =",
)

RECOMMENDATION_ROWS = _rows(
    "draft: – → drafted",
    "submit_for_signature: drafted → submitted_for_signature",
    "return_draft: submitted_for_signature → drafted",
    "discard: drafted → void",
    "sign: submitted_for_signature → signed",
    "move_unit: signed → drafted",
    "move_unit: drafted submitted_for_signature → =",
    "issue: signed → issued",
    "void: issued → void",
    "deliver: issued → delivered",
    "deliver_copy: delivered answered clarification_asked reconsidered agreed kept changed "
    "withdrawn → =",
    "answer: issued delivered clarification_asked → answered",
    "agree: answered → agreed",
    "ask_clarification: answered → clarification_asked",
    "hold_dialogue: clarification_asked → reconsidered",
    "keep: reconsidered → kept",
    "change: reconsidered → changed",
    "withdraw_recommendation: reconsidered → withdrawn",
)

OUTCOME_ROWS = _rows(
    "draft: – → draft",
    "edit: draft → =",
    "approve: draft → approved",
    "return_draft: approved → draft",
    "publish: approved → published",
    "correct: published corrected → corrected",
    "retract: published corrected → retracted",
    "republish: retracted → published",
)

_RUNNING = "planned decided visited proposed concluded remedying"
INSPECTION_ROWS = _rows(
    "plan: – → planned",
    "amend: planned decided → =",
    "decide: planned → decided",
    "cancel: planned decided → cancelled",
    "write_minutes: planned decided → =",
    "add_photos: planned decided visited concluded remedying → =",
    "sign_minutes: planned decided → visited",
    "propose_result: visited → proposed",
    "return_result: proposed → visited",
    "approve_result: proposed → concluded",
    "issue_paper: concluded remedying closed → =",
    f"add_scan: {_RUNNING} closed → =",
    "record_sanction: concluded remedying → =",
    "order_measure: concluded remedying → remedying",
    "finish_measure: remedying → =",
    "close: concluded remedying → closed",
    "reinspect: concluded remedying closed → =",
    f"hand_over: {_RUNNING} → handed_over",
    "open_sealed: handed_over → =",
    f"move_unit: {_RUNNING} closed cancelled handed_over → =",
)

PHOTO_ROWS = _rows(
    "want: – → wanted",
    "store: wanted → stored",
    "render: stored → ready",
    "fail: stored → unreadable",
    "approve: ready → approved",
    "hide: ready approved → hidden",
    "erase: wanted stored ready unreadable approved hidden → erased",
)

_FRONT = frozenset({"front_commune", "front_province"})
_SIGNER = frozenset({"front_signer"})
_PROVINCE = frozenset({"front_province"})
_OFFICE = frozenset({"env_commune", "env_province"})
_LEADERS = frozenset({"commune_chair", "env_signer"})
_GROUPS = frozenset({"group_member", "group_leader", "front_area"})
_DOERS = _GROUPS | {"waste_operator"}
_PUBLISHER = frozenset({"publisher"})
_ADMIN = frozenset({"admin"})
# Where an office does not sign in, the Front records its steps from paper.
_OFFICE_OR_PAPER = _OFFICE | _FRONT


def _who(**steps: frozenset[str]) -> dict[str, frozenset[str]]:
    """Roles by step; steps that belong to one another share a keyword joined by two underlines."""
    return {name: roles for names, roles in steps.items() for name in names.split("__")}


WHO = {
    "case": _who(
        open_case__request_verification__cancel_verification=_FRONT,
        record_verification=_FRONT | _GROUPS | {"people_inspection"},
        assess__fast_lane__act_locally__escalate__regularise=_FRONT,
        report_local_result=_FRONT | _DOERS,
        escalate_raised__return_raise__release_to_commune=_PROVINCE,
        recommendation_voided=_SIGNER,
        propose_raise__propose_transfer__transfer__return_transfer=_FRONT,
        merge_into__unmerge__assign__amend__recategorise__dismiss__urge=_FRONT,
        prioritise__step_aside=_FRONT,
        propose_extend=_OFFICE_OR_PAPER | _DOERS,
        extend__return_extend=_SIGNER,
        accept__decline__start_inspection__propose_conclude=_OFFICE_OR_PAPER,
        accept_urgent=_OFFICE,
        conclude=_LEADERS | _FRONT,
        return_conclude=_LEADERS,
        order_remedy__no_remedy__report_remedied=_OFFICE_OR_PAPER,
        reassess__deny_local__deny_remedy__deny_conclusion__close__reopen=_FRONT,
        hand_over=_OFFICE_OR_PAPER,
        move_unit=_ADMIN,
    )
    | {"raise": _PROVINCE},
    "report": _who(
        request_info__forward__attach__detach__reject__redirect__reconsider__undo=_FRONT,
        prioritise__step_aside=_FRONT,
        move_unit=_ADMIN,
    ),
    "recommendation": _who(
        draft__submit_for_signature__discard__issue__agree__ask_clarification__hold_dialogue=_FRONT,
        return_draft__sign__void__keep__change__withdraw_recommendation=_SIGNER,
        # By the office only with its acceptance, which brings the step along.
        deliver__deliver_copy=_FRONT,
        answer=_OFFICE_OR_PAPER | _LEADERS,
        move_unit=_ADMIN,
    ),
    "outcome": _who(
        draft__edit=_FRONT | _OFFICE | _PUBLISHER,
        approve__return_draft__publish__correct__retract__republish=_PUBLISHER,
    ),
    "inspection": _who(
        plan__amend__cancel__write_minutes__add_photos__sign_minutes=_OFFICE,
        propose_result__issue_paper__add_scan__record_sanction__order_measure=_OFFICE,
        finish_measure__close__reinspect__hand_over=_OFFICE,
        decide__return_result__approve_result=_LEADERS,
        open_sealed=_LEADERS | {"police_env"},
        move_unit=_ADMIN,
    ),
    "photo": {},
}

# Steps without a step page, and where they are taken instead.
ELSEWHERE = {
    "case": {
        "open_case": "attaching a report",
        "escalate": "issuing a recommendation",
        "escalate_raised": "issuing a recommendation of the province",
        "regularise": "issuing a recommendation afterwards",
        "recommendation_voided": "voiding a recommendation",
        "return_verification": "the clock",
        "vote_fixed": "the follow page",
        "urge": "issuing an urging letter",
        "move_unit": "the batch of a unit merger",
    },
    "report": {
        "submit": "the form and the API",
        "add_info": "the follow page",
        "resume": "the clock",
        "move_unit": "the batch of a unit merger",
        "withdraw": "the follow page",
        "withdraw_identity": "the follow page",
        "report_reprisal": "the follow page",
    },
    "recommendation": {
        "draft": "the page of a new recommendation",
        "move_unit": "the batch of a unit merger",
    },
    "inspection": {
        "plan": "the page of a new plan",
        "open_sealed": "the page of the sealed file",
        "move_unit": "the batch of a unit merger",
        "add_scan": "the page of signed papers",
    },
}
