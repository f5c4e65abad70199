"""The base of the layers: a config from the constructor's signature, and Keras's name."""

from keras import layers

from dlprep.layers import settings
from dlprep.stand_in import StandIn


class Layer(layers.Layer, metaclass=StandIn):
    """Base of the layers that keep every argument of `__init__` under its own name.

    Args:
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Example:
        >>> from dlprep.layers import Dropout
        >>> Dropout(0.5).get_config()["rate"]
        0.5
    """

    def get_config(self):
        return {**super().get_config(), **settings.config(self, type(self).arguments())}
