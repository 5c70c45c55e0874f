"""Permissions on the calendar and the clock rules."""

from webapp.core.permissions import declare

MANAGE_CALENDAR = declare("deadlines.manage_calendar", "Sửa lịch làm việc và thời hạn")
