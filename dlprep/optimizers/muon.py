"""Muon: momentum whose singular values are all brought to one."""

import re

from keras import ops, saving

from dlprep.optimizers.adam import adam
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.newton_schulz import newton_schulz
from dlprep.optimizers.rule import RuleOptimizer, arguments


def muon(
    gradient,
    velocity,
    learning_rate=0.001,
    momentum=0.95,
    nesterov=True,
    steps=5,
    coefficients=(3.4445, -4.7750, 2.0315),
    rms_rate=0.2,
):
    r"""Return the step of Muon.

    $$ B_t = \mu B_{t-1} + G, \qquad O = \operatorname{NewtonSchulz}(G + \mu B_t), \qquad
       \Delta = \eta \, r \sqrt{\max(n, m)} \, O $$

    Args:
        gradient: Gradient $G$, shape `(n, m)`.
        velocity: Momentum $B_{t-1}$, of the same shape, zero at first.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        momentum: Share $\mu$ of the momentum that is kept, in $[0, 1)$.
        nesterov: Whether to orthogonalise $G + \mu B_t$ instead of $B_t$.
        steps: Iterations of Newton and Schulz.
        coefficients: Their polynomial $(a, b, c)$.
        rms_rate: Root mean square $r$ of the step's entries, to match AdamW's; None for no scaling.

    Returns:
        The update $\Delta$ to subtract and $B_t$, both of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.muon import muon
        >>> update, velocity = muon(ops.eye(2), ops.zeros((2, 2)), rms_rate=None)
        >>> tuple(update.shape)
        (2, 2)

    Reference:
        Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; Liu et al.
        2025, "Muon is scalable for LLM training", arXiv:2502.16982, equation 4 (scaling).
    """
    velocity = ops.add(ops.multiply(momentum, velocity), gradient)
    ahead = ops.add(gradient, ops.multiply(momentum, velocity)) if nesterov else velocity
    update = ops.multiply(learning_rate, newton_schulz(ahead, steps, coefficients))
    return match_rms(update, rms_rate), velocity


