"""What declared dependencies tell of the Keras that a project runs on."""

import pytest

from kreglint.settings.detection import Detected, detected_keras

THREES = ((3, 0), (3, 5), (3, 13), (3, 14), (3, 15))
LOCK = '[[package]]\nname = "{name}"\nversion = "{version}"\n'


def told(folder, **files) -> Detected | None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / ".git").mkdir(exist_ok=True)
    return detected_keras(str(folder))


def requires(folder, *lines):
    found = told(folder, **{"requirements.txt": "\n".join(lines)})
    return found.versions if found else None


class TestFiles:
    @pytest.mark.parametrize(
        ("file", "text"),
        [
            ("requirements.txt", "numpy\nkeras==2.3.1  # old\n"),
            ("requirements-gpu.txt", "keras==2.3.1; python_version < '3.8'\n"),
            ("requirements/base.txt", "-r other.txt\nKeras == 2.3.1 --hash=sha256:0\n"),
            ("pyproject.toml", "[project]\ndependencies = ['keras==2.3.1']\n"),
            ("pyproject.toml", "[project.optional-dependencies]\nnets = ['keras==2.3.1']\n"),
            ("pyproject.toml", "[dependency-groups]\nnets = ['keras==2.3.1', {include-group = 'dev'}]\n"),
            ("pyproject.toml", "[tool.poetry.dependencies]\nkeras = '2.3.1'\n"),
            ("pyproject.toml", "[tool.poetry.group.nets.dependencies]\nkeras = {version = '2.3.1', optional = true}\n"),
            ("setup.cfg", "[options]\ninstall_requires =\n    numpy\n    keras==2.3.1\n"),
            ("setup.cfg", "[options.extras_require]\nnets = keras==2.3.1\n"),
            ("uv.lock", LOCK.format(name="keras", version="2.3.1")),
            ("poetry.lock", LOCK.format(name="keras", version="2.3.1")),
            ("pdm.lock", LOCK.format(name="keras", version="2.3.1")),
            ("Pipfile", "[packages]\nkeras = '==2.3.1'\n"),
            ("Pipfile", "[dev-packages]\nkeras = {version = '==2.3.1'}\n"),
            ("Pipfile.lock", '{"default": {"keras": {"version": "==2.3.1"}}}'),
            ("conda-lock.yml", "package:\n- name: keras\n  version: 2.3.1\n  manager: conda\n"),
            ("gpu.conda-lock.yml", "package:\n- name: keras\n  version: '2.3.1'\n  manager: pip\n"),
            ("environment.yml", "dependencies:\n  - python=3.7\n  - keras=2.3.1\n"),
            ("environment-gpu.yaml", "dependencies:\n  - conda-forge::keras=2.3.1=py37_0\n"),
            ("environment.yml", "dependencies:\n  - pip\n  - pip:\n    - keras==2.3.1\n"),
        ],
    )
    def test_a_declared_version_is_found(self, tmp_path, file, text):
        found = told(tmp_path, **{file: text})
        assert found is not None
        assert found.versions == ((2, 3),)
        assert found.source.startswith("keras==2.3")
        assert found.source.endswith(f" in {file.rpartition('/')[2]}")

    @pytest.mark.parametrize(
        "text", ["[project\nkeras==2.3.1", "[[package]]\nversion = 'keras'\n", "project = 'keras'\n"]
    )
    @pytest.mark.parametrize("file", ["pyproject.toml", "uv.lock", "Pipfile", "Pipfile.lock", "setup.cfg"])
    def test_a_broken_file_tells_nothing(self, tmp_path, file, text):
        assert told(tmp_path, **{file: text}) is None

    def test_a_locked_version_wins_over_what_is_allowed(self, tmp_path):
        files = {
            "uv.lock": LOCK.format(name="keras", version="3.5.0"),
            "pyproject.toml": "[project]\ndependencies=['keras>=3']",
        }
        assert told(tmp_path, **files) == Detected(((3, 5),), "keras==3.5.0 in uv.lock")

    def test_a_lock_of_conda_for_several_platforms_names_what_each_has(self, tmp_path):
        entry = "- name: keras\n  version: 3.5.0\n  manager: conda\n  platform: {}\n"
        text = f"package:\n{entry.format('linux-64')}{entry.format('osx-arm64')}"
        assert told(tmp_path, **{"conda-lock.yml": text}).versions == ((3, 5),)

    def test_of_several_files_each_may_be_in_use(self, tmp_path):
        files = {"requirements.txt": "keras==2.3.1", "requirements-new.txt": "keras==3.15.*"}
        found = told(tmp_path, **files)
        assert found == Detected(
            ((2, 3), (3, 15)), "keras==3.15.* in requirements-new.txt, keras==2.3.1 in requirements.txt"
        )

    def test_the_closest_folder_that_tells_counts(self, tmp_path):
        told(tmp_path, **{"requirements.txt": "keras==2.3.1", "nets/requirements.txt": "keras==3.5.0"})
        (tmp_path / "nets" / "deep").mkdir()
        (tmp_path / "tools").mkdir()
        assert detected_keras(str(tmp_path / "nets" / "deep")).versions == ((3, 5),)
        assert detected_keras(str(tmp_path / "tools")).versions == ((2, 3),)

    def test_a_file_has_the_keras_of_its_folder(self, tmp_path):
        told(tmp_path, **{"requirements.txt": "keras==2.3.1", "model.py": ""})
        assert detected_keras(str(tmp_path / "model.py")).versions == ((2, 3),)

    def test_what_is_above_the_repository_does_not_count(self, tmp_path):
        (tmp_path / "requirements.txt").write_text("keras==2.3.1")
        inner = tmp_path / "inner"
        inner.mkdir()
        assert told(inner, **{"requirements.txt": "numpy"}) is None


