"""AMSGrad under its own name: Adam whose steps never grow again."""

from keras import saving

from dlprep.optimizers.adam import Adam
from dlprep.optimizers.base_options import describe


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class AMSGrad(Adam):
    r"""Adam that divides by the largest mean square so far; see the function `amsgrad`.

    $$ \hat v_t = \max(\hat v_{t-1}, v_t), \qquad
       \theta_t = \theta_{t-1} - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
       \frac{m_t}{\sqrt{\hat v_t} + \hat\epsilon} $$

    Adam forgets a rare large gradient after about $1 / (1 - \beta_2)$ steps and may then walk away
    from the optimum; the maximum remembers it. The paper does not correct the bias; this does, as
    Keras's `Adam(amsgrad=True)`, whose steps it takes.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        beta_1: Share of the old mean gradient that is kept, a float in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, a float in $[0, 1)$.
        epsilon: Small number $\hat\epsilon$ added to the root.
        **kwargs: Options of every Keras optimizer, such as `weight_decay` and `global_clipnorm`.

    Raises:
        ValueError: If a share is not in $[0, 1)$ or `epsilon` is negative.

    Example:
        >>> import keras
        >>> from dlprep.optimizers import AMSGrad
        >>> weight = keras.Variable(1.0)
        >>> AMSGrad(learning_rate=0.1).apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.9

    Reference:
        Reddi, Kale, Kumar 2018, "On the convergence of Adam and beyond", arXiv:1904.09237,
        algorithm 2.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad=True, **kwargs)

    def get_config(self):
        """Return the constructor arguments."""
        config = super().get_config()
        del config["amsgrad"]
        return config
