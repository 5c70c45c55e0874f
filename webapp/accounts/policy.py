"""Which accounts may be used here at all."""

from typing import Protocol

DEMO_DOMAIN = "@demo"


class SignsIn(Protocol):
    """What is asked of an account, or of what was read of one."""

    @property
    def active(self) -> bool: ...
    @property
    def email(self) -> str: ...


def is_demo(account: SignsIn) -> bool:
    """Whether it is one of the contract's demo sign-ins."""
    return account.email.endswith(DEMO_DOMAIN)


def may_sign_in(account: SignsIn, *, demo_allowed: bool) -> bool:
    """A live account; demo sign-ins only where the settings allow them, at every request."""
    return account.active and (demo_allowed or not is_demo(account))
