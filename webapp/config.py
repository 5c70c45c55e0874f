"""Settings: environment variables prefixed MATXANH_, read once, checked at start.

With none set the embedded default runs: SpatiaLite, a local queue and folder under ``var/``.
docs/operations.md lists every setting; a test compares the two.
"""

import base64
import hashlib
import os
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
    if name == "proxy_hops":
        if not text.isdecimal():
            raise SettingsError(f"{PREFIX}PROXY_HOPS must be a whole number, such as 1")
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
    if settings.production:
        _check_production(settings)


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
