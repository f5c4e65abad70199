"""Generative adversarial network: a generator learns to fool a discriminator."""

import keras
from keras import metrics, ops, optimizers, random, saving
from keras.src.losses.loss import scale_loss_for_distribution

from dlprep import losses
from dlprep.models import parts
from dlprep.models.two_players import TwoPlayers


@saving.register_keras_serializable(package="dlprep.models")
class GAN(keras.Model):
    r"""Train a generator against a discriminator; `fit(x)` takes real data and no targets.

    $$ \min_D \; \mathbb E_x[\operatorname{softplus}(-D(x))]
       + \mathbb E_z[\operatorname{softplus}(D(G(z)))], \quad
       \min_G \; \mathbb E_z[\operatorname{softplus}(-D(G(z)))] $$

    $D$ puts out logits; the generator's loss is the non-saturating one. Both losses are one sum in
    which each network's weights are constants in the other's part, so every backend trains it by
    `fit`: both move at once on the same draws, where the paper's algorithm moves one after the
    other. Calling the model returns the discriminator's logits, `generate` returns new data.

    Args:
        generator: Model $G$ from codes to data.
        discriminator: Model $D$ from data to one logit.
        latent_dim: Size of a code $z$, which is standard normal.
        seed: Integer that makes the codes reproducible.
        **kwargs: Options of every Keras model, such as `name`.

    Raises:
        ValueError: If a network is not a Keras model, `latent_dim` is not a positive integer, or
            sample weights are given.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.models import GAN
        >>> generator = keras.Sequential([keras.layers.Dense(2)])
        >>> model = GAN(generator, keras.Sequential([keras.layers.Dense(1)]), latent_dim=3)
        >>> model.compile("adam", "adam")
        >>> history = model.fit(np.ones((4, 2)), verbose=0)
        >>> tuple(model.generate(5).shape)
        (5, 2)

    Reference:
        Goodfellow et al. 2014, arXiv:1406.2661, equation 1, section 3 and algorithm 1; both at
        once: Heusel et al. 2017, arXiv:1706.08500, equation 1.
    """

    period = 1

    def __init__(self, generator, discriminator, latent_dim, seed=None, **kwargs):
        parts.check_networks(generator=generator, discriminator=discriminator)
        parts.check_counts(latent_dim=latent_dim)
        super().__init__(**kwargs)
        self.generator, self.discriminator = generator, discriminator
        self.latent_dim, self.seed = latent_dim, seed
        self.seed_generator = random.SeedGenerator(seed)
        self.generator_mean = metrics.Mean(name="generator_loss")
        self.discriminator_mean = metrics.Mean(name="discriminator_loss")

    def compile(self, generator_optimizer="adam", discriminator_optimizer="adam", **kwargs):
        """Set one optimizer for each network.

        Args:
            generator_optimizer: Optimizer of the generator, by name, config or itself.
            discriminator_optimizer: Optimizer of the discriminator, likewise.
            **kwargs: `jit_compile`, `run_eagerly` and `steps_per_execution` of `Model.compile`.
        """
        # Kept here too: under mixed precision Keras wraps the optimizer that holds them.
        self._players = [
            optimizers.get(generator_optimizer),
            optimizers.get(discriminator_optimizer),
        ]
        optimizer = TwoPlayers(
            *self._players, owned=lambda: self.generator.trainable_variables, period=self.period
        )
        super().compile(optimizer=optimizer, **kwargs)
        self._options = kwargs

    def build(self, input_shape):
        parts.build(self.generator, (None, self.latent_dim))
        parts.build(self.discriminator, input_shape)

    def call(self, inputs, training=None):
        return self.discriminator(inputs, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Return the sum of both networks' losses.

        Args:
            x: Real data.
            y: Ignored.
            y_pred: The discriminator's output for them.
            sample_weight: Must be None.
            training: Whether the call is part of training.

        Returns:
            The loss, a scalar.

        Raises:
            ValueError: If sample weights are given.
        """
        if sample_weight is not None:
            raise ValueError(f"{type(self).__name__} takes no sample weights, but got some.")
        fake = self.generator(self.codes(ops.shape(x)[0]), training=training)
        score = self.discriminator(ops.stop_gradient(fake), training=training)
        judged = parts.frozen(self.discriminator, fake, training)
        losses = self.discriminator_loss(y_pred, score), self.generator_loss(judged)
        self.discriminator_mean.update_state(losses[0])
        self.generator_mean.update_state(losses[1])
        total = losses[0] + losses[1] + self.penalty(x, fake, training)
        total += sum(ops.cast(loss, total.dtype) for loss in self.losses)
        return scale_loss_for_distribution(total)

    def discriminator_loss(self, real, fake):
        """Return the discriminator's loss.

        Args:
            real: Its output for real data, shape `(batch, 1)`.
            fake: Its output for generated data, likewise.
        """
        told = losses.non_saturating_gan(ops.ones_like(real), real)
        return ops.mean(told) + ops.mean(losses.non_saturating_gan(ops.zeros_like(fake), fake))

    def generator_loss(self, fake):
        """Return the generator's loss.

        Args:
            fake: The discriminator's output for generated data, shape `(batch, 1)`.
        """
        return ops.mean(losses.non_saturating_gan(ops.ones_like(fake), fake))

    def penalty(self, real, fake, training):
        """Return what is added to the loss, here nothing.

        Args:
            real: Real data.
            fake: Generated data.
            training: Whether the call is part of training.
        """
        return 0.0

    def codes(self, count):
        """Draw codes from the standard normal distribution.

        Args:
            count: Number of rows.
        """
        return random.normal((count, self.latent_dim), seed=self.seed_generator)

    def generate(self, count):
        """Make new data.

        Args:
            count: Number of rows.

        Returns:
            Output of the generator, shape `(count, ...)`.
        """
        return self.generator(self.codes(count), training=False)

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"latent_dim": self.latent_dim, "seed": self.seed}
        config = {**super().get_config(), **own}
        return parts.serialized(config, self, ("generator", "discriminator"))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Return the model that `get_config` described.

        Args:
            config: Dict of constructor arguments.
            custom_objects: Dict from names to classes, for the networks.

        Returns:
            A model of this class.
        """
        return cls(**parts.revived(config, ("generator", "discriminator"), custom_objects))

    def get_compile_config(self):
        """Return the arguments of `compile`."""
        names = ("generator_optimizer", "discriminator_optimizer")
        configs = map(saving.serialize_keras_object, self._players)
        return {**self._options, **dict(zip(names, configs, strict=True))}

    def compile_from_config(self, config):
        """Compile with the arguments that `get_compile_config` returned.

        Args:
            config: Dict of arguments.
        """
        names = ("generator_optimizer", "discriminator_optimizer")
        self.compile(**parts.revived(config, names))
        if self.built:
            self.optimizer.build(self.trainable_variables)
