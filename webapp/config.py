"""Settings: environment variables prefixed MATXANH_, read once, checked at start.

With none set the embedded default runs: SpatiaLite, a local queue and folder under ``var/``.
docs/operations.md lists every setting; a test compares the two.
"""

import base64
import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from webapp.core.crypto import KeyRing, parse_ring

PREFIX = "MATXANH_"


class SettingsError(Exception):
    """A setting is missing or wrong; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """One field per setting; ``meaning`` in the metadata is the documentation."""

    production: bool = field(default=False, metadata={"meaning": "1 on a public server"})
    data_dir: Path = field(
        default=Path("var"), metadata={"meaning": "folder of the embedded database, files, queue"}
    )
    database_url: str = field(
        default="", metadata={"meaning": "SQLAlchemy URL; empty: SpatiaLite file in DATA_DIR"}
    )
    secret_key: str = field(default="", metadata={"meaning": "signs sessions; 32+ characters"})
    identity_keys: str = field(
        default="", metadata={"meaning": "id:base64 of 32 bytes, comma separated; seals identities"}
    )
    lookup_key: str = field(
        default="", metadata={"meaning": "32+ characters; digests of keys, codes and contacts"}
    )
    tracking_keys: str = field(
        default="", metadata={"meaning": "id:base64 of 32 bytes; derives tracking codes"}
    )
    files_url: str = field(
        default="", metadata={"meaning": "folder of files; empty: DATA_DIR/files"}
    )
    queue_url: str = field(default="", metadata={"meaning": "queue file; empty: DATA_DIR/queue.db"})
    limits_url: str = field(
        default="", metadata={"meaning": "rate limit store; empty: DATA_DIR/limits.db"}
    )
    mail_url: str = field(
        default="", metadata={"meaning": "smtp://user:password@host:port; empty: a mailbox page"}
    )
    mail_from: str = field(
        default="mat-xanh@localhost", metadata={"meaning": "sender address of notices"}
    )
    push_key: str = field(
        default="",
        metadata={"meaning": "base64url of 32 bytes (flask notices push-key); empty: no Web Push"},
    )
    push_test_host: str = field(
        default="",
        metadata={"meaning": "tests only: host:port of a stand-in push server on loopback"},
    )
    sms_url: str = field(
        default="",
        metadata={"meaning": "SMS gateway; {to} {text} {sender} {id} are filled in; empty: no SMS"},
    )
    sms_body: str = field(
        default="",
        metadata={"meaning": "JSON with the same places, sent by POST; empty: the URL by GET"},
    )
    sms_secret: str = field(
        default="", metadata={"meaning": "sent to the gateway as Authorization: Bearer"}
    )
    sms_sender: str = field(default="MatXanh", metadata={"meaning": "sender name of SMS"})
    sms_timeout: int = field(default=10, metadata={"meaning": "seconds to wait for the gateway"})
    sms_tries: int = field(default=5, metadata={"meaning": "tries per SMS, ever longer apart"})
    quiet_hours: str = field(
        default="21-6",
        metadata={"meaning": "local hours without push and SMS that are not urgent; empty: none"},
    )
    digest_hour: int = field(
        default=7,
        metadata={"meaning": "local hour of the officers' morning mail, 0-23; -1: none"},
    )
    reports_per_address: int = field(
        default=300, metadata={"meaning": "new reports per hour from one address"}
    )
    reports_per_phone: int = field(
        default=20, metadata={"meaning": "new reports per hour from one phone"}
    )
    new_phones_per_address: int = field(
        default=20,
        metadata={"meaning": "unknown phones per hour from one address before a proof is asked"},
    )
    tile_url: str = field(
        default="", metadata={"meaning": "map tiles on our own origin, /tiles/{z}/{x}/{y}.png"}
    )
    public_url: str = field(default="", metadata={"meaning": "https://… as readers see it"})
    bind: str = field(default="127.0.0.1:8000", metadata={"meaning": "address of the web server"})
    proxy_hops: int = field(default=0, metadata={"meaning": "trusted proxies in front"})
    metrics_token: str = field(default="", metadata={"meaning": "token that opens /metrics"})

    @property
    def demo_allowed(self) -> bool:
        """Demo sign-ins: never in production, only on loopback, only without a public address."""
        loopback = self.bind.startswith(("127.", "localhost:", "[::1]"))
        return not self.production and loopback and not self.public_url


_NUMBERS = {key for key, field in Settings.__dataclass_fields__.items() if field.type is int}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read, complete and check the settings. Raises SettingsError."""
    values = os.environ if environ is None else environ
    known = Settings.__dataclass_fields__
    given = {
        key.removeprefix(PREFIX).lower(): text
        for key, text in values.items()
        if key.startswith(PREFIX)
    }
    settings = Settings(**{k: _convert(k, v) for k, v in given.items() if k in known})  # type: ignore[arg-type]  # _convert gives each field its own type
    _check(settings)
    return settings


def _convert(name: str, text: str) -> object:
    if name == "production":
        return text.strip().lower() in {"1", "true", "yes"}
    if name == "data_dir":
        return Path(text)
    if name in _NUMBERS:
        if not re.fullmatch(r"-1|[0-9]{1,6}", text.strip()):
            raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number, such as 1")
        return int(text)
    return text


