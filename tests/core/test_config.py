"""What a public server refuses to start with, and keys that are made once (S5 of trust.md)."""

import base64
import stat
from pathlib import Path

import pytest

from webapp.config import Settings, SettingsError, load, load_secrets

RING = "1:" + base64.b64encode(b"k" * 32).decode()
SOUND = {
    "MATXANH_PRODUCTION": "1",
    "MATXANH_SECRET_KEY": "s" * 32,
    "MATXANH_LOOKUP_KEY": "l" * 32,
    "MATXANH_IDENTITY_KEYS": RING,
    "MATXANH_TRACKING_KEYS": RING,
    "MATXANH_PUBLIC_URL": "https://matxanh.invalid",
}


def test_a_sound_public_server_starts(tmp_path: Path) -> None:
    settings = load(SOUND | {"MATXANH_DATA_DIR": str(tmp_path / "var")})
    secrets = load_secrets(settings)
    assert settings.production and not settings.demo_allowed
    assert (secrets.session, secrets.lookup) == ("s" * 32, b"l" * 32)
    assert secrets.identity.keys == secrets.tracking == {1: b"k" * 32}
    assert not (tmp_path / "var").exists()  # no key of its own is made


@pytest.mark.parametrize("bad", ["", "x" * 31])
@pytest.mark.parametrize("name", ["SECRET_KEY", "LOOKUP_KEY"])
def test_a_public_server_needs_long_keys(name: str, bad: str) -> None:
    with pytest.raises(SettingsError, match=f"MATXANH_{name} to 32"):
        load(SOUND | {f"MATXANH_{name}": bad})


@pytest.mark.parametrize("name", ["IDENTITY_KEYS", "TRACKING_KEYS"])
def test_a_public_server_needs_its_own_rings(name: str) -> None:
    with pytest.raises(SettingsError, match=f"MATXANH_{name}"):
        load(SOUND | {f"MATXANH_{name}": ""})


@pytest.mark.parametrize("address", ["", "http://matxanh.invalid"])
def test_a_public_server_is_read_over_https(address: str) -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        load(SOUND | {"MATXANH_PUBLIC_URL": address})


@pytest.mark.parametrize("name", ["secret_key", "lookup_key", "identity_keys", "tracking_keys"])
def test_no_key_of_a_public_server_can_be_guessed(name: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()):
        load_secrets(Settings(**(_sound_fields() | {name: ""})))  # type: ignore[arg-type]  # texts and one flag, each to its own field


@pytest.mark.parametrize("name", ["identity_keys", "tracking_keys"])
def test_a_malformed_ring_says_how_to_write_it(name: str, tmp_path: Path) -> None:
    given = {f"MATXANH_{name.upper()}": "1:ngắn", "MATXANH_DATA_DIR": str(tmp_path)}
    with pytest.raises(SettingsError, match="id:base64 of 32 bytes"):
        load_secrets(load(given))


@pytest.mark.parametrize(
    ("name", "bad", "told"),
    [
        ("DATABASE_URL", "không phải địa chỉ", "no database address"),
        ("TILE_URL", "https://tiles.invalid/{z}/{x}/{y}.png", "our own origin"),
        ("PROXY_HOPS", "hai", "whole number"),
        ("PROXY_HOPS", "-1", "whole number"),
        ("PROXY_HOPS", "²", "whole number"),
    ],
)
def test_a_wrong_value_is_refused_everywhere(name: str, bad: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load({f"MATXANH_{name}": bad})


def test_the_address_of_the_database_is_not_repeated_with_its_password() -> None:
    with pytest.raises(SettingsError) as refused:
        load({"MATXANH_DATABASE_URL": "postgresql//mx:bí-mật@máy/matxanh"})
    assert "bí-mật" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1", True), (" TRUE ", True), ("yes", True), ("0", False), ("", False), ("không", False)],
)
def test_production_is_said_in_a_few_ways(text: str, meant: bool) -> None:
    if meant:
        assert load(SOUND | {"MATXANH_PRODUCTION": text}).production
    else:
        assert not load({"MATXANH_PRODUCTION": text}).production


def test_values_get_their_types_and_strangers_are_left_alone() -> None:
    settings = load(
        {
            "MATXANH_DATA_DIR": "/srv/mắt-xanh",
            "MATXANH_PROXY_HOPS": "2",
            "MATXANH_TILE_URL": "/tiles/{z}/{x}/{y}.png",
            "MATXANH_DATABASE_URL": "postgresql+psycopg://mx@127.0.0.1/matxanh",
            "MATXANH_TEST_DATABASES": "spatialite",
            "SECRET_KEY": "của người khác",
        }
    )
    assert (settings.data_dir, settings.proxy_hops) == (Path("/srv/mắt-xanh"), 2)
    assert settings.secret_key == ""


def test_with_nothing_set_the_embedded_default_runs() -> None:
    assert load({}) == Settings()
    assert Settings().demo_allowed


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATXANH_MAIL_FROM", "mat-xanh@tinh.invalid")
    assert load().mail_from == "mat-xanh@tinh.invalid"


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({"bind": "127.0.0.1:8000"}, True),
        ({"bind": "localhost:8000"}, True),
        ({"bind": "[::1]:8000"}, True),
        ({"bind": "0.0.0.0:8000"}, False),
        ({"public_url": "https://matxanh.invalid"}, False),
        ({"production": True}, False),
    ],
)
def test_demo_accounts_stay_on_this_machine(given: dict[str, str], allowed: bool) -> None:
    assert Settings(**given).demo_allowed is allowed  # type: ignore[arg-type]  # texts and one flag, each to its own field


def test_own_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    first = load_secrets(settings)
    assert load_secrets(settings) == first
    path = tmp_path / "var" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret"]
    kinds = {first.session, first.lookup, first.identity.keys[1], first.tracking[1]}
    assert len(kinds) == 4
    assert load_secrets(Settings(data_dir=tmp_path / "khác")) != first


def test_the_first_of_two_starts_at_once_makes_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path)
    winner = load_secrets(settings)
    real = Path.exists
    monkeypatch.setattr(Path, "exists", lambda self: False if self.name == "secret" else real(self))
    assert load_secrets(settings) == winner


def _sound_fields() -> dict[str, object]:
    texts = {key.removeprefix("MATXANH_").lower(): text for key, text in SOUND.items()}
    return texts | {"production": True}
