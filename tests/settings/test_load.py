"""Configuration files: which one counts, what it may say, and what is said of a faulty one."""

from __future__ import annotations

import pytest

from kreglint.settings.load import find_config, load, settings_for
from kreglint.settings.schema import Settings, SettingsError

KERAS_VERSIONS = (
    'expected a major of Keras ("1", "2", "3") or an exact version such as "3.13.2" '
    "(known: 1.2, 2.3, 2.15, 2.21, 3.0, 3.5, 3.13, 3.14, 3.15, 3.16)"
)

TABLE = "[tool.kreglint]\n"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def fault(path):
    with pytest.raises(SettingsError) as refused:
        load(path)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_closest_file_counts(tmp_path):
    write(tmp_path / "kreglint.toml", "")
    inner = write(tmp_path / "a/kreglint.toml", "")
    (tmp_path / "a/b").mkdir()
    assert find_config(str(tmp_path / "a/b")) == inner


def test_kreglint_toml_wins_in_the_same_folder(tmp_path):
    write(tmp_path / "pyproject.toml", TABLE)
    own = write(tmp_path / "kreglint.toml", "")
    assert find_config(str(tmp_path)) == own


def test_a_closer_pyproject_wins_over_a_kreglint_toml_above(tmp_path):
    write(tmp_path / "kreglint.toml", "")
    shared = write(tmp_path / "a/pyproject.toml", TABLE)
    assert find_config(str(tmp_path / "a")) == shared


@pytest.mark.parametrize("text", ["", "[tool.ruff]\n", "tool = 3\n", "[project]\nname = 'kreglint'\n"])
def test_a_pyproject_without_our_table_does_not_count(tmp_path, text):
    outer = write(tmp_path / "kreglint.toml", "")
    write(tmp_path / "a/pyproject.toml", text)
    assert find_config(str(tmp_path / "a")) == outer


def test_an_empty_table_counts(tmp_path):
    write(tmp_path / "kreglint.toml", "max-lambda = 2")
    write(tmp_path / "a/pyproject.toml", TABLE)
    assert settings_for(str(tmp_path / "a")).max_lambda == 1.0


def test_a_relative_folder_is_searched_upward_too(tmp_path, monkeypatch):
    own = write(tmp_path / "kreglint.toml", "")
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert find_config(".") == own


def test_without_a_file_the_defaults_hold(tmp_path):
    assert find_config(str(tmp_path)) is None
    assert settings_for(str(tmp_path)) == Settings()


