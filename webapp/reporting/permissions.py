"""Permissions on reports, which only residents and the Front ever see."""

from webapp.core.permissions import declare

SUBMIT_ON_BEHALF = declare("reporting.submit_on_behalf", "Gửi giúp người dân")
READ = declare("reporting.read", "Đọc lời và ảnh bà con gửi")
DECIDE = declare("reporting.decide", "Phân loại phản ánh")
OPEN_IDENTITY = declare("reporting.open_identity", "Mở danh tính, có lý do, có ghi nhật ký")
READ_REPRISAL = declare(
    "reporting.read_reprisal", "Đọc tin bị gây khó dễ vì phản ánh, có ghi nhật ký"
)
OPEN_ORIGINAL = declare("media.open_original", "Mở tệp gốc đã niêm phong, có lý do")
DUTY = declare("notifications.duty", "Nhận tin khẩn mọi giờ")
