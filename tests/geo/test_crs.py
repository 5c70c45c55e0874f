import pytest

from geo.crs import Crs, CrsError, recognise_geojson_crs, recognise_prj, require_wgs84

_GEOGRAPHIC = (
    'GEOGCS["{0}",DATUM["D_{0}",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
_WGS84 = _GEOGRAPHIC.format("GCS_WGS_1984")


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        (_WGS84, Crs.WGS84),
        ('GEOGCS["WGS 84",DATUM["WGS_1984"],AUTHORITY["EPSG","4326"]]', Crs.WGS84),
        ('GEOGCRS["WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble"]]', Crs.WGS84),
        (f'PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",{_WGS84}]', Crs.WEB_MERCATOR),
        (f'PROJCS["WGS 84 / Pseudo-Mercator",{_WGS84}]', Crs.WEB_MERCATOR),
        (f'PROJCS["VN_2000_UTM_Zone_48N",{_WGS84}]', Crs.VN2000_ZONE_48),
        ('PROJCS["VN-2000 / UTM zone 49N",GEOGCS["VN-2000"]]', Crs.VN2000_ZONE_49),
        ('PROJCS["VN-2000 / TM-3 103-00",GEOGCS["VN-2000"]]', Crs.VN2000_OTHER),
        (_GEOGRAPHIC.format("GCS_VN_2000"), Crs.VN2000_OTHER),
        (f'PROJCS["WGS_1984_UTM_Zone_48N",{_WGS84}]', Crs.UNKNOWN),
        ("", Crs.UNKNOWN),
        ("\x00" * 100_000, Crs.UNKNOWN),
    ],
)
def test_prj_text(text: str, crs: Crs) -> None:
    assert recognise_prj(text) is crs


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs.WGS84),
        ("urn:ogc:def:crs:EPSG::4326", Crs.WGS84),
        ("EPSG:4326", Crs.WGS84),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", Crs.WGS84),
        ("urn:ogc:def:crs:EPSG::3857", Crs.WEB_MERCATOR),
        ("epsg:3405", Crs.VN2000_ZONE_48),
        ("EPSG:3406", Crs.VN2000_ZONE_49),
        ("EPSG:9209", Crs.VN2000_OTHER),
        ("EPSG:32648", Crs.UNKNOWN),
        ("Điện Biên", Crs.UNKNOWN),
    ],
)
def test_geojson_member(name: str, crs: Crs) -> None:
    assert recognise_geojson_crs({"type": "name", "properties": {"name": name}}) is crs


def test_no_member_is_wgs84_and_a_strange_one_is_unknown() -> None:
    assert recognise_geojson_crs(None) is Crs.WGS84
    for strange in ("EPSG:4326", [], {}, {"properties": {"name": 4326}}):
        assert recognise_geojson_crs(strange) is Crs.UNKNOWN


def test_only_wgs84_passes() -> None:
    require_wgs84(Crs.WGS84)
    for crs in Crs:
        if crs is not Crs.WGS84:
            with pytest.raises(CrsError) as caught:
                require_wgs84(crs)
            assert caught.value.code == f"crs_{crs.value}"
