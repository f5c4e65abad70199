"""The models under the common checks: one row each."""

import keras


def dense(inputs, outputs, activation=None, dtype=None):
    """Make a model of one fully connected layer, a part of the models below."""
    layer = keras.layers.Dense(outputs, activation, dtype=dtype)
    return keras.Sequential([keras.Input((inputs,)), layer])


# class name -> constructor arguments (a function of the dtype policy of the parts) and the
# arguments of `compile`; all take data of shape (batch, 4) between 0 and 1; targets: whether the
# same data are its targets too
MODELS = {
    "Autoencoder": {
        "kwargs": lambda dtype=None: {
            "encoder": dense(4, 2, "tanh", dtype),
            "decoder": dense(2, 4, dtype=dtype),
            "corruption": keras.layers.GaussianNoise(0.1, seed=1),
        },
        "compile": {"optimizer": "adam", "loss": "mse"},
    },
    "GAN": {
        "kwargs": lambda dtype=None: {
            "generator": dense(3, 4, "sigmoid", dtype),
            "discriminator": dense(4, 1, dtype=dtype),
            "latent_dim": 3,
            "seed": 1,
        },
        "compile": {"generator_optimizer": "adam", "discriminator_optimizer": "rmsprop"},
    },
    "SAM": {
        "kwargs": lambda dtype=None: {"model": dense(4, 4, "sigmoid", dtype), "rho": 0.1},
        "compile": {"optimizer": "adam", "loss": "mse", "metrics": ["mae"]},
        "targets": True,
    },
    "VariationalAutoencoder": {
        "kwargs": lambda dtype=None: {
            "encoder": dense(4, 6, dtype=dtype),
            "decoder": dense(3, 4, dtype=dtype),
            "beta": 2.0,
            "seed": 1,
        },
        "compile": {"optimizer": "adam"},
    },
    "WassersteinGAN": {
        "kwargs": lambda dtype=None: {
            "generator": dense(3, 4, "sigmoid", dtype),
            "discriminator": dense(4, 1, dtype=dtype),
            "latent_dim": 3,
            "critic_steps": 2,
            "penalty_weight": 5.0,
            "seed": 1,
        },
        "compile": {"generator_optimizer": "adam", "discriminator_optimizer": "rmsprop"},
    },
}
