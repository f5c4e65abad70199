"""Adafactor: Adam's second moment of a matrix from its row and column means."""

from keras import ops, saving

from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments, precision

# Squares of longer gradients overflow float32, and infinity over infinity is NaN.
LARGEST_GRADIENT = 1e18


def mean_squares(gradient, slots, step, beta_2_decay=-0.8, epsilon=1e-30):
    r"""Return the running means of the squared gradient, factored for a matrix.

    $$ \hat\beta_t = 1 - t^{d}, \qquad
       R_t = \hat\beta_t R_{t-1}
       + (1 - \hat\beta_t) \operatorname{mean}_j (g_{ij}^2 + \epsilon_1) $$

    and $C_t$ likewise over rows; for a vector $V_t$ of the squares themselves.

    Args:
        gradient: Gradient $g$, a tensor of any shape; larger components than 1e18 count as that.
        slots: The means so far: rows of shape `(..., n)` and columns of shape `(..., m)` for a
            gradient of shape `(..., n, m)`; one tensor of the gradient's shape for a vector.
        step: Number of this step $t \ge 1$, a float tensor.
        beta_2_decay: Power $d < 0$ with which the newest square loses weight.
        epsilon: Number $\epsilon_1$ added to each square.

    Returns:
        The new means, as many as `slots`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adafactor import mean_squares
        >>> gradient = ops.array([[1.0, 3.0]])
        >>> rows, columns = mean_squares(gradient, [ops.zeros(1), ops.zeros(2)], ops.array(1.0))
        >>> round(float(rows[0]), 4), round(float(columns[1]), 4)
        (5.0, 9.0)

    Reference:
        Shazeer, Stern 2018, arXiv:1804.04235, algorithms 4 and 5.
    """
    square = ops.add(ops.square(gradient), epsilon)
    news = [square] if len(slots) == 1 else [ops.mean(square, axis=axis) for axis in (-1, -2)]
    newest = ops.power(step, beta_2_decay)
    return [
        ops.add(ops.multiply(1 - newest, old), ops.multiply(newest, new))
        for old, new in zip(slots, news, strict=True)
    ]


def second_moment(slots):
    r"""Return the mean square of every component, from its row and column for a matrix.

    $$ V = \frac{R C^T}{\operatorname{mean}_i R_i} $$

    Args:
        slots: What `mean_squares` returned.

    Returns:
        Tensor of the gradient's shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adafactor import second_moment
        >>> float(second_moment([ops.array([1.0, 3.0]), ops.array([2.0, 2.0])])[1, 0])
        3.0

    Reference:
        Shazeer, Stern 2018, arXiv:1804.04235, algorithm 2.
    """
    if len(slots) == 1:
        return slots[0]
    rows, columns = slots
    share = ops.divide(rows, ops.mean(rows, axis=-1, keepdims=True))
    return ops.multiply(ops.expand_dims(share, -1), ops.expand_dims(columns, -2))


def adafactor(
    gradient,
    variable,
    *slots,
    step,
    learning_rate=0.001,
    beta_2_decay=-0.8,
    epsilon_1=1e-30,
    epsilon_2=1e-3,
    clip_threshold=1.0,
):
    r"""Return the step of Adafactor.

    $$ U = \frac{g}{\sqrt{V_t}}, \qquad
       \Delta = \rho_t \max(\epsilon_2, \operatorname{RMS}(\theta))
       \frac{U}{\max(1, \operatorname{RMS}(U) / d)}, \qquad
       \rho_t = \min(\eta, 1 / \sqrt t) $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        variable: Weights $\theta$, of the same shape.
        *slots: The running means, as `mean_squares` takes them.
        step: Number of this step $t \ge 1$, a float tensor.
        learning_rate: Largest relative step size $\eta$, a float or scalar tensor.
        beta_2_decay: Power with which the newest square loses weight.
        epsilon_1: Number added to each square.
        epsilon_2: Least scale $\epsilon_2$ of the weights.
        clip_threshold: Largest root mean square $d$ of the scaled gradient.

    Returns:
        The update $\Delta$ to subtract, and the new running means.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adafactor import adafactor
        >>> gradient, weights, zero = (ops.array([x]) for x in (2.0, 4.0, 0.0))
        >>> update, _ = adafactor(gradient, weights, zero, step=ops.array(1.0), learning_rate=0.1)
        >>> round(float(update[0]), 4)
        0.4

    Reference:
        Shazeer, Stern 2018, arXiv:1804.04235, algorithms 4 and 5.
    """
    gradient = ops.clip(gradient, -LARGEST_GRADIENT, LARGEST_GRADIENT)
    slots = mean_squares(gradient, slots, step, beta_2_decay, epsilon_1)
    scaled = ops.divide(gradient, ops.sqrt(second_moment(slots)))
    excess = ops.maximum(1.0, ops.divide(root_mean_square(scaled), clip_threshold))
    scale = ops.maximum(epsilon_2, root_mean_square(variable))
    rate = ops.minimum(learning_rate, ops.rsqrt(step))
    return ops.multiply(rate * scale, ops.divide(scaled, excess)), *slots


