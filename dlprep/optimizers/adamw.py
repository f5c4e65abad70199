"""AdamW: Adam with weight decay kept out of the averages."""

from keras import saving

from dlprep.optimizers.adam import Adam
from dlprep.optimizers.base_options import describe


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class AdamW(Adam):
    r"""Adam with decoupled weight decay.

    $$ \theta_t = (1 - \eta \lambda) \theta_{t-1}
       - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
       \frac{m_t}{\sqrt{v_t} + \hat\epsilon} $$

    An L2 penalty adds $\lambda \theta$ to the gradient, where Adam divides it by
    $\sqrt{v_t}$: weights with large gradients then decay least. Here the decay stands beside
    the gradient and every weight shrinks by the same factor. As in Keras and PyTorch the factor
    contains the learning rate, so a schedule scales the decay too; the paper keeps a separate
    multiplier. `exclude_from_weight_decay` spares variables, biases for example.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        weight_decay: Decay $\lambda$ per step and unit of learning rate, a float.
        beta_1: Share of the old mean gradient that is kept, a float in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, a float in $[0, 1)$.
        epsilon: Small number $\hat\epsilon$ added to the root before the bias is corrected (see
            `adam`).
        amsgrad: Whether to divide by the largest mean square so far.
        {base_options}

    Raises:
        ValueError: If `weight_decay` is None.

    Example:
        >>> import keras
        >>> from dlprep.optimizers import AdamW
        >>> weight = keras.Variable(1.0)
        >>> optimizer = AdamW(learning_rate=0.1, weight_decay=0.5)
        >>> optimizer.apply([keras.ops.array(0.0)], [weight])
        >>> round(float(weight), 4)
        0.95

    Reference:
        Loshchilov, Hutter 2019, "Decoupled weight decay regularization", arXiv:1711.05101,
        algorithm 2.
    """

    def __init__(
        self,
        learning_rate=0.001,
        weight_decay=0.004,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        amsgrad=False,
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
        if weight_decay is None:
            raise ValueError(
                "Argument `weight_decay` must be a float. Received: weight_decay=None; "
                "for no decay take Adam."
            )
        super().__init__(
            learning_rate=learning_rate,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            amsgrad=amsgrad,
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
