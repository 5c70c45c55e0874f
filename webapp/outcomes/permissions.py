"""Permissions on the public page of a case."""

from webapp.core.permissions import declare

DRAFT = declare("outcomes.draft", "Soạn trang kết quả")
REVISE = declare("outcomes.revise", "Đính chính trang kết quả")
APPROVE = declare("outcomes.approve", "Duyệt trang kết quả và ảnh")
PUBLISH = declare("outcomes.publish", "Công khai kết quả")
RETRACT = declare("outcomes.retract", "Gỡ trang kết quả ngay")
