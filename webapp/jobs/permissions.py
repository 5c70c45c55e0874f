"""Permissions of jobs."""

from webapp.core.permissions import declare

MANAGE = declare("jobs.manage", "Xem và chạy lại việc nền")
