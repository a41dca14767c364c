"""No fix of any rule writes a name of Keras, or a keyword of a regularizer, that its target lacks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from kreglint.analysis.semantic.keras_names import canonical
from kreglint.catalog.model import Keras, load
from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import check
from kreglint.engine.reading import read
from kreglint.engine.run import Run
from kreglint.rules import RULES
from kreglint.rules.base import Rule
from kreglint.rules.examples import Bad
from kreglint.rules.names import Made, Names
from kreglint.rules.prelude import program
from kreglint.settings.schema import Settings
from kreglint.source.text import from_text
from kreglint.versions import KNOWN, Version

# As the wheels have them: tensorflow 2.0.0, 2.1.0, 2.2.0, 2.3.0, 2.4.0 and keras 2.2.4, 2.3.1 (2.4.3 is TensorFlow's).
OF_OLD = {
    "L1L2": {"l1", "l2"},
    "Regularizer": set(),
    "deserialize": {"config", "custom_objects"},
    "get": {"identifier"},
    "l1": {"l"},
    "l1_l2": {"l1", "l2"},
    "l2": {"l"},
    "serialize": {"regularizer"},
}
BESIDE = ("keras.models.clone_model", "keras.utils.register_keras_serializable")  # tensorflow 2.2.0, 2.3.0
OF_CLASSES = {**OF_OLD, "L1": {"l", "l1"}, "L2": {"l", "l2"}, "l1": {"l", "l1"}, "l2": {"l", "l2"}}
DECLARED = {
    "tensorflow==1.15.0": OF_OLD,
    "tensorflow-gpu==2.0.0": OF_OLD,
    "tensorflow==2.2.0": OF_OLD,
    "tensorflow==2.3.0": OF_CLASSES,
    "tensorflow>=2.0": OF_OLD,
    "tensorflow>=2.2,<2.16": OF_OLD,
    "keras==2.2.4": OF_OLD,
    "keras==2.3.1": OF_OLD,
    "keras==2.4.3": OF_CLASSES,
    "keras==2.4.3\ntensorflow==2.2.0": OF_OLD,
    "keras>=2.2": OF_OLD,
}
WITH_BAD = [rule for rule in RULES if any(isinstance(each, Bad) for each in rule.examples())]

Use = tuple[str, "str | None"]  # the canonical path of a name, and a keyword of a call of it


def uses(text: str) -> set[Use]:
    """The names of Keras that a program imports or reads, and the keywords by which it calls them."""
    tree = ast.parse(text)
    names, stars = imports(tree)
    found: set[Use] = {(path, None) for each in names.values() if (path := canonical(each)) is not None}
    for node in ast.walk(tree):
        path = path_of(node, names, stars)
        if path is not None:
            found.add((path, None))
        if isinstance(node, ast.Call) and (made := path_of(node.func, names, stars)) is not None:
            found |= {(made, keyword.arg) for keyword in node.keywords if keyword.arg is not None}
    return found


def imports(tree: ast.Module) -> tuple[dict[str, str], list[str]]:
    """What names stand for, and the modules that stars bring all names of."""
    names: dict[str, str] = {}
    stars: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    stars.append(node.module or "")
                else:
                    names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names, stars


def path_of(node: ast.AST, names: dict[str, str], stars: list[str]) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    root = names.get(node.id) or next((f"{star}.{node.id}" for star in stars if is_known(f"{star}.{node.id}")), None)
    return canonical(".".join([root, *reversed(parts)])) if root is not None else None


def is_known(path: str) -> bool:
    return any(path.partition(".")[2] in load(version).module_paths for version in KNOWN)


def lacks(keras: Keras, use: Use) -> bool:
    path, keyword = use
    inner = path.partition(".")[2]
    known = keras.regularizers.get(inner.partition(".")[2]) if inner.startswith("regularizers.") else None
    layer = keras.layer(inner.partition(".")[2]) if inner.startswith("layers.") else None
    if layer is not None and keyword is not None and keyword.endswith("_regularizer"):
        return keyword not in layer.regularizers
    if keyword is None:
        return bool(inner) and known is None and inner not in keras.module_paths
    names = {parameter.name for parameter in known.parameters} if known is not None else {keyword}
    if known is not None and known.accepts_l and "L2" not in keras.regularizers:
        names = {"l"}  # the catalog calls the parameter by the factor that it sets
    return keyword not in names and not (keyword == "l" and known is not None and known.accepts_l)


def lacks_of_old(regularizers: dict[str, set[str]], use: Use) -> bool:
    path, keyword = use
    if not path.startswith("keras.regularizers."):
        return keyword is None and path.count(".") > 1 and not (regularizers is OF_CLASSES and path in BESIDE)
    taken = regularizers.get(path.rpartition(".")[2])
    return taken is None or (keyword is not None and keyword not in taken)


def fixed(text: str, diagnostic: Diagnostic) -> str:
    """The program after one fix, whatever its safety."""
    source = from_text(text, "example.py")
    assert diagnostic.fix is not None
    edits = sorted((source.offset(e.location), source.offset(e.end_location), e.content) for e in diagnostic.fix.edits)
    assert all(first[1] <= second[0] for first, second in pairwise(edits))
    for start, end, content in reversed(edits):
        text = text[:start] + content + text[end:]
    return text


@pytest.fixture(autouse=True, scope="module")
def read_once():
    """An example is read once for all its targets: its facts are the same."""
    known = {}

    def read_or_known(data, filename, settings, around=None, *, wanted=()):
        if (data, wanted) not in known:
            known[data, wanted] = read(data, filename, settings, around, wanted=wanted)
        source, facts = known[data, wanted]
        return replace(source, path=filename), facts  # the path is by what the requirements are found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kreglint.engine.reading.read", read_or_known)
        yield


def written(rule: type[Rule], filename: str, version: str | None, *, on_disk: bool = False) -> Iterator[Use]:
    """What the fixes of a rule's examples write that the examples do not have."""
    settings = Settings(select=(rule.code,), keras_version=version)
    around = Run() if on_disk else None
    for example in rule.examples():
        if isinstance(example, Bad):
            text = program(example.code).text
            for diagnostic in check(text, filename, settings, around):
                if diagnostic.fix is not None:
                    yield from uses(fixed(text, diagnostic)) - uses(text)


