"""FTRL-proximal: follow the regularised leader; its L1 penalty makes weights exactly zero."""

from functools import partial

from keras import ops, optimizers, saving

from dlprep.optimizers.base_options import describe
from dlprep.optimizers.slots import add_slots, operands, precision

# Squares of longer gradients overflow float32, and infinity over infinity is NaN.
LARGEST_GRADIENT = 1e18

NOT_NEGATIVE = (
    "initial_accumulator_value",
    "l1_regularization_strength",
    "l2_regularization_strength",
    "l2_shrinkage_regularization_strength",
)


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
):
    r"""Return the weights of the regularised leader.

    $$ n_t = n_{t-1} + g^2, \qquad
       z_t = z_{t-1} + g + 2 \lambda_s \theta_{t-1}
       - \frac{n_t^{-p} - n_{t-1}^{-p}}{\eta} \theta_{t-1} $$
    $$ \theta_t = \frac{\operatorname{clip}(z_t, -\lambda_1, \lambda_1) - z_t}
       {n_t^{-p} / \eta + 2 \lambda_2} $$

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
    return ops.divide(shrunk, ops.add(new, 2 * l2)), total, linear


def check_signs(optimizer):
    """Raise if a setting of FTRL has the wrong sign.

    Args:
        optimizer: An `Ftrl` with its settings.

    Raises:
        ValueError: If a strength or the accumulator is negative, or the power positive.
    """
    if optimizer.learning_rate_power > 0:
        raise ValueError(
            "`learning_rate_power` needs to be negative or zero. "
            f"Received: learning_rate_power={optimizer.learning_rate_power}."
        )
    for name in NOT_NEGATIVE:
        value = getattr(optimizer, name)
        if value < 0:
            raise ValueError(f"`{name}` needs to be positive or zero. Received: {name}={value}.")


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Ftrl(optimizers.Optimizer):
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
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta
        check_signs(self)

    def build(self, variables):
        """Create the sum of squares and the linear coefficients of every variable.

        Args:
            variables: Model variables.
        """
        if self.built:
            return
        super().build(variables)
        first = partial(ops.full, fill_value=self.initial_accumulator_value)
        (self._accumulators,) = add_slots(self, variables, ["accumulator"], first)
        (self._linears,) = add_slots(self, variables, ["linear"])

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable.

        Args:
            gradient: Its gradient.
            variable: The model variable.
            learning_rate: Step size of this step.
        """
        gradient, learning_rate = operands(gradient, variable, learning_rate)
        index = self._get_variable_index(variable)
        accumulator, linear = self._accumulators[index], self._linears[index]
        l2 = self.l2_regularization_strength + self.beta / (2.0 * learning_rate)
        weights, total, linear_total = ftrl(
            gradient,
            ops.cast(variable, precision(variable.dtype)),
            accumulator,
            linear,
            learning_rate,
            self.learning_rate_power,
            self.l1_regularization_strength,
            l2,
            self.l2_shrinkage_regularization_strength,
        )
        self.assign(variable, weights)
        self.assign(accumulator, total)
        self.assign(linear, linear_total)

    def get_config(self):
        """Return the constructor arguments."""
        return {
            **super().get_config(),
            "learning_rate_power": self.learning_rate_power,
            "initial_accumulator_value": self.initial_accumulator_value,
            "l1_regularization_strength": self.l1_regularization_strength,
            "l2_regularization_strength": self.l2_regularization_strength,
            "l2_shrinkage_regularization_strength": self.l2_shrinkage_regularization_strength,
            "beta": self.beta,
        }
