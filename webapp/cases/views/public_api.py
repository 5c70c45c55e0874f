"""The public API of cases: the map."""

import hashlib

import orjson
from flask import Response, request

from webapp.cases.counts import data_version
from webapp.cases.map_document import PUBLIC_MAP
from webapp.cases.public_map import MapQuestion, map_features
from webapp.cases.schemas import map_question
from webapp.web.api import ApiBlueprint
from webapp.web.guards import public
from webapp.web.locale import choose
from webapp.web.shared_answers import shared

bp = ApiBlueprint("public_api", __name__, description="Bản đồ công khai")
shared(bp)


@bp.get("/map")
@public
@bp.doc(**PUBLIC_MAP)
def cases_in_view() -> Response:
    """Public cases of a box as GeoJSON, 500 features at most; see contract.md."""
    question, language = map_question(request.args), choose()
    if question.versioned and request.if_none_match:
        etag = _etag(data_version(), question, language)
        if request.if_none_match.contains_weak(etag):
            return _tagged(Response(status=304), etag)
    version, features = map_features(question, language)
    answer = Response(orjson.dumps(features), content_type="application/geo+json")
    # Tagged by its content: an outcome is taken back without a change of its case.
    if not question.versioned:
        return answer
    return _tagged(answer, _etag(version, question, language))


def _tagged(answer: Response, etag: str) -> Response:
    answer.set_etag(etag, weak=True)
    return answer


def _etag(version: int, question: MapQuestion, language: str) -> str:
    """The data version, of no later moment than the data, and what was asked."""
    words = f"{version} {language} {question.snapped()}"
    return hashlib.sha256(words.encode()).hexdigest()[:20]
