"""What can be set."""

from __future__ import annotations

import pickle

import pytest

from kreglint.settings.schema import DEFAULT_EXCLUDE, Settings


def test_the_defaults():
    settings = Settings()
    assert (settings.select, settings.keras_version, settings.max_lambda) == (None, None, 1.0)
    assert settings.excluded == DEFAULT_EXCLUDE


def test_extend_exclude_adds_to_exclude():
    assert Settings(exclude=("a",), extend_exclude=("b",)).excluded == ("a", "b")


@pytest.mark.parametrize(
    ("text", "version"), [(None, None), ("2", (2, 21)), ("2.21", (2, 21)), ("3", (3, 15)), ("3.13.2", (3, 13))]
)
def test_the_version_is_that_of_the_text_set_and_a_major_means_its_newest(text, version):
    assert Settings(keras_version=text).version == version


def test_settings_can_be_pickled_hashed_and_compared():
    settings = Settings(select=("KRG3",), per_file_ignores=(("tests/*", ("KRG302",)),))
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert len({settings, pickle.loads(pickle.dumps(settings))}) == 1


def test_where_a_key_was_set_does_not_make_settings_differ():
    assert Settings(origins=(("select", "select of kreglint.toml"),)) == Settings()


def test_a_value_from_the_command_line_replaces_the_one_from_the_file():
    settings = Settings(ignore=("KRG1",), max_lambda=2.0, origins=(("ignore", "ignore of kreglint.toml"),))
    overridden = settings.overridden({"max_lambda": 0.5, "extend_select": ("KRG505",)})
    assert (overridden.ignore, overridden.max_lambda, overridden.extend_select) == (("KRG1",), 0.5, ("KRG505",))
    origins = [overridden.origin(key) for key in ("ignore", "max-lambda", "extend-select", "select")]
    assert origins == ["ignore of kreglint.toml", "--max-lambda", "--extend-select", "select"]


def test_an_option_of_another_program_is_named_as_it_is_written_there():
    assert Settings().overridden({"max_lambda": 0.5}, "--kreglint-").origin("max-lambda") == "--kreglint-max-lambda"
