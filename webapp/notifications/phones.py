"""Phone numbers as a gateway wants them: Vietnamese mobiles in international form.

Only those: a gateway bills by country, and a made-up foreign number would cost the province money.
"""

import re

_MOBILE = re.compile(r"(?:\+?84|0084|0)([35789][0-9]{8})")


def international(number: str) -> str | None:
    """``+84`` and nine digits for a Vietnamese mobile however written, None for any other."""
    found = _MOBILE.fullmatch(re.sub(r"[\s.()-]", "", number))
    return f"+84{found[1]}" if found else None
