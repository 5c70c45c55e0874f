"""Permissions on how an organisation keeps its letters."""

from webapp.core.permissions import declare

MANAGE_LETTERS = declare("documents.manage", "Chọn cách cấp số và mẫu văn bản của cơ quan mình")