def root_mean_square(x):
    r"""Return $\sqrt{\operatorname{mean}(x_i^2)}$ over all components.

    Args:
        x: A tensor of any shape.

    Returns:
        A scalar tensor.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adafactor import root_mean_square
        >>> round(float(root_mean_square(ops.array([1.0, 7.0]))), 4)
        5.0

    Reference:
        Shazeer, Stern 2018, arXiv:1804.04235, section 6.
    """
    return ops.sqrt(ops.mean(ops.square(x)))


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Adafactor(RuleOptimizer):
    r"""Adafactor: adaptive steps with the memory of plain SGD; see the function `adafactor`.

    $$ \theta_t = \theta_{t-1} - \rho_t \max(\epsilon_2, \operatorname{RMS}(\theta_{t-1}))
       \frac{U_t}{\max(1, \operatorname{RMS}(U_t) / d)}, \qquad
       \rho_t = \min(\eta, 1 / \sqrt t) $$

    Of a matrix with $n$ rows and $m$ columns it keeps $n + m$ numbers, where Adam keeps $2 n m$.
    (Keras's own class allocates the full second moment besides.)

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        beta_2_decay: Power $d < 0$ with which the newest square loses weight.
        epsilon_1: Number $\epsilon_1$ added to each squared gradient.
        epsilon_2: Least scale $\epsilon_2$ of the weights.
        clip_threshold: Largest root mean square of the scaled gradient.
        relative_step: Kept from Keras's signature; the step size is at most $1 / \sqrt t$ with and
            without it.
        {base_options}

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Adafactor
        >>> weight = keras.Variable([4.0])
        >>> Adafactor(learning_rate=0.1).apply([keras.ops.array([2.0])], [weight])
        >>> round(float(weight[0]), 4)
        3.6

    Reference:
        Shazeer, Stern 2018, "Adafactor: adaptive learning rates with sublinear memory cost",
        arXiv:1804.04235, algorithms 4 and 5.
    """

    rule = staticmethod(adafactor)
    options = {
        "beta_2_decay": "(-inf, 0]",
        "epsilon_1": "[0, inf)",
        "epsilon_2": "[0, inf)",
        "clip_threshold": "(0, inf]",
        "relative_step": None,
    }
    counted = True

    def __init__(
        self,
        learning_rate=0.001,
        beta_2_decay=-0.8,
        epsilon_1=1e-30,
        epsilon_2=1e-3,
        clip_threshold=1.0,
        relative_step=True,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=None,
        name=None,
        **kwargs,
    ):
        super().__init__(**arguments(locals()))

    def build(self, variables):
        """Create row and column means for matrices, full means for vectors.

        Args:
            variables: Model variables.
        """
        if self.built:
            return
        super().build(variables)
        self._means = [self._means_of(v) for v in variables]

    def memory(self, variable):
        """Return the means of a model variable."""
        return self._means[self._get_variable_index(variable)]

    def _means_of(self, variable):
        if self._overwrite_variable_with_gradient(variable):
            return []
        if len(variable.shape) < 2:
            return [self.add_variable_from_reference(variable, "velocity")]
        *rest, rows, columns = variable.shape
        dtype, path = precision(variable), variable.path.replace("/", "_")
        return [
            self.add_variable((*rest, length), dtype=dtype, name=f"{path}_{name}")
            for name, length in (("rows", rows), ("columns", columns))
        ]
