"""What a browser would send of a page's form, as it stands when the page is opened."""

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

_TICKED = {"radio", "checkbox"}


def _is_sent(kind: str, given: dict[str, str]) -> bool:
    return "checked" in given if kind in _TICKED else kind not in {"file", "submit"}


class _Form(HTMLParser):
    """The fields of the form that carries a version, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: MultiDict[str, str] = MultiDict()
        self._area = self._select = ""
        self._first = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a field holds."""
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "textarea":
            self._area = name
            self.sent.setdefault(name, "")
        elif tag == "select":
            self._select, self._first = name, True
        elif tag == "option" and self._select:
            if "selected" in given or self._first:  # without a choice the first one is sent
                self.sent[self._select] = given.get("value", "")
            self._first = False
        elif tag == "input" and name and _is_sent(kind, given):
            self.sent.add(name, given.get("value", "y"))

    def handle_endtag(self, tag: str) -> None:
        """A list or an area of words ends."""
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            # A browser leaves out the first line's end, which the page adds for it.
            self.sent[self._area] = self.sent[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        """Words inside an area."""
        if self._area:
            self.sent[self._area] += data


def sent_form(page: str) -> MultiDict[str, str]:
    """The fields of the form in a page's main part, with its token, version and marks."""
    main = page.split("<main", 1)[1]
    start = main.rindex("<form", 0, main.index('name="version"'))
    reader = _Form()
    reader.feed(main[start : main.index("</form>", start)])
    return reader.sent
