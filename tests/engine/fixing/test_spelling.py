"""A fix that needs a name writes and imports it as the file does. Each program is shown before and after."""

import ast

import pytest

from kreglint.engine.api import check_source, fix_source
from kreglint.engine.fixing import spelling
from kreglint.settings.schema import Settings
from kreglint.source.text import from_text

INERT = "kernel_regularizer='L1L2'"
FACTORS = "(l1=0.01, l2=0.01)"


def fixed(program):
    """The program after the fix; every `Dense` that it has is given a string that needs the name L1L2."""
    text, _ = fix_source(program, "model.py", Settings(select=("KRG302",), keras_version="3"), unsafe=True)
    ast.parse(text)
    return text


def written(program):
    """What the fix writes in place of the string, in the one call of the program."""
    return fixed(program).partition("kernel_regularizer=")[2].partition("(")[0]


def imports(program):
    """The lines that the fix changes besides the call's own, as they are then."""
    before = set(program.splitlines())
    return [line for line in fixed(program).splitlines() if line not in before and "kernel_regularizer" not in line]


class TestNamesThatAreThere:
    @pytest.mark.parametrize(
        ("lines", "name"),
        [
            ("import keras\nfrom keras.layers import Dense", "keras.regularizers.L1L2"),
            ("import keras.layers\nDense = keras.layers.Dense", "keras.regularizers.L1L2"),
            ("from keras.layers import Dense\nfrom keras import regularizers", "regularizers.L1L2"),
            ("from keras.layers import Dense\nfrom keras import regularizers as reg", "reg.L1L2"),
            ("from keras.layers import Dense\nimport keras.regularizers as KR", "KR.L1L2"),
            ("from keras.layers import Dense\nfrom keras.regularizers import L1L2", "L1L2"),
            ("from keras.layers import Dense\nfrom keras.regularizers import L1L2 as Elastic", "Elastic"),
            ("import keras\nDense = keras.layers.Dense\nreg = keras.regularizers", "reg.L1L2"),
            ("import tensorflow as tf\nDense = tf.keras.layers.Dense", "tf.keras.regularizers.L1L2"),
            ("import tensorflow.compat.v1 as tf\nDense = tf.keras.layers.Dense", "tf.keras.regularizers.L1L2"),
            ("from tensorflow import keras\nDense = keras.layers.Dense", "keras.regularizers.L1L2"),
        ],
    )
    def test_a_name_that_the_file_has_is_used(self, lines, name):
        program = f"{lines}\n\nDense(4, {INERT})\n"
        assert (written(program), imports(program)) == (name, [])

    @pytest.mark.parametrize(
        "lines",
        [
            "try:\n    from tensorflow import keras\nexcept ImportError:\n    import keras",
            "if NEW:\n    import keras\nelse:\n    from tensorflow import keras",
            "try:\n    import keras\nexcept ImportError:\n    raise SystemExit",
            "with quiet():\n    import keras",
            "with quiet():\n    if NEW:\n        import keras\n    else:\n        from tensorflow import keras",
        ],
    )
    def test_a_name_that_every_way_imports_is_there(self, lines):
        program = f"{lines}\n\nkeras.layers.Dense(4, {INERT})\n"
        assert (written(program), imports(program)) == ("keras.regularizers.L1L2", [])

    def test_an_import_in_the_function_is_there(self):
        program = f"def build():\n    from keras import layers, regularizers\n    layers.Dense(4, {INERT})\n"
        assert (written(program), imports(program)) == ("regularizers.L1L2", [])

    def test_of_a_call_in_a_decorator_the_scope_around_is_asked(self):
        program = f"import keras\n@wrap(keras.layers.Dense(4, {INERT}))\ndef build(keras):\n    pass\n"
        assert (written(program), imports(program)) == ("keras.regularizers.L1L2", [])

    def test_an_import_below_a_function_is_there_when_it_runs(self):
        program = f"def build():\n    Dense(4, {INERT})\n\n\nfrom keras.layers import Dense\nimport keras\n"
        assert (written(program), imports(program)) == ("keras.regularizers.L1L2", [])


