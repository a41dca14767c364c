"""Selectors: what they select, which one wins, and what is said of one that selects nothing."""

from __future__ import annotations

import pytest

from kreglint.settings.schema import Settings, SettingsError
from kreglint.settings.selection import ignored_for, resolve

KNOWN = {"KRG101": True, "KRG301": True, "KRG302": True, "KRG311": False, "KRG505": False}
NOT_CHECKED = {"KRG900", "KRG901"}


def selected(**settings):
    return set(resolve(Settings(**settings), KNOWN)) - NOT_CHECKED


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"KRG101", "KRG301", "KRG302"}),
        ({"select": ()}, set()),
        ({"select": ("KRG302",)}, {"KRG302"}),
        ({"select": ("KRG3",)}, {"KRG301", "KRG302", "KRG311"}),
        ({"select": ("KRG30",)}, {"KRG301", "KRG302"}),
        ({"select": ("KRG",)}, set(KNOWN)),
        ({"select": ("ALL",)}, set(KNOWN)),
        ({"select": ("KRG101", "KRG505")}, {"KRG101", "KRG505"}),
        ({"extend_select": ("KRG505",)}, {"KRG101", "KRG301", "KRG302", "KRG505"}),
        ({"select": ("KRG101",), "extend_select": ("KRG505",)}, {"KRG101", "KRG505"}),
        ({"ignore": ("KRG302",)}, {"KRG101", "KRG301"}),
        ({"ignore": ("KRG3",)}, {"KRG101"}),
        ({"ignore": ("ALL",)}, set()),
        ({"ignore": ("KRG3",), "select": ("KRG302",)}, {"KRG302"}),
        ({"ignore": ("KRG3",), "extend_select": ("KRG302",)}, {"KRG101", "KRG302"}),
        ({"ignore": ("ALL",), "select": ("KRG3",)}, {"KRG301", "KRG302", "KRG311"}),
        ({"ignore": ("KRG",), "select": ("ALL",)}, set()),
        ({"ignore": ("ALL",), "select": ("KRG",)}, set(KNOWN)),
        ({"select": ("KRG3",), "ignore": ("KRG302",)}, {"KRG301", "KRG311"}),
        ({"select": ("KRG3",), "ignore": ("KRG3",)}, set()),
        ({"select": ("ALL", "KRG302"), "ignore": ("KRG30",)}, {"KRG101", "KRG302", "KRG311", "KRG505"}),
        ({"extend_select": ("KRG5",), "ignore": ("KRG505",)}, {"KRG101", "KRG301", "KRG302"}),
    ],
)
def test_the_more_specific_selector_wins(settings, expected):
    assert selected(**settings) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, NOT_CHECKED),
        ({"select": ("KRG302",)}, NOT_CHECKED),
        ({"ignore": ("KRG900",)}, {"KRG901"}),
        ({"ignore": ("KRG9",)}, set()),
        ({"ignore": ("KRG9",), "select": ("KRG901",)}, {"KRG901"}),
    ],
)
def test_that_a_file_was_not_checked_is_said_unless_it_is_ignored(settings, expected):
    assert resolve(Settings(**settings), KNOWN) & NOT_CHECKED == expected


@pytest.mark.parametrize(
    ("selector", "advice"),
    [
        ("KRG999", "did you mean KRG900 or KRG901?"),
        ("KRG303", "did you mean KRG301 or KRG302 or KRG901?"),
        ("krg302", "did you mean KRG302?"),
        ("krg3", "did you mean KRG3?"),
        ("all", "did you mean ALL?"),
        ("E501", "expected a code such as KRG302, the beginning of codes such as KRG3, or ALL"),
        ("K", "expected a code such as KRG302, the beginning of codes such as KRG3, or ALL"),
        ("", "expected a code such as KRG302, the beginning of codes such as KRG3, or ALL"),
        ("inert-identifier", "expected a code such as KRG302, the beginning of codes such as KRG3, or ALL"),
    ],
)
def test_a_selector_that_names_no_rule_is_refused(selector, advice):
    with pytest.raises(SettingsError) as refused:
        resolve(Settings().overridden({"select": (selector,)}), KNOWN)
    assert str(refused.value) == f"unknown rule selector {selector!r} in --select; {advice}"


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"extend_select": ("KRG8",)}, "extend-select"),
        ({"ignore": ("KRG8",)}, "ignore"),
        ({"per_file_ignores": (("a.py", ("KRG8",)),)}, "per-file-ignores"),
    ],
)
def test_every_list_of_selectors_is_checked_and_its_place_named(settings, key):
    origins = ((key, f"{key} of /project/kreglint.toml"),)
    with pytest.raises(SettingsError, match=rf"^unknown rule selector 'KRG8' in {key} of /project/kreglint\.toml; "):
        resolve(Settings(**settings, origins=origins), KNOWN)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("vgg.py", "/project/nets/vgg.py", True),
        ("*.py", "/project/nets/vgg.py", True),
        ("nets", "/project/nets/vgg.py", True),
        ("nets/", "/project/nets/deep/vgg.py", True),
        ("nets/*", "/project/nets/deep/vgg.py", True),
        ("nets/**", "/project/nets/vgg.py", True),
        ("./nets/vgg.py", "/project/nets/vgg.py", True),
        ("nets/**/vgg.py", "/project/nets/vgg.py", True),
        ("**/vgg.py", "/project/vgg.py", True),
        ("**/nets/*.py", "/project/a/nets/vgg.py", True),
        ("/project/nets/*.py", "/project/nets/vgg.py", True),
        ("!nets/*", "/project/tests/vgg.py", True),
        ("!nets/*", "/project/nets/vgg.py", False),
        ("net", "/project/nets/vgg.py", False),
        ("project", "/project/nets/vgg.py", False),
        ("nets/vgg.py", "/project/other/nets/vgg.py", False),
        ("VGG.py", "/project/vgg.py", False),
        ("vgg.py", "/elsewhere/vgg.py", True),
        ("nets/*", "/elsewhere/nets/vgg.py", False),
        ("nets/*", "/project/other/../nets/vgg.py", True),
    ],
)
def test_per_file_ignores_match_by_name_and_by_path_from_the_root(pattern, path, expected):
    settings = Settings(per_file_ignores=((pattern, ("KRG302",)),), root="/project")
    assert ignored_for(path, settings, KNOWN) == ({"KRG302"} if expected else frozenset())


def test_a_relative_path_is_held_against_the_root(tmp_path, monkeypatch):
    (tmp_path / "nets").mkdir()
    monkeypatch.chdir(tmp_path / "nets")
    settings = Settings(per_file_ignores=(("nets/*", ("KRG302",)),), root=str(tmp_path))
    assert ignored_for("vgg.py", settings, KNOWN) == {"KRG302"}


def test_a_file_reached_by_a_link_to_the_root_is_in_the_root(tmp_path):
    (tmp_path / "real/nets").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    settings = Settings(per_file_ignores=(("nets/*", ("KRG302",)),), root=str(tmp_path / "real"))
    assert ignored_for(str(tmp_path / "link/nets/vgg.py"), settings, KNOWN) == {"KRG302"}


def test_all_patterns_that_match_count():
    settings = Settings(per_file_ignores=(("a.py", ("KRG1",)), ("*.py", ("KRG302", "KRG505"))), root="/project")
    assert ignored_for("/project/a.py", settings, KNOWN) == {"KRG101", "KRG302", "KRG505"}
    assert ignored_for("/project/b.py", settings, KNOWN) == {"KRG302", "KRG505"}
