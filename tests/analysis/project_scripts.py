"""What the scripts of random projects do beside training: losses counted twice, replicas, callbacks, and misuse."""

from __future__ import annotations

from random import Random

ADAMW = "keras.optimizers.AdamW(0.1)"
_CHANGE = "self.model.layers[0].kernel_regularizer.l2 = 0.5"


class ScriptShapes:
    """Writes parts of a script."""

    random: Random
    of_nets: str

    def rare(self, plain: str, *others: str) -> str:
        raise NotImplementedError

    def likely(self, probability: float = 0.5) -> bool:
        return self.random.random() < probability

    def one_of(self, *choices: str) -> str:
        return self.random.choice(choices)

    def doubled(self) -> list[str]:
        """A step whose loss has the penalties already."""
        computed = "model.compute_loss(x, y, model(x))"
        summed = self.one_of(
            "sum(model.losses)", "tf.add_n(model.losses)", "tf.add_n(\n            model.losses\n        )"
        )
        shapes = [[f"loss = {computed} + {summed}"], [f"loss = {computed}", f"loss += {summed}"]]
        shapes += [[f"data = {computed}", f"more = {summed}", "loss = data + more"], [f"loss = {computed}"]]
        body = ["with tf.GradientTape() as tape:", *(f"    {each}" for each in self.random.choice(shapes))]
        body += ["grads = tape.gradient(loss, model.trainable_variables)"]
        return ["def twice(x, y):", *(f"    {line}" for line in body), "twice(X, Y)"]

    def own(self) -> list[str]:
        """A model of a class of the script, whose base is of another file."""
        base = self.one_of("Net", "Net", f"{self.of_nets}.Net")
        summed = self.one_of("sum(self.losses)", "sum(self.losses)", "self.extra()")
        body = ["with tf.GradientTape() as tape:", f"    loss = self.compute_loss(x, y, self(x)) + {summed}"]
        body += ["return tape.gradient(loss, self.trainable_variables)"]
        added = f"self.more = keras.layers.Dense(1, kernel_regularizer={self.regularizer_here()})"
        made = ["    def __init__(self):", "        super().__init__()", f"        {added}"] if self.likely() else []
        call = ["    def call(self, x):", "        return self.more(super().call(x))"] if made and self.likely() else []
        lines = [f"class Mine({base}):", *made, *call, "    def train_step(self, x, y):"]
        used = self.one_of(
            "mine.train_step(X, Y)", "mine.fit(X, Y)", f"mine.compile({ADAMW})", "mine.trainable = False"
        )
        more = self.rare("mine.summary()", "mine.evaluate(X, Y)", "outside.keep(mine)", "mine.trainable = True")
        return [
            *lines,
            *(f"        {line}" for line in body),
            "mine = Mine()",
            used,
            "mine.compile('sgd', l2(0.1))",
            more,
        ]

    def regularizer_here(self) -> str:
        return self.one_of("None", "l2(0.1)", "l2(0.0)")

    def replicated(self) -> list[str]:
        """A step that runs on each of two replicas."""
        summed = self.one_of(
            "sum(model.losses)", "sum(model.losses)", "sum(model.losses) / 2", "tf.add_n(model.losses)"
        )
        share = "tf.nn.compute_average_loss(y - model(x))"
        body = ["with tf.GradientTape() as tape:", f"    loss = {share}", f"    loss += {summed}"]
        body += ["grads = tape.gradient(loss, model.trainable_variables)"]
        run, apply = "strategy.run(replica, args=(X, Y))", "opt.apply_gradients(zip({}, model.trainable_variables){})"
        changed = self.rare("", "grads = [each / 2 for each in grads]", "shown = strategy.num_replicas_in_sync")
        body += [changed] * bool(changed)
        more = self.rare("", ", experimental_aggregate_gradients=False", ", name='step'")
        if self.likely(0.2):
            body += ["return grads"]
            ended = [f"given = {run}", apply.format("strategy.reduce('mean', given)", "")]
        else:
            body += [apply.format("grads", more)]
            ended = [run]
        lines = ["strategy = tf.distribute.MirroredStrategy()", "def replica(x, y):"]
        return [*lines, *(f"    {line}" for line in body), *ended]

    def watching(self) -> list[str]:
        """A callback that changes a factor, and a model that is fitted with it."""
        base = self.one_of("keras.callbacks.Callback", "Watch", f"{self.of_nets}.Watch")
        change = self.one_of(
            _CHANGE, "for each in self.model.layers[:1]:\n            each.kernel_regularizer.l2 = 0.5"
        )
        strange = ("self.model.compile('sgd')", "use(self.model)", "outside.keep(self.model)", "refresh(self.model)")
        strange += ("self.model.run_eagerly = True", "self.model.evaluate(X, Y)", "outside.keep(self)")
        more = self.rare(self.one_of("print", "self.model.stop_training = True"), *strange)
        lines = [f"class Change({base}):", "    def on_epoch_end(self, epoch, logs=None):"]
        lines += [f"        {change}", f"        {more}"]
        before = self.rare("model.compile('sgd')", "model.compile('sgd', run_eagerly=True)", "model.run_eagerly = True")
        before = self.rare(
            before, "tf.config.run_functions_eagerly(True)", "model.compile('sgd', **{'run_eagerly': True})"
        )
        after = self.rare("extra = build(2)", "extra = build(2)\nextra.compile('sgd', run_eagerly=True)")
        return [*lines, before, "model.fit(X, Y, callbacks=[Change()])", after]

    def judged(self) -> list[str]:
        """What may evaluate the model, or another."""
        shapes = ["extra = build(2)\nextra.evaluate(X, Y)", "note = 'evaluate'", "save = evaluate = None"]
        shapes += ["extra = build(2)\nextra.save('x')", "stop = keras.callbacks.EarlyStopping()"]
        shapes += [
            "model.fit(X, Y, callbacks=[keras.callbacks.EarlyStopping()])",
            "model.fit(X, Y, validation_data=None)",
        ]
        strange = [
            "model.predict(X)",
            "model.save('x')",
            "getattr(model, 'evaluate')(X, Y)",
            "judge = model.evaluate\njudge(X)",
        ]
        strange += ["model.fit(X, Y, validation_data=(X, Y))", "model.fit(X, Y, **{'validation_data': (X, Y)})"]
        strange += ["model.fit(X, Y, callbacks=[keras.callbacks.ModelCheckpoint('x')])", "[model][0].get_weights()"]
        strange += ["model.fit(X, Y, callbacks=[Watch()])", "held = {'a': model}\nheld['a'].evaluate(X, Y)"]
        return [self.rare(self.one_of(*shapes), *strange)]

    def misplaced(self) -> list[str]:
        """A regularizer in the place of something else, which fails at last."""
        read = self.rare(
            "model.summary()", "print(model.kernel_regularizer)", "use(model)", "getattr(model, 'kernel_regularizer')"
        )
        shapes = [["model.kernel_regularizer = l2(0.3)", read]] * 2 + [["model.compile('sgd', l2(0.1))"]]
        shapes += [["model.compile('sgd', loss=l2(0.1))"], ["model.fit(X, Y, kernel_regularizer='l2')"]]
        shapes += [["extra = keras.Sequential([keras.layers.Dense(1), l2(0.1)])"]]
        return self.random.choice([*shapes, ["extra = keras.Sequential()", "extra.add(l2(0.1))"]])
