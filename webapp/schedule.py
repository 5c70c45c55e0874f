"""The schedule: every periodic task of the application in one table."""

from webapp.alerts.sending import forget_alerts, tell_news
from webapp.cases.tasks import fold_counts
from webapp.deadlines.operations import tell_deadlines
from webapp.digest.operations import start_morning
from webapp.exchange.operations import forget_files
from webapp.jobs.queue import Periodic
from webapp.media.operations import remove_leftovers
from webapp.media.sweep import sweep_at_night
from webapp.notifications.subscriptions import forget_deliveries
from webapp.open_data.dump import write_when_due
from webapp.reporting.reach import forget_channels

SCHEDULE: tuple[Periodic, ...] = (
    Periodic("tell_deadlines", 5, tell_deadlines),
    Periodic("fold_counts", 1, fold_counts),
    Periodic("write_open_data", 30, write_when_due),
    Periodic("remove_photo_leftovers", 10, remove_leftovers),
    Periodic("sweep_files", 50, sweep_at_night),
    Periodic("start_morning", 5, start_morning),
    Periodic("tell_news", 1, tell_news),
    Periodic("forget_alerts", 20, forget_alerts),
    Periodic("forget_channels", 30, forget_channels),
    Periodic("forget_deliveries", 45, forget_deliveries),
    Periodic("forget_exchange_files", 40, forget_files),
)
