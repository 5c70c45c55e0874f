"""What may be permitted here."""

from webapp.core.permissions import declare

MANAGE = declare("open_data.manage", "give and revoke keys of other programs, and their webhooks")
