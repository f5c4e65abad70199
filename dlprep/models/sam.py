"""Sharpness-aware minimisation: step by the gradient at the worst point nearby."""

import keras
from keras import ops, saving


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
    the batch once, at $\theta$. Training needs the TensorFlow backend.

    Args:
        model: The model to train.
        rho: Length $\rho$ of the step to the worst point, not negative; 0 trains as usual.
        **kwargs: Options of every Keras model, such as `name`.

    Raises:
        ValueError: If `rho` is negative.
        NotImplementedError: If it is trained on another backend than TensorFlow.

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
        super().__init__(**kwargs)
        if rho < 0:
            raise ValueError(f"`rho` must not be negative. Received: rho={rho}")
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
            *data: The batch: inputs, targets and perhaps weights.

        Returns:
            Dict of the metrics.
        """
        if keras.backend.backend() != "tensorflow":
            raise NotImplementedError("SAM trains on the TensorFlow backend only")
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data[0])
        gradients, y_pred, loss = self._gradients(x, y, sample_weight)
        variables = [
            v for v, g in zip(self.trainable_variables, gradients, strict=True) if g is not None
        ]
        away = perturbation([g for g in gradients if g is not None], self.rho)
        before = [(v, ops.copy(v)) for v in (*variables, *self.non_trainable_variables)]
        for variable, step in zip(variables, away, strict=True):
            variable.assign_add(step)
        gradients, _, _ = self._gradients(x, y, sample_weight)
        for variable, value in before:
            variable.assign(value)
        self.optimizer.apply(gradients, self.trainable_variables)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def _gradients(self, x, y, sample_weight):
        import tensorflow as tf

        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, sample_weight)
            scaled = self.optimizer.scale_loss(loss)
        return tape.gradient(scaled, self.trainable_variables), y_pred, loss

    def get_config(self):
        """Return the constructor arguments."""
        model = saving.serialize_keras_object(self.model)
        return {**super().get_config(), "model": model, "rho": self.rho}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Return the wrapper that `get_config` described.

        Args:
            config: Dict of constructor arguments.
            custom_objects: Dict from names to classes, for the wrapped model.

        Returns:
            A `SAM`.
        """
        model = saving.deserialize_keras_object(config["model"], custom_objects)
        return cls(**{**config, "model": model})
