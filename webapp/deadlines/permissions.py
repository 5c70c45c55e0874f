"""Permissions on the clock rules."""

from webapp.core.permissions import declare

MANAGE_RULES = declare("deadlines.manage", "Đặt quy tắc thời hạn có hiệu lực từ một ngày")
