"""Softmax as a layer, over all positions or over those of a mask."""

from keras import ops, saving

from dlprep import activations
from dlprep.layers.activation import Elementwise
from dlprep.layers.dot_product_attention import masked_softmax


@saving.register_keras_serializable(package="dlprep.layers")
class Softmax(Elementwise):
    r"""Turn scores into probabilities, over the allowed positions only (`masked_softmax`).

    $$ y_j = \frac{e^{x_j}}{\sum_k e^{x_k}} $$

    Masked positions get 0, even where nothing else is left.

    Args:
        axis: Axis or axes over which the probabilities sum to one.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Scores of any shape.
        mask: Booleans that broadcast to the scores, False where the probability is to be 0.

    Raises:
        ValueError: At call time, if the mask does not broadcast to the input.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Softmax
        >>> y = Softmax()(np.array([[1.0, 1.0, 9.0]]), mask=np.array([[True, True, False]]))
        >>> [float(p) for p in y[0]]
        [0.5, 0.5, 0.0]

    Reference:
        Bridle 1990, "Training stochastic model recognition algorithms", equation 7.
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(locals(), **kwargs)

    def call(self, inputs, mask=None):
        inputs = ops.cast(inputs, self.compute_dtype)
        axis = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        if mask is None:
            return activations.softmax(inputs, axis)
        check_broadcast(mask.shape, inputs.shape)
        mask = ops.cast(mask, "float32") > 0.5
        return ops.where(mask, masked_softmax(inputs, mask, axis), 0)


def check_broadcast(mask, inputs):
    """Raise unless a mask's shape broadcasts to the input's.

    Args:
        mask: Shape of the mask.
        inputs: Shape of the input.

    Raises:
        ValueError: If it does not.
    """
    problem = f"The `mask` of shape {tuple(mask)} for an input of shape {tuple(inputs)} must"
    if len(mask) > len(inputs):
        raise ValueError(f"{problem} not have more dimensions.")
    for given, size in zip(reversed(mask), reversed(inputs), strict=False):
        if None not in (given, size) and given not in (1, size):
            raise ValueError(f"{problem} be broadcastable to it.")
