"""The perceptron: a step unit, and the rule that teaches it from its mistakes."""

from keras import ops, saving

from dlprep.activations.step import heaviside
from dlprep.layers import settings
from dlprep.layers.dense import dense
from dlprep.layers.layer import Layer


def perceptron(x, kernel, bias):
    r"""Answer 1 where the weighted sum is at least 0, and 0 elsewhere.

    $$ y = [x W + b \ge 0], \quad \frac{\partial y}{\partial z} := 1 $$

    The step's own gradient is zero everywhere. Backwards it is taken for the identity (straight
    through), so that the gradient of half the squared error is the rule of Rosenblatt.

    Args:
        x: Inputs of shape `(..., inputs)`.
        kernel: Weights $W$ of shape `(inputs, units)`.
        bias: Bias $b$ of shape `(units,)`.

    Returns:
        Zeros and ones of shape `(..., units)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.perceptron import perceptron
        >>> y = perceptron(ops.array([[1.0], [-1.0]]), ops.array([[2.0]]), ops.array([0.0]))
        >>> float(y[0, 0]), float(y[1, 0])
        (1.0, 0.0)

    Reference:
        Rosenblatt 1958, "The perceptron", Psychological Review 65; Bengio, Léonard, Courville 2013,
        arXiv:1308.3432, section 4 (straight through).
    """
    z = dense(x, kernel, bias)
    # The difference is exactly 0 and carries the gradient.
    return ops.stop_gradient(heaviside(z)) + (z - ops.stop_gradient(z))


def perceptron_rule(x, y, kernel, bias, rate=1.0):
    r"""Move the weights towards the inputs missed, and away from those wrongly accepted.

    $$ \Delta W = \eta\, x^T (y - \hat y), \quad \Delta b = \eta \sum (y - \hat y) $$

    A batch adds up the moves of its examples; a batch of one is the rule as Rosenblatt applied it.

    Args:
        x: Inputs of shape `(batch, inputs)`.
        y: Targets 0 or 1, shape `(batch, units)`.
        kernel: Weights $W$ of shape `(inputs, units)`.
        bias: Bias $b$ of shape `(units,)`.
        rate: Learning rate $\eta$.

    Returns:
        The new weights and the new bias.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.perceptron import perceptron_rule
        >>> kernel, bias = ops.zeros((1, 1)), ops.zeros(1)
        >>> kernel, bias = perceptron_rule(ops.array([[3.0]]), ops.array([[0.0]]), kernel, bias)
        >>> float(kernel[0, 0]), float(bias[0])
        (-3.0, -1.0)

    Reference:
        Rosenblatt 1958, "The perceptron", Psychological Review 65; Novikoff 1962, "On convergence
        proofs for perceptrons".
    """
    error = rate * (y - perceptron(x, kernel, bias))
    return kernel + ops.matmul(ops.transpose(x), error), bias + ops.sum(error, axis=0)


@saving.register_keras_serializable(package="dlprep.layers")
class Perceptron(Layer):
    r"""Step units (`perceptron`) that learn from their mistakes (`perceptron_rule`).

    $$ \hat y = [x W + b \ge 0], \quad \Delta W = \eta\, x^T (y - \hat y) $$

    `learn` applies the rule. Training with `SGD` does the same: half the squared error, summed over
    the batch, has the rule for its gradient. Where a hyperplane separates the classes, the rule
    ends after finitely many mistakes.

    Args:
        units: Number of units, each with a hyperplane of its own.
        kernel_initializer: Initial $W$, shape `(inputs, units)`.
        bias_initializer: Initial $b$, shape `(units,)`.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `units` is not a positive integer.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Perceptron
        >>> unit, x = Perceptron(), np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
        >>> y = np.array([[0.0], [0], [0], [1]])
        >>> mistakes = [unit.learn(x[i : i + 1], y[i : i + 1]) for _ in range(9) for i in range(4)]
        >>> [int(answer) for answer in unit(x)[:, 0]]
        [0, 0, 0, 1]

    Reference:
        Rosenblatt 1958, "The perceptron", Psychological Review 65.
    """

    def __init__(self, units=1, kernel_initializer="zeros", bias_initializer="zeros", **kwargs):
        settings.check_positive(units=units)
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True

    def build(self, input_shape):
        self.kernel = settings.weight(self, "kernel", (input_shape[-1], self.units))
        self.bias = settings.weight(self, "bias", (self.units,))

    def call(self, inputs):
        return perceptron(inputs, self.kernel, self.bias)

    def learn(self, x, y, rate=1.0):
        """Apply the learning rule to a batch.

        Args:
            x: Inputs of shape `(batch, inputs)`.
            y: Targets 0 or 1, shape `(batch, units)`.
            rate: Learning rate.

        Returns:
            Number of answers that were wrong before the move.

        Raises:
            ValueError: If `x` or `y` has another shape.
        """
        x, y = (ops.convert_to_tensor(value, self.variable_dtype) for value in (x, y))
        if len(x.shape) != 2 or tuple(y.shape) != (x.shape[0], self.units):
            raise ValueError(
                f"Expected x of shape (batch, inputs) and y of shape (batch, {self.units}). "
                f"Received: x of shape {tuple(x.shape)}, y of shape {tuple(y.shape)}"
            )
        if not self.built:
            self.build(x.shape)
            self.built = True
        wrong = ops.sum(ops.abs(perceptron(x, self.kernel, self.bias) - y))
        kernel, bias = perceptron_rule(x, y, self.kernel, self.bias, rate)
        self.kernel.assign(kernel)
        self.bias.assign(bias)
        return int(wrong)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
