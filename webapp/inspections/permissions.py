"""Permissions on inspection files and on the register of establishments."""

from webapp.core.permissions import declare

READ = declare("inspections.read", "Xem hồ sơ kiểm tra của cơ quan mình")
RECORD = declare("inspections.record", "Lập kế hoạch, biên bản, dự thảo kết luận kiểm tra")
APPROVE = declare("inspections.approve", "Ra quyết định kiểm tra, duyệt kết luận")
HAND_OVER = declare("inspections.hand_over", "Niêm phong và chuyển hồ sơ kiểm tra")
OPEN_SEALED = declare("inspections.open_sealed", "Mở hồ sơ kiểm tra đã niêm phong")
READ_ESTABLISHMENTS = declare("inspections.read_establishments", "Xem sổ cơ sở")
KEEP_ESTABLISHMENTS = declare("inspections.keep_establishments", "Ghi sổ cơ sở")
