"""Keys of other programs: made and shown once, kept as digests, revoked for good."""

from sqlalchemy import select

from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.codes import digest, random_code
from webapp.core.errors import Forbidden, Invalid, NotFound
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.open_data.models import ApiKey
from webapp.open_data.permissions import MANAGE
from webapp.open_data.workflow import SCOPES

KEY_CHARACTERS = 32  # 160 bits
NAME_LIMIT = 120
_SHOWN = 6
_DIGEST = "api_key"
_NO_NAME = _("Xin ghi tên đơn vị dùng khóa, nhiều nhất 120 chữ.")
_NO_SCOPE = _("Xin chọn ít nhất một việc mà khóa được làm.")


def make_key(actor: Actor, *, name: str, scopes: list[str]) -> tuple[ApiKey, str]:
    """A new key with the text that is shown once. Raises Forbidden, Invalid by field."""
    actor.demand(MANAGE)
    name = name.strip()
    if not 0 < len(name) <= NAME_LIMIT:
        raise Invalid(_NO_NAME, fields={"name": _NO_NAME})
    if not scopes or set(scopes) - set(SCOPES):
        raise Invalid(_NO_SCOPE, fields={"scopes": _NO_SCOPE})
    text = random_code(KEY_CHARACTERS)
    key = ApiKey(
        name=name,
        start=text[:_SHOWN],
        key_digest=digest(_DIGEST, text),
        scopes=sorted(set(scopes)),
        made_by_id=actor.person_id,
        made_at=clock.now(),
    )
    session().add(key)
    session().flush()
    record(actor, "open_data.make_key", Subject("api_key", key.id), by=MANAGE)
    return key, text


def revoke_key(actor: Actor, key_id: int) -> ApiKey:
    """End a key; a second time is no change. Raises Forbidden, NotFound."""
    actor.demand(MANAGE)
    key = session().get(ApiKey, key_id, with_for_update=True, populate_existing=True)
    if key is None:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        record(actor, "open_data.revoke_key", Subject("api_key", key.id), by=MANAGE)
    return key


def key_for(text: str | None, scope: str) -> ApiKey:
    """The key in force that opens this. Raises Forbidden, the same for every reason."""
    query = select(ApiKey).where(ApiKey.key_digest == digest(_DIGEST, text or ""))
    key = session().scalar(query)
    if key is None or key.revoked_at is not None or scope not in key.scopes:
        raise Forbidden(_("Thiếu api_key, hoặc khóa không dùng được cho việc này."))
    return key


def keys(actor: Actor) -> list[ApiKey]:
    """Every key, the newest first. Raises Forbidden."""
    actor.demand(MANAGE)
    return list(session().scalars(select(ApiKey).order_by(ApiKey.id.desc())))
