"""Permissions of the audit."""

from webapp.core.permissions import declare

READ = declare("audit.read", "Đọc nhật ký hệ thống")
READ_IDENTITY_LOG = declare("audit.read_identity_log", "Đọc nhật ký mở danh tính, có lý do")
