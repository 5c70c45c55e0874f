"""What a stranger's PDF holds: the module that runs in a confined child process.

Names are compared as the library reads them, after packed object streams are opened and escaped
letters (``/Java#53cript``) are undone. Nothing is rendered.
"""

import json
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pikepdf

from webapp.core.confined import restrain

# What a paper has no use for: programs, other files, forms that send, films, encryption.
ACTING: Final = frozenset(
    {
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/EF",
        "/RichMedia",
        "/Rendition",
        "/Movie",
        "/GoToE",
        "/SubmitForm",
        "/ImportData",
        "/XFA",
        "/Encrypt",
    }
)
_CONTAINERS: Final = (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)


def inspect(content: bytes) -> dict[str, Any]:
    """``pages`` of a PDF that only shows pages, else ``reason``: ``acts`` or ``broken``."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if pdf.is_encrypted or any(_acts(each) for each in (pdf.trailer, *pdf.objects)):
                return {"reason": "acts"}
            return {"pages": len(pdf.pages)}
    except pikepdf.PasswordError:
        return {"reason": "acts"}
    except (pikepdf.PdfError, ValueError, RecursionError, MemoryError):
        return {"reason": "broken"}


def _acts(root: pikepdf.Object) -> bool:
    """Whether an object, or one written inside it, names something that acts."""
    waiting = [root]
    while waiting:
        for each in _names_and_parts(waiting.pop()):
            if isinstance(each, str | pikepdf.Name) and str(each) in ACTING:
                return True
            # What is referred to is an object of its own and has its own turn.
            if isinstance(each, _CONTAINERS) and not each.is_indirect:
                waiting.append(each)
    return False


def _names_and_parts(part: Any) -> Iterator[Any]:
    if isinstance(part, pikepdf.Array):
        yield from part
    elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in part.items():
            yield key
            yield value


def main() -> None:
    """The child: the PDF on standard input, JSON on standard output."""
    restrain(largest_file=0)
    json.dump(inspect(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