@pytest.mark.parametrize("version", [None, *map(str, KNOWN)])
@pytest.mark.parametrize("rule", WITH_BAD, ids=lambda rule: rule.code)
def test_a_fix_writes_what_every_version_has_that_it_is_for(rule, version):
    judged = [load(version)] if version is not None else [load(2), load(3)]
    assert [use for use in written(rule, "example.py", version) if any(lacks(keras, use) for keras in judged)] == []


@pytest.fixture(scope="module")
def declaring(tmp_path_factory):
    """A file in a project that declares some requirements."""
    made = {}

    def file(requirements: str) -> str:
        if requirements not in made:
            folder = tmp_path_factory.mktemp("declares")
            (folder / ".git").mkdir()
            (folder / "requirements.txt").write_text(f"{requirements}\n", encoding="utf-8")
            made[requirements] = str(folder / "example.py")
        return made[requirements]

    return file


@pytest.mark.parametrize("requirements", DECLARED)
@pytest.mark.parametrize("rule", WITH_BAD, ids=lambda rule: rule.code)
def test_a_fix_writes_what_the_declared_version_has(rule, requirements, declaring):
    found = written(rule, declaring(requirements), None, on_disk=True)
    assert [use for use in found if lacks_of_old(DECLARED[requirements], use)] == []


@pytest.mark.parametrize(
    ("use", "version", "lacking"),
    [
        (("keras.regularizers.L2", None), "2.3", True),
        (("keras.regularizers.L2", None), "2.15", False),
        (("keras.regularizers.l2", "l2"), "2.3", True),
        (("keras.layers.DepthwiseConv2D", "kernel_regularizer"), "2.15", True),
        (("keras.layers.Dense", "W_regularizer"), "3.15", True),
        (("keras.layers.Dense", "kernel_regularizer"), "1.2", True),
        (("keras.layers.Dense", "kernel_regularizer"), "3.15", False),
    ],
)
def test_the_check_itself_knows_what_is_lacking(use, version, lacking):
    assert lacks(load(version), use) is lacking


class TestNames:
    """The one place that decides how a name is written."""

    @staticmethod
    def of(*versions: tuple[int, int]) -> Names:
        return Names(load(Version(*version)) for version in versions)

    def test_a_class_where_all_have_it(self):
        assert self.of((2, 15), (3, 15)).call("L2", l2="0.1") == Made(
            "keras.regularizers.L2", "keras.regularizers.L2(l2=0.1)"
        )

    def test_what_is_older_where_some_lack_it(self):
        expected = Made("keras.regularizers.l2", "keras.regularizers.l2(0.1)")
        assert self.of((2, 3), (3, 15)).call("L2", l2="0.1") == expected

    def test_nothing_where_they_have_no_name_in_common(self):
        assert self.of((1, 2), (3, 15)).call("L1L2", l1="0.1", l2="0.1") is None

    def test_a_name_of_another_package(self):
        assert self.of((2, 15), (3, 15)).has("keras.models.clone_model")
        assert not self.of((2, 3)).has("keras.utils.register_keras_serializable")

    def test_the_keywords_that_all_take(self):
        assert self.of((2, 15), (3, 15)).takes("l2", "l2")
        assert not self.of((2, 3), (3, 15)).takes("l2", "l2")


REQUIREMENTS = "tensorflow==2.2.0"
HALF = (
    "import tensorflow as tf\nfrom tensorflow.keras import regularizers\n\n\n"
    "class Half(regularizers.Regularizer):\n    def __call__(self, w):\n        return 0.1 * tf.nn.l2_loss(w)\n"
)
GIVEN = "from tensorflow.keras import layers, regularizers\n\nlayers.Dense(4, kernel_regularizer={})\n"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("KRG504", HALF, HALF.replace("tf.nn.l2_loss", "regularizers.l2(0.5)")),
        ("KRG207", GIVEN.format("'l2'"), GIVEN.format("regularizers.l2(0.01)")),
        ("KRG207", GIVEN.format("'l1'"), GIVEN.format("regularizers.l1(0.01)")),
        ("KRG505", GIVEN.format("regularizers.l2(0.01)"), None),
        ("KRG103", GIVEN.format("0.01"), GIVEN.format("regularizers.l2(0.01)")),
        ("KRG502", GIVEN.format("regularizers.activity_l2(0.01)"), GIVEN.format("regularizers.l2(0.01)")),
    ],
)
def test_before_the_classes_a_fix_writes_the_functions(code, text, expected, declaring):
    found = check(text, declaring(REQUIREMENTS), Settings(select=(code,)), Run())
    assert [fixed(text, each) for each in found] == ([expected] if expected is not None else [])


def test_the_keyword_l_goes_where_some_version_knows_no_other(declaring):
    text = GIVEN.format("regularizers.l2(l=0.01)")
    settings = Settings(select=("KRG503",))
    old, new = (check(text, declaring(each), settings, Run()) for each in ("keras>=2.2", "keras>=2.4"))
    assert [fixed(text, each) for each in old] == [GIVEN.format("regularizers.l2(0.01)")]
    assert [fixed(text, each) for each in new] == [GIVEN.format("regularizers.l2(l2=0.01)")]
