"""Proof of work by ALTCHA: a phone computes for seconds, a flood has to compute for hours.

A challenge is signed, bound to the phone's token, good for 20 minutes and for one report. Nothing
of it is stored but the mark of one that was used.
"""

import secrets
import time
from typing import Any, Final

from altcha import Challenge, Payload, create_challenge, verify_solution

from webapp.core.codes import digest

VALID_SECONDS: Final = 20 * 60
ALGORITHM: Final = "PBKDF2/SHA-256"
# Iterations per try. The right one of 100 to 300 tries is drawn beforehand, so that no phone has
# bad luck. Measured in Chromium on two busy cores: 0.1 to 0.8 s; checking takes the server 1 ms.
COST = 4000
_TRIES: Final = (100, 300)
_LONGEST: Final = 4000


def new_challenge(device: str) -> dict[str, Any]:
    """A challenge for the phone of this digest, as its script gets it."""
    made = create_challenge(
        ALGORITHM,
        COST,
        counter=_TRIES[0] + secrets.randbelow(_TRIES[1] - _TRIES[0]),
        expires_at=int(time.time()) + VALID_SECONDS,
        data={"device": _short(device)},
        hmac_secret=_secret(),
    )
    return dict(made.to_dict())


def used_mark(proof: str, device: str) -> str | None:
    """What marks this proof as used, when it is right and of this phone; else None.

    ``proof`` is base64 of ALTCHA's JSON, from anybody.
    """
    if not 0 < len(proof) <= _LONGEST:
        return None
    try:
        payload = Payload.from_base64(proof)
        right = _is_ours(payload.challenge, device) and verify_solution(payload, _secret()).verified
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return digest("proof.used", str(payload.challenge.signature)) if right else None


def _is_ours(challenge: Challenge, device: str) -> bool:
    """Whether it asks what we ask: else a stranger's cost would be computed here."""
    asked = challenge.parameters
    return (
        asked.algorithm == ALGORITHM
        and asked.cost == COST
        and asked.expires_at is not None
        and asked.data == {"device": _short(device)}
    )


def _short(device: str) -> str:
    return device[:32]


def _secret() -> str:
    return digest("proof.secret", "")
