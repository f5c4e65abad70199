"""Change one step of a sequence at a time and see which outputs of Conv1D layers move."""

import keras
import numpy as np

STEPS, AT = 81, 40


def respond(sequences, taps, padding, dilation=1, depth=1, filters=3):
    """The output of a stack of Conv1D layers; weights are normal, drawn by Keras."""
    for _ in range(depth):
        normal = keras.initializers.RandomNormal(stddev=0.3)
        layer = keras.layers.Conv1D(filters, taps, padding=padding, dilation_rate=dilation,
                                    kernel_initializer=normal)  # fmt: skip
        sequences = layer(sequences)
    return keras.ops.convert_to_numpy(sequences)


def offsets(lab, padding, **settings):
    """Which steps the output in the middle sees, counted from its own."""
    keras.utils.set_random_seed(int(lab.rng.integers(1 << 30)))
    base = lab.rng.normal(size=(STEPS, 3))
    changed = base + 9 * np.eye(STEPS)[:, :, None]
    both = np.concatenate([base[None], changed]).astype("float32")
    outputs = respond(both, padding=padding, **settings)
    return np.flatnonzero(np.abs(outputs[1:, AT] - outputs[0, AT]).max(axis=-1) > 1e-4) - AT


def seen(lab, padding, **settings):
    """How many steps back and ahead the output in the middle sees."""
    steps = offsets(lab, padding, **settings)
    return int(-steps.min()), int(steps.max())


def forecast(noise, near):
    """Fit the best filter to the next step: its error offline, and live, the future being zero."""
    steps = np.arange(1, len(noise) - 1)
    views = noise[steps[:, None] + near]
    filter_ = np.linalg.lstsq(views, noise[steps + 1])[0]
    live = np.where(near > 0, 0, views)
    return (np.mean((noise[steps + 1] - v @ filter_) ** 2) / noise.var() for v in (views, live))


def run(lab):
    settings = {name: lab.draw[name] for name in ("taps", "dilation", "depth")}
    causal, same = lab.contrast(
        lambda padding: seen(lab, padding, **settings),
        control={"padding": "causal"},
        treatment={"padding": "same"},
    )
    lab.answer(seen(lab, "same", **settings)[1])
    sequences = lab.rng.normal(size=(1, STEPS, 3)).astype("float32")
    lengths = {padding: respond(sequences, padding=padding, **settings).shape[1]
               for padding in ("same", "causal", "valid")}  # fmt: skip
    lost = STEPS - lengths["valid"]
    lab.claim("same: half of what valid cuts off lies ahead", 2 * same[1] == lost, 2 * same[1],
              lost)  # fmt: skip
    lab.claim("and half behind", 2 * same[0] == lost, 2 * same[0], lost)
    lab.claim("valid shortens the output", lost > 2.5, lost, "> 2.5")
    lab.claim("causal: no later step is seen", causal[1] == 0, causal[1], 0)
    lab.claim("and twice as many earlier ones", causal[0] == lost, causal[0], lost)
    kept = lengths["same"] == lengths["causal"] == STEPS
    lab.claim("same and causal keep the length", kept, kept, True)
    even = [seen(lab, "same", taps=4, dilation=dilation) for dilation in (1, 2, 3)]
    text = "four taps, same, dilation 1, 2, 3: steps back and ahead"
    lab.claim(text, even == [(1, 2), (3, 3), (4, 5)], str(even), "[(1, 2), (3, 3), (4, 5)]")
    odd = [1 in offsets(lab, "same", **settings | {"dilation": dilation}) for dilation in (1, 2)]
    text = "dilation 1 sees the step to be forecast, dilation 2 does not"
    lab.claim(text, odd == [True, False], str(odd), "[True, False]")

    noise = lab.rng.normal(size=2000)
    offline, live = forecast(noise, np.arange(-1, 2))
    honest = next(iter(forecast(noise, np.arange(-1, 1))))
    lab.claim("white noise, next step in view: next to no error", offline < 1e-6, offline, "< 1e-6")
    lab.claim("live: the variance of the noise", 0.7 < live < 1.4, live, "0.7 to 1.4")
    lab.claim("without the next step in view it is the same offline", 0.7 < honest < 1.4, honest,
              "0.7 to 1.4")  # fmt: skip
    counts = []
    for padding in lengths:
        layer = keras.layers.Conv1D(4, 3, padding=padding)
        layer.build((None, STEPS, 3))
        counts.append(layer.count_params())
    lab.claim("40 parameters with each padding", counts == [40] * 3, str(counts), "[40, 40, 40]")
    try:
        keras.layers.Conv2D(4, 3, padding="causal")
        refused = False
    except ValueError:
        refused = True
    lab.claim("Conv2D refuses causal", refused, refused, True)
    view = {"same, back": same[0], "same, ahead": same[1], "causal, back": causal[0],
            "causal, ahead": causal[1]}  # fmt: skip
    lab.bars("Steps that the middle output sees", view, y_label="steps")
