"""Permissions on cases. The workflow table says which step asks for which."""

from webapp.core.permissions import declare

READ = declare("cases.read", "Xem hồ sơ vụ việc của Mặt trận trong địa bàn")
READ_AS_OFFICE = declare("cases.read_as_office", "Xem hồ sơ vụ việc gửi đến cơ quan mình")
READ_TO_PUBLISH = declare("cases.read_to_publish", "Xem hồ sơ vụ việc để soạn trang công khai")
OPEN = declare("cases.open", "Mở vụ việc, phân công, chuyển, gộp")
REQUEST_VERIFICATION = declare("cases.request_verification", "Yêu cầu xác minh tại chỗ")
RECORD_VERIFICATION = declare("cases.record_verification", "Ghi kết quả xác minh tại chỗ")
ASSESS = declare("cases.assess", "Xem xét vụ việc và viết tóm tắt công khai")
ACT_LOCALLY = declare("cases.act_locally", "Giao giải quyết tại cơ sở")
REPORT_LOCAL_RESULT = declare("cases.report_local_result", "Báo kết quả giải quyết tại cơ sở")
TAKE_RAISED = declare("cases.raise_take", "Cấp tỉnh nhận hoặc trả lại vụ việc")
HANDLE = declare("cases.handle", "Cơ quan môi trường thụ lý, kiểm tra, yêu cầu khắc phục")
APPROVE_CONCLUSION = declare("cases.approve_conclusion", "Duyệt kết luận của cơ quan")
RECORD_FOR_OFFICE = declare("cases.record_for_office", "Mặt trận ghi bước của cơ quan theo văn bản")
URGE = declare("cases.urge", "Gửi công văn đôn đốc")
EXTEND = declare("deadlines.extend", "Ký gia hạn")
VOTE = declare("cases.vote", "Xác nhận đã hoặc chưa khắc phục")
DENY = declare("cases.deny", "Trả lại kết quả bà con chưa đồng tình")
CLOSE = declare("cases.close", "Kết thúc vụ việc")
REOPEN = declare("cases.reopen", "Mở lại vụ việc")
HAND_OVER = declare("cases.hand_over", "Chuyển cơ quan có thẩm quyền")
