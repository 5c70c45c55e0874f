"""Who keeps the directory, signed in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from webapp.core.unit_of_work import write_unit


@pytest.fixture
def admin(app: Flask, client: FlaskClient) -> FlaskClient:
    unit = a_unit(DIEN_BIEN)
    with write_unit():
        body = an_organisation("platform", unit=unit)
        account, _actor = make_person("admin", unit=unit, organisation=body)
    sign_in(client, account.email)
    return client
