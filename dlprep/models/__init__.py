"""Models: whole networks with a training goal of their own, on every backend."""

from dlprep.drop_in import hand_on
from dlprep.models.autoencoder import Autoencoder
from dlprep.models.gan import GAN
from dlprep.models.sam import SAM
from dlprep.models.variational_autoencoder import VariationalAutoencoder
from dlprep.models.wasserstein_gan import WassersteinGAN

__all__ = ["Autoencoder", "GAN", "SAM", "VariationalAutoencoder", "WassersteinGAN"]

__getattr__, __dir__ = hand_on(__name__)
