"""Optimizers whose step depends on how many came before it."""

from keras import optimizers


class CountedOptimizer(optimizers.Optimizer):
    r"""Base of the optimizers that correct a bias: the number of a step is read once for all.

    What follows from it, such as $1 - \beta^t$, is the same for every variable, and a compiled
    graph computes it once when it comes from one reading of the counter.

    Example:
        >>> from dlprep.optimizers import Adam
        >>> from dlprep.optimizers.counted import CountedOptimizer
        >>> issubclass(Adam, CountedOptimizer)
        True
    """

    _step = None

    def apply(self, grads, trainable_variables=None):
        """Move the variables.

        Args:
            grads: One gradient per variable.
            trainable_variables: The variables; None for those that `build` got.
        """
        self._step = self.iterations + 1
        try:
            return super().apply(grads, trainable_variables)
        finally:
            self._step = None
