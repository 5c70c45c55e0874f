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
    etag = _etag(question, language)
    if request.if_none_match.contains_weak(etag):
        answer = Response(status=304)
    else:
        body = orjson.dumps(map_features(question, language))
        answer = Response(body, content_type="application/geo+json")
    answer.set_etag(etag, weak=True)
    return answer


def _etag(question: MapQuestion, language: str) -> str:
    """The data version, read before the data, and what was asked."""
    words = f"{data_version()} {language} {question.snapped()}"
    return hashlib.sha256(words.encode()).hexdigest()[:20]
