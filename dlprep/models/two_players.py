"""Two optimizers for two networks that train on one joint loss."""

from keras import ops, optimizers


class TwoPlayers(optimizers.Optimizer):
    r"""Give the generator's weights to one optimizer and all others to another.

    $$ \theta_D \leftarrow \theta_D - \eta_D \nabla_{\theta_D} L \text{ always}, \quad
       \theta_G \leftarrow \theta_G - \eta_G \nabla_{\theta_G} L \text{ every } k \text{ steps} $$

    Args:
        generator_optimizer: Optimizer of the generator.
        discriminator_optimizer: Optimizer of the other weights.
        owned: Function that returns the generator's trainable variables; it is called when they are
            needed, which may be after they are made.
        period: The generator moves in every step whose number is a multiple of it.

    Example:
        >>> import keras
        >>> from dlprep.models.two_players import TwoPlayers
        >>> ours, theirs = keras.Variable(0.0), keras.Variable(0.0)
        >>> players = keras.optimizers.SGD(1.0), keras.optimizers.SGD(0.5)
        >>> optimizer = TwoPlayers(*players, owned=lambda: [ours], period=2)
        >>> for _ in range(2):
        ...     optimizer.apply([keras.ops.ones(()), keras.ops.ones(())], [ours, theirs])
        >>> float(ours), float(theirs)
        (-1.0, -1.0)

    Reference:
        Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1; two learning rates: Heusel et al.
        2017, arXiv:1706.08500, equation 1.
    """

    def __init__(self, generator_optimizer, discriminator_optimizer, owned, period=1):
        super().__init__(learning_rate=lambda: generator_optimizer.learning_rate)
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer
        self.owned = owned
        self.period = period

    def build(self, variables):
        """Create both optimizers' variables.

        Args:
            variables: Trainable variables of both networks.
        """
        if self.built:
            return
        super().build(variables)
        own, others = self._split(variables, variables)
        self.generator_optimizer.build([variable for _, variable in own])
        self.discriminator_optimizer.build([variable for _, variable in others])

    def _split(self, values, variables):
        mine = {id(variable) for variable in self.owned()}
        pairs = list(zip(values, variables, strict=True))
        own = [pair for pair in pairs if id(pair[1]) in mine]
        return own, [pair for pair in pairs if id(pair[1]) not in mine]

    def apply(self, grads, trainable_variables=None):
        """Move the discriminator, and the generator when it is its turn.

        Args:
            grads: Gradients of the joint loss.
            trainable_variables: Their variables; needed only before the optimizer is built.
        """
        if not self.built:
            self.build(list(trainable_variables))
        variables = trainable_variables or self._trainable_variables
        own, others = self._split(grads, list(variables))
        self.discriminator_optimizer.apply(*zip(*others, strict=True))
        turn = ops.equal((self._iterations + 1) % self.period, 0)
        # A step is taken and, out of turn, taken back: no branch, so it compiles everywhere.
        touched = [variable for _, variable in own] + self.generator_optimizer.variables
        before = [ops.copy(variable.value) for variable in touched]
        self.generator_optimizer.apply(*zip(*own, strict=True))
        for variable, old in zip(touched, before, strict=True):
            variable.assign(ops.where(turn, variable.value, old))
        self._iterations.assign_add(1)

    @property
    def variables(self):
        """All optimizer variables, both inner optimizers' included."""
        inner = self.generator_optimizer.variables + self.discriminator_optimizer.variables
        return super().variables + inner

    @property
    def learning_rate(self):
        """Learning rate of the generator."""
        return self.generator_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate):
        self.generator_optimizer.learning_rate = learning_rate
