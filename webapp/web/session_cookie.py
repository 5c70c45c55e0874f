"""The signed cookie of a session: read once for the same bytes, and left out of shared answers."""

import time
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

SHARED = "matxanh.shared"
"""Set in the environment of a request whose answer is the same for everyone."""
_SERIALIZER = "matxanh_session_serializer"
_KEPT = 512


class CheckedOnce(URLSafeTimedSerializer):
    """Signatures of cookies, each checked once.

    The same bytes under the same key hold the same session: to check them and to unpack them again
    at each request took a tenth of an officer's. How old they are is asked at every request, and
    what a session stands for is the database's. Only what was signed is kept, as the text it was.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._checked: dict[str, tuple[int, str]] = {}

    def loads_fresh(self, cookie: str, longest: int) -> Any:
        """What a cookie holds. Raises BadSignature, also when it is older than so many seconds."""
        known = self._checked.get(cookie)
        if known is None:
            return self._check(cookie, longest)
        signed_at, text = known
        if not 0 <= int(time.time()) - signed_at <= longest:
            raise SignatureExpired("too old")
        return self.serializer.loads(text)

    def _check(self, cookie: str, longest: int) -> Any:
        held, signed = self.loads(cookie, max_age=longest, return_timestamp=True)
        if len(self._checked) >= _KEPT:
            self._checked.clear()
        self._checked[cookie] = int(signed.timestamp()), self.serializer.dumps(held)
        return held


class Sessions(SecureCookieSessionInterface):
    """The usual signed cookie, which a shared answer neither sets nor varies by."""

    def get_signing_serializer(self, app: Flask) -> CheckedOnce | None:
        """The one for this application's secret, made once."""
        made: CheckedOnce | None = app.extensions.get(_SERIALIZER)
        if made is None and app.secret_key:
            made = app.extensions[_SERIALIZER] = CheckedOnce(
                app.secret_key,
                salt=self.salt,
                serializer=self.serializer,
                signer_kwargs={
                    "key_derivation": self.key_derivation,
                    "digest_method": self.digest_method,
                },
            )
        return made

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds; nothing when it is not ours or too old."""
        serializer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not cookie:
            return super().open_session(app, request)
        longest = int(app.permanent_session_lifetime.total_seconds())
        try:
            return self.session_class(serializer.loads_fresh(cookie, longest))
        except BadSignature:
            return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie anew where the session was changed."""
        if SHARED in request.environ:
            return
        if self.should_set_cookie(app, session):
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")


def init_session_cookie(app: Flask) -> None:
    """Let sessions be kept this way."""
    app.session_interface = Sessions()
