"""The rules, one file each. To add one, write its file and name it here."""

from __future__ import annotations

from kreglint.rules.base import Rule
from kreglint.rules.factor.boolean_lambda import BooleanLambda
from kreglint.rules.factor.lambda_above_maximum import LambdaAboveMaximum
from kreglint.rules.factor.negative_lambda import NegativeLambda
from kreglint.rules.factor.none_lambda import NoneLambda
from kreglint.rules.factor.not_a_float_lambda import NotAFloatLambda
from kreglint.rules.identifier.not_a_regularizer import NotARegularizer
from kreglint.rules.identifier.other_keras_identifier import OtherKerasIdentifier
from kreglint.rules.identifier.positional_regularizer import PositionalRegularizer
from kreglint.rules.identifier.swapped_role import SwappedRole
from kreglint.rules.identifier.uncalled_regularizer import UncalledRegularizer
from kreglint.rules.identifier.unknown_identifier import UnknownIdentifier
from kreglint.rules.inert.absent_weight import AbsentWeight
from kreglint.rules.inert.empty_l1l2 import EmptyL1L2
from kreglint.rules.inert.inert_identifier import InertIdentifier
from kreglint.rules.inert.zero_lambda import ZeroLambda
from kreglint.rules.migrate.factor_keyword_l import FactorKeywordL
from kreglint.rules.migrate.keras1_keyword import Keras1Keyword
from kreglint.rules.migrate.keras1_regularizer import Keras1Regularizer
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.rules.run.unused_noqa import UnusedNoqa
from kreglint.rules.wiring.misspelt_keyword import MisspeltKeyword
from kreglint.rules.wiring.wrong_keyword_for_layer import WrongKeywordForLayer

RULES: tuple[type[Rule], ...] = (
    UnknownIdentifier,
    OtherKerasIdentifier,
    NotARegularizer,
    SwappedRole,
    PositionalRegularizer,
    UncalledRegularizer,
    NegativeLambda,
    LambdaAboveMaximum,
    NotAFloatLambda,
    BooleanLambda,
    NoneLambda,
    ZeroLambda,
    InertIdentifier,
    EmptyL1L2,
    AbsentWeight,
    WrongKeywordForLayer,
    MisspeltKeyword,
    Keras1Keyword,
    Keras1Regularizer,
    FactorKeywordL,
    UnreadableFile,
    CrashedRule,
    UnusedNoqa,
)