EVERYTHING = """
select = ["KRG3", "ALL"]
extend-select = ["KRG505"]
ignore = ["KRG302"]
exclude = ["generated"]
extend-exclude = ["docs/*.py"]
keras-version = "3.15"
max-lambda = 2

[PREFIX.per-file-ignores]
"tests/*" = ["KRG2", "KRG101"]
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kreglint.toml", EVERYTHING.replace("PREFIX.", "")),
        ("pyproject.toml", TABLE + EVERYTHING.replace("PREFIX", "tool.kreglint")),
        ("pyproject.toml", b"\xef\xbb\xbf" + (TABLE + EVERYTHING).replace("PREFIX", "tool.kreglint").encode()),
    ],
)
def test_every_key_is_read(tmp_path, name, text):
    assert load(write(tmp_path / name, text)) == Settings(
        select=("KRG3", "ALL"),
        extend_select=("KRG505",),
        ignore=("KRG302",),
        per_file_ignores=(("tests/*", ("KRG2", "KRG101")),),
        exclude=("generated",),
        extend_exclude=("docs/*.py",),
        keras_version="3.15",
        max_lambda=2.0,
        root=str(tmp_path),
    )


def test_each_key_remembers_where_it_was_set(tmp_path):
    path = write(tmp_path / "kreglint.toml", 'select = ["ALL"]')
    settings = load(path)
    assert (settings.origin("select"), settings.origin("ignore")) == (f"select of {path}", "ignore")


A_LIST = 'a list of rule selectors such as ["KRG3", "KRG201"]'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('select = "KRG3"', f'select: expected {A_LIST}, received the string "KRG3"'),
        ("ignore = [302]", f"ignore: expected {A_LIST}, received a list with the number 302 in it"),
        ("extend-select = true", f"extend-select: expected {A_LIST}, received the boolean true"),
        ("exclude = {}", 'exclude: expected a list of patterns such as ["generated", "docs/*.py"], received a table'),
        (
            "per-file-ignores = []",
            'per-file-ignores: expected a table such as {"tests/*" = ["KRG3"]}, received an empty list',
        ),
        (
            'per-file-ignores = {"tests/*" = "KRG3"}',
            f"per-file-ignores: expected {A_LIST} for 'tests/*', received the string \"KRG3\"",
        ),
        (
            "keras-version = 3",
            "keras-version: " + KERAS_VERSIONS + ", received the number 3",
        ),
        (
            'keras-version = "4"',
            "keras-version: " + KERAS_VERSIONS + ', received the string "4"',
        ),
        (
            "keras-version = 2024-01-02",
            "keras-version: " + KERAS_VERSIONS + ", received the date or time 2024-01-02",
        ),
        ("max-lambda = 0", "max-lambda: expected a number above 0, received the number 0"),
        ("max-lambda = -0.5", "max-lambda: expected a number above 0, received the number -0.5"),
        ("max-lambda = nan", "max-lambda: expected a number above 0, received the number nan"),
        ("max-lambda = true", "max-lambda: expected a number above 0, received the boolean true"),
        ('max-lambda = "1"', 'max-lambda: expected a number above 0, received the string "1"'),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(tmp_path, text, complaint):
    path = write(tmp_path / "kreglint.toml", text)
    assert fault(path) == f"{path}: {complaint}"


def test_in_a_pyproject_the_table_is_named(tmp_path):
    path = write(tmp_path / "pyproject.toml", TABLE + "max-lambda = 0")
    assert fault(path) == f"{path}: max-lambda in [tool.kreglint]: expected a number above 0, received the number 0"


def test_the_table_must_be_a_table(tmp_path):
    path = write(tmp_path / "pyproject.toml", "[tool]\nkreglint = 'on'")
    assert fault(path) == f'{path}: [tool.kreglint]: expected a table, received the string "on"'


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("slect", "select"),
        ("extend_select", "extend-select"),
        ("Max-Lambda", "max-lambda"),
        ("per-file-ignore", "per-file-ignores"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(tmp_path, key, nearest):
    path = write(tmp_path / "pyproject.toml", f"{TABLE}{key} = 1")
    assert fault(path) == f"{path}: unknown key {key!r} in [tool.kreglint]; did you mean {nearest!r}?"


def test_a_key_like_no_other_is_answered_with_all_of_them(tmp_path):
    path = write(tmp_path / "kreglint.toml", "zzz = 1")
    assert fault(path) == (
        f"{path}: unknown key 'zzz'; expected one of select, extend-select, ignore, per-file-ignores, "
        "exclude, extend-exclude, keras-version, max-lambda, layers, check-docs, fixable, unfixable, cache-dir"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[tool.kreglint\n", ":1:15: invalid TOML: Expected ']' at the end of a table declaration"),
        ("a = 1\nb 2\n", ":2:3: invalid TOML: Expected '=' after a key in a key/value pair"),
        ("a = 1\r\na = 2\r\n", ":2:6: invalid TOML: Cannot overwrite a value"),
        ('a = """\n\nb', ":3:2: invalid TOML: Unterminated string"),
        (b"a = 1\nb = '\xce\xbb\xff'\n", ":2:7: cannot be decoded as UTF-8: byte 0xff"),
        ("a = " + "[" * 100_000, ": invalid TOML: nested too deeply"),
        ("a = " + "1" * 5000, ": invalid TOML: Exceeds the limit"),
    ],
)
def test_broken_toml_is_refused_with_its_place(tmp_path, text, complaint):
    path = write(tmp_path / "kreglint.toml", text)
    assert fault(path).startswith(path + complaint)


def test_a_broken_pyproject_on_the_way_up_is_refused(tmp_path):
    path = write(tmp_path / "pyproject.toml", "[project\n")
    (tmp_path / "a").mkdir()
    with pytest.raises(SettingsError) as refused:
        settings_for(str(tmp_path / "a"))
    assert str(refused.value) == f"{path}:1:9: invalid TOML: Expected ']' at the end of a table declaration"


def test_a_file_that_is_missing_or_a_folder_is_refused(tmp_path):
    missing = str(tmp_path / "kreglint.toml")
    assert fault(missing) == f"{missing}: cannot be read: No such file or directory"
    assert fault(str(tmp_path)) == f"{tmp_path}: cannot be read: Is a directory"
