"""Ask a server for pages and their style sheets. Arguments: the server's address, then paths."""

import re
import sys
import time
import urllib.error
import urllib.request

START_SECONDS = 30
STYLE_SHEET = re.compile(r'href="(/static/[^"]+\.css)"')


def main() -> int:
    """Print status and size of each; 1 when a page or a style sheet is not answered with 200."""
    server, *paths = sys.argv[1:]
    wait_for(server)
    return 0 if all([page_is_complete(server, path) for path in paths]) else 1


def wait_for(server: str) -> None:
    """Return when the server accepts connections; give up after START_SECONDS."""
    for _ in range(START_SECONDS * 10):
        try:
            ask(server, "/healthz")
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return


def page_is_complete(server: str, path: str) -> bool:
    status, body = ask(server, path)
    print(f"{status} {len(body):>8} bytes {path}", flush=True)
    sheets = dict.fromkeys(STYLE_SHEET.findall(body.decode()) if "css" not in path else [])
    return status == 200 and all([page_is_complete(server, sheet) for sheet in sheets])


def ask(server: str, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(server + path, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


if __name__ == "__main__":
    sys.exit(main())
