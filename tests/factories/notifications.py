"""A message kind of the tests, and a mailer that keeps what it was given."""

from webapp.core.text import _
from webapp.notifications.delivery import Mail
from webapp.notifications.messages import Address, Message, Reader, Rendered


class KeptMails:
    """A way out that remembers; ``refuses`` names addresses whose server does not answer."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.refuses: set[str] = set()

    def send(self, mail: Mail) -> None:
        """Keep the mail, or fail as a server would."""
        if mail.to in self.refuses:
            raise TimeoutError
        self.mails.append(mail)


class Probe:
    """What the probe messages know: whether there is anything to tell, and the reporters."""

    def __init__(self) -> None:
        self.silent = False
        self.path = "/vu-viec"
        self.reporters: list[Address] = []
        self.readers: list[Reader] = []

    def render(self, subject_id: int, reader: Reader) -> Rendered | None:
        """The words, or nothing."""
        self.readers.append(reader)
        if self.silent:
            return None
        return Rendered(
            subject=_("Vụ việc %(number)s có trả lời", number=subject_id),
            body=_("Rác ở bản Noong Nhai đã được thu gom."),
            path=self.path,
        )

    def addresses(self, subject_id: int) -> list[Address]:
        """The reporters."""
        return self.reporters

    def message(self, key: str, *, to_reporters: bool = False) -> Message:
        """A kind about cases."""
        return Message(key, "case", self.render, self.addresses if to_reporters else None)
