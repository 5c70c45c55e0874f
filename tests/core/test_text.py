"""Sentences kept as JSON and said later, each in the language of who reads it then."""

import json

from webapp.core.bilingual import Bilingual
from webapp.core.text import Text, _


def test_a_sentence_comes_back_with_what_it_names() -> None:
    said = _(
        "%(who)s vừa làm bước “%(step)s” ở %(unit)s, còn %(days)s ngày.",
        who="Cà Văn Noọng",
        step=_("Đưa vào vụ việc"),
        unit=Bilingual("Xã Mường Phăng", "Muong Phang commune"),
        days=3,
    )
    kept = json.loads(json.dumps(said.stored(), ensure_ascii=False))
    assert Text.restored(kept) == said
    assert str(Text.restored(kept)) == str(said)
