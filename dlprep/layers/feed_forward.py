"""Feed-forward parts of transformers: a gated one, and a mixture of several."""

from keras import ops, saving

from dlprep import activations
from dlprep.layers import settings
from dlprep.layers.layer import Layer
from dlprep.layers.precision import widen


def swiglu_feed_forward(x, gate, up, down):
    r"""Open a hidden layer by a gate of its own and close it again.

    $$ y = (\mathrm{silu}(x W_g) \odot x W_u)\, W_d $$

    Args:
        x: Inputs of shape `(..., size)`.
        gate: Weights $W_g$, shape `(size, hidden)`.
        up: Weights $W_u$, shape `(size, hidden)`.
        down: Weights $W_d$, shape `(hidden, size)`.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.feed_forward import swiglu_feed_forward
        >>> W, V = ops.ones((3, 8)), ops.ones((8, 3))
        >>> tuple(swiglu_feed_forward(ops.ones((2, 5, 3)), W, W, V).shape)
        (2, 5, 3)

    Reference:
        Shazeer 2020, arXiv:2002.05202, equation 6.
    """
    hidden = activations.silu(ops.matmul(x, gate)) * ops.matmul(x, up)
    return ops.matmul(hidden, down)


def route(scores, top):
    r"""Share each row out among its best experts.

    $$ g_e = \frac{e^{s_e}}{\sum_{f \in \mathrm{top}} e^{s_f}} \text{ for the best, else } 0 $$

    Args:
        scores: Scores $s$ of shape `(..., experts)`.
        top: Number of experts per row.

    Returns:
        Shares $g$ of the shape of `scores`, at most `top` of a row above 0, summing to 1.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.feed_forward import route
        >>> [float(share) for share in route(ops.array([1.0, 5.0, 5.0]), top=2)]
        [0.0, 0.5, 0.5]

    Reference:
        Shazeer et al. 2017, arXiv:1701.06538, equations 3 and 5, without the noise.
    """
    _, best = ops.top_k(scores, top)
    # By index, not by a threshold: equal scores must not let more experts in.
    chosen = ops.sum(ops.one_hot(best, scores.shape[-1], dtype=scores.dtype), axis=-2)
    return ops.softmax(ops.where(chosen > 0, scores, -1e30), axis=-1)


def load_imbalance(shares, probabilities):
    r"""Measure how unevenly the experts are used; 1 is even.

    $$ L = E \sum_e f_e P_e $$

    Args:
        shares: Result of `route`, shape `(..., experts)`; $f_e$ is the part of the rows' choices
            that fell on expert $e$.
        probabilities: Softmax of the scores, whose mean is $P_e$; the gradient passes here only.

    Returns:
        A scalar, least 1 where $f$ and $P$ agree.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.feed_forward import load_imbalance
        >>> float(load_imbalance(ops.array([[1.0, 0.0], [1.0, 0.0]]), ops.array([[1.0, 0.0]])))
        2.0

    Reference:
        Fedus, Zoph, Shazeer 2021, arXiv:2101.03961, equations 4 to 6.
    """
    experts = shares.shape[-1]
    chosen = ops.reshape(ops.cast(shares > 0, probabilities.dtype), (-1, experts))
    used = ops.sum(chosen, axis=0) / ops.sum(chosen)
    wanted = ops.mean(ops.reshape(probabilities, (-1, experts)), axis=0)
    return experts * ops.sum(ops.stop_gradient(used) * wanted)


@saving.register_keras_serializable(package="dlprep.layers")
class SwiGLU(Layer):
    r"""Gated feed-forward layer of transformers (`swiglu_feed_forward`).

    $$ y = (\mathrm{silu}(x W_g) \odot x W_u)\, W_d $$

    With three matrices instead of two, hidden sizes are usually cut to two thirds.

    Args:
        hidden: Size of the hidden layer.
        kernel_initializer: Initial matrices.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `hidden` is not a positive integer.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import SwiGLU
        >>> tuple(SwiGLU(8)(np.ones((2, 5, 3))).shape)
        (2, 5, 3)
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> model = keras.Sequential([SwiGLU(16)])
        >>> model.compile(keras.optimizers.Adam(0.05), "mse")
        >>> loss = model.fit(x, x[:, :1] * x, epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        Shazeer 2020, arXiv:2002.05202, equation 6.
    """

    def __init__(self, hidden, kernel_initializer="glorot_uniform", **kwargs):
        settings.check_positive(hidden=hidden)
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.supports_masking = True

    def build(self, input_shape):
        size = input_shape[-1]
        wide, narrow = (size, self.hidden), (self.hidden, size)
        settings.kernels(self, {"gate": wide, "up": wide, "down": narrow})

    def call(self, inputs):
        return swiglu_feed_forward(inputs, self.gate, self.up, self.down)

    def compute_output_shape(self, input_shape):
        return input_shape


