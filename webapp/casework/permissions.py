"""Permissions on recommendations."""

from webapp.core.permissions import declare

DRAFT = declare("casework.draft", "Soạn kiến nghị, trình ký")
SIGN = declare("casework.sign", "Ký, trả lại, hủy kiến nghị; giữ, đổi, rút ý kiến")
ISSUE = declare("casework.issue", "Cấp số, ban hành, gửi kiến nghị")
JUDGE = declare("casework.judge", "Cho ý kiến về trả lời của cơ quan")