def match_rms(matrix, rms_rate):
    r"""Scale an orthogonal matrix so that its entries have a given root mean square.

    $$ X \leftarrow r \sqrt{\max(n, m)} \, X $$

    Args:
        matrix: A matrix $X$ of shape `(n, m)`.
        rms_rate: Root mean square $r$; None leaves the matrix as it is.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.muon import match_rms
        >>> round(float(match_rms(ops.eye(4), 0.2)[0, 0]), 4)
        0.4

    Reference:
        Liu et al. 2025, arXiv:2502.16982, equation 4.
    """
    if rms_rate is None:
        return matrix
    return ops.multiply(matrix, rms_rate * max(matrix.shape) ** 0.5)


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Muon(RuleOptimizer):
    r"""Muon for matrices, AdamW for everything else; see the functions `muon` and `adam`.

    $$ \theta_t = (1 - \eta \lambda) \theta_{t-1}
       - \eta \, r \sqrt{\max(n, m)} \operatorname{NewtonSchulz}(G_t + \mu B_t) $$

    AdamW moves variables that are not matrices, embeddings, and layers named in `exclude_layers`,
    where the output layer belongs.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        adam_beta_1: Share of the old mean gradient that AdamW keeps, a float in $[0, 1)$.
        adam_beta_2: Share of the old mean square that AdamW keeps, a float in $[0, 1)$.
        adam_weight_decay: Decay of the variables that AdamW moves; None for none.
        epsilon: Small number added to AdamW's root before the bias is corrected.
        weight_decay: Decay $\lambda$ of the matrices; None for none.
        {base_options}
        exclude_layers: Regular expressions; a matrix whose path contains one goes to AdamW.
        exclude_embeddings: Whether matrices with "embedding" in their path go to AdamW.
        muon_a: Coefficient of $X$ in the iteration.
        muon_b: Coefficient of $X X^T X$.
        muon_c: Coefficient of $(X X^T)^2 X$.
        adam_lr_ratio: AdamW's learning rate in units of `learning_rate`.
        momentum: Share $\mu$ of the momentum that is kept, a float in $[0, 1)$.
        ns_steps: Iterations of Newton and Schulz.
        nesterov: Whether to look ahead.
        rms_rate: Root mean square $r$ of the step's entries; None for no scaling.

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Muon
        >>> weight = keras.Variable(keras.ops.zeros((3, 2)))
        >>> Muon(learning_rate=0.1).apply([keras.ops.ones((3, 2))], [weight])
        >>> tuple(weight.shape)
        (3, 2)

    Reference:
        Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; Liu et al.
        2025, "Muon is scalable for LLM training", arXiv:2502.16982, section 2.
    """

    slots = [{"momentum": "momentums", "velocity": "adam_velocities"}]
    options = {
        "adam_beta_1": "[0, 1)",
        "adam_beta_2": "[0, 1)",
        "adam_weight_decay": "[0, inf) or None",
        "epsilon": "[0, inf)",
        "exclude_layers": None,
        "exclude_embeddings": None,
        "muon_a": None,
        "muon_b": None,
        "muon_c": None,
        "adam_lr_ratio": "[0, inf)",
        "momentum": "[0, 1]",
        "ns_steps": "[0, inf), an integer",
        "nesterov": None,
        "rms_rate": "[0, inf) or None",
    }
    counted = True

    def __init__(
        self,
        learning_rate=0.001,
        adam_beta_1=0.9,
        adam_beta_2=0.999,
        adam_weight_decay=0.004,
        epsilon=1e-7,
        weight_decay=0.004,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=None,
        name=None,
        exclude_layers=None,
        exclude_embeddings=True,
        muon_a=3.4445,
        muon_b=-4.7750,
        muon_c=2.0315,
        adam_lr_ratio=1,
        momentum=0.95,
        ns_steps=5,
        nesterov=True,
        rms_rate=0.2,
        **kwargs,
    ):
        super().__init__(**arguments(locals()))
        self.exclude_layers = self.exclude_layers or []

    def add_variable_from_reference(self, reference_variable, name=None, initializer="zeros"):
        """Create a slot; a matrix that Muon moves has no mean square.

        Args:
            reference_variable: The model variable.
            name: Name of the slot.
            initializer: Keras initializer of the first values.
        """
        if name == "velocity" and not self._should_use_adamw(reference_variable):
            return None
        return super().add_variable_from_reference(reference_variable, name, initializer)

    def memory(self, variable):
        """Return the momentum of a model variable, and its mean square if AdamW moves it."""
        return [slot for slot in super().memory(variable) if slot is not None]

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable, by Muon or by AdamW.

        Args:
            gradient: Its gradient.
            variable: The model variable.
            learning_rate: Step size of this step.
        """
        if len(self.memory(variable)) == 2:
            options = {"beta_1": self.adam_beta_1, "beta_2": self.adam_beta_2}
            learning_rate, rule = learning_rate * self.adam_lr_ratio, adam
        else:
            options = {"steps": self.ns_steps, "coefficients": self._coefficients}
            rule = muon
        options = {**self.rule_options(), **options}
        self.follow(rule, gradient, variable, learning_rate, **options)

    def zeropower_via_newtonschulz5(self, x, steps):
        """Apply `newton_schulz` with this optimizer's coefficients, under the name Keras gives it.

        Args:
            x: A matrix.
            steps: Number of iterations.

        Returns:
            Tensor of the same shape.
        """
        return newton_schulz(x, steps, self._coefficients)

    def transpose_last_axis(self, X):
        """Swap the last two axes, under the name Keras gives it.

        Args:
            X: A matrix, or a batch of them.

        Returns:
            Tensor of shape `(..., m, n)`.
        """
        return ops.swapaxes(X, -2, -1)

    def lr_adjust(self, x):
        """Apply `match_rms` with this optimizer's `rms_rate`, under the name Keras gives it.

        Args:
            x: A matrix.

        Returns:
            Tensor of the same shape.
        """
        return match_rms(x, self.rms_rate)

    @property
    def _coefficients(self):
        return self.muon_a, self.muon_b, self.muon_c

    def _should_use_adamw(self, variable):
        if len(variable.shape) != 2:
            return True
        if self.exclude_embeddings and "embedding" in variable.path.lower():
            return True
        return any(re.search(pattern, variable.path) for pattern in self.exclude_layers)

    def _apply_weight_decay(self, variables):
        for variable in variables:
            adamw = self._should_use_adamw(variable)
            decay = self.adam_weight_decay if adamw else self.weight_decay
            if decay is not None and self._use_weight_decay(variable):
                factor = ops.cast(self.learning_rate * decay, variable.dtype)
                variable.assign(variable - variable * factor)
