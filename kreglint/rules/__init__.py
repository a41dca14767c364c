"""The rules, one file each. To add one, write its file and name it here."""

from __future__ import annotations

from kreglint.rules.base import Rule
from kreglint.rules.factor.ambiguous_positional_lambda import AmbiguousPositionalLambda
from kreglint.rules.factor.boolean_lambda import BooleanLambda
from kreglint.rules.factor.fixed_identifier import FixedIdentifier
from kreglint.rules.factor.full_lambda import FullLambda
from kreglint.rules.factor.integer_lambda import IntegerLambda
from kreglint.rules.factor.lambda_above_maximum import LambdaAboveMaximum
from kreglint.rules.factor.negative_lambda import NegativeLambda
from kreglint.rules.factor.none_lambda import NoneLambda
from kreglint.rules.factor.not_a_float_lambda import NotAFloatLambda
from kreglint.rules.factor.underflowing_lambda import UnderflowingLambda
from kreglint.rules.factor.unknown_factor_argument import UnknownFactorArgument
from kreglint.rules.identifier.not_a_regularizer import NotARegularizer
from kreglint.rules.identifier.orthogonal_on_wrong_rank import OrthogonalOnWrongRank
from kreglint.rules.identifier.other_keras_identifier import OtherKerasIdentifier
from kreglint.rules.identifier.plain_function_regularizer import PlainFunctionRegularizer
from kreglint.rules.identifier.positional_regularizer import PositionalRegularizer
from kreglint.rules.identifier.swapped_role import SwappedRole
from kreglint.rules.identifier.uncalled_regularizer import UncalledRegularizer
from kreglint.rules.identifier.unknown_identifier import UnknownIdentifier
from kreglint.rules.inert.absent_weight import AbsentWeight
from kreglint.rules.inert.constant_activity_penalty import ConstantActivityPenalty
from kreglint.rules.inert.dropped_activity_penalty import DroppedActivityPenalty
from kreglint.rules.inert.empty_l1l2 import EmptyL1L2
from kreglint.rules.inert.frozen_regularizer import FrozenRegularizer
from kreglint.rules.inert.inert_identifier import InertIdentifier
from kreglint.rules.inert.late_assignment import LateAssignment
from kreglint.rules.inert.regularizer_without_call import RegularizerWithoutCall
from kreglint.rules.inert.traced_lambda_change import TracedLambdaChange
from kreglint.rules.inert.unforwarded_regularizer import UnforwardedRegularizer
from kreglint.rules.inert.unused_regularizer import UnusedRegularizer
from kreglint.rules.inert.zero_lambda import ZeroLambda
from kreglint.rules.migrate.changed_l1_l2_default import ChangedL1L2Default
from kreglint.rules.migrate.compiled_loss import CompiledLoss
from kreglint.rules.migrate.factor_keyword_l import FactorKeywordL
from kreglint.rules.migrate.graph_collection import GraphCollection
from kreglint.rules.migrate.half_scaled_penalty import HalfScaledPenalty
from kreglint.rules.migrate.keras1_keyword import Keras1Keyword
from kreglint.rules.migrate.keras1_regularizer import Keras1Regularizer
from kreglint.rules.migrate.legacy_alias import LegacyAlias
from kreglint.rules.practice.dense_embedding_penalty import DenseEmbeddingPenalty
from kreglint.rules.practice.dominant_penalty import DominantPenalty
from kreglint.rules.practice.double_decay import DoubleDecay
from kreglint.rules.practice.inconsistent_lambda import InconsistentLambda
from kreglint.rules.practice.partly_regularized_rnn import PartlyRegularizedRnn
from kreglint.rules.practice.penalty_before_normalization import PenaltyBeforeNormalization
from kreglint.rules.practice.regularized_bias import RegularizedBias
from kreglint.rules.practice.unregularized_layer import UnregularizedLayer
from kreglint.rules.practice.weights_where_dropout import WeightsWhereDropout
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.rules.run.unused_noqa import UnusedNoqa
from kreglint.rules.runtime.dominant_penalty import MeasuredDominance
from kreglint.rules.runtime.inert_regularizer import InertRegularizer
from kreglint.rules.runtime.non_finite_penalty import NonFinitePenalty
from kreglint.rules.runtime.penalty_counted_twice import PenaltyCountedTwice
from kreglint.rules.runtime.penalty_in_prediction import PenaltyInPrediction
from kreglint.rules.runtime.penalty_lost_on_save import PenaltyLostOnSave
from kreglint.rules.runtime.penalty_mismatch import PenaltyMismatch
from kreglint.rules.runtime.penalty_not_trained import PenaltyNotTrained
from kreglint.rules.runtime.static_mismatch import StaticMismatch
from kreglint.rules.training.activity_penalty_scale import ActivityPenaltyScale
from kreglint.rules.training.add_n_of_losses import AddNOfLosses
from kreglint.rules.training.float16_activity_penalty import Float16ActivityPenalty
from kreglint.rules.training.late_bound_penalty import LateBoundPenalty
from kreglint.rules.training.losses_counted_twice import LossesCountedTwice
from kreglint.rules.training.omitted_losses import OmittedLosses
from kreglint.rules.training.unevaluated_regularization import UnevaluatedRegularization
from kreglint.rules.training.unlogged_loss import UnloggedLoss
from kreglint.rules.training.unsavable_regularizer import UnsavableRegularizer
from kreglint.rules.training.unscaled_replica_losses import UnscaledReplicaLosses
from kreglint.rules.wiring.foreign_keyword import ForeignKeyword
from kreglint.rules.wiring.misplaced_regularizer import MisplacedRegularizer
from kreglint.rules.wiring.misspelt_keyword import MisspeltKeyword
from kreglint.rules.wiring.wrong_keyword_for_layer import WrongKeywordForLayer

