"""How votes are told: in words that hide small numbers, and nothing of what nobody said."""

import pytest
from flask import Flask

from webapp.cases.models import CaseVote
from webapp.outcomes.presentation import confirmations
from webapp.web.locale import translated


def told(bare_app: Flask, *votes: tuple[str, bool]) -> list[str]:
    rows = [CaseVote(role=role, fixed=fixed) for role, fixed in votes]
    with bare_app.test_request_context("/"):
        return [f"{translated(each.who)}: {translated(each.words)}" for each in confirmations(rows)]


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        ([], []),
        ([("reporter", True)] * 3, ["Bà con: dưới 5 người nói đã xong"]),
        ([("follower", True)] * 6, ["Bà con: 6 người nói đã xong"]),
        ([("reporter", False)], ["Bà con: dưới 5 người nói chưa xong"]),
        (
            [("reporter", True)] * 7 + [("follower", False)],
            ["Bà con: 7 người nói đã xong, dưới 5 người nói chưa xong"],
        ),
        ([("group", True)], ["Tổ tự quản, tổ chức thành viên: dưới 5 người nói đã xong"]),
    ],
)
def test_zero_is_silent(bare_app: Flask, votes: list[tuple[str, bool]], words: list[str]) -> None:
    assert told(bare_app, *votes) == words
