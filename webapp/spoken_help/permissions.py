"""Permissions of spoken help."""

from webapp.core.permissions import declare

MANAGE = declare("spoken_help.manage", "Gắn và gỡ lời hướng dẫn bằng tiếng nói")
