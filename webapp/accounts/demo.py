"""The demo sign-ins of the contract: one commune, its province, names that say only the role."""

from typing import NamedTuple

from flask import current_app
from flask_security import hash_password

from webapp.accounts.models import Account
from webapp.accounts.operations import Post, create_account
from webapp.accounts.policy import DEMO_DOMAIN
from webapp.accounts.queries import account_by_email
from webapp.config import Settings
from webapp.core.actor import SYSTEM
from webapp.core.clock import today_local
from webapp.core.errors import Forbidden
from webapp.core.text import _
from webapp.directory import queries as directory
from webapp.directory.served_units import CUT_OVER, NEW_SYSTEM

PASSWORD = "demo-mat-xanh"  # noqa: S105  # public on purpose, refused wherever it could do harm
COMMUNE, PROVINCE = "03325", "11"


class DemoSignIn(NamedTuple):
    """One row: local part of the address, name, role ("" for a resident), unit, organisation."""

    local: str
    name: str
    role: str
    unit: str
    organisation: str


SIGN_INS = (
    DemoSignIn("mattran.xa", "Cán bộ Mặt trận xã (thử)", "front_commune", COMMUNE, "front"),
    DemoSignIn("chutich.mattran", "Chủ tịch Mặt trận xã (thử)", "front_signer", COMMUNE, "front"),
    DemoSignIn("mattran.tinh", "Cán bộ Mặt trận tỉnh (thử)", "front_province", PROVINCE, "front"),
    DemoSignIn(
        "chutich.mattran.tinh", "Chủ tịch Mặt trận tỉnh (thử)", "front_signer", PROVINCE, "front"
    ),
    DemoSignIn(
        "lanhdao.xa", "Chủ tịch UBND xã (thử)", "commune_chair", COMMUNE, "peoples_committee"
    ),
    DemoSignIn("moitruong.xa", "Cán bộ môi trường xã (thử)", "env_commune", COMMUNE, "env_office"),
    DemoSignIn(
        "moitruong.tinh", "Cán bộ môi trường tỉnh (thử)", "env_province", PROVINCE, "env_office"
    ),
    DemoSignIn("lanhdao.so", "Lãnh đạo Sở (thử)", "env_signer", PROVINCE, "env_office"),
    DemoSignIn("totuquan", "Thành viên tổ tự quản (thử)", "group_member", COMMUNE, "group"),
    DemoSignIn("bancongtac", "Ban công tác Mặt trận (thử)", "front_area", COMMUNE, "front_area"),
    DemoSignIn("thugom", "Đơn vị thu gom (thử)", "waste_operator", COMMUNE, "waste_operator"),
    DemoSignIn("congkhai", "Cán bộ công khai xã (thử)", "publisher", COMMUNE, "front"),
    DemoSignIn("congkhai2", "Cán bộ công khai tỉnh (thử)", "publisher", PROVINCE, "front"),
    DemoSignIn("truc.tinh", "Người trực của tỉnh (thử)", "duty", PROVINCE, "front"),
    DemoSignIn("nguoidan", "Người dân (thử)", "", "", ""),
    DemoSignIn("kiemsoat", "Người kiểm soát (thử)", "auditor", PROVINCE, "platform"),
    DemoSignIn("quantri", "Quản trị (thử)", "admin", PROVINCE, "platform"),
)


def create_demo_accounts() -> list[Account]:
    """Make the sign-ins that are not there yet, inside the caller's write unit.

    Raises Forbidden where demo sign-ins are not allowed: production, public address, other hosts.
    """
    settings: Settings = current_app.extensions["matxanh_settings"]
    if not settings.demo_allowed:
        raise Forbidden(_("Tài khoản thử chỉ dùng trên máy của mình, không dùng ở máy chủ thật."))
    password_hash = str(hash_password(PASSWORD))
    return [account_by_email(_address(row)) or _create(row, password_hash) for row in SIGN_INS]


def _address(row: DemoSignIn) -> str:
    return f"{row.local}{DEMO_DOMAIN}"


def _create(row: DemoSignIn, password_hash: str) -> Account:
    return create_account(
        SYSTEM,
        name=row.name,
        email=_address(row),
        password_hash=password_hash,
        post=_post(row) if row.role else None,
    )


def _post(row: DemoSignIn) -> Post:
    unit = directory.unit_by_key(NEW_SYSTEM, row.unit)
    if unit is None:
        raise LookupError(f"no unit {row.unit}: load the reference data first")
    organisation = directory.organisation_of(unit.id, row.organisation, today_local())
    if organisation is None:
        raise LookupError(f"no {row.organisation} in {row.unit}: load the reference data first")
    return Post(row.role, organisation, unit, valid_from=CUT_OVER)
