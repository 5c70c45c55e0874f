"""Who is affected too: near public cases, following one, being told, leaving again."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import a_case
from tests.factories.directory import a_unit
from tests.factories.reporting import new_key
from webapp.cases.models import Case, CaseVote
from webapp.community.models import CaseFollower
from webapp.community.queries import Affected, affected
from webapp.core.unit_of_work import session, write_unit

CODE = re.compile(r'id="follow-code">([0-9A-Z ]{19})<')
LON, LAT = 103.151, 21.471  # swapped it would lie in the Arctic Ocean
