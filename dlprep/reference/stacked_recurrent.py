r"""Simple recurrent networks read both ways or put on top of each other, forward and backward.

Sequences are arrays of shape `(m, T, features)`; all networks start from zero.
"""

import numpy as np

from dlprep.reference.recurrent import simple_rnn, simple_rnn_backward


def bidirectional_rnn(X, forward, backward):
    r"""Read the sequence in both directions and join the states of each step.

    $$ y_t = [\overrightarrow h_t, \overleftarrow h_t] $$

    Args:
        X: Inputs, shape `(m, T, features)`.
        forward: Weights $(W_{xh}, W_{hh}, b_h)$ of the network that reads from the start.
        backward: Weights of the one that reads from the end.

    Returns:
        The joined states, shape `(m, T, 2 units)`, and the cache for the backward pass.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.stacked_recurrent import bidirectional_rnn
        >>> weights = (np.ones((4, 3)), np.eye(4), np.zeros(4))
        >>> bidirectional_rnn(np.ones((2, 5, 3)), weights, weights)[0].shape
        (2, 5, 8)

    Reference:
        Schuster, Paliwal 1997, "Bidirectional recurrent neural networks", figure 3.
    """
    states = [simple_rnn(X, _zeros(X, forward), *forward)]
    states.append(simple_rnn(X[:, ::-1], _zeros(X, backward), *backward))
    return np.concatenate([states[0], states[1][:, ::-1]], -1), states


def bidirectional_rnn_backward(dY, X, forward, backward, cache):
    r"""Give each direction its half of the gradient and add up what reaches the input.

    $$ dX = \overrightarrow{dX} + \overleftarrow{dX} $$

    Args:
        dY: Gradient with respect to the joined states.
        X: Inputs of the forward pass.
        forward: Weights of the network that reads from the start.
        backward: Weights of the one that reads from the end.
        cache: Second result of the forward pass.

    Returns:
        Gradient with respect to `X`, and the triples of those with respect to both weights.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference import stacked_recurrent
        >>> X, weights = np.ones((2, 5, 3)), (np.ones((4, 3)), np.eye(4), np.zeros(4))
        >>> Y, cache = stacked_recurrent.bidirectional_rnn(X, weights, weights)
        >>> dX, *_ = stacked_recurrent.bidirectional_rnn_backward(Y, X, weights, weights, cache)
        >>> dX.shape
        (2, 5, 3)

    Reference:
        Schuster, Paliwal 1997, "Bidirectional recurrent neural networks", section II.B.
    """
    there, back = np.split(dY, 2, -1)
    dX, _, *d_forward = _backward(there, X, cache[0], forward)
    dX_back, _, *d_backward = _backward(back[:, ::-1], X[:, ::-1], cache[1], backward)
    return dX + dX_back[:, ::-1], tuple(d_forward), tuple(d_backward)


def stacked_rnn(X, layers):
    r"""Let each network read the states of the one below.

    $$ h^{[l]}_t = \tanh(W^{[l]}_{xh} h^{[l-1]}_t + W^{[l]}_{hh} h^{[l]}_{t-1} + b^{[l]}_h), \quad
       h^{[0]}_t = x_t $$

    Args:
        X: Inputs, shape `(m, T, features)`.
        layers: List of weights $(W_{xh}, W_{hh}, b_h)$, the lowest network first.

    Returns:
        List of the states of each network, the last of which are the output.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.stacked_recurrent import stacked_rnn
        >>> low, high = (np.ones((4, 3)), np.eye(4), np.zeros(4)), (np.ones((1, 4)), np.eye(1), 0)
        >>> [H.shape for H in stacked_rnn(np.ones((2, 5, 3)), [low, high])]
        [(2, 5, 4), (2, 5, 1)]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 10.5 and figure 10.13a.
    """
    states = []
    for weights in layers:
        X = simple_rnn(X, _zeros(X, weights), *weights)
        states.append(X)
    return states


def stacked_rnn_backward(dH, X, layers, states):
    r"""Send the gradient down: what reaches a network's input is what its lower one put out.

    $$ dH^{[l-1]} = dX^{[l]} $$

    Args:
        dH: Gradient with respect to the states of the highest network.
        X: Inputs of the forward pass.
        layers: List of weights.
        states: Result of the forward pass.

    Returns:
        Gradient with respect to `X`, and the list of triples of those with respect to the weights.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.stacked_recurrent import stacked_rnn, stacked_rnn_backward
        >>> X, weights = np.ones((2, 5, 3)), (np.ones((4, 3)), np.eye(4), np.zeros(4))
        >>> states = stacked_rnn(X, [weights])
        >>> [g.shape for g in stacked_rnn_backward(states[-1], X, [weights], states)[1][0]]
        [(4, 3), (4, 4), (4,)]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 10.5, by the chain rule.
    """
    gradients = []
    for below, H, weights in reversed(list(zip([X, *states], states, layers, strict=False))):
        dH, _, *own = _backward(dH, below, H, weights)
        gradients.insert(0, tuple(own))
    return dH, gradients


def _zeros(X, weights):
    return np.zeros((len(X), len(weights[1])))


def _backward(dH, X, H, weights):
    return simple_rnn_backward(dH, X, H, _zeros(X, weights), *weights[:2])
