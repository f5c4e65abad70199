"""Autoencoder: squeeze the input through a code and restore it."""

import keras
from keras import saving

from dlprep.models import parts


@saving.register_keras_serializable(package="dlprep.models")
class Autoencoder(keras.Model):
    r"""Learn a code from which the input can be restored; `fit(x)` needs no targets.

    $$ \min_{f, g} \; \ell\big(x, g(f(\tilde x))\big) $$

    `compile` takes the loss $\ell$, for instance `"mse"`. With `corruption` the code is made from a
    damaged input $\tilde x$ and the clean one is to be restored (denoising). An activity
    regularizer in the encoder makes the code sparse. With linear networks and squared error the
    best code spans the first principal components.

    Args:
        encoder: Model $f$ from inputs to codes.
        decoder: Model $g$ from codes to inputs.
        corruption: Layer that damages the input in training, such as `Dropout` or `GaussianNoise`;
            None leaves it whole.
        **kwargs: Options of every Keras model, such as `name`.

    Raises:
        ValueError: If a part is not a Keras model or layer.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.models import Autoencoder
        >>> model = Autoencoder(keras.layers.Dense(2), keras.layers.Dense(5))
        >>> model.compile("adam", "mse")
        >>> history = model.fit(np.ones((8, 5)), verbose=0)
        >>> model.predict(np.ones((3, 5)), verbose=0).shape
        (3, 5)

    Reference:
        Hinton, Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks";
        Vincent et al. 2008, "Extracting and composing robust features with denoising
        autoencoders", section 2.
    """

    def __init__(self, encoder, decoder, corruption=None, **kwargs):
        given = {} if corruption is None else {"corruption": corruption}
        parts.check_networks(encoder=encoder, decoder=decoder, **given)
        super().__init__(**kwargs)
        self.encoder, self.decoder, self.corruption = encoder, decoder, corruption

    def build(self, input_shape):
        parts.build(self.encoder, input_shape)
        parts.build(self.decoder, self.encoder.compute_output_shape(input_shape))

    def call(self, inputs, training=None):
        damaged = inputs if self.corruption is None else self.corruption(inputs, training=training)
        return self.decoder(self.encoder(damaged))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Compare the output with the input, or with the targets where there are any.

        Args:
            x: Inputs.
            y: Targets, or None for the inputs.
            y_pred: Output of the model.
            sample_weight: Weights of the examples, or None.
            training: Whether the call is part of training.

        Returns:
            The loss, a scalar.
        """
        return super().compute_loss(x, x if y is None else y, y_pred, sample_weight, training)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """Update the metrics with the same targets as the loss.

        Args:
            x: Inputs.
            y: Targets, or None for the inputs.
            y_pred: Output of the model.
            sample_weight: Weights of the examples, or None.

        Returns:
            Dict of the metrics' values.
        """
        return super().compute_metrics(x, x if y is None else y, y_pred, sample_weight)

    def get_config(self):
        """Return the constructor's arguments."""
        return parts.serialized(super().get_config(), self, ("encoder", "decoder", "corruption"))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Return the model that `get_config` described.

        Args:
            config: Dict of constructor arguments.
            custom_objects: Dict from names to classes, for the parts.

        Returns:
            An `Autoencoder`.
        """
        names = ("encoder", "decoder", "corruption")
        return cls(**parts.revived(config, names, custom_objects))
