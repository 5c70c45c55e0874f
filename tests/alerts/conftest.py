"""Ways out that end on this machine."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.factories.clock import FrozenClock
from tests.factories.notifications import KeptMails
from tests.factories.push import StandIn, stand_in
from webapp.core.outward import Doors
from webapp.notifications import delivery
from webapp.notifications.channels import QuietHours
from webapp.notifications.push import PushSender

SECRET = (7).to_bytes(32)


@pytest.fixture
def mails(app: Flask, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> KeptMails:
    """Mail is set up and kept; nothing rings."""
    kept = KeptMails()
    made = replace(delivery.delivery(), mailer=kept, push=None, sms=None)
    monkeypatch.setattr(delivery, "_delivery", made)
    return kept


@pytest.fixture
def phones(mails: KeptMails, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Web Push is set up as well, and the nights are quiet."""
    with stand_in() as server:
        push = PushSender(SECRET, "mat-xanh@tinh.invalid", Doors(server.host))
        made = replace(delivery.delivery(), push=push, quiet=QuietHours(21, 6))
        monkeypatch.setattr(delivery, "_delivery", made)
        yield server
