"""Permissions of the directory."""

from webapp.core.permissions import declare

MANAGE = declare("directory.manage", "Quản lý địa bàn, tổ chức, đầu mối")
MANAGE_CALENDAR = declare("directory.manage_calendar", "Sửa lịch làm việc")
