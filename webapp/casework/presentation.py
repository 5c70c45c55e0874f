"""How clocks of cases and letters are put into words on staff pages."""

from flask import Flask
from flask_babel import gettext

from webapp.deadlines.queries import ClockResult


def deadline_detail(result: ClockResult) -> str | None:
    """How long is left or how late it is, in working days; None where the chip says it all."""
    days = result.working_days
    if result.code == "overdue":
        return gettext("%(days)s ngày làm việc", days=days) if days else None
    if result.code in {"on_time", "due_soon"}:
        return gettext("còn %(days)s ngày làm việc", days=days) if days else gettext("hết hôm nay")
    return None


def init_casework(app: Flask) -> None:
    """Offer the words to templates."""
    app.jinja_env.globals["deadline_detail"] = deadline_detail
