"""Permission on the boards; which cases are counted follows from who may read them."""

from webapp.core.permissions import declare

READ_BOARDS = declare("figures.read_boards", "Xem bảng số liệu của đơn vị mình và cấp dưới")
