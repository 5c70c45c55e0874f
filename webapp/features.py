"""What the application is made of: blueprints, outbox handlers, panels, in one table each."""

from collections.abc import Callable

from click import Command
from flask import Blueprint, Flask

import webapp.accounts.addresses
import webapp.accounts.commands
import webapp.accounts.views.absence
import webapp.accounts.views.account
import webapp.accounts.views.session
import webapp.accounts.views.session_api
import webapp.accounts.views.sign_in
import webapp.admin.commands
import webapp.admin.metrics
import webapp.admin.views
import webapp.alerts.sending
import webapp.alerts.subscribers
import webapp.alerts.views.api
import webapp.alerts.views.pages
import webapp.audit.commands
import webapp.audit.permissions
import webapp.cases.commands
import webapp.cases.permissions
import webapp.cases.presentation
import webapp.cases.public_words
import webapp.cases.subscribers
import webapp.cases.views.public
import webapp.cases.views.public_api
import webapp.cases.views.staff
import webapp.casework.panels
import webapp.casework.permissions
import webapp.casework.presentation
import webapp.casework.steps.front
import webapp.casework.steps.office
import webapp.casework.subscribers
import webapp.casework.today
import webapp.casework.viewers
import webapp.casework.views.answers
import webapp.casework.views.case_letters
import webapp.casework.views.due
import webapp.casework.views.letters
import webapp.casework.views.office
import webapp.casework.views.registers
import webapp.cli
import webapp.community.panels
import webapp.community.subscribers
import webapp.community.views.api
import webapp.community.views.field
import webapp.community.views.follow
import webapp.community.views.tasks
import webapp.deadlines.operations
import webapp.deadlines.permissions
import webapp.deadlines.subscribers
import webapp.deadlines.views
import webapp.digest.operations
import webapp.directory.permissions
import webapp.directory.views.places
import webapp.directory.views.units
import webapp.documents.operations
import webapp.documents.views
import webapp.exchange.commands
import webapp.exchange.panels
import webapp.exchange.views
import webapp.figures.permissions
import webapp.figures.views.offices
import webapp.figures.views.public
import webapp.figures.views.staff
import webapp.inspections.panels
import webapp.inspections.permissions
import webapp.inspections.subscribers
import webapp.inspections.viewers
import webapp.inspections.views.establishments
import webapp.inspections.views.files
import webapp.inspections.views.scans
import webapp.inspections.views.visits
import webapp.jobs.commands
import webapp.jobs.permissions
import webapp.media.commands
import webapp.media.operations
import webapp.media.papers
import webapp.media.redaction
import webapp.media.views
import webapp.notifications.commands
import webapp.notifications.operations
import webapp.notifications.views
import webapp.open_data.dump
import webapp.open_data.news
import webapp.open_data.permissions
import webapp.open_data.subscribers
import webapp.open_data.views.feeds
import webapp.open_data.views.ogc
import webapp.open_data.views.open311
import webapp.open_data.views.pages
import webapp.open_data.views.staff
import webapp.open_data.views.well_known
import webapp.outcomes.panels
import webapp.outcomes.policy
import webapp.outcomes.presentation
import webapp.outcomes.sheets
import webapp.outcomes.steps
import webapp.outcomes.subscribers
import webapp.outcomes.views.public
import webapp.outcomes.views.reach
import webapp.outcomes.views.redaction
import webapp.outcomes.views.staff
import webapp.reassignment.operations
import webapp.reassignment.views
import webapp.reporting.operations
import webapp.reporting.permissions
import webapp.reporting.subscribers
import webapp.reporting.views.api
import webapp.reporting.views.meetings
import webapp.reporting.views.notices
import webapp.reporting.views.notices_api
import webapp.reporting.views.offline
import webapp.reporting.views.protection
import webapp.reporting.views.public
import webapp.reporting.views.receipts
import webapp.reporting.views.tracking
import webapp.spoken_help.operations
import webapp.spoken_help.permissions
import webapp.spoken_help.views
import webapp.triage.checked
import webapp.triage.commands
import webapp.triage.messages
import webapp.triage.operations.bulk
import webapp.triage.operations.ranking
import webapp.triage.panels
import webapp.triage.presentation
import webapp.triage.steps.acting
import webapp.triage.steps.checking
import webapp.triage.steps.judging
import webapp.triage.steps.moving
import webapp.triage.steps.wording
import webapp.triage.subscribers
import webapp.triage.viewers
import webapp.triage.views.api
import webapp.triage.views.bulk
import webapp.triage.views.compare
import webapp.triage.views.desk
import webapp.triage.views.keeping
import webapp.triage.views.reports
import webapp.triage.views.senders
import webapp.triage.views.today
from webapp.core.text import _
from webapp.web.api import ApiBlueprint
from webapp.web.navigation import Entry
from webapp.web.panels import Panel

