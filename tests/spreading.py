"""Which tests go to one worker together when the browser's are spread over several."""

from xdist.scheduler import LoadScopeScheduling


class ByServer(LoadScopeScheduling):
    """Tests that share a server of their session run on one worker: no other starts it again."""

    def _split_scope(self, nodeid: str) -> str:
        return server_of(nodeid)


def server_of(nodeid: str) -> str:
    """The name of the server that a test shares; its file where it shares none with others."""
    file, _, test = nodeid.partition("::")
    if file.startswith("tests/offline/"):
        return "of the phone"
    if file.startswith("tests/journeys/") and not file.endswith("/test_reach.py"):
        return "of the journeys on " + ("postgis" if "postgis" in test else "spatialite")
    return file
