"""Two published Open311 clients against a running server: ``client_run.py ENDPOINT KEY PHOTO``.

Run by the Python of an environment that holds both (``georeport`` and ``three``); it knows nothing
of this project. ``three`` is older than Python 3: one line gives it the name it imports.
"""

import itertools
import sys

itertools.ifilter = filter  # type: ignore[attr-defined]

from georeport import GeoReport  # type: ignore[import-not-found]  # noqa: E402
from three import Three  # type: ignore[import-not-found]  # noqa: E402


def read_with_georeport(endpoint: str) -> None:
    """Services, a definition, the list, one request: in JSON and in XML."""
    for kind in ("json", "xml"):
        client = GeoReport(endpoint, jurisdiction="dienbien.example", output_format=kind)
        services = client.get_service_list()
        assert len(services) > 20, services
        code = services[0]["service_code"]
        assert client.get_service_definition(code)["service_code"] == code
        rows = client.get_service_requests(status="open")
        one = client.get_service_request(rows[0]["service_request_id"])
        assert one["service_request_id"] == rows[0]["service_request_id"]
        print(f"georeport {kind}: {len(services)} services, {len(rows)} requests, 1 request")


def write_with_three(endpoint: str, key: str, photo: str) -> None:
    """The same, and a report with a photo, its token, and discovery."""
    client = Three(endpoint, api_key=key, jurisdiction="dienbien.example")
    services, rows = client.services(), client.requests()
    definition = client.services(services[0]["service_code"])
    assert definition["attributes"][0]["code"] == "nature", definition
    one = client.request(rows[0]["service_request_id"])
    assert one[0]["service_request_id"] == rows[0]["service_request_id"]
    with open(photo, "rb") as media:  # noqa: PTH123  # the client wants an open file
        made = client.post(
            "dumping.river_dump",
            lat="21.471",
            long="103.151",
            address="Ven suối Nậm Phăng",
            name="Quàng Xôm",
            phone="0912345678",
            description="Rác đổ ven suối.",
            media=media,
        )
    assert client.post_response.status_code == 201, made
    token = made[0]["token"]
    assert client.token(token) == [{"service_request_id": None, "token": token}]
    assert client.discovery()["endpoints"][0]["url"].endswith("/open311/v2")
    print(f"three: {len(services)} services, {len(rows)} requests, created, token, discovery")


if __name__ == "__main__":
    read_with_georeport(sys.argv[1])
    write_with_three(*sys.argv[1:4])