@saving.register_keras_serializable(package="dlprep.layers")
class MixtureOfExperts(Layer):
    r"""Several feed-forward layers, of which a router picks a few per row (`route`).

    $$ y = \sum_e g_e(x)\, \mathrm{relu}(x W_e) V_e, \quad g(x) = \mathrm{route}(x W_r) $$

    Each call adds `balance` times `load_imbalance` to the loss, without which the router sends
    everything to the same experts. All experts are computed and the shares weigh them: easy to
    read and to compile, but a large model would compute the chosen ones only.

    Args:
        experts: Number of experts.
        hidden: Size of each expert's hidden layer.
        top: Number of experts per row.
        balance: Strength of the balancing loss.
        kernel_initializer: Initial matrices.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of shape `(..., size)`.
        training: Whether the balancing loss is added.

    Raises:
        ValueError: If a size is not a positive integer, `top` exceeds `experts`, or `balance` is
            negative.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.layers import MixtureOfExperts
        >>> tuple(MixtureOfExperts(4, hidden=8)(np.ones((2, 5, 3))).shape)
        (2, 5, 3)
        >>> x = np.random.default_rng(0).normal(size=(256, 4))
        >>> model = keras.Sequential([MixtureOfExperts(4, hidden=8)])
        >>> model.compile(keras.optimizers.Adam(0.05), "mse")
        >>> loss = model.fit(x, abs(x), epochs=5, verbose=0).history["loss"]
        >>> loss[-1] < 0.5 * loss[0]
        True

    Reference:
        Shazeer et al. 2017, arXiv:1701.06538, equation 1; Fedus, Zoph, Shazeer 2021,
        arXiv:2101.03961, section 2.2.
    """

    def __init__(
        self,
        experts,
        hidden,
        top=2,
        balance=0.01,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        settings.check_positive(experts=experts, hidden=hidden, top=top)
        if top > experts:
            raise ValueError(f"MixtureOfExperts cannot pick top={top} of {experts} experts.")
        if not balance >= 0:
            raise ValueError(f"`balance` must not be negative, but it is {balance!r}.")
        super().__init__(**kwargs)
        settings.store(self, settings.pick(locals(), MixtureOfExperts))
        self.supports_masking = True

    def build(self, input_shape):
        size, experts, hidden = input_shape[-1], self.experts, self.hidden
        draw, *draws = settings.copies(self.kernel_initializer, 1 + 2 * experts)
        # The choice must not hang on the rounding of half precision.
        exact = {"initializer": draw, "autocast": False}
        self.router = settings.weight(self, "router", (size, experts), prefix="kernel", **exact)
        self.up = self._stack("up", (experts, size, hidden), draws[:experts])
        self.down = self._stack("down", (experts, hidden, size), draws[experts:])

    def _stack(self, name, shape, draws):
        # Drawn matrix by matrix: the fans are those of one expert.
        def draw(shape, dtype=None):
            return ops.stack([one(shape[1:], dtype) for one in draws])

        return settings.weight(self, name, shape, prefix="kernel", initializer=draw)

    def call(self, inputs, training=False):
        scores = ops.matmul(widen(inputs), widen(self.router))
        shares = route(scores, self.top)
        if training and self.balance:
            self.add_loss(self.balance * load_imbalance(shares, ops.softmax(scores)))
        # Not einsum with an ellipsis: TensorFlow's is wrong in float16 on the CPU.
        hidden = ops.relu(ops.matmul(ops.expand_dims(inputs, -3), self.up))
        outputs = ops.matmul(hidden, self.down)
        shares = ops.expand_dims(ops.swapaxes(shares, -1, -2), -1)
        return ops.sum(outputs * ops.cast(shares, outputs.dtype), axis=-3)

    def compute_output_shape(self, input_shape):
        return input_shape