def _check(settings: Settings) -> None:
    if settings.database_url:
        try:
            make_url(settings.database_url)
        except ArgumentError:
            raise SettingsError(
                f"{PREFIX}DATABASE_URL is no database address; write "
                "postgresql+psycopg://user:password@host/name"
            ) from None
    if settings.tile_url and not settings.tile_url.startswith("/"):
        raise SettingsError(f"{PREFIX}TILE_URL must be a path on our own origin, such as /tiles/…")
    _check_notices(settings)
    if settings.production:
        _check_production(settings)


def quiet_span(text: str) -> tuple[int, int] | None:
    """The first quiet hour and the first loud one of ``21-6``; None when empty.

    Raises SettingsError.
    """
    if not text:
        return None
    found = re.fullmatch(r"([01]?[0-9]|2[0-3])-([01]?[0-9]|2[0-3])", text.strip())
    if found is None or found[1] == found[2]:
        raise SettingsError(f"{PREFIX}QUIET_HOURS is written 21-6, or left empty")
    return int(found[1]), int(found[2])


def push_secret(text: str) -> bytes | None:
    """The private key for Web Push; None when empty. Raises SettingsError."""
    if not text:
        return None
    with suppress(ValueError):
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(key) == 32 and 0 < int.from_bytes(key) < _P256_ORDER:
            return key
    raise SettingsError(
        f"{PREFIX}PUSH_KEY is 32 bytes in base64url; make one: flask notices push-key"
    )


_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _check_notices(settings: Settings) -> None:
    quiet_span(settings.quiet_hours)
    push_secret(settings.push_key)
    if not -1 <= settings.digest_hour <= 23:
        raise SettingsError(f"{PREFIX}DIGEST_HOUR is an hour from 0 to 23, or -1 for none")
    for name in _NUMBERS - {"digest_hour"}:
        if getattr(settings, name) < (0 if name == "proxy_hops" else 1):
            raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number, 1 or more")
    if settings.push_test_host and settings.production:
        raise SettingsError(f"{PREFIX}PUSH_TEST_HOST is for tests; leave it empty in production")
    if settings.sms_url:
        _check_sms(settings)


def _check_sms(settings: Settings) -> None:
    allowed = ("https://",) if settings.production else ("https://", "http://")
    if not settings.sms_url.startswith(allowed):
        raise SettingsError(f"set {PREFIX}SMS_URL to the https:// address of the gateway")
    if settings.sms_body:
        try:
            json.loads(settings.sms_body)
        except ValueError:
            raise SettingsError(f'{PREFIX}SMS_BODY must be JSON, as {{"to": "{{to}}"}}') from None
    if "{to}" not in settings.sms_url + settings.sms_body:
        raise SettingsError(f"{PREFIX}SMS_URL or SMS_BODY must have {{to}}, the number")


def _check_production(settings: Settings) -> None:
    for name in ("secret_key", "lookup_key"):
        if len(getattr(settings, name)) < 32:
            raise SettingsError(f"set {PREFIX}{name.upper()} to 32 random characters or more")
    for name in ("identity_keys", "tracking_keys"):
        if not getattr(settings, name):
            raise SettingsError(f"set {PREFIX}{name.upper()}, for example 1:<base64 of 32 bytes>")
    if not settings.public_url.startswith("https://"):
        raise SettingsError(f"set {PREFIX}PUBLIC_URL to the https:// address readers use")


@dataclass(frozen=True)
class Secrets:
    """The keys in force: from settings, else made once and kept in DATA_DIR."""

    session: str
    lookup: bytes
    identity: KeyRing
    tracking: dict[int, bytes]


def load_secrets(settings: Settings) -> Secrets:
    """Keys from the settings; outside production missing ones come from DATA_DIR/secret.

    Raises SettingsError when a key is malformed or a public server lacks one: keys derived from
    nothing could be computed by everybody.
    """
    _check(settings)
    root = b"" if settings.production else _own_secret(settings.data_dir)
    try:
        identity = _ring(settings.identity_keys, root, b"identity")
        tracking = _ring(settings.tracking_keys, root, b"tracking").keys
    except ValueError as exc:
        raise SettingsError(f"{PREFIX}IDENTITY_KEYS / TRACKING_KEYS: {exc}") from exc
    return Secrets(
        session=settings.secret_key or _derived(root, b"session").hex(),
        lookup=settings.lookup_key.encode() or _derived(root, b"lookup"),
        identity=identity,
        tracking=tracking,
    )


def _ring(text: str, root: bytes, purpose: bytes) -> KeyRing:
    return parse_ring(text) if text else KeyRing({1: _derived(root, purpose)})


def _derived(root: bytes, purpose: bytes) -> bytes:
    return hashlib.sha256(root + b"\0" + purpose).digest()


def _own_secret(folder: Path) -> bytes:
    """A random secret made at the first start, readable by the owner only."""
    path = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = folder / f".secret-{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(base64.b64encode(secrets.token_bytes(32)).decode())
        with suppress(FileExistsError):
            os.link(draft, path)  # the first of several processes wins
        draft.unlink()
    return base64.b64decode(path.read_text())
