"""A letter as a Word file, and the library for it only where one is written."""

from webapp.documents.letters import Letter


def render_docx(letter: Letter) -> bytes:
    """The letter as a docx; equal letters give equal bytes."""
    # python-docx and lxml take 5 MB, and a web server writes few letters.
    from webapp.documents.docx_file import write_docx

    return write_docx(letter)
