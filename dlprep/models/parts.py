"""What models made of two networks share: checks, configs, and a network with frozen weights."""

import math

import keras
from keras import ops, saving


def check_networks(**networks):
    """Raise unless every part is a Keras layer or model.

    Args:
        **networks: The constructor's arguments by name.

    Raises:
        ValueError: If one is not.
    """
    for name, network in networks.items():
        if not isinstance(network, keras.layers.Layer):
            raise ValueError(f"`{name}` must be a Keras model or layer, not {network!r}.")


def check_counts(**counts):
    """Raise unless every argument is a positive integer.

    Args:
        **counts: The constructor's arguments by name.

    Raises:
        ValueError: If one is not.
    """
    for name, count in counts.items():
        if not isinstance(count, int) or isinstance(count, bool) or count <= 0:
            raise ValueError(f"`{name}` must be a positive integer, not {count!r}.")


def check_weights(**weights):
    """Raise unless every argument is a finite number, and not a negative one.

    Args:
        **weights: The constructor's arguments by name.

    Raises:
        ValueError: If one is not.
    """
    for name, weight in weights.items():
        if not 0 <= weight < math.inf:
            raise ValueError(f"`{name}` must be finite and not negative, but is {weight!r}.")


def build(network, input_shape):
    """Create a network's weights unless it has them.

    Args:
        network: A Keras model or layer.
        input_shape: Shape of its input.
    """
    if not network.built:
        network.build(input_shape)
        network.built = True


def serialized(config, model, names):
    """Return a config with the model's parts added to it.

    Args:
        config: Dict, the rest of the config.
        model: The model.
        names: Names of the parts, which are attributes; a part may be None.
    """
    parts = {name: saving.serialize_keras_object(getattr(model, name)) for name in names}
    return {**config, **parts}


def revived(config, names, custom_objects=None):
    """Return a config with the parts made objects again.

    Args:
        config: What `serialized` returned.
        names: Names of the parts.
        custom_objects: Dict from names to classes, for the parts.
    """
    parts = {name: saving.deserialize_keras_object(config[name], custom_objects) for name in names}
    return {**config, **parts}


def frozen(network, x, training=False):
    r"""Call a network whose weights count as constants.

    $$ y = f(x; \mathrm{stop}(\theta)) $$

    The gradient reaches the input and not the weights. What the call does to the network's other
    state, such as running averages, is forgotten.

    Args:
        network: A built Keras model.
        x: Its input.
        training: Whether the call is part of training.

    Returns:
        The network's output.

    Example:
        >>> import keras
        >>> from dlprep.models.parts import frozen
        >>> network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        >>> tuple(frozen(network, keras.ops.ones((4, 3))).shape)
        (4, 2)

    Reference:
        Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1, the generator's update.
    """
    weights = [ops.stop_gradient(variable) for variable in network.trainable_variables]
    state = network.non_trainable_variables
    return network.stateless_call(weights, state, x, training=training)[0]
