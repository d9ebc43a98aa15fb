"""What `stet.toml` may hold, and what is said about what it may not."""

import dataclasses
import tomllib
from pathlib import Path

import pytest

from stet.project.errors import NewsroomMissingError, SettingError
from stet.project.settings import SECTIONS, Kind, Pace, Settings, open_newsroom, read_settings
from stet.project.settings_file import change_setting, settings_text, toml_value, write_settings

SECRET = "hunter2-is-a-secret"

REFUSED = {
    "a number that is text": (f'[reader]\nport = "{SECRET}"', "reader.port must be a whole number from 1 to 65,535"),
    "a number out of its range": ("[reader]\nport = 70000", "reader.port must be a whole number"),
    "yes and no are no numbers": ("[reader]\nport = true", "reader.port must be a whole number"),
    "a text that is a number": ("[site]\nbase_url = 12", "site.base_url must be an address"),
    "an address with a path": (
        f'[site]\nbase_url = "https://example.org/{SECRET}"',
        "site.base_url must be an address",
    ),
    "an address with a password": (f'[site]\nbase_url = "https://a:{SECRET}@example.org"', "site.base_url must be"),
    "a time zone that is none": (f'[site]\ntime_zone = "{SECRET}"', "site.time_zone must be the name of a time zone"),
    "no language at all": ("[site]\nlanguages = []", "site.languages must be a list of language codes"),
    "a language twice": ('[site]\nlanguages = ["en", "en"]', "site.languages must be"),
    "a language that climbs": ('[site]\nlanguages = ["../etc"]', "site.languages must be"),
    "a line break in a text": ('[site]\npublisher = "a\\nb"', "site.publisher must be a line of text"),
    "an hour that is none": ('[press]\nreconcile_at = "25:00"', "press.reconcile_at must be a time of day"),
    "a lane that is a number": ("[lanes]\ngmail = 4", "lanes.gmail must be { connections = 1 to 64, per_hour"),
    "a lane without connections": ("[lanes]\ngmail = { connections = 0 }", "lanes.gmail must be"),
    "a lane with a slip": (f'[lanes]\ngmail = {{ rate = "{SECRET}" }}', "lanes.gmail must be"),
    "a night that ends at no time": ('[mailroom]\nquiet_hours = "23:00-"', "mailroom.quiet_hours must be two times"),
    "a setting with a slip": (
        '[site]\nbase_ur = "x"',
        '"base_ur" is not a setting in [site]. Did you mean "base_url"?',
    ),
    "a section with a slip": ("[readr]\nport = 1", '"readr" is not a section. Did you mean "reader"?'),
    "a section that is none": ("site = 1", "site is a section; write it as [site]"),
    "a secret in place of a key": (f'[site]\n"{SECRET} x" = 1', "A name there is not a setting in [site]"),
    "a file that is no TOML": ("[site]\nbase_url = oops\n", "is not valid TOML at line 2"),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_setting_is_refused_by_name_and_never_by_value(text: str, expected: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings(text)
    assert expected in str(refused.value)
    assert SECRET not in str(refused.value)


def test_an_empty_file_gives_every_default() -> None:
    assert read_settings("") == Settings()


def test_settings_that_are_given_take_the_place_of_defaults() -> None:
    settings = read_settings('[site]\nlanguages = ["ru", "en"]\n[reader]\nport = 80')
    assert settings.site.languages == ("ru", "en")
    assert settings.reader.port == 80
    assert settings.desk == Settings().desk


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().site.base_url = "https://example.org"  # type: ignore[misc]


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS.keys())
def test_every_setting_has_help_and_a_default_that_it_would_take_itself(section: type) -> None:
    for declared in dataclasses.fields(section):
        kind: Kind = declared.metadata["kind"]
        assert kind.read(as_toml_has_it(declared.default)) == declared.default, declared.name
        assert declared.metadata["help"].endswith("."), declared.name


def as_toml_has_it(value: object) -> object:
    """A setting's value as it is read from a file."""
    return tomllib.loads(f"value = {toml_value(value)}")["value"]


def test_a_lane_is_given_in_part_and_the_rest_stays() -> None:
    settings = read_settings("[lanes]\ngmail = { per_hour = 900 }\nother = { warm_up_days = 20, connections = 2 }")
    assert settings.lanes.gmail == Pace(connections=4, per_hour=900, warm_up_days=9)
    assert settings.lanes.other == Pace(connections=2, per_hour=0, warm_up_days=20)
    assert settings.lanes.yahoo == Settings().lanes.yahoo


def test_a_settings_file_that_is_written_reads_back_the_same(tmp_path: Path) -> None:
    write_settings(tmp_path / "stet.toml", {"site": {"languages": ("en", "fa"), "publisher": 'A "paper"'}})
    settings = open_newsroom(tmp_path).settings
    assert settings.site.languages == ("en", "fa")
    assert settings.site.publisher == 'A "paper"'


def test_a_new_settings_file_shows_every_setting_switched_off() -> None:
    text = settings_text({})
    assert read_settings(text) == Settings()
    assert all(f"#{f.name} = " in text for section in SECTIONS.values() for f in dataclasses.fields(section))


def test_one_setting_is_changed_and_the_rest_of_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "stet.toml"
    write_settings(file, {"site": {"publisher": "P"}})
    change_setting(file, "desk", "port", 9001)
    change_setting(file, "desk", "port", 9002)
    settings = read_settings(file.read_text())
    assert (settings.desk.port, settings.reader.port, settings.site.publisher) == (9002, 8000, "P")


def test_a_folder_without_settings_is_no_newsroom(tmp_path: Path) -> None:
    with pytest.raises(NewsroomMissingError, match=r"There is no newsroom in .*stet init"):
        open_newsroom(tmp_path)


def test_settings_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "stet.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match=r"is not UTF-8"):
        open_newsroom(tmp_path)


def test_a_paper_without_an_address_has_that_of_its_reader_site(tmp_path: Path) -> None:
    write_settings(tmp_path / "stet.toml", {"reader": {"port": 8123}})
    assert open_newsroom(tmp_path).base_url == "http://127.0.0.1:8123"
