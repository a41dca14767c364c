"""From a parsed module to its facts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from kreglint.analysis import bounds
from kreglint.analysis.keras.api_calls import api_calls
from kreglint.analysis.keras.compiled import compiled_models
from kreglint.analysis.keras.copies import copy_facts
from kreglint.analysis.keras.custom import custom_facts
from kreglint.analysis.keras.enclosed import enclosed_layers
from kreglint.analysis.keras.exempt import is_beyond_defaults, is_spared
from kreglint.analysis.keras.expected import expected
from kreglint.analysis.keras.factor_attributes import factor_uses
from kreglint.analysis.keras.fitted import fitted_models
from kreglint.analysis.keras.found_by_name import found_by_name
from kreglint.analysis.keras.halves import half_facts
from kreglint.analysis.keras.late import late_facts
from kreglint.analysis.keras.layer_calls import NO_LAYERS, LayerCalls
from kreglint.analysis.keras.layer_graph import previous_layers
from kreglint.analysis.keras.misplaced import misplaced
from kreglint.analysis.keras.own_weights import own_weights
from kreglint.analysis.keras.owners import is_layer
from kreglint.analysis.keras.parameters import parameter_facts
from kreglint.analysis.keras.quantized import factored_layers, quantized_models
from kreglint.analysis.keras.reader import View
from kreglint.analysis.keras.regularizer_names import RegularizerNames
from kreglint.analysis.keras.switches import chosen_backend, sets_legacy_keras
from kreglint.analysis.keras.training import training_facts
from kreglint.analysis.keras.wrapper_calls import WrapperCalls
from kreglint.analysis.libraries.known import LIBRARY
from kreglint.analysis.semantic.keras_names import canonical, proven_major
from kreglint.analysis.semantic.program import Program, read_program
from kreglint.analysis.semantic.sites import AttributeSite, CallSite
from kreglint.analysis.semantic.statements import long_statements
from kreglint.analysis.syntax.gc_pause import no_collection
from kreglint.analysis.syntax.nesting import Result, with_room_where_needed
from kreglint.analysis.syntax.parse import parse, too_deep
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.interpreter import interpreter
from kreglint.analysis.values.localize import Localizer
from kreglint.analysis.values.project import Project
from kreglint.analysis.values.session import Session
from kreglint.diagnostics import Span
from kreglint.facts.file import ON_DEMAND, AttributeAssignment, FileFacts, LayerCall, RegularizerCall
from kreglint.facts.values import Argument, Construct
from kreglint.records import replace
from kreglint.versions import BACKENDS_OF_KERAS_3

_REGULARIZERS = "keras.regularizers."
_NAMED = "custom_objects"  # a keyword of functions that load models, or a name of what it is given
_CUSTOM_OBJECTS = ("custom_object_scope", "CustomObjectScope", "get_custom_objects", "register_keras_serializable")


def analyse(
    text: str,
    filename: str = "<string>",
    project: Project | None = None,
    own_layers: Mapping[str, str] = NO_LAYERS,
    wanted: Collection[str] = ON_DEMAND,
) -> FileFacts:
    """Return the facts of one program; with a project, also by what it imports from the project's other files.

    `own_layers` has the Keras layer that a class or function of the user's own behaves like, by its dotted path.
    Of the facts in `ON_DEMAND` only those that are `wanted` are worked out; the others are empty.

    Raises:
        UnparsableError: it cannot be parsed.
    """
    work = partial(_analyse, text, filename, project, own_layers, wanted)
    with no_collection():
        return _with_the_room_it_needs(work)


def check_syntax(text: str) -> None:
    """Parse one program, and no more.

    Raises:
        UnparsableError: it cannot be parsed.
    """
    _with_the_room_it_needs(partial(parse, text))


def _with_the_room_it_needs(work: Callable[[], Result]) -> Result:
    """Do what may recurse as deeply as a program nests. Raises UnparsableError where that is too deep."""
    try:
        return with_room_where_needed(work, depth=bounds.STACK)
    except RecursionError as error:
        raise too_deep() from error


def _analyse(
    text: str, filename: str, project: Project | None, own_layers: Mapping[str, str], wanted: Collection[str]
) -> FileFacts:
    program, session = read_program(text, filename), Session(project, interpreter(LIBRARY))
    analysis = _Analysis(program, session, own_layers, wanted)
    try:
        return analysis.facts()
    finally:
        analysis.view.release()
        session.end()
        program.release()


class _Analysis:
    def __init__(
        self, program: Program, session: Session, own_layers: Mapping[str, str], wanted: Collection[str]
    ) -> None:
        self.program = program
        self.wanted = wanted
        self.text = program.text
        self.found = program.found
        self.module = session.start(program)
        self.localized = Localizer(session)
        self.proofs: set[tuple[str, int]] = set()
        self.statements: set[Span] = set()
        self.registers_custom_objects = False
        self.layer_calls = LayerCalls(self.module, self.localized, own_layers)
        self.view = View(self.module)
        for name in self.found.imports:
            if not name.conditional:
                self._note_path(name.path)

    def _layers_and_regularizers(self) -> tuple[list[LayerCall], list[RegularizerCall]]:
        """Read each call of the file once: it is a layer's, a regularizer's, or neither."""
        layers: list[LayerCall] = []
        regularizers: list[RegularizerCall] = []
        for site in self.found.calls:
            paths = self.module.paths.of(site.node.func, site.scope, site.time) or found_by_name(site, self.module)
            if len(paths) == 1:
                self._note_path(paths[0])
            if paths and all((canonical(path) or "").startswith(_REGULARIZERS) for path in paths):
                regularizers.extend(self._regularizer_call(site))
            elif (layer := self.layer_calls.read(site, paths)) is not None:
                layers.append(layer)
            else:
                continue
            self.statements.add(site.statement.span)
        return layers, regularizers

    def facts(self) -> FileFacts:
        layers, regularizers = self._layers_and_regularizers()
        view = self.view
        names = RegularizerNames(view)
        regularizer_names = tuple(names.uses())
        self.statements |= names.statements
        weights = tuple(own_weights(view, self._arguments, self._is_spared))
        calls = tuple(api_calls(self.program, view.paths, self._arguments))
        custom = custom_facts(view, self.localized.own)
        backend = chosen_backend(view)
        if backend in BACKENDS_OF_KERAS_3:
            self.proofs.add(("keras", 3))
        found = FileFacts(
            layers=tuple(layers),
            regularizer_calls=tuple(regularizers),
            regularizer_names=regularizer_names,
            attribute_assignments=tuple(self._attribute_assignments()),
            majors=self._majors(),
            registers_custom_objects=self.registers_custom_objects,
            sets_legacy_keras=sets_legacy_keras(view),
            backend=backend,
            previous=tuple(previous_layers(self.program)) if "previous" in self.wanted and len(layers) > 1 else (),
            calls=calls,
            custom=custom,
            parameters=parameter_facts(view),
            enclosed=tuple(enclosed_layers(view)),
            quantized=tuple(quantized_models(view)),
            expected=expected(view),
            factored=tuple(factored_layers(view)),
            copies=copy_facts(view, self.localized.own, custom.penalties),
            late=late_facts(view),
            misplaced=tuple(misplaced(view)),
            names_custom_objects=_NAMED in self.text and any(_NAMED in name for name in view.names),
            training=training_facts(view),
            compiled=tuple(compiled_models(view)) if "compiled" in self.wanted else (),
            fitted=tuple(fitted_models(view)) if "fitted" in self.wanted else (),
            weights=weights,
            halves=half_facts(self.module),
            factor_uses=tuple(factor_uses(view, self.localized.value)),
            wrappers=tuple(WrapperCalls(self.module, self.localized).found()) if "wrappers" in self.wanted else (),
        )
        return replace(found, statements=tuple(sorted(self._statements_of(found))))

    def _statements_of(self, found: FileFacts) -> set[Span]:
        """The statements on whose first row a comment may speak of what is found."""
        beside = (
            found.enclosed,
            found.quantized,
            found.factored,
            found.calls,
            found.misplaced,
            found.weights,
            found.halves,
            found.factor_uses,
        )
        groups = (*beside, found.custom, found.parameters, found.late, found.training, found.copies)
        if any(group and group != type(group)() for group in groups):
            self.statements.update(long_statements(self.program))
        return self.statements | self.module.default_statements

    def _is_spared(self, site: CallSite) -> bool:
        return is_spared(site, self.module)

    def _arguments(self, site: CallSite) -> tuple[Argument, ...]:
        return self.localized.arguments(arguments_of(site.node, self.module.of(site)))

    def _note_path(self, path: str) -> None:
        major = proven_major(path)
        if major is not None:
            self.proofs.add((path.partition(".")[0], major))
        if path.endswith(_CUSTOM_OBJECTS):
            self.registers_custom_objects = True

    def _majors(self) -> frozenset[int]:
        """Return the majors that the file proves.

        What tf_keras or TensorFlow proves says nothing of a Keras beside it.
        """
        packages = {package for package, _ in self.proofs}
        beside = any(name.path.partition(".")[0] == "keras" for name in self.found.imports)
        if beside and "keras" not in packages:
            return frozenset()
        return frozenset(major for _, major in self.proofs)

    def _regularizer_call(self, site: CallSite) -> Iterator[RegularizerCall]:
        value = infer(site.node, self.module.of(site))
        for way in value.ways:
            if isinstance(way, Construct):
                here = self.localized.construct(way, way.span)
                yield RegularizerCall(
                    value=here,
                    certain=way is value,
                    provoked=is_spared(site, self.module),
                    beyond_defaults=is_beyond_defaults(site, self.module),
                )

    def _attribute_assignments(self) -> Iterator[AttributeAssignment]:
        for site in self.found.attributes:
            if site.assigned and "regul" in site.node.attr.value:
                self.statements.add(site.statement.span)
                yield self._attribute_assignment(site)

    def _attribute_assignment(self, site: AttributeSite) -> AttributeAssignment:
        owner = site.node.value.span
        return AttributeAssignment(
            owner=self.text[owner.start : owner.end],
            on_layer=is_layer(site.node.value, self.module.of(site)),
            name=site.node.attr.value,
            span=site.node.attr.span,
        )
