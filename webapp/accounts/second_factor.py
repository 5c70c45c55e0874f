"""One-time codes of an authenticator app (TOTP, RFC 6238) and recovery codes."""

import hmac
import secrets
from base64 import b32decode, b32encode, b64decode, b64encode
from datetime import datetime
from urllib.parse import quote, urlencode

from webapp.accounts.models import Account
from webapp.core import codes, crypto
from webapp.core.resealing import sealed_in

ISSUER = "Mắt Xanh"
STEP_SECONDS = 30
RECOVERY_CODES = 8
_DIGITS = 6
_CODE_LENGTH = 10


def new_secret() -> str:
    """A random secret of 160 bits in base32, as an authenticator app takes it."""
    return b32encode(secrets.token_bytes(20)).decode()


def app_address(secret: str, email: str) -> str:
    """The otpauth:// address that the QR shows."""
    label = quote(f"{ISSUER}:{email}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


def one_time_code(secret: str, step: int) -> str:
    """The six digits of a time step (RFC 4226, 5.3)."""
    mac = hmac.digest(b32decode(secret), step.to_bytes(8), "sha1")
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4]) & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step the code belongs to, one step of drift allowed; None for a wrong code."""
    typed = "".join(code.split()).encode()
    present = int(at.timestamp()) // STEP_SECONDS
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(typed, one_time_code(secret, step).encode()):
            return step
    return None


def sealed_secret(secret: str, account_id: int) -> str:
    """The secret as it is stored: sealed and bound to its account."""
    return b64encode(crypto.seal(secret.encode(), binding=_binding(account_id))).decode()


def opened_secret(sealed: str, account_id: int) -> str:
    """The stored secret in clear. Raises SealBroken when it was moved or changed."""
    return crypto.unseal(b64decode(sealed), binding=_binding(account_id)).decode()


def new_recovery_codes() -> list[str]:
    """Codes to write down; each opens the account once when the phone is lost."""
    return [codes.random_code(_CODE_LENGTH) for _ in range(RECOVERY_CODES)]


def recovery_digest(account_id: int, code: str) -> str:
    """What is stored of a recovery code."""
    return codes.digest(f"recovery:{account_id}", codes.normalise(code))


def _binding(account_id: int) -> str:
    return f"account.tf_totp_secret:{account_id}"


sealed_in(Account.tf_totp_secret, bound=Account.id, binding=_binding)
