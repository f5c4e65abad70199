"""Lookahead: fast weights explore, slow weights follow them part of the way."""

from keras import ops, optimizers, saving

from dlprep.optimizers.rule import RuleOptimizer, constrained, whole, widen


def lookahead(slow, fast, slow_step=0.5):
    r"""Move the slow weights towards the fast ones.

    $$ \phi_t = \phi_{t-1} + \alpha (\theta_{t,k} - \phi_{t-1}) $$

    Args:
        slow: Slow weights $\phi_{t-1}$, a tensor of any shape.
        fast: Fast weights $\theta_{t,k}$ after $k$ steps, of the same shape.
        slow_step: Share $\alpha$ of the way, in $(0, 1]$.

    Returns:
        The new slow weights, from which the fast ones start again.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.lookahead import lookahead
        >>> float(lookahead(ops.array(1.0), ops.array(3.0), slow_step=0.25))
        1.5

    Reference:
        Zhang, Lucas, Hinton, Ba 2019, "Lookahead optimizer: k steps forward, 1 step back",
        arXiv:1907.08610, algorithm 1.
    """
    return ops.add(slow, ops.multiply(slow_step, ops.subtract(fast, slow)))


@saving.register_keras_serializable(package="dlprep.optimizers")
class Lookahead(RuleOptimizer):
    r"""Wrap an optimizer: after every $k$ of its steps, go back part of the way.

    $$ \phi \leftarrow \phi + \alpha (\theta - \phi), \qquad \theta \leftarrow \phi $$

    The wrapped optimizer keeps its memory, its learning rate, and every option such as
    `weight_decay` or `global_clipnorm`: give them to it, and override `update_step` there. The slow
    weights start at the weights of the first step, and keep to the weights' constraints.

    Args:
        inner_optimizer: The optimizer of the fast weights.
        sync_period: Fast steps $k$ per slow step, a positive integer.
        slow_step: Share $\alpha$ of the way, in $(0, 1]$; 1 changes nothing.
        name: Name of the optimizer, and prefix of its variables.

    Raises:
        ValueError: If `sync_period` or `slow_step` is out of range.

    Example:
        >>> import keras
        >>> from dlprep.optimizers import SGD, Lookahead
        >>> weight = keras.Variable(1.0)
        >>> optimizer = Lookahead(SGD(learning_rate=0.1), sync_period=1, slow_step=0.5)
        >>> optimizer.apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.9

    Reference:
        Zhang, Lucas, Hinton, Ba 2019, "Lookahead optimizer: k steps forward, 1 step back",
        arXiv:1907.08610, algorithm 1.
    """

    slots = [{"slow": "_slow"}]
    options = {"sync_period": "[1, inf), an integer", "slow_step": "(0, 1]"}

    def __init__(self, inner_optimizer, sync_period=6, slow_step=0.5, name=None):
        inner_optimizer = optimizers.get(inner_optimizer)
        super().__init__(
            learning_rate=lambda: inner_optimizer.learning_rate,
            name=name,
            sync_period=sync_period,
            slow_step=slow_step,
        )
        self.inner_optimizer = inner_optimizer

    def build(self, variables):
        """Create the slow weights, and the wrapped optimizer's variables.

        Args:
            variables: Model variables.
        """
        if self.built:
            return
        super().build(variables)
        self.inner_optimizer.build(variables)

    def apply(self, grads, trainable_variables=None):
        """Take one fast step, and a slow one when it is due.

        Args:
            grads: Gradients.
            trainable_variables: Their variables; needed only before the optimizer is built.
        """
        given = trainable_variables is not None
        variables = list(trainable_variables) if given else self._trainable_variables
        if given and not self.built:
            self.build(variables)
        # Not at build, after which weights may still be loaded.
        first = ops.equal(self.inner_optimizer.iterations, 0)
        for slow, fast in self._pairs():
            slow.assign(ops.where(first, widen(fast, fast), ops.convert_to_tensor(slow)))
        self.inner_optimizer.apply(whole(grads, variables), variables if given else None)
        self._iterations.assign_add(1)
        due = ops.equal(self.inner_optimizer.iterations % self.sync_period, 0)
        for slow, fast in self._pairs():
            old = ops.convert_to_tensor(slow)
            moved = constrained(fast, lookahead(old, widen(fast, fast), self.slow_step))
            new = ops.where(due, moved, old)
            slow.assign(new)
            fast.assign(ops.where(due, ops.cast(new, fast.dtype), ops.convert_to_tensor(fast)))

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable as the wrapped optimizer does.

        Args:
            gradient: Its gradient.
            variable: The model variable.
            learning_rate: Step size of this step.
        """
        self.inner_optimizer.update_step(gradient, variable, learning_rate)

    def _pairs(self):
        pairs = zip(self._slow, self._trainable_variables, strict=True)
        return [(slow, fast) for slow, fast in pairs if slow is not None]

    @property
    def variables(self):
        """All optimizer variables, the wrapped optimizer's included."""
        return super().variables + self.inner_optimizer.variables

    def set_weights(self, weights):
        """Set all optimizer variables, the wrapped optimizer's included.

        Args:
            weights: One array per variable.
        """
        for variable, value in zip(self.variables, weights, strict=True):
            variable.assign(value)

    @property
    def iterations(self):
        """Number of fast steps taken."""
        return self.inner_optimizer.iterations

    @property
    def learning_rate(self):
        """Learning rate of the wrapped optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate):
        self.inner_optimizer.learning_rate = learning_rate

    def scale_loss(self, loss):
        """Scale the loss as the wrapped optimizer does.

        Args:
            loss: A scalar tensor.

        Returns:
            A scalar tensor.
        """
        return self.inner_optimizer.scale_loss(loss)

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        """Spare variables the weight decay of the wrapped optimizer.

        Args:
            var_list: Variables to spare.
            var_names: Parts of the names of variables to spare.
        """
        self.inner_optimizer.exclude_from_weight_decay(var_list, var_names)

    def finalize_variable_values(self, var_list):
        """Set the weights to their average if the wrapped optimizer keeps one.

        Args:
            var_list: Model variables.
        """
        self.inner_optimizer.finalize_variable_values(var_list)

    def get_config(self):
        """Return the constructor arguments."""
        return {
            "inner_optimizer": saving.serialize_keras_object(self.inner_optimizer),
            **self.rule_options(),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Return the optimizer that `get_config` described.

        Args:
            config: Dict of constructor arguments.
            custom_objects: Dict from names to classes, for the wrapped optimizer.

        Returns:
            A `Lookahead`.
        """
        inner = saving.deserialize_keras_object(config["inner_optimizer"], custom_objects)
        return cls(**{**config, "inner_optimizer": inner})
