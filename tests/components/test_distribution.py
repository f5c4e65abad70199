"""Two devices give the weights of one on the same global batch."""

import json
import os
import socket
import subprocess
import sys
import textwrap
from importlib.util import find_spec

import numpy as np
import pytest

MODEL = """
    import json, os, sys
    import numpy as np
    import keras
    from dlprep import layers, losses, optimizers

    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 8)).astype("float32")
    y = rng.normal(size=(64, 1)).astype("float32")

    def build():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([
            keras.Input((8,)),
            layers.Dense(16, "relu"),
            layers.BatchNormalization(synchronized=SYNCHRONIZED),
            layers.LayerNormalization(),
            layers.Dense(1),
        ])
        model.compile(optimizers.AdamW(1e-2), losses.MeanSquaredError())
        return model

    def weights(model):
        model.fit(x, y, batch_size=32, epochs=3, shuffle=False, verbose=0)
        return [w.tolist() for w in model.get_weights()]
"""

MIRRORED = """
    import tensorflow as tf
    devices = tf.config.list_physical_devices("CPU")
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(devices[0], two)
    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
        shared = weights(build())
    print(json.dumps([weights(build()), shared]))
"""

# In eager mode, which needs no tracing; the losses are those of the batch, not of a device.
MANY = """
    import tensorflow as tf
    from dlprep import models
    devices = tf.config.list_physical_devices("CPU")
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(devices[0], two)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])

    def trained(optimizer, wrap):
        keras.utils.set_random_seed(0)
        model = wrap(keras.Sequential([layers.Dense(4, "tanh"), layers.Dense(1)]))
        model.compile(optimizer(), losses.MeanSquaredError(), run_eagerly=True)
        history = model.fit(x[:16], y[:16], batch_size=8, epochs=2, shuffle=False, verbose=0)
        return [w.tolist() for w in model.get_weights()] + [history.history["loss"]]

    def plain(model):
        return model

    ROWS = {
        "Lookahead": (lambda: optimizers.Lookahead(optimizers.SGD(0.1), 3), plain),
        "average": (lambda: optimizers.SGD(0.1, use_ema=True, ema_overwrite_frequency=3), plain),
        "Muon": (lambda: optimizers.Muon(0.01), plain),
        "SAM": (lambda: optimizers.SGD(0.1), lambda model: models.SAM(model, rho=0.5)),
    }
    alone, shared = trained(*ROWS["NAME"]), None
    with strategy.scope():
        shared = trained(*ROWS["NAME"])
    print(json.dumps([alone, shared]))
"""

# What a model computes by itself has to be shared out as Keras's losses are.
SHARES = """
    import tensorflow as tf
    from dlprep import models
    devices = tf.config.list_physical_devices("CPU")
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(devices[0], two)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    dense = keras.layers.Dense
    ROWS = [
        lambda: models.Autoencoder(dense(3), dense(8)),
        lambda: models.VariationalAutoencoder(dense(6), dense(8), seed=1),
        lambda: models.GAN(dense(8), dense(1), latent_dim=2),
        lambda: models.WassersteinGAN(dense(8), dense(1), latent_dim=2, penalty_weight=0),
    ]

    def loss(make):
        keras.utils.set_random_seed(0)
        model = make()
        model.compile(loss=losses.MeanSquaredError(), run_eagerly=True)
        return float(model.compute_loss(x, y_pred=model(x)))

    alone = [loss(make) for make in ROWS]
    with strategy.scope():
        shared = [2 * loss(make) for make in ROWS]
    print(json.dumps([alone, shared]))
"""

# A loop of its own: with two workers `fit` in Keras 3.15 fails before it reaches a layer.
WORKER = """
    import tensorflow as tf
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    with strategy.scope():
        model = build()
        model.optimizer.build(model.trainable_variables)
    rows = tf.data.Dataset.from_tensor_slices((x, y)).batch(32).with_options(options)

    def learn(x, y):
        with tf.GradientTape() as tape:
            loss = model.loss(y, model(x, training=True)) / strategy.num_replicas_in_sync
        gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
        model.optimizer.apply(gradients, model.trainable_variables)

    step = tf.function(lambda x, y: strategy.run(learn, (x, y)))
    for _ in range(3):
        for batch in strategy.experimental_distribute_dataset(rows):
            step(*batch)
    print(json.dumps([w.tolist() for w in model.get_weights()]))
"""

DATA_PARALLEL = """
    from keras import distribution
    alone = weights(build())
    devices = distribution.list_devices()
    assert len(devices) == 2, devices
    distribution.set_distribution(distribution.DataParallel(devices=devices))
    print(json.dumps([alone, weights(build())]))
"""

ALONE = "\n    print(json.dumps(weights(build())))\n"


def start(script, synchronized=False, **environment):
    source = textwrap.dedent(MODEL.replace("SYNCHRONIZED", str(synchronized)) + script)
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    return subprocess.Popen(
        [sys.executable, "-c", source],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **quiet, **environment},
    )


def result(process):
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors[-3000:]
    return json.loads(output.splitlines()[-1])


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        # Sums over devices are taken in another order.
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


@pytest.mark.slow
@pytest.mark.turns(2)
def test_mirrored_strategy():
    assert_same(*result(start(MIRRORED, synchronized=True, KERAS_BACKEND="tensorflow")))


@pytest.mark.slow
@pytest.mark.turns(2)
@pytest.mark.parametrize("name", ["Lookahead", "average", "Muon", "SAM"])
def test_what_wraps_and_averages(name):
    assert_same(*result(start(MANY.replace("NAME", name), KERAS_BACKEND="tensorflow")))


@pytest.mark.slow
@pytest.mark.turns(2)
def test_a_device_has_its_share_of_the_loss_of_a_model():
    alone, shared = result(start(SHARES, KERAS_BACKEND="tensorflow"))
    np.testing.assert_allclose(shared, alone, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.turns(2)
def test_without_synchronisation_batch_statistics_differ():
    one, other = result(start(MIRRORED, synchronized=False, KERAS_BACKEND="tensorflow"))
    assert any(not np.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(one, other, strict=True))


@pytest.mark.slow
@pytest.mark.turns(2)
def test_two_workers_on_loopback():
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    workers = []
    for index in range(2):
        task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
        settings = {"TF_CONFIG": json.dumps(task), "KERAS_BACKEND": "tensorflow"}
        workers.append(start(WORKER, synchronized=True, **settings))
    first, second = (result(worker) for worker in workers)
    assert_same(first, second)
    assert_same(first, result(start(ALONE, KERAS_BACKEND="tensorflow")))


@pytest.mark.slow
@pytest.mark.turns(2)
@pytest.mark.skipif(find_spec("jax") is None, reason="JAX is not installed")
def test_data_parallel_on_jax():
    two = "--xla_force_host_platform_device_count=2"
    assert_same(*result(start(DATA_PARALLEL, KERAS_BACKEND="jax", XLA_FLAGS=two)))