class TestNamesThatAreNotThere:
    @pytest.mark.parametrize(
        "program",
        [
            "from keras.layers import Dense\nimport keras\ndef build(keras):\n    Dense(4, INERT)\n",
            "from keras.layers import Dense\nimport keras\nkeras = None\nDense(4, INERT)\n",
            "from keras.layers import Dense\nDense(4, INERT)\nimport keras\n",
            "from keras.layers import Dense\nif GPU:\n    import keras\nDense(4, INERT)\n",
            "from keras.layers import Dense\nif TYPE_CHECKING:\n    import keras\nDense(4, INERT)\n",
            "from keras.layers import Dense\nimport keras\nf = lambda keras: Dense(4, INERT)\n",
            "from keras.layers import Dense\nimport keras\n[Dense(4, INERT) for keras in x]\n",
            "from keras.layers import Dense\nany(Dense(4, INERT) for y in x)\nimport keras\n",
            "from keras.layers import Dense\nimport keras\nfor keras in x:\n    Dense(4, INERT)\n",
            "from keras.layers import Dense\nimport keras\ndef set_up():\n    global keras\nDense(4, INERT)\n",
            "from keras.layers import Dense\nclass N:\n    import keras\n    def f(self):\n        Dense(4, INERT)\n",
            "from keras.layers import Dense\nimport keras\ndef build():\n    Dense(4, INERT)\n    keras = 1\n",
            "from keras.layers import Dense\nimport keras\nwhile Dense(4, INERT):\n    keras = None\n",
            "from keras.layers import Dense\nimport keras\nwith f() as keras, Dense(4, INERT):\n    pass\n",
            "from keras.layers import Dense\nimport keras\ndel keras\nDense(4, INERT)\n",
            "from keras.layers import Dense\nfrom .compat import keras\nDense(4, INERT)\n",
            (
                "from keras.layers import Dense\ntry:\n    import keras\nexcept ImportError:\n    keras = None\n"
                "K = keras\nDense(4, INERT)\n"
            ),
            "from keras.layers import Dense\ntry:\n    import keras\nexcept ImportError:\n    pass\nDense(4, INERT)\n",
        ],
    )
    def test_a_name_that_may_be_something_else_there_is_not_used(self, program):
        program = program.replace("INERT", INERT)
        assert written(program) == "regularizers.L1L2"
        assert imports(program) == ["from keras import regularizers"]

    def test_tensorflows_keras_is_not_mixed_with_another(self):
        program = f"import tensorflow as tf\nfrom tf_keras.layers import Dense\nDense(4, {INERT})\n"
        assert (written(program), imports(program)) == ("regularizers.L1L2", ["from tf_keras import regularizers"])


