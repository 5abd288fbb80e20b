"""What is read of the environment, and where the user's folders are."""

import sys
from pathlib import Path

import pytest

from clearcut.errors import UsageError
from clearcut.settings import (
    Environment,
    user_cache_folder,
    user_config_folder,
    user_data_folder,
    user_database,
)

TOKEN = "cc_0123456789abcdef"


def test_nothing_set_is_none_everywhere_and_so_is_an_empty_value():
    assert Environment.read({}) == Environment()
    assert Environment.read({"CLEARCUT_SERVER": "", "CLEARCUT_RULES": "  "}) == Environment()


def test_every_variable_is_read():
    read = Environment.read(
        {
            "CLEARCUT_RULES": "r.toml",
            "CLEARCUT_STUDIO_RULES": "s.toml",
            "CLEARCUT_EDIT": "cut.otio",
            "CLEARCUT_SERVER": "https://x.example",
            "CLEARCUT_REGISTRY": "reg.json",
            "CLEARCUT_CA_FILE": "ca.pem",
            "CLEARCUT_DEPARTMENT": "comp",
            "CLEARCUT_PACKS": "packs",
            "CLEARCUT_TOKEN": TOKEN,
        }
    )
    assert read == Environment(
        rules=Path("r.toml"),
        studio_rules=Path("s.toml"),
        edit=Path("cut.otio"),
        server="https://x.example",
        registry="reg.json",
        ca_file=Path("ca.pem"),
        department="comp",
        packs=Path("packs"),
        token=TOKEN,
    )


def test_the_token_shows_in_no_repr():
    assert TOKEN not in repr(Environment.read({"CLEARCUT_TOKEN": TOKEN}))


def test_a_token_file_is_read_without_the_newline_at_its_end(tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert Environment.read({"CLEARCUT_TOKEN_FILE": str(tmp_path / "token")}).token == TOKEN


def test_the_variable_wins_over_the_file(tmp_path):
    (tmp_path / "token").write_text("other")
    environ = {"CLEARCUT_TOKEN": TOKEN, "CLEARCUT_TOKEN_FILE": str(tmp_path / "token")}
    assert Environment.read(environ).token == TOKEN


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "holds no token"),
        (b"\n\n", "holds no token"),
        (b"two words", "holds no token"),
        (b"x" * 5000, "holds no token"),
        (b"geheim-\xff", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_token_file_without_a_token_is_a_fault_that_does_not_repeat_it(tmp_path, raw, said):
    path = tmp_path / "token"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(UsageError) as caught:
        Environment.read({"CLEARCUT_TOKEN_FILE": str(path)})
    assert said in str(caught.value)
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")
def test_folders_follow_xdg_where_it_is_set_and_the_home_where_not():
    environ = {"HOME": "/home/u", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "relative/is/ignored"}
    assert user_config_folder(environ) == Path("/c/clearcut")
    assert user_data_folder(environ) == Path("/home/u/.local/share/clearcut")
    assert user_cache_folder(environ) == Path("/home/u/.cache/clearcut")
    assert user_database(environ).parent == user_data_folder(environ)