class TestKeras:
    @pytest.mark.parametrize(
        ("requirement", "versions"),
        [
            ("keras==3.15.1", ((3, 15),)),
            ("keras==3.3.3", ((3, 3),)),
            ("keras==2.10.0", ((2, 10),)),
            ("keras==1.2.2", ((1, 2),)),
            ("keras>=3", THREES),
            ("keras>=3.6,<3.9", ((3, 6),)),
            ("keras>=3.0,<3.6", ((3, 0), (3, 5))),
            ("keras~=3.13", ((3, 13), (3, 14), (3, 15))),
            ("keras<3", ((2, 15),)),
            ("keras>=2.0,<3", ((2, 3), (2, 15))),
            ("keras>=3.15", ((3, 15),)),
            ("keras>=3.16", ((3, 16),)),
            ("keras>=3.17", ((3, 17),)),
            ("keras==3.16.0", ((3, 16),)),
            ("keras==3.16.0rc0", ((3, 16),)),
            ("keras==3.15.0rc1", ((3, 15),)),
            ("keras-nightly==3.16.0.dev2026102704", ((3, 16),)),
            ("keras-nightly>=3.16.0.dev0", ((3, 16),)),
            ("tf_keras==2.21.0", ((2, 21),)),
            ("tf-keras~=2.16", ((2, 16), (2, 21))),
        ],
    )
    def test_every_catalog_that_speaks_for_an_allowed_version_is_a_target(self, tmp_path, requirement, versions):
        assert requires(tmp_path, requirement) == versions

    def test_a_nightly_beside_keras_itself_is_an_extra(self, tmp_path):
        assert requires(tmp_path, "keras>=3.14", "keras-nightly>=3.16.0.dev0") == ((3, 14), (3, 15))

    @pytest.mark.parametrize(
        "requirement", ["keras", "keras-nightly", "tensorflow", "numpy==1.2", "keras-tuner==1.0", "kerasx==1.0"]
    )
    def test_what_allows_any_version_tells_nothing(self, tmp_path, requirement):
        assert requires(tmp_path, requirement) is None

    @pytest.mark.parametrize(
        ("requirement", "versions"), [("^3.13", ((3, 13), (3, 14), (3, 15))), ("~2.3", ((2, 3),)), ("*", None)]
    )
    def test_the_signs_of_poetry_are_read(self, tmp_path, requirement, versions):
        found = told(tmp_path, **{"pyproject.toml": f"[tool.poetry.dependencies]\nkeras = '{requirement}'\n"})
        assert (found.versions if found else None) == versions


class TestTensorFlow:
    @pytest.mark.parametrize(
        ("requirement", "versions"),
        [
            ("tensorflow==2.15.1", ((2, 15),)),
            ("tensorflow==2.10", ((2, 10),)),
            ("tensorflow-gpu==1.15.0", ((2, 4),)),
            ("tensorflow-cpu>=2.16", THREES),
            ("tensorflow>=2.4", ((2, 15), *THREES)),
            ("tensorflow<2.16,>=2.4", ((2, 15),)),
        ],
    )
    def test_its_version_tells_the_keras_that_it_brings(self, tmp_path, requirement, versions):
        assert requires(tmp_path, requirement) == versions

    @pytest.mark.parametrize(
        ("requirements", "old"),
        [
            (["tensorflow==1.15.0"], ((2, 3),)),
            (["tensorflow==2.2.0"], ((2, 3),)),
            (["tensorflow==2.3.0"], ()),
            (["tensorflow>=2.1"], ((2, 3),)),
            (["keras==2.4.3", "tensorflow>=2.2"], ((2, 3),)),
            (["keras>=3", "tensorflow>=2.0"], ()),
            (["keras==2.3.1"], ()),
        ],
    )
    def test_before_2_3_it_has_the_names_of_keras_2_3(self, tmp_path, requirements, old):
        found = told(tmp_path, **{"requirements.txt": "\n".join(requirements)})
        assert found is not None
        assert found.old == old

    def test_keras_itself_tells_more(self, tmp_path):
        assert requires(tmp_path, "tensorflow>=2.16", "keras==3.5.0") == ((3, 5),)

    def test_keras_without_a_version_leaves_it_to_tensorflow(self, tmp_path):
        assert requires(tmp_path, "keras", "tensorflow==2.15.1") == ((2, 15),)

    def test_beside_tf_keras_it_means_keras_2(self, tmp_path):
        assert requires(tmp_path, "tensorflow>=2.16", "tf_keras>=2.16") == ((2, 16), (2, 21))

    def test_where_both_keras_are_declared_both_are_targets(self, tmp_path):
        assert requires(tmp_path, "keras>=3.15", "tf_keras>=2.21") == ((2, 21), (3, 15))

    def test_with_the_legacy_switch_it_means_keras_2(self, tmp_path):
        text = "dependencies:\n  - tensorflow=2.21\nvariables:\n  TF_USE_LEGACY_KERAS: 1\n"
        assert told(tmp_path, **{"environment.yml": text}).versions == ((2, 21),)
