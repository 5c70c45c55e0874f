"""How often one address of the network may ask for mails or let browsers be told."""

from flask import Response

from webapp.extensions import limiter
from webapp.reporting.views.limits import Decorator, address


def _taken(response: Response) -> bool:
    return response.status_code in {201, 202}


# Each mail goes to an address that a stranger may have typed; a village shares one of the network.
asked_alerts: Decorator = limiter.shared_limit(
    "30 per hour", scope="alerts.address", key_func=address, deduct_when=_taken
)
