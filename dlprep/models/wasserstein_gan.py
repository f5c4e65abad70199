"""Wasserstein GAN: the discriminator becomes a critic whose slope is kept near one."""

from keras import ops, random, saving

from dlprep import losses
from dlprep.models import parts
from dlprep.models.gan import GAN
from dlprep.models.input_gradient import input_gradient


def interpolate(real, fake, share):
    r"""Return a point between each real row and a generated one.

    $$ \hat x = \epsilon\, x + (1 - \epsilon)\, \tilde x $$

    Args:
        real: Real rows $x$, shape `(batch, ...)`.
        fake: Generated rows $\tilde x$ of that shape.
        share: Shares $\epsilon$ of the real rows, from 0 to 1, shape `(batch,)`.

    Returns:
        Tensor of that shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.models.wasserstein_gan import interpolate
        >>> one = ops.ones((1, 1))
        >>> float(interpolate(4.0 * one, 0.0 * one, ops.array([0.25]))[0, 0])
        1.0

    Reference:
        Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1, line 6.
    """
    share = ops.reshape(share, (-1, *(1 for _ in real.shape[1:])))
    return share * real + (1.0 - share) * fake


@saving.register_keras_serializable(package="dlprep.models")
class WassersteinGAN(GAN):
    r"""Train a generator against a critic that estimates a distance; `fit(x)` takes real data.

    $$ \min_D \; \mathbb E_z[D(G(z))] - \mathbb E_x[D(x)]
       + \lambda\, \mathbb E_{\hat x}\big[(\|\nabla D(\hat x)\|_2 - 1)^2\big], \quad
       \min_G \; -\mathbb E_z[D(G(z))] $$

    The critic is the `discriminator`; it puts out a score and must have no batch normalisation,
    for each row's slope is its own. Minus `discriminator_loss` in the logs estimates the distance.
    With `penalty_weight=0` keep the slope in bounds by other means, such as a constraint on the
    kernels.

    Args:
        generator: Model $G$ from codes to data.
        discriminator: The critic, a model $D$ from data to one score.
        latent_dim: Size of a code $z$, which is standard normal.
        critic_steps: Number of steps of the critic for each step of the generator.
        penalty_weight: Weight $\lambda$ of the slope's penalty.
        seed: Integer that makes the codes and the points $\hat x$ reproducible.
        **kwargs: Options of every Keras model, such as `name`.

    Raises:
        ValueError: If a network is not a Keras model, a size is not a positive integer, the
            penalty's weight is negative or NaN, or sample weights are given.

    Example:
        >>> import keras
        >>> import numpy as np
        >>> from dlprep.models import WassersteinGAN
        >>> generator = keras.Sequential([keras.layers.Dense(2)])
        >>> critic = keras.Sequential([keras.layers.Dense(1)])
        >>> model = WassersteinGAN(generator, critic, latent_dim=3, critic_steps=2)
        >>> model.compile("adam", "adam")
        >>> history = model.fit(np.ones((4, 2)), verbose=0)
        >>> tuple(model.generate(5).shape)
        (5, 2)

    Reference:
        Arjovsky, Chintala, Bottou 2017, arXiv:1701.07875, algorithm 1; Gulrajani et al. 2017,
        arXiv:1704.00028, equation 3 and algorithm 1.
    """

    def __init__(
        self,
        generator,
        discriminator,
        latent_dim,
        critic_steps=5,
        penalty_weight=10.0,
        seed=None,
        **kwargs,
    ):
        parts.check_counts(critic_steps=critic_steps)
        parts.check_weights(penalty_weight=penalty_weight)
        super().__init__(generator, discriminator, latent_dim, seed, **kwargs)
        self.critic_steps, self.penalty_weight = critic_steps, penalty_weight

    @property
    def period(self):
        """Steps of the critic for each step of the generator."""
        return self.critic_steps

    def discriminator_loss(self, real, fake):
        """Return the critic's loss, without the penalty.

        Args:
            real: Its scores of real data, shape `(batch, 1)`.
            fake: Its scores of generated data, likewise.
        """
        rise = ops.mean(losses.wasserstein_loss(ops.ones_like(real), real))
        return rise + ops.mean(losses.wasserstein_loss(-ops.ones_like(fake), fake))

    def generator_loss(self, fake):
        """Return the generator's loss.

        Args:
            fake: The critic's scores of generated data, shape `(batch, 1)`.
        """
        return ops.mean(losses.wasserstein_loss(ops.ones_like(fake), fake))

    def penalty(self, real, fake, training):
        """Return the penalty on the critic's slope.

        Args:
            real: Real data.
            fake: Generated data.
            training: Whether the call is part of training.
        """
        if self.penalty_weight == 0:
            return 0.0
        fake = ops.stop_gradient(fake)
        share = random.uniform((ops.shape(fake)[0],), dtype=fake.dtype, seed=self.seed_generator)
        between = interpolate(ops.cast(real, fake.dtype), fake, share)
        slope = input_gradient(self.discriminator, between, training)
        return self.penalty_weight * ops.mean(losses.gradient_penalty(slope))

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"critic_steps": self.critic_steps, "penalty_weight": self.penalty_weight}
        return {**super().get_config(), **own}
