"""Nadam: Adam that steps with the momentum the next step will have."""

from keras import ops, saving

from dlprep.optimizers.adam import moments
from dlprep.optimizers.averages import bias_correction
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments, precision


def nadam(
    gradient, m, v, product, step, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    r"""Return the step of Nadam.

    $$ \mu_t = \beta_1 (1 - 0.5 \cdot 0.96^t), \qquad
       \hat m_t = \frac{\mu_{t+1} m_t}{1 - \prod_{i=1}^{t+1} \mu_i}
       + \frac{(1 - \mu_t) g}{1 - \prod_{i=1}^t \mu_i} $$
    $$ \hat v_t = \frac{v_t}{1 - \beta_2^t}, \qquad
       \Delta = \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} $$

    with the averages $m_t$, $v_t$ of Adam. In the paper's experiments the momentum warms up with
    $0.96^{t / 250}$; Keras, and so this, takes $0.96^t$, and $m$ is averaged with $\beta_1$.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        m: Mean gradient $m_{t-1}$, of the same shape, zero at first.
        v: Mean square $v_{t-1}$, of the same shape, zero at first.
        product: Product of the momenta up to this step $\prod_{i=1}^t \mu_i$, a scalar.
        step: Number of this step $t \ge 1$, a float tensor.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        beta_1: Largest momentum, in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, in $[0, 1)$.
        epsilon: Small number $\epsilon$ added to the corrected root.

    Returns:
        The update $\Delta$ to subtract, $m_t$ and $v_t$, all of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.nadam import nadam
        >>> zero, product = ops.array(0.0), ops.array(0.468)
        >>> update, m, v = nadam(ops.array(2.0), zero, zero, product, ops.array(1.0), 0.1)
        >>> round(float(update), 4)
        0.1063

    Reference:
        Dozat 2016, "Incorporating Nesterov momentum into Adam", algorithm 2 and section 3.
    """
    now, following = (warm(beta_1, step + ahead) for ahead in (0, 1))
    m, v = moments(gradient, m, v, beta_1, beta_2)
    m_hat = ops.add(
        ops.multiply(following / (1 - product * following), m),
        ops.multiply((1 - now) / (1 - product), gradient),
    )
    v_hat = ops.divide(v, bias_correction(beta_2, step))
    update = ops.divide(ops.multiply(learning_rate, m_hat), ops.add(ops.sqrt(v_hat), epsilon))
    return update, m, v


def warm(beta_1, step):
    r"""Return the momentum of a step: $\mu_t = \beta_1 (1 - 0.5 \cdot 0.96^t)$.

    Args:
        beta_1: Largest momentum $\beta_1$.
        step: Number of the step $t$, a float tensor.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.nadam import warm
        >>> round(float(warm(0.9, ops.array(1.0))), 4)
        0.468

    Reference:
        Dozat 2016, "Incorporating Nesterov momentum into Adam", section 3.
    """
    return ops.multiply(beta_1, 1 - 0.5 * ops.power(0.96, step))


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Nadam(RuleOptimizer):
    r"""Nadam: Adam with Nesterov's momentum; see the function `nadam`.

    $$ \theta_t = \theta_{t-1} - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} $$

    where $\hat m_t$ already holds this step's gradient as the next step will weigh it.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        beta_1: Largest momentum, a float in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, a float in $[0, 1)$.
        epsilon: Small number $\epsilon$ added to the corrected root.
        {base_options}

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Nadam
        >>> weight = keras.Variable(1.0)
        >>> Nadam(learning_rate=0.1).apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.8937

    Reference:
        Dozat 2016, "Incorporating Nesterov momentum into Adam", algorithm 2.
    """

    rule = staticmethod(nadam)
    slots = [{"momentum": "_momentums", "velocity": "_velocities"}]
    options = {"beta_1": "[0, 1)", "beta_2": "[0, 1)", "epsilon": "[0, inf)"}
    counted = True

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
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
        """Create the memory of every variable, and the product of the momenta so far.

        Args:
            variables: Model variables.
        """
        if self.built:
            return
        super().build(variables)
        dtype = precision(variables[0]) if variables else None
        self._u_product = self.add_variable((), "ones", dtype, name="momentum_product")

    def rule_options(self):
        """Return the settings and the product of the momenta."""
        return {**super().rule_options(), "product": self._u_product}

    def _backend_update_step(self, gradients, variables, learning_rate):
        # Keras calls this once per step, so that the product grows once for all variables.
        step = ops.cast(self.iterations + 1, self._u_product.dtype)
        self.assign(self._u_product, ops.multiply(self._u_product, warm(self.beta_1, step)))
        super()._backend_update_step(gradients, variables, learning_rate)
