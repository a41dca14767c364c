"""Names of Keras in a piece of code that leaves its imports out, as a tutorial does.

A name that nothing binds raises NameError where the piece runs as it stands: in one that is about Keras and in which
nothing may bring names unseen, a reader takes it for Keras' own.
"""

from __future__ import annotations

import builtins
import re

from kreglint.analysis.semantic.sites import Collected
from kreglint.analysis.syntax import nodes
from kreglint.catalog.model import MAJORS, load

_ABOUT_KERAS = re.compile(r"[Kk]eras|_regularizer\b|\bregularizers\b")
_MODULES = {
    "keras": "keras",
    "tf": "tensorflow",
    "tensorflow": "tensorflow",
    **{
        name: f"keras.{name}"
        for name in (
            "activations",
            "applications",
            "callbacks",
            "constraints",
            "initializers",
            "layers",
            "losses",
            "metrics",
            "models",
            "optimizers",
            "regularizers",
        )
    },
}
_MODELS = ("Model", "Sequential")
_FACTORIES = ("l1", "l2", "l1_l2", "L1", "L2", "L1L2", "OrthogonalRegularizer")  # are numbers too, where not called
_BRING_NAMES = frozenset(("exec", "execfile", "globals", "locals", "get_ipython"))
_OWN = ("keras", "tensorflow", "tf_keras")
_OTHER_FRAMEWORKS = frozenset(
    "allennlp autogluon bigdl caffe caffe2 chainer cntk deepchem elegy equinox fastai flax gluon haiku jax keras4torch "
    "lasagne mindspore mlx mxnet nnabla nolearn objax oneflow paddle pytorch_lightning sonnet tensorlayer tflearn "
    "theano thinc tinygrad torch trax zoo".split()
)


class Fragments:
    """Tells what the unbound names of one program stand for."""

    def __init__(self, found: Collected, text: str) -> None:
        self._found = found
        self._text = text
        self._is_one: bool | None = None
        self._bound: set[str] | None = None
        self._called: set[nodes.Expression] | None = None
        self._known: dict[str, str | None] = {}

    def path(self, node: nodes.Name) -> str | None:
        """The path of a name of Keras that no scope around it binds; None for any other."""
        name = node.value
        if name in _FACTORIES:
            return f"keras.regularizers.{name}" if self._is_fragment and self._is_called(node) else None
        if name not in self._known:
            self._known[name] = self._path(name)
        return self._known[name]

    def _path(self, name: str) -> str | None:
        if hasattr(builtins, name) or not self._is_fragment or self._is_bound_somewhere(name):
            return None
        if name in _MODULES or name in _MODELS:
            return _MODULES.get(name, f"keras.{name}")
        is_layer = name[:1].isupper() and any(load(major).layer(name) is not None for major in MAJORS)
        return f"keras.layers.{name}" if is_layer else None

    @property
    def _is_fragment(self) -> bool:
        if self._is_one is None:
            self._is_one = self._nothing_brings_names() and _ABOUT_KERAS.search(self._text) is not None
        return self._is_one

    def _nothing_brings_names(self) -> bool:
        found = self._found
        if found.module_scope.stars:
            return False
        roots = {name.path.partition(".")[0] for name in found.imports}
        if "builtins" in roots or (roots & _OTHER_FRAMEWORKS and roots.isdisjoint(_OWN)):
            return False
        calls = {site.node.func.value for site in found.calls if isinstance(site.node.func, nodes.Name)}
        return calls.isdisjoint(_BRING_NAMES) and _BRING_NAMES.isdisjoint(found.escapes)

    def _is_bound_somewhere(self, name: str) -> bool:
        """True if any scope binds the name: cells and blocks may run in any order, and a body be part of another."""
        if self._bound is None:
            scopes = [self._found.module_scope, *(site.scope for site in self._found.functions.values())]
            scopes += self._found.objects.classes
            self._bound = {bound for scope in scopes for bound in (*scope.history, *scope.set_from_within)}
        return name in self._bound

    def _is_called(self, node: nodes.Name) -> bool:
        if self._is_bound_somewhere(node.value):
            return False
        if self._called is None:
            self._called = {site.node.func for site in self._found.calls}
        return node in self._called