RULES: tuple[type[Rule], ...] = (
    UnknownIdentifier,
    OtherKerasIdentifier,
    NotARegularizer,
    SwappedRole,
    PositionalRegularizer,
    UncalledRegularizer,
    PlainFunctionRegularizer,
    OrthogonalOnWrongRank,
    NegativeLambda,
    LambdaAboveMaximum,
    NotAFloatLambda,
    BooleanLambda,
    NoneLambda,
    FullLambda,
    FixedIdentifier,
    AmbiguousPositionalLambda,
    IntegerLambda,
    UnderflowingLambda,
    UnknownFactorArgument,
    ZeroLambda,
    InertIdentifier,
    EmptyL1L2,
    AbsentWeight,
    ConstantActivityPenalty,
    DroppedActivityPenalty,
    LateAssignment,
    UnforwardedRegularizer,
    UnusedRegularizer,
    TracedLambdaChange,
    FrozenRegularizer,
    RegularizerWithoutCall,
    WrongKeywordForLayer,
    MisspeltKeyword,
    MisplacedRegularizer,
    ForeignKeyword,
    Keras1Keyword,
    Keras1Regularizer,
    FactorKeywordL,
    HalfScaledPenalty,
    LegacyAlias,
    GraphCollection,
    CompiledLoss,
    ChangedL1L2Default,
    OmittedLosses,
    LossesCountedTwice,
    UnscaledReplicaLosses,
    LateBoundPenalty,
    AddNOfLosses,
    UnsavableRegularizer,
    UnevaluatedRegularization,
    Float16ActivityPenalty,
    ActivityPenaltyScale,
    UnloggedLoss,
    DominantPenalty,
    RegularizedBias,
    DoubleDecay,
    InconsistentLambda,
    UnregularizedLayer,
    PenaltyBeforeNormalization,
    PartlyRegularizedRnn,
    DenseEmbeddingPenalty,
    WeightsWhereDropout,
    PenaltyMismatch,
    InertRegularizer,
    PenaltyNotTrained,
    PenaltyCountedTwice,
    PenaltyInPrediction,
    PenaltyLostOnSave,
    MeasuredDominance,
    NonFinitePenalty,
    StaticMismatch,
    UnreadableFile,
    CrashedRule,
    UnusedNoqa,
)
