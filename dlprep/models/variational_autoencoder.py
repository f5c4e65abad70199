"""Variational autoencoder: a code with a known distribution, so that new data can be drawn."""

import keras
from keras import backend, metrics, ops, random, saving
from keras.src.losses.loss import scale_loss_for_distribution

from dlprep import layers, losses
from dlprep.models import parts


def reconstruction_cost(x, logits):
    r"""Return minus the log-probability of the data under independent coins.

    $$ -\log p(x \mid z) = \sum_i \operatorname{softplus}(s_i) - x_i s_i $$

    Args:
        x: Data from 0 to 1, shape `(batch, ...)`.
        logits: Logits $s$ of that shape.

    Returns:
        One value per row, shape `(batch,)`: a sum over all entries, not their mean.

    Example:
        >>> from keras import ops
        >>> from dlprep.models.variational_autoencoder import reconstruction_cost
        >>> round(float(reconstruction_cost(ops.ones((1, 2)), ops.zeros((1, 2)))[0]), 4)
        1.3863

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, appendix C.1, equation 11.
    """
    logits = ops.cast(logits, backend.result_type(logits.dtype, "float32"))
    x = ops.cast(x, logits.dtype)
    # softplus(s) - x s would cancel two large numbers where s is large.
    cost = x * ops.softplus(-logits) + (1.0 - x) * ops.softplus(logits)
    return ops.sum(cost, axis=tuple(range(1, len(x.shape))))


@saving.register_keras_serializable(package="dlprep.models")
class VariationalAutoencoder(keras.Model):
    r"""Autoencoder whose code is drawn near a standard normal; `fit(x)` raises the evidence bound.

    $$ \min \; \mathbb E_{z \sim q(z \mid x)} [-\log p(x \mid z)]
       + \beta\, D\big(q(z \mid x) \,\|\, \mathcal N(0, I)\big) $$

    `reconstruction_cost` is the first part and `dlprep.losses.gaussian_kl` the second, both sums
    over their entries and means over the batch; `compile` takes an optimizer and no loss. Calling
    the model draws a code and returns logits, in inference too: for a steady reconstruction decode
    the mean that `encode` returns.

    Args:
        encoder: Model from data to vectors of twice the code's size: means, then log-variances.
        decoder: Model from codes to logits of the data's shape.
        beta: Weight $\beta$ of the divergence; 1 gives the evidence bound.
        seed: Integer that makes the draws reproducible.
        **kwargs: Options of every Keras model, such as `name`.

    Raises:
        ValueError: If a part is not a Keras model or layer, `beta` is negative or NaN, the
            encoder's output cannot be halved, or sample weights are given.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.models import VariationalAutoencoder
        >>> model = VariationalAutoencoder(keras.layers.Dense(2 * 3), keras.layers.Dense(8))
        >>> model.compile("adam")
        >>> history = model.fit(np.ones((4, 8)), verbose=0)
        >>> tuple(model.generate(5).shape)
        (5, 8)

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, equations 7 and 10; Higgins et al. 2017, "beta-VAE",
        equation 4.
    """

    def __init__(self, encoder, decoder, beta=1.0, seed=None, **kwargs):
        parts.check_networks(encoder=encoder, decoder=decoder)
        parts.check_weights(beta=beta)
        super().__init__(**kwargs)
        self.encoder, self.decoder, self.beta, self.seed = encoder, decoder, beta, seed
        self.sampling = layers.GaussianSampling(seed)
        self.reconstruction = metrics.Mean(name="reconstruction")

    def build(self, input_shape):
        parts.build(self.encoder, input_shape)
        output_shape = self.encoder.compute_output_shape(input_shape)
        if output_shape[-1] % 2:
            raise ValueError(
                "The encoder must put out means and log-variances, an even number of values, but "
                f"its output has the shape {tuple(output_shape)}."
            )
        self.code_size = output_shape[-1] // 2
        parts.build(self.decoder, (*output_shape[:-1], self.code_size))

    def encode(self, inputs):
        """Return the mean and the log-variance of the code.

        Args:
            inputs: Data, shape `(batch, ...)`.
        """
        return ops.split(self.encoder(inputs), 2, axis=-1)

    def call(self, inputs):
        mean, log_variance = self.encode(inputs)
        code = ops.concatenate([mean, log_variance], axis=-1)
        self.add_loss(self.beta * ops.mean(losses.gaussian_kl(ops.zeros_like(code), code)))
        return self.decoder(self.sampling([mean, log_variance]))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Return minus the evidence bound.

        Args:
            x: Data from 0 to 1.
            y: Ignored.
            y_pred: Logits of the reconstruction.
            sample_weight: Must be None.
            training: Whether the call is part of training.

        Returns:
            The loss, a scalar.

        Raises:
            ValueError: If sample weights are given.
        """
        if sample_weight is not None:
            raise ValueError("VariationalAutoencoder takes no sample weights, but got some.")
        cost = reconstruction_cost(x, y_pred)
        self.reconstruction.update_state(cost)
        total = ops.mean(cost) + sum(ops.cast(loss, cost.dtype) for loss in self.losses)
        return scale_loss_for_distribution(total)

    def generate(self, count, seed=None):
        """Draw codes from the standard normal and decode them.

        Args:
            count: Number of rows.
            seed: Integer that makes the codes reproducible.

        Returns:
            Probabilities, shape `(count, ...)`.
        """
        return ops.sigmoid(self.decoder(random.normal((count, self.code_size), seed=seed)))

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"beta": self.beta, "seed": self.seed}
        return parts.serialized({**super().get_config(), **own}, self, ("encoder", "decoder"))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Return the model that `get_config` described.

        Args:
            config: Dict of constructor arguments.
            custom_objects: Dict from names to classes, for the parts.

        Returns:
            A `VariationalAutoencoder`.
        """
        return cls(**parts.revived(config, ("encoder", "decoder"), custom_objects))
