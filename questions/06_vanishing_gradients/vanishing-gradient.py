"""Record every layer's gradient in a deep sigmoid and a deep ReLU network before training."""

import keras

from dlprep import callbacks, initializers, layers, losses

DEPTH, WIDTH = 10, 64
OPTIONS = {
    0.03: "About 0.1: the gradient shrinks by some 20 to 25% per layer.",
    1e-4: "About 0.001: the gradient halves in every layer.",
    0.0: "Below 0.0001: the gradient loses at least two thirds in every layer.",
}
GROWS = "Above 1: gradients add up on the way back, so the first layer's is the largest."


def run(lab):
    x = lab.rng.normal(size=(64, WIDTH)).astype("float32")
    y = lab.rng.normal(size=(64, 1)).astype("float32")

    def gradient_norms(activation, scale):
        model = keras.Sequential([keras.Input((WIDTH,))])
        for _ in range(DEPTH):
            start = initializers.HeNormal()
            if scale == "1/n":
                start = keras.initializers.VarianceScaling(1.0, "fan_in", "truncated_normal")
            model.add(layers.Dense(WIDTH, activation=activation, kernel_initializer=start))
        model.add(layers.Dense(1))
        model.compile("sgd", losses.MeanSquaredError(), run_eagerly=True)
        norms = callbacks.GradientNorms(x, y)
        model.fit(x, y, batch_size=64, verbose=0, callbacks=[norms])
        return [history[0] for history in norms.history.values()][:DEPTH]

    relu, sigmoid = lab.contrast(
        gradient_norms,
        control={"activation": "relu", "scale": "2/n"},
        treatment={"activation": "sigmoid", "scale": "1/n"},
    )
    ratio, kept = sigmoid[0] / sigmoid[-1], relu[0] / relu[-1]
    lab.answer(GROWS if ratio > 1 else next(o for bound, o in OPTIONS.items() if ratio > bound))
    lab.claim("sigmoid: the first layer's gradient vanishes", ratio < 1e-4, ratio, "< 1e-4")
    lab.claim("ReLU with variance 2/n keeps its size", 0.03 < kept < 30, kept, "0.03 to 30")
    factor = ratio ** (1 / (DEPTH - 1))
    lab.claim("a sigmoid layer loses about two thirds or more", factor < 0.36, factor, "< 0.36")
    curves = {"sigmoid, variance 1/n": sigmoid, "ReLU, variance 2/n": relu}
    lab.lines("Norm of each layer's gradient before training", range(1, DEPTH + 1), curves,
              log_y=True, x_label="layer", y_label="norm of the gradient")  # fmt: skip
