"""What may be permitted here."""

from webapp.core.permissions import declare

MANAGE = declare("open_data.manage", "give and revoke keys of other programs, and their webhooks")
EXCHANGE = declare("open_data.exchange", "hand cases over to and take them from another system")
