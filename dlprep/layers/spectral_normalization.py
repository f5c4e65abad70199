"""Spectral normalisation: keep a layer's largest singular value at one."""

from keras import InputSpec, layers, ops, random, saving

from dlprep.layers import settings
from dlprep.layers.rms_normalization import unit_normalization
from dlprep.stand_in import StandIn


def spectral_norm(kernel, u, iterations=1):
    r"""Estimate the largest singular value by power iteration.

    $$ v \leftarrow \frac{u W^T}{\lVert u W^T \rVert}, \quad
       u \leftarrow \frac{v W}{\lVert v W \rVert}, \quad \sigma \approx v W u^T $$

    Each iteration shrinks the error by the squared ratio of the second to the first singular
    value; training needs one only, because the kernel hardly moves between steps.

    Args:
        kernel: Matrix $W$ of shape `(inputs, outputs)`.
        u: Row vector $u$ of shape `(1, outputs)`.
        iterations: Number of iterations.

    Returns:
        The estimate of $\sigma$, a scalar, and the new $u$; both vectors count as constants.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.spectral_normalization import spectral_norm
        >>> sigma, u = spectral_norm(ops.diag(ops.array([5.0, 1.0])), ops.ones((1, 2)), 20)
        >>> round(float(sigma), 4)
        5.0

    Reference:
        Miyato, Kataoka, Koyama, Yoshida 2018, arXiv:1802.05957, algorithm 1.
    """
    for _ in range(iterations):
        v = unit_normalization(ops.matmul(u, ops.transpose(kernel)))
        u = unit_normalization(ops.matmul(v, kernel))
    u, v = ops.stop_gradient(u), ops.stop_gradient(v)
    return ops.sum(ops.matmul(v, kernel) * u), u


@saving.register_keras_serializable(package="dlprep.layers")
class SpectralNormalization(layers.Wrapper, metaclass=StandIn):
    r"""Divide a layer's kernel by its largest singular value at each training step.

    $$ W \leftarrow \frac{W}{\sigma(W)} $$

    Like Keras, it overwrites the inner layer's kernel.

    Args:
        layer: Layer with a `kernel` or with `embeddings`.
        power_iterations: Number of iterations of `spectral_norm` at each step.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: What the inner layer takes.
        training: Whether to divide the kernel first.

    Raises:
        ValueError: If `power_iterations` is not positive or the layer has no kernel.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Dense, SpectralNormalization
        >>> tuple(SpectralNormalization(Dense(4))(np.ones((2, 3)), training=True).shape)
        (2, 4)

    Reference:
        Miyato, Kataoka, Koyama, Yoshida 2018, arXiv:1802.05957, algorithm 1.
    """

    def __init__(self, layer, power_iterations=1, **kwargs):
        if power_iterations == 0:
            raise ValueError("`power_iterations` should be greater than zero.")
        settings.check_positive(power_iterations=power_iterations)
        super().__init__(layer, **kwargs)
        self.power_iterations = settings.native(power_iterations)

    def build(self, input_shape):
        super().build(input_shape)
        self.input_spec = InputSpec(min_ndim=1, axes={-1: input_shape[-1]})
        self.kernel = getattr(self.layer, "kernel", getattr(self.layer, "embeddings", None))
        if self.kernel is None:
            raise ValueError(
                f"{type(self.layer).__name__} object has no attribute 'kernel' nor 'embeddings'."
            )
        self.kernel_shape = self.kernel.shape
        self.vector_u = self.add_weight(
            name="vector_u",
            shape=(1, self.kernel_shape[-1]),
            initializer=lambda shape, dtype: random.truncated_normal(shape, 0.0, 0.02, dtype),
            trainable=False,
            dtype=self.kernel.dtype,
        )

    def call(self, inputs, training=False):
        if training:
            u, kernel = self.normalized_weights()
            self.vector_u.assign(u)
            self.kernel.assign(kernel)
        return ops.cast(self.layer(inputs), self.compute_dtype)

    def normalized_weights(self):
        """Return the new vector and the kernel divided by its spectral norm; zeros stay zeros."""
        kernel, u = self.kernel.value, self.vector_u.value
        sigma, new_u = spectral_norm(
            ops.reshape(kernel, (-1, kernel.shape[-1])), u, self.power_iterations
        )
        empty = ops.all(ops.equal(kernel, 0))
        scale = ops.where(empty, ops.ones_like(sigma), sigma)
        return ops.where(empty, u, new_u), kernel / scale

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        return {**super().get_config(), "power_iterations": self.power_iterations}
