"""Which files a run checks, and under which names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kreglint.settings.schema import DEFAULT_EXCLUDE
from kreglint.source.discovery import MissingPathError, find_files, is_excluded


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write(*paths, text=""):
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)


def found(*paths, exclude=DEFAULT_EXCLUDE, **options):
    return list(find_files(paths or ["."], exclude=exclude, **options))


def test_a_folder_gives_its_python_files_sorted_by_name():
    write("b.py", "a/z.py", "a/y.py", "c/x.py", "notes.txt", "a/data.pyc", "a.py")
    assert found() == ["a/y.py", "a/z.py", "a.py", "b.py", "c/x.py"]


def test_notebooks_are_found_in_folders_and_markdown_files_are_not():
    write("a/train.ipynb", "a/run.ipy", "a/README.md", ".ipynb_checkpoints/train.ipynb")
    assert found() == ["a/run.ipy", "a/train.ipynb"]
    assert found("a/README.md") == ["a/README.md"]


def test_a_folder_that_is_named_like_a_python_file_is_a_folder():
    write("odd.py/a.py")
    assert found() == ["odd.py/a.py"]


def test_hidden_files_and_folders_are_found_unless_they_are_left_out_by_name():
    write(".hidden/a.py", ".b.py", ".git/c.py")
    assert found() == [".b.py", ".hidden/a.py"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("nets", "nets/vgg.py"),
        ("nets/", "nets/vgg.py"),
        ("./nets", "nets/vgg.py"),
        ("./nets/vgg.py", "nets/vgg.py"),
        (".", "nets/vgg.py"),
        ("./", "nets/vgg.py"),
        ("nets/../nets", "nets/../nets/vgg.py"),
        ("../project", "../project/nets/vgg.py"),
    ],
)
def test_paths_come_out_as_they_were_given_in_the_shortest_spelling(given, expected):
    write("nets/vgg.py")
    assert found(given) == [expected]


def test_an_absolute_path_stays_absolute(project):
    write("nets/vgg.py")
    assert found(str(project)) == [str(project / "nets/vgg.py")]


def test_paths_are_taken_in_the_order_given():
    write("a.py", "b/c.py")
    assert found("b", "a.py") == ["b/c.py", "a.py"]


def test_no_paths_give_no_files():
    assert list(find_files([], exclude=())) == []


@pytest.mark.parametrize("path", ["script", "notes.txt", "build/a.py", ".venv/a.py", "ignored.py"])
def test_a_file_that_is_named_is_checked_whatever_it_is(path):
    write("script", "notes.txt", "build/a.py", ".venv/a.py", "ignored.py")
    write(".gitignore", text="ignored.py\n")
    assert found(path, exclude=(*DEFAULT_EXCLUDE, "ignored.py")) == [path]


def test_a_folder_that_is_named_is_walked_though_it_would_be_left_out():
    write("build/a.py", "out/b.py", "build/build/c.py")
    write(".gitignore", text="out/\n")
    assert found("build", "out") == ["build/a.py", "out/b.py"]


@pytest.mark.parametrize("missing", ["nowhere", "nowhere/a.py", "a.py/b.py", "broken.py"])
def test_a_path_that_does_not_exist_is_refused_before_the_first_file(missing):
    write("a.py")
    Path("broken.py").symlink_to("nowhere")
    with pytest.raises(MissingPathError) as refused:
        next(find_files(["a.py", missing], exclude=()))
    assert str(refused.value) == f"expected a file or folder, but {missing} does not exist"
    assert refused.value.path == missing


def test_an_empty_path_does_not_exist():
    with pytest.raises(MissingPathError, match=r"^expected a file or folder, but '' does not exist$"):
        found("")


@pytest.mark.parametrize("name", DEFAULT_EXCLUDE)
def test_the_usual_suspects_are_left_out_at_every_depth(name):
    write("a.py", f"{name}/b.py", f"deep/{name}/c.py")
    assert found() == ["a.py"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("generated", ["a.py", "nets/vgg.py"]),
        ("generated/", ["a.py", "nets/vgg.py"]),
        ("nets/*.py", ["a.py", "generated/b.py", "nets/generated/c.py"]),
        ("./nets", ["a.py", "generated/b.py"]),
        ("vgg.py", ["a.py", "generated/b.py", "nets/generated/c.py"]),
        ("**/generated/*.py", ["a.py", "nets/vgg.py"]),
        ("*.py", []),
    ],
)
def test_exclude_patterns_are_relative_to_the_root(pattern, expected):
    write("a.py", "generated/b.py", "nets/generated/c.py", "nets/vgg.py")
    assert found(exclude=[pattern]) == expected


def test_the_root_need_not_be_the_current_folder(project):
    write("nets/a.py", "nets/sub/a.py")
    assert found(exclude=["/a.py"], root=str(project / "nets")) == ["nets/sub/a.py"]


def test_gitignore_leaves_out_files_and_folders():
    write("a.py", "b.py", "out/c.py")
    write(".gitignore", text="# generated\nout/\nb.py\n")
    assert found() == ["a.py"]


def test_a_nested_gitignore_wins_over_the_one_above():
    write("a_pb.py", "nets/b_pb.py", "nets/c.py")
    write(".gitignore", text="*_pb.py\n")
    write("nets/.gitignore", text="!b_pb.py\nc.py\n")
    assert found() == ["nets/b_pb.py"]


def test_a_gitignore_does_not_reach_beside_its_folder():
    write("a/x.py", "b/x.py")
    write("a/.gitignore", text="x.py\n")
    assert found() == ["b/x.py"]


def test_what_lies_in_an_ignored_folder_cannot_be_taken_back():
    write("out/a.py")
    write(".gitignore", text="out/\n!out/a.py\n")
    assert found() == []


def test_folders_can_be_kept_while_other_files_are_ignored():
    write("a.py", "sub/deep/b.py", "sub/deep/c.py")
    write(".gitignore", text="*\n!*/\n!b.py\n")
    assert found() == ["sub/deep/b.py"]


def test_gitignore_files_count_up_to_the_root_of_the_repository(project):
    write("../.gitignore", text="a.py\n")
    write(".git/HEAD", "nets/a.py", "nets/b.py", "nets/sub/c.py")
    write(".gitignore", text="b.py\n/nets/sub\n")
    assert found("nets") == ["nets/a.py"]


def test_without_a_repository_only_the_folders_walked_count():
    write("nets/a.py")
    write(".gitignore", text="a.py\n")
    assert found("nets") == ["nets/a.py"]


def test_the_excludes_of_the_repository_itself_count():
    write("a.py", "b.py")
    write(".git/info/exclude", text="b.py\n")
    assert found() == ["a.py"]


def test_gitignore_can_be_disregarded():
    write("a.py")
    write(".gitignore", text="a.py\n")
    assert found(respect_gitignore=False) == ["a.py"]


def test_a_folder_called_gitignore_says_nothing():
    write("a.py", ".gitignore/b.py")
    assert found() == [".gitignore/b.py", "a.py"]


def test_a_gitignore_that_is_not_utf_8_still_counts():
    write("a.py", "b.py")
    Path(".gitignore").write_bytes(b"\xe9\r\nb.py\r\n")
    assert found() == ["a.py"]


def test_a_file_given_twice_is_found_once():
    write("a.py", "b/c.py")
    assert found("a.py", "./a.py", ".", "b", "b/c.py") == ["a.py", "b/c.py"]


def test_a_link_to_a_file_that_was_found_is_not_found_again():
    write("a.py")
    Path("b.py").symlink_to("a.py")
    assert found() == ["a.py"]


def test_a_loop_of_symbolic_links_ends():
    write("a/b/c.py")
    Path("a/b/up").symlink_to("..", target_is_directory=True)
    Path("a/root").symlink_to(Path.cwd(), target_is_directory=True)
    assert found() == ["a/b/c.py"]


def test_a_link_that_leads_to_itself_is_passed_over():
    write("a.py")
    Path("loop.py").symlink_to("loop.py")
    Path("broken.py").symlink_to("nowhere")
    assert found() == ["a.py"]


def test_a_linked_folder_is_walked(tmp_path):
    write(str(tmp_path / "else/a.py"))
    Path("linked").symlink_to(tmp_path / "else", target_is_directory=True)
    assert found() == ["linked/a.py"]


def test_a_folder_that_cannot_be_read_is_reported_and_the_others_go_on():
    write("a.py", "gone/b.py", "z.py")
    errors = []
    walk = find_files(["."], exclude=(), on_error=errors.append)
    assert next(walk) == "a.py"
    shutil.rmtree("gone")
    assert list(walk) == ["z.py"]
    assert [(type(error), error.filename) for error in errors] == [(FileNotFoundError, "gone")]


def test_without_a_handler_a_folder_that_cannot_be_read_is_an_error():
    write("a.py", "gone/b.py")
    walk = find_files(["."], exclude=())
    assert next(walk) == "a.py"
    shutil.rmtree("gone")
    with pytest.raises(FileNotFoundError):
        next(walk)


def test_a_named_link_that_leads_to_itself_is_reported():
    Path("loop").symlink_to("loop")
    errors = []
    assert found("loop", on_error=errors.append) == []
    assert [error.filename for error in errors] == ["loop"]


class TestIsExcluded:
    @pytest.mark.parametrize(
        ("file", "expected"),
        [("model.py", False), ("build/model.py", True), ("a/build/b/model.py", True), ("a/model_pb2.py", True)],
    )
    def test_a_file_is_left_out_as_the_walk_would(self, tmp_path, file, expected):
        excluded = is_excluded(str(tmp_path / file), exclude=("build", "*_pb2.py"), root=str(tmp_path))
        assert excluded is expected

    def test_folders_above_the_root_do_not_count(self, tmp_path):
        root = tmp_path / "build"
        assert not is_excluded(str(root / "model.py"), exclude=("build",), root=str(root))
