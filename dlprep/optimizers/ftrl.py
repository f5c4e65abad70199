"""FTRL-proximal: follow the regularised leader; its L1 penalty makes weights exactly zero."""

from keras import ops, saving

from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments

# Squares of longer gradients overflow float32, and infinity over infinity is NaN.
LARGEST_GRADIENT = 1e18


def ftrl(
    gradient,
    variable,
    accumulator,
    linear,
    learning_rate=0.001,
    power=-0.5,
    l1=0.0,
    l2=0.0,
    shrinkage=0.0,
    beta=0.0,
):
    r"""Return the weights of the regularised leader.

    $$ n_t = n_{t-1} + g^2, \qquad
       z_t = z_{t-1} + g + 2 \lambda_s \theta_{t-1}
       - \frac{n_t^{-p} - n_{t-1}^{-p}}{\eta} \theta_{t-1} $$
    $$ \theta_t = \frac{\operatorname{clip}(z_t, -\lambda_1, \lambda_1) - z_t}
       {(\beta + n_t^{-p}) / \eta + 2 \lambda_2} $$

    The weights are computed anew from $z$ and $n$, not moved by a step; a zero gradient at the
    first step sets them to zero. Gradients count as no larger than 1e18.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        variable: Weights $\theta_{t-1}$, of the same shape.
        accumulator: Sum of squares $n_{t-1}$, of the same shape.
        linear: Linear coefficients $z_{t-1}$, of the same shape, zero at first.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        power: Power $p \le 0$ of the learning rate's decay; $-1/2$ is Adagrad's.
        l1: Strength $\lambda_1$ of the L1 penalty; weights with $|z| \le \lambda_1$ are zero.
        l2: Strength $\lambda_2$ of the L2 penalty.
        shrinkage: Strength $\lambda_s$ of the L2 penalty that counts as part of the loss.
        beta: The paper's $\beta$, which shortens early steps.

    Returns:
        The new weights, $n_t$ and $z_t$, all of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.ftrl import ftrl
        >>> zero = ops.array(0.0)
        >>> weight, n, z = ftrl(ops.array(3.0), zero, zero, zero, learning_rate=0.1, l1=1.0)
        >>> round(float(weight), 4), round(float(z), 4)
        (-0.0667, 3.0)

    Reference:
        McMahan et al. 2013, "Ad click prediction: a view from the trenches", algorithm 1.
    """
    gradient = ops.clip(gradient, -LARGEST_GRADIENT, LARGEST_GRADIENT)
    total = ops.add(accumulator, ops.square(gradient))
    old, new = (ops.divide(ops.power(n, -power), learning_rate) for n in (accumulator, total))
    kept = ops.subtract(ops.subtract(new, old), 2 * shrinkage)
    linear = ops.add(linear, ops.subtract(gradient, ops.multiply(kept, variable)))
    shrunk = ops.subtract(ops.clip(linear, -l1, l1), linear)
    curvature = ops.add(new, ops.add(ops.divide(beta, learning_rate), 2 * l2))
    return ops.divide(shrunk, curvature), total, linear


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Ftrl(RuleOptimizer):
    r"""FTRL-proximal, for sparse linear models; see the function `ftrl`.

    $$ \theta_t = \arg\min_\theta \, z_t \theta
       + \tfrac{1}{2} \Big(\frac{\beta + \sqrt{n_t}}{\eta} + 2 \lambda_2\Big) \theta^2
       + \lambda_1 |\theta| $$

    The weights are proportional to the learning rate: a schedule that lowers it pulls them to zero.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        learning_rate_power: Power $p \le 0$ with which the learning rate decays; 0 keeps it.
        initial_accumulator_value: First sum of squares $n_0$, not negative.
        l1_regularization_strength: Strength $\lambda_1$, not negative.
        l2_regularization_strength: Strength $\lambda_2$, not negative.
        l2_shrinkage_regularization_strength: Strength of a penalty $\lambda_s \theta^2$ that joins
            the loss, so that $2 \lambda_s \theta$ joins the gradient in $z$; not negative.
        beta: The paper's $\beta$, which shortens early steps.
        {base_options}

    Raises:
        ValueError: If a strength or the accumulator is negative, or the power positive.

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Ftrl
        >>> weight = keras.Variable(0.0)
        >>> optimizer = Ftrl(0.1, initial_accumulator_value=0.0, l1_regularization_strength=1.0)
        >>> optimizer.apply([keras.ops.array(3.0)], [weight])
        >>> round(float(weight), 4)
        -0.0667

    Reference:
        McMahan et al. 2013, "Ad click prediction: a view from the trenches", algorithm 1.
    """

    rule = staticmethod(ftrl)
    slots = [{"accumulator": "_accumulators", "linear": "_linears"}]
    options = {
        "learning_rate_power": "(-inf, 0]",
        "initial_accumulator_value": "[0, inf)",
        "l1_regularization_strength": "[0, inf)",
        "l2_regularization_strength": "[0, inf)",
        "l2_shrinkage_regularization_strength": "[0, inf)",
        "beta": "[0, inf)",
    }
    moves = "assign"

    def __init__(
        self,
        learning_rate=0.001,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        l2_shrinkage_regularization_strength=0.0,
        beta=0.0,
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

    def rule_options(self):
        """Return the settings under the names of the equation."""
        return {
            "power": self.learning_rate_power,
            "l1": self.l1_regularization_strength,
            "l2": self.l2_regularization_strength,
            "shrinkage": self.l2_shrinkage_regularization_strength,
            "beta": self.beta,
        }
