"""Where mail for a person goes: to the address that signs in, while the account may be used."""

from sqlalchemy import select

from webapp.accounts.models import Account
from webapp.core.unit_of_work import session
from webapp.notifications.messages import Address
from webapp.notifications.recipients import set_person_address


def address_of(person_id: int) -> Address | None:
    """The address and language of a person; None without an active account."""
    query = select(Account).where(Account.person_id == person_id, Account.active)
    account = session().scalar(query)
    return Address(account.email, account.person.locale) if account else None


set_person_address(address_of)
