"""How clocks of cases and letters are put into words on staff pages."""

from flask import Flask

from webapp.deadlines.queries import ClockResult
from webapp.web.locale import gettext


def deadline_detail(result: ClockResult) -> str | None:
    """How long is left or how late it is, in working days; None where the chip says it all."""
    days = result.working_days
    words: str | None = None
    if result.code == "overdue" and days:
        words = gettext("%(days)s ngày làm việc", days=days)
    elif result.code in {"on_time", "due_soon"}:
        left = gettext("còn %(days)s ngày làm việc", days=days)
        words = left if days else gettext("hết hôm nay")
    return words


def init_casework(app: Flask) -> None:
    """Offer the words to templates."""
    app.jinja_env.globals["deadline_detail"] = deadline_detail
