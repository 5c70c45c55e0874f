"""What the fuzzer must know of us: how a sound file is sent. Loaded by schemathesis itself.

Run by the Python of the fuzzer's own environment; it knows nothing of this project.
"""

import schemathesis  # type: ignore[import-not-found]
from hypothesis import strategies  # type: ignore[import-not-found]

schemathesis.openapi.media_type("audio/*", strategies.binary(max_size=64))


@schemathesis.serializer("audio/*")  # type: ignore[untyped-decorator]
def raw(_context: object, value: object) -> bytes:
    """The bytes as they are; anything else as its text."""
    return value if isinstance(value, bytes) else str(value).encode()
