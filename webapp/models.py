"""Every table of the application, in one place for migrations and tests."""

import webapp.accounts.models
import webapp.alerts.models
import webapp.audit.models
import webapp.cases.models
import webapp.casework.models
import webapp.community.models
import webapp.deadlines.models
import webapp.digest.models
import webapp.directory.models
import webapp.documents.models
import webapp.exchange.models
import webapp.inspections.models
import webapp.jobs.models
import webapp.media.models
import webapp.notifications.models
import webapp.open_data.models
import webapp.outcomes.models
import webapp.reassignment.models
import webapp.reporting.models
import webapp.spoken_help.models
import webapp.triage.models  # noqa: F401  # imported to fill the metadata
from webapp.core.base import Base

metadata = Base.metadata

BY_MIGRATION_ONLY = frozenset({"ix_case_file_words"})
"""Indexes that only one of the databases has, over an expression: migrations make them."""
