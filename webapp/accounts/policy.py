"""Which accounts may be used here at all."""

from webapp.accounts.models import Account

DEMO_DOMAIN = "@demo"


def is_demo(account: Account) -> bool:
    """Whether it is one of the contract's demo sign-ins."""
    return account.email.endswith(DEMO_DOMAIN)


def may_sign_in(account: Account, *, demo_allowed: bool) -> bool:
    """A live account; demo sign-ins only where the settings allow them, at every request."""
    return account.active and (demo_allowed or not is_demo(account))