class TestANewImport:
    @pytest.mark.parametrize(
        ("line", "changed"),
        [
            ("from keras.layers import Dense", "from keras import regularizers\nfrom keras.layers import Dense"),
            ("from keras.layers import *", "from keras import regularizers\nfrom keras.layers import *"),
            (
                "from tensorflow.keras.layers import Dense",
                "from tensorflow.keras import regularizers\nfrom tensorflow.keras.layers import Dense",
            ),
            (
                "from keras.src.layers import Dense",
                "from keras import regularizers\nfrom keras.src.layers import Dense",
            ),
            (
                "import keras.layers as KL; Dense = KL.Dense",
                "import keras.layers as KL; from keras import regularizers; Dense = KL.Dense",
            ),
            (
                "import tf_keras.layers as KL  # layers\nDense = KL.Dense",
                "import tf_keras.layers as KL  # layers\nfrom tf_keras import regularizers\nDense = KL.Dense",
            ),
            (
                "import os; from keras.layers import Dense",
                "import os; from keras import regularizers; from keras.layers import Dense",
            ),
        ],
    )
    def test_it_stands_beside_the_imports_of_keras(self, line, changed):
        program = f'"""Models."""\nfrom __future__ import annotations\n\n{line}\n\nDense(4, {INERT})\n'
        assert (
            fixed(program).partition("\n\nDense(")[0]
            == f'"""Models."""\nfrom __future__ import annotations\n\n{changed}'
        )

    @pytest.mark.parametrize(
        ("line", "changed"),
        [
            ("from keras import layers", "from keras import layers, regularizers"),
            ("from keras import layers as L, models", "from keras import layers as L, models, regularizers"),
            ("from keras import layers, utils  # all", "from keras import layers, regularizers, utils  # all"),
            ("from keras import models, layers", "from keras import models, layers, regularizers"),
            ("from keras import (layers, utils)", "from keras import (layers, regularizers, utils)"),
            (
                "from keras import (\n    layers,\n    utils,\n)",
                "from keras import (\n    layers,\n    regularizers,\n    utils,\n)",
            ),
            (
                "from keras import (\n    layers,  # all\n)",
                "from keras import (\n    layers,  # all\n    regularizers,\n)",
            ),
            (
                "from keras import (\n    layers  # all\n)",
                "from keras import (\n    layers,  # all\n    regularizers\n)",
            ),
            ("from keras import (\n    layers)", "from keras import (\n    layers, regularizers)"),
            ("from keras import (\n    layers, )", "from keras import (\n    layers, regularizers, )"),
            ("from keras import (layers,\n    utils)", "from keras import (layers,\n    regularizers,\n    utils)"),
            (
                "from keras import (  # all, of it\n    layers  # (\n    ,  # )\n)",
                "from keras import (  # all, of it\n    layers,  # (\n    regularizers\n    ,  # )\n)",
            ),
            ("from keras import layers, \\\n    models", "from keras import layers, \\\n    models, regularizers"),
            ("from keras import \\\n    layers", "from keras import \\\n    layers, regularizers"),
        ],
    )
    def test_it_joins_a_list_of_names_in_its_order(self, line, changed):
        program = f"{line}\nfrom keras.layers import Dense\n\nDense(4, {INERT})\n"
        assert fixed(program).startswith(f"{changed}\nfrom keras.layers import Dense\n\n")

    @pytest.mark.parametrize(
        ("line", "changed"),
        [
            ("from keras.regularizers import l2", "from keras.regularizers import L1L2, l2"),
            ("from keras.regularizers import l1, L2", "from keras.regularizers import l1, L2, L1L2"),
            ("from keras.regularizers import (\n    l2,\n)", "from keras.regularizers import (\n    L1L2,\n    l2,\n)"),
        ],
    )
    def test_where_regularizers_are_imported_by_name_so_is_this(self, line, changed):
        program = f"from keras.layers import Dense\n{line}\n\nDense(4, {INERT})\n"
        assert written(program) == "L1L2"
        assert f"{changed}\n\n" in fixed(program)

    @pytest.mark.parametrize(
        "use",
        ["regularizers = []", "print(regularizers)", "def regularizers():\n    pass", "def f(regularizers):\n    pass"],
    )
    def test_a_name_that_is_taken_is_given_another(self, use):
        program = f"from keras.layers import Dense\n{use}\nDense(4, {INERT})\n"
        assert written(program) == "keras_regularizers.L1L2"
        assert imports(program) == ["from keras import regularizers as keras_regularizers"]

    def test_a_class_name_that_is_taken_is_read_from_its_module(self):
        program = f"from keras.layers import Dense\nfrom keras.regularizers import l2\nL1L2 = 3\nDense(4, {INERT})\n"
        assert written(program) == "regularizers.L1L2"

    def test_it_stands_beside_an_import_whose_names_are_bound_anew(self):
        program = f"from keras.layers import Dense\nDense = partial(Dense, 4)\nDense({INERT})\n"
        found = spelling.Speller(from_text(program, "model.py")).spell("keras.regularizers.L2", program.index(INERT))
        assert found.text == "regularizers.L2"
        assert [(edit.span.start, edit.content) for edit in found.imports] == [(0, "from keras import regularizers\n")]

    def test_a_syntax_that_is_newer_than_the_running_python_is_read_too(self):
        program = f"lazy import os\nfrom keras.layers import Dense\nDense(4, {INERT})\n"
        text, _ = fix_source(program, "model.py", Settings(select=("KRG302",), keras_version="3"), unsafe=True)
        assert text == (
            "lazy import os\nfrom keras import regularizers\nfrom keras.layers import Dense\n"
            f"Dense(4, kernel_regularizer=regularizers.L1L2{FACTORS})\n"
        )

    def test_in_branches_each_gets_its_own(self):
        program = (
            "try:\n    from tensorflow.keras.layers import Dense\nexcept ImportError:\n"
            f"    from keras.layers import Dense\n\nDense(4, {INERT})\n"
        )
        assert fixed(program) == (
            "try:\n    from tensorflow.keras import regularizers\n    from tensorflow.keras.layers import Dense\n"
            "except ImportError:\n    from keras import regularizers\n    from keras.layers import Dense\n\n"
            f"Dense(4, kernel_regularizer=regularizers.L1L2{FACTORS})\n"
        )

    def test_in_a_function_it_stands_beside_the_import_there(self):
        program = f"def build():\n    from keras.layers import Dense\n    return Dense(4, {INERT})\n"
        assert fixed(program) == (
            "def build():\n    from keras import regularizers\n    from keras.layers import Dense\n"
            f"    return Dense(4, kernel_regularizer=regularizers.L1L2{FACTORS})\n"
        )

    def test_several_fixes_share_one(self):
        program = f"from keras.layers import Dense\nDense(4, {INERT})\nDense(8, {INERT})\n"
        assert fixed(program).count("import regularizers") == 1
        assert fixed(program).count("=regularizers.L1L2(") == 2

    def test_line_ends_are_the_files_own(self):
        program = f"from keras.layers import Dense\r\nDense(4, {INERT})\r\n"
        assert fixed(program).startswith("from keras import regularizers\r\nfrom keras.layers import Dense\r\n")

    def test_columns_count_characters(self):
        program = f"λ = 'é'; from keras import layers\nlayers.Dense(4, name='λλ', {INERT})\n"
        assert fixed(program).startswith("λ = 'é'; from keras import layers, regularizers\n")

    @pytest.mark.parametrize(
        "lines",
        [
            "if GPU:\n    from keras.layers import Dense",
            "try:\n    from keras.layers import Dense\nexcept ImportError:\n    Dense = None",
        ],
    )
    def test_where_no_import_is_certain_the_fix_is_only_shown(self, lines):
        program = f"{lines}\nDense(4, {INERT})\n"
        assert fixed(program) == program
        (found,) = check_source(program, "model.py", Settings(select=("KRG302",), keras_version="3"))
        assert found.fix is not None
        assert found.fix.safety.value == "display"


def test_a_file_is_read_once_for_its_names_however_many_fixes_it_has(monkeypatch):
    read = []
    real = spelling.read_program

    def noted(text, filename):
        read.append(filename)
        return real(text, filename)

    monkeypatch.setattr(spelling, "read_program", noted)
    lines = "".join(f"    layers.Dense({number}, {INERT})\n" for number in range(30))
    check_source(f"from keras import layers\ndef build():\n{lines}", "model.py", Settings(select=("KRG302",)))
    assert read == ["model.py"]