BLUEPRINTS: tuple[Blueprint, ...] = (
    webapp.accounts.views.sign_in.bp,
    webapp.accounts.views.account.bp,
    webapp.accounts.views.absence.bp,
    webapp.directory.views.units.bp,
    webapp.directory.views.places.bp,
    webapp.reassignment.views.bp,
    webapp.admin.views.bp,
    webapp.admin.metrics.bp,
    webapp.reporting.views.public.bp,
    webapp.reporting.views.meetings.bp,
    webapp.reporting.views.tracking.bp,
    webapp.reporting.views.notices.bp,
    webapp.reporting.views.protection.bp,
    webapp.reporting.views.offline.bp,
    webapp.reporting.views.receipts.bp,
    webapp.media.views.bp,
    webapp.notifications.views.bp,
    webapp.cases.views.public.bp,
    webapp.figures.views.public.bp,
    webapp.figures.views.offices.bp,
    webapp.figures.views.staff.bp,
    webapp.cases.views.staff.bp,
    webapp.casework.views.letters.bp,
    webapp.casework.views.case_letters.bp,
    webapp.casework.views.answers.bp,
    webapp.casework.views.answers.staff,
    webapp.casework.views.office.bp,
    webapp.casework.views.registers.bp,
    webapp.inspections.views.visits.bp,
    webapp.inspections.views.visits.frame_bp,
    webapp.inspections.views.files.bp,
    webapp.inspections.views.scans.bp,
    webapp.inspections.views.establishments.bp,
    webapp.spoken_help.views.bp,
    webapp.casework.views.due.bp,
    webapp.deadlines.views.bp,
    webapp.documents.views.bp,
    webapp.triage.views.desk.bp,
    webapp.triage.views.reports.bp,
    webapp.triage.views.senders.bp,
    webapp.community.views.field.bp,
    webapp.community.views.field.frame_bp,
    webapp.community.views.tasks.bp,
    webapp.community.views.follow.bp,
    webapp.triage.views.today.bp,
    webapp.triage.views.bulk.bp,
    webapp.triage.views.compare.bp,
    webapp.triage.views.keeping.bp,
    webapp.outcomes.views.public.bp,
    webapp.outcomes.views.staff.bp,
    webapp.outcomes.views.redaction.bp,
    webapp.outcomes.views.reach.bp,
    webapp.alerts.views.pages.bp,
    webapp.open_data.views.open311.bp,
    webapp.open_data.views.ogc.bp,
    webapp.open_data.views.feeds.bp,
    webapp.open_data.views.pages.bp,
    webapp.open_data.views.staff.bp,
    webapp.open_data.views.well_known.bp,
    webapp.exchange.views.bp,
)
API_BLUEPRINTS: tuple[ApiBlueprint, ...] = (
    webapp.cases.views.public_api.bp,
    webapp.triage.views.api.bp,
    webapp.accounts.views.session_api.bp,
    webapp.reporting.views.api.bp,
    webapp.reporting.views.notices_api.bp,
    webapp.community.views.api.bp,
    webapp.inspections.views.visits.api_bp,
    webapp.alerts.views.api.bp,
)
OUTBOX_HANDLERS: dict[str, Callable[..., None]] = {
    "media.render": webapp.media.operations.render_photo,
    "media.remove_file": webapp.media.operations.remove_file,
    "media.read_paper": webapp.media.papers.read_paper,
    "media.redact": webapp.media.redaction.make_redaction,
    "outcomes.print_sheets": webapp.outcomes.sheets.print_sheets,
    "documents.render": webapp.documents.operations.render_document,
    "deadlines.recompute": webapp.deadlines.operations.recompute_clocks,
    "reporting.reissue": webapp.reporting.operations.reissue_codes,
    "spoken_help.remove_file": webapp.spoken_help.operations.remove_sound,
    "digest.mail": webapp.digest.operations.send_digest,
    "notifications.send": webapp.notifications.operations.send_notice,
    "notifications.mail": webapp.notifications.operations.send_mail,
    "alerts.confirm": webapp.alerts.sending.send_confirmation,
    "alerts.send": webapp.alerts.sending.send_telling,
    "alerts.moved": webapp.alerts.sending.send_moved,
    "open_data.tell_webhooks": webapp.open_data.news.tell_webhooks,
    "open_data.deliver": webapp.open_data.news.deliver,
    "open_data.purge_dump": webapp.open_data.dump.purge_dump,
    "notifications.push": webapp.notifications.operations.send_push,
    "notifications.sms": webapp.notifications.operations.send_sms,
    webapp.reassignment.operations.RUN: webapp.reassignment.operations.run_reassignment,
    webapp.reassignment.operations.UNDO: webapp.reassignment.operations.undo_moves,
    "triage.rank": webapp.triage.operations.ranking.rank_near_places,
    webapp.triage.operations.bulk.KIND: webapp.triage.operations.bulk.run_bulk,
}
COMMANDS: tuple[Command, ...] = (
    webapp.cli.reference_commands,
    *webapp.cli.LATE_COMMANDS,
    webapp.accounts.commands.accounts,
    webapp.jobs.commands.worker,
    webapp.admin.commands.keys,
    webapp.audit.commands.audit,
    webapp.media.commands.stored_files,
    webapp.notifications.commands.notices,
    webapp.cases.commands.cases,
    webapp.triage.commands.triage,
    webapp.exchange.commands.exchange,
)
INIT: tuple[Callable[[Flask], None], ...] = (
    webapp.notifications.views.init_notifications,
    webapp.accounts.views.session.init_accounts,
    webapp.cases.presentation.init_presentation,
    webapp.cases.public_words.init_public_words,
    webapp.triage.presentation.init_triage,
    webapp.casework.presentation.init_casework,
    webapp.outcomes.presentation.init_outcome_words,
    webapp.reporting.views.notices.init_notice_panel,
    webapp.spoken_help.views.init_spoken_help,
)
NAVIGATION: tuple[Entry, ...] = (
    Entry(
        _("Việc hôm nay"),
        "today.today",
        (webapp.reporting.permissions.READ, webapp.cases.permissions.READ),
    ),
    Entry(
        _("Hàng đợi"),
        "desk.queue_page",
        (webapp.reporting.permissions.READ, webapp.cases.permissions.READ),
    ),
    Entry(_("Bà con đề nghị"), "senders.news", (webapp.reporting.permissions.DECIDE,)),
    Entry(
        _("Bảo vệ người phản ánh"),
        "protection.messages",
        (webapp.reporting.permissions.READ_REPRISAL,),
    ),
    Entry(
        _("Nhật ký mở danh tính"),
        "protection.log",
        (webapp.audit.permissions.READ_IDENTITY_LOG,),
    ),
    Entry(
        _("Việc được nhờ"),
        "tasks.tasks",
        (
            webapp.cases.permissions.RECORD_VERIFICATION,
            webapp.cases.permissions.REPORT_LOCAL_RESULT,
        ),
    ),
    Entry(
        _("Ghi buổi họp"),
        "meetings.new_meeting",
        (webapp.reporting.permissions.SUBMIT_ON_BEHALF,),
    ),
    Entry(_("Việc của cơ quan"), "office.cases", (webapp.cases.permissions.READ_AS_OFFICE,)),
    Entry(_("Các cuộc kiểm tra"), "inspections.index", (webapp.inspections.permissions.READ,)),
    Entry(
        _("Sổ cơ sở"),
        "establishments.index",
        (webapp.inspections.permissions.READ_ESTABLISHMENTS,),
    ),
    Entry(
        _("Kiến nghị cần làm"),
        "letters.to_do",
        (webapp.casework.permissions.SIGN, webapp.casework.permissions.DRAFT),
    ),
    Entry(
        _("Theo dõi thời hạn"),
        "due.index",
        (webapp.casework.permissions.SIGN, webapp.casework.permissions.DRAFT),
    ),
    Entry(_("Bảng số liệu"), "boards.board", (webapp.figures.permissions.READ_BOARDS,)),
    Entry(
        _("Sổ văn bản"),
        "registers.index",
        (webapp.casework.permissions.SIGN, webapp.casework.permissions.DRAFT),
    ),
    Entry(_("Trao đổi vụ việc"), "exchange.index", (webapp.cases.permissions.READ,)),
    Entry(_("Thông báo"), "notifications.notices", ()),
    Entry(_("Mẫu trả lời"), "keeping.templates", (webapp.reporting.permissions.DECIDE,)),
    Entry(_("Các trang kết quả"), "staff_outcomes.index", webapp.outcomes.policy.PAGE_PERMISSIONS),
    Entry(_("Danh bạ"), "directory.units", (webapp.directory.permissions.MANAGE,)),
    Entry(
        _("Sắp xếp đơn vị"),
        "reassignment.index",
        (webapp.directory.permissions.MANAGE,),
    ),
    Entry(
        _("Lịch làm việc"),
        "directory.calendar",
        (webapp.directory.permissions.MANAGE_CALENDAR,),
    ),
    Entry(_("Lời hướng dẫn"), "spoken_help.manage", (webapp.spoken_help.permissions.MANAGE,)),
    Entry(
        _("Quy tắc thời hạn"),
        "rules.index",
        (webapp.deadlines.permissions.MANAGE_RULES,),
    ),
    Entry(_("Kết nối"), "open_staff.index", (webapp.open_data.permissions.MANAGE,)),
    Entry(_("Việc nền"), "admin.outbox", (webapp.jobs.permissions.MANAGE,)),
    Entry(_("Phản ánh của tôi"), "tracking.mine", ()),
    Entry(_("Tài khoản"), "account.show", ()),
)
PANELS: tuple[Panel, ...] = (
    *webapp.triage.panels.PANELS,
    Panel("case.step.dismiss", 10, webapp.triage.steps.wording.dismissal_templates),
    *webapp.casework.panels.PANELS,
    *webapp.inspections.panels.PANELS,
    Panel("case.staff", 60, webapp.outcomes.panels.staff_panel),
    Panel("case.public", 60, webapp.outcomes.panels.public_panel),
    Panel("case.public", 50, webapp.community.panels.public_panel),
    Panel("receipt", 10, webapp.community.panels.receipt_panel),
    Panel("case.staff", 15, webapp.community.panels.staff_panel),
    Panel("case.staff", 70, webapp.exchange.panels.staff_panel),
    Panel("unit.public", 10, webapp.figures.views.offices.unit_panel),
    Panel("report.staff", 10, webapp.exchange.panels.report_panel),
)
