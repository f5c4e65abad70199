"""Sharpness-aware minimisation: step by the gradient at the worst point nearby."""

import keras
from keras import ops, saving, tree
from keras.src.losses.loss import unscale_loss_for_distribution

from dlprep.models import parts


def perturbation(gradients, rho=0.05):
    r"""Return the step of length $\rho$ that raises the loss most, to first order.

    $$ e^{(k)} = \rho \frac{g^{(k)}}{G}, \qquad
       G = \sqrt{\textstyle\sum_k \lVert g^{(k)} \rVert_2^2} $$

    Args:
        gradients: List of gradients $g^{(k)}$, tensors of any shapes.
        rho: Length $\rho$ of the step, over all tensors together.

    Returns:
        List of tensors of the same shapes, zero where all gradients are.

    Example:
        >>> from keras import ops
        >>> from dlprep.models.sam import perturbation
        >>> [round(float(e), 4) for e in perturbation([ops.array(3.0), ops.array(-4.0)], rho=0.5)]
        [0.3, -0.4]

    Reference:
        Foret, Kleiner, Mobahi, Neyshabur 2021, arXiv:2010.01412, equation 2.
    """
    square = sum(ops.sum(ops.square(ops.cast(g, "float32"))) for g in gradients)
    factor = ops.divide_no_nan(ops.cast(rho, "float32"), ops.sqrt(square))
    return [ops.multiply(ops.cast(factor, g.dtype), g) for g in gradients]


@saving.register_keras_serializable(package="dlprep.models")
class SAM(keras.Model):
    r"""Train a model towards flat minima; see the function `perturbation`.

    $$ \theta \leftarrow \theta - \eta \nabla L\big(\theta + e(\theta)\big), \qquad
       e(\theta) = \rho \frac{\nabla L(\theta)}{\lVert \nabla L(\theta) \rVert_2} $$

    Wrap a model, compile and fit the wrapper. Every step takes two gradients of the same batch, so
    it costs twice as much. Running statistics, of batch normalization for example, and metrics see
    the batch once, at $\theta$.

    Args:
        model: The model to train.
        rho: Length $\rho$ of the step to the worst point, not negative; 0 trains as usual.
        **kwargs: Options of every Keras model, such as `name`.

    Raises:
        ValueError: If `model` is not a Keras model or layer, or `rho` is negative or not a number.

    Example:
        >>> import keras
        >>> from dlprep.models.sam import SAM
        >>> model = SAM(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]), rho=0.1)
        >>> tuple(model(keras.ops.ones((4, 3))).shape)
        (4, 2)

    Reference:
        Foret, Kleiner, Mobahi, Neyshabur 2021, "Sharpness-aware minimization for efficiently
        improving generalization", arXiv:2010.01412, algorithm 1.
    """

    def __init__(self, model, rho=0.05, **kwargs):
        parts.check_networks(model=model)
        parts.check_weights(rho=rho)
        super().__init__(**kwargs)
        self.model = model
        self.rho = rho

    def call(self, inputs, training=None):
        """Call the wrapped model.

        Args:
            inputs: Its inputs.
            training: Whether it trains.

        Returns:
            Its outputs.
        """
        return self.model(inputs, training=training)

    def train_step(self, *data):
        """Take one step on a batch.

        Args:
            *data: The batch: inputs, targets and perhaps weights; on JAX the state before it.

        Returns:
            Dict of the metrics; on JAX the new state too.
        """
        if keras.backend.backend() == "jax":
            return super().train_step(*data)
        x, y, sample_weight = batch = keras.utils.unpack_x_y_sample_weight(data[0])
        gradients, y_pred, loss = self._gradients(*batch)
        pairs = list(zip(self.trainable_variables, gradients, strict=True))
        moved = [variable for variable, gradient in pairs if gradient is not None]
        known = of_all_devices([gradient for gradient in gradients if gradient is not None])
        state = (*moved, *self.non_trainable_variables, *self.metrics_variables)
        before = [(variable, ops.copy(variable)) for variable in state]
        for variable, step in zip(moved, perturbation(known, self.rho), strict=True):
            variable.assign_add(step)
        gradients, _, _ = self._gradients(*batch)
        for variable, value in before:
            variable.assign(value)
        self.optimizer.apply(gradients, self.trainable_variables)
        rows = ops.shape(tree.flatten(x)[0])[0]
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(unscale_loss_for_distribution(loss), sample_weight=rows)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def _gradients(self, x, y, sample_weight):
        return _BACKENDS[keras.backend.backend()](self, x, y, sample_weight)

    def compute_loss_and_updates(self, trainable_variables, *state, **options):
        """Return the loss at the worst point nearby, with all else taken where the weights are.

        JAX differentiates this function of Keras's trainer.

        Args:
            trainable_variables: Values of the trainable variables.
            *state: Values of the others, inputs, targets and weights.
            **options: Whether the call is part of `training`, and the optimizer's variables.

        Returns:
            The loss, and the tuple of what Keras keeps beside it.
        """
        compute = super().compute_loss_and_updates
        if not options.get("training"):
            return compute(trainable_variables, *state, **options)
        import jax

        here = [ops.stop_gradient(value) for value in trainable_variables]
        (_, kept), gradients = jax.value_and_grad(compute, has_aux=True)(here, *state, **options)
        away = perturbation(gradients, self.rho)
        there = [ops.add(v, step) for v, step in zip(trainable_variables, away, strict=True)]
        loss, _ = compute(there, *state, **options)
        return loss, kept

    def get_config(self):
        """Return the constructor arguments."""
        return parts.serialized({**super().get_config(), "rho": self.rho}, self, ("model",))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Return the wrapper that `get_config` described.

        Args:
            config: Dict of constructor arguments.
            custom_objects: Dict from names to classes, for the wrapped model.

        Returns:
            A `SAM`.
        """
        return cls(**parts.revived(config, ("model",), custom_objects))


def of_all_devices(gradients):
    """Return the sums over the devices that share a batch, of which each has its own gradients."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            return tf.distribute.get_replica_context().all_reduce("SUM", gradients)
    return gradients


def _tensorflow(model, x, y, sample_weight):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        y_pred = model(x, training=True)
        loss = model.compute_loss(x, y, y_pred, sample_weight)
        scaled = model.optimizer.scale_loss(loss)
    gradients = tape.gradient(scaled, model.trainable_variables)
    # The gradient of an embedding lists a row once for each of its uses; a tensor adds them up.
    dense = [None if gradient is None else tf.convert_to_tensor(gradient) for gradient in gradients]
    return dense, y_pred, loss


def _torch(model, x, y, sample_weight):
    import torch

    y_pred = model(x, training=True)
    loss = model.compute_loss(x, y, y_pred, sample_weight)
    weights = [variable.value for variable in model.trainable_variables]
    scaled = model.optimizer.scale_loss(loss)
    return torch.autograd.grad(scaled, weights, allow_unused=True), y_pred, loss


_BACKENDS = {"tensorflow": _tensorflow, "torch": _torch}
