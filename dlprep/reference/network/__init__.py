r"""A fully connected network of $L$ layers, forward and backward by hand, as the notes write it.

Examples are columns: $X$ is $(n^{[0]}, m)$, $W^{[l]}$ is $(n^{[l]}, n^{[l-1]})$, $b^{[l]}$ is
$(n^{[l]}, 1)$. Parameters are a dict with keys `W1`, `b1`, ..., gradients one with `dW1`, `db1`.
"""

from dlprep.reference.network.backward import backward, cost, delta_rule
from dlprep.reference.network.check import gradient_check, numerical_gradients
from dlprep.reference.network.forward import depth, forward, initialize, predict
from dlprep.reference.network.training import mini_batches, update

__all__ = [
    "backward",
    "cost",
    "delta_rule",
    "depth",
    "forward",
    "gradient_check",
    "initialize",
    "mini_batches",
    "numerical_gradients",
    "predict",
    "update",
]
