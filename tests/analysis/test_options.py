"""What the command line gives a program that is run without options: argparse and absl."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kreglint.facts.values import Symbol
from tests.analysis.reading import Because, Default, given, layers

PARSER = """
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("-w", "--weight-decay", type=float, default={default})
"""
NO_SUCH = Because("an attribute of 'args'")


def option(
    expression: str, *, default: str = "0.1", parse: str = "args = parser.parse_args()", more: str = ""
) -> object:
    program = dedent(PARSER.format(default=default)) + dedent(more) + f"\n{parse}\n"
    return given(program + f"Dense(1, kernel_regularizer={expression})\n")


def test_the_default_of_an_option():
    assert option("args.weight_decay") == Default(0.1)


def test_a_default_that_is_text_is_converted():
    assert option("args.weight_decay", default="'1e-3'") == Default(0.001)


def test_options_that_are_known_among_others():
    assert option("args.weight_decay", parse="args, rest = parser.parse_known_args()") == Default(0.1)


def test_options_that_are_read_at_once():
    assert option("parser.parse_args().weight_decay", parse="") == Default(0.1)


def test_options_that_a_function_reads():
    assert option("read().weight_decay", parse="def read():\n    return parser.parse_args()") == Default(0.1)


def test_an_option_of_a_group():
    more = "group = parser.add_argument_group()\ngroup.add_argument('--l2', default=0.2)\n"
    assert option("args.l2", more=more) == Default(0.2)


def test_an_option_that_is_stored_by_another_name():
    assert option("args.decay", more="parser.add_argument('--l2', default=0.2, dest='decay')\n") == Default(0.2)


def test_an_option_with_only_a_short_name():
    assert option("args.d", more="parser.add_argument('-d', default=0.2)\n") == Default(0.2)


def test_an_option_that_is_only_there_or_not():
    assert option("args.strong", more="parser.add_argument('--strong', action='store_true')\n") == Default(False)


def test_an_option_without_a_default():
    found = option("args.l2", more="parser.add_argument('--l2', type=float)\n")
    assert found == Because("an option without a default")


def test_a_type_that_is_not_known():
    found = option("args.l2", more="parser.add_argument('--l2', type=outside.parse, default='0.2')\n")
    assert found == Because("returned by 'outside.parse'")


def test_an_option_that_is_not_there():
    assert option("args.l2") == NO_SUCH


@pytest.mark.parametrize("change", ["parser.set_defaults(weight_decay=0.5)", "parser.set_defaults(**outside.config())"])
def test_defaults_that_are_set_later(change):
    assert option("args.weight_decay", more=change) == NO_SUCH


def test_an_option_that_the_program_sets():
    assert option("args.weight_decay", parse="args = parser.parse_args()\nargs.weight_decay = 0.5") == NO_SUCH


def test_a_command_line_of_the_programs_own():
    assert option("args.weight_decay", parse="args = parser.parse_args(['-w', '0.5'])") == NO_SUCH


ABSL = {
    "absl": "from absl import flags",
    "tensorflow": "import tensorflow as tf\nflags = tf.app.flags",
    "compat": "import tensorflow as tf\nflags = tf.compat.v1.flags",
}


@pytest.mark.parametrize("header", ABSL.values(), ids=ABSL)
def test_a_flag(header):
    program = f"{header}\nflags.DEFINE_float('decay', 0.1, 'weight decay')\nFLAGS = flags.FLAGS\n"
    assert given(program + "Dense(1, kernel_regularizer=FLAGS.decay)\n") == Default(0.1)


def test_a_flag_by_keywords():
    program = "from absl import flags\nflags.DEFINE_float(name='decay', default=0.1, help='')\n"
    assert given(program + "Dense(1, kernel_regularizer=flags.FLAGS.decay)\n") == Default(0.1)


def test_a_flag_that_another_file_defines():
    program = "from absl import flags\nFLAGS = flags.FLAGS\n"
    (layer,) = layers(program + "Dense(1, kernel_regularizer=FLAGS.decay)\n")
    assert isinstance(layer.arguments[1].value, Symbol)


@pytest.mark.parametrize(
    "parse",
    [
        "import sys\nargs = parser.parse_args(sys.argv[1:])",
        "args = parser.parse_args([])",
        "args = parser.parse_args(args=None)",
        "def f(argv):\n    return parser.parse_args(argv)\nargs = f(outside.x)",
    ],
)
def test_arguments_that_the_user_gave_or_none(parse):
    assert option("args.weight_decay", parse=parse) == Default(0.1)


@pytest.mark.parametrize(
    "parse", ["args = parser.parse_args(['-w', '1'])", "args = parser.parse_args(namespace=outside.x)"]
)
def test_arguments_that_the_program_gives(parse):
    assert isinstance(option("args.weight_decay", parse=parse), Because)


def test_the_options_as_a_dict():
    assert option("args['weight_decay']", parse="args = vars(parser.parse_args())") == Default(0.1)


class TestFlags:
    HEAD = "from absl import flags\nFLAGS = flags.FLAGS\n"

    def test_the_holder_of_a_flag(self):
        body = self.HEAD + "DECAY = flags.DEFINE_float('decay', 0.1, 'help')\n"
        assert given(body + "Dense(4, kernel_regularizer=DECAY.value)\n") == Default(0.1)

    def test_all_flags_handed_to_a_function(self):
        body = self.HEAD + "flags.DEFINE_float('decay', 0.1, 'help')\n"
        body += "def f(config):\n    return config.decay\nDense(4, kernel_regularizer=f(FLAGS))\n"
        assert given(body) == Default(0.1)


@pytest.mark.parametrize("expression", ["float(os.environ.get('W', 0.1))", "float(os.getenv('W', '0.1'))"])
def test_the_environment(expression):
    assert given(f"import os\nDense(4, kernel_regularizer={expression})\n") == Default(0.1)
