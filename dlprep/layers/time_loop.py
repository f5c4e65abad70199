"""The loop along the time axis that every recurrent layer runs."""

from keras import ops, tree
from keras.src.backend import rnn


def time_loop(
    step,
    sequences,
    states,
    mask=None,
    return_sequences=False,
    go_backwards=False,
    unroll=False,
    zero_output_for_mask=False,
):
    r"""Apply a step function along the time axis.

    $$ (y_t, s_t) = f(x_t, s_{t-1}), \quad t = 1 \ldots T $$

    Where the mask is False, the state stays and the output repeats the one before.

    Args:
        step: Function $f$ of `(inputs, states)` that returns `(output, new_states)`.
        sequences: Inputs of shape `(batch, T, ...)`.
        states: List of states $s_0$, each of shape `(batch, ...)`, or lists of them.
        mask: Booleans of shape `(batch, T)`, or None.
        return_sequences: Whether the outputs of all steps are wanted.
        go_backwards: Whether to read from the end; outputs come in the order read.
        unroll: Whether to write the steps out in the graph, where $T$ is known.
        zero_output_for_mask: Whether masked steps give 0 instead of the last output.

    Returns:
        The last output, all outputs (if `return_sequences`; else undefined), and the list of last
        states.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.time_loop import time_loop
        >>> total = lambda x, states: (x + states[0], [x + states[0]])
        >>> last, _, _ = time_loop(total, ops.ones((1, 5, 1)), [ops.zeros((1, 1))])
        >>> float(last[0, 0])
        5.0

    Reference:
        Elman 1990, "Finding structure in time", figure 2; Goodfellow, Bengio, Courville 2016,
        "Deep Learning", equation 10.4.
    """
    length, carried = sequences.shape[1], states
    if mask is not None:
        first, _ = step(sequences[:, 0], states)
        step, carried = skipping(step, zero_output_for_mask), [ops.zeros_like(first), states]
        # Of several inputs Keras cannot tell the length, which TensorFlow may not know yet.
        length = length or ops.shape(sequences)[1]
        sequences = [sequences, mask[..., None]]
    # Keras's own loop: keras.ops.scan has no gradient under XLA on TensorFlow.
    last, outputs, states = rnn(
        step,
        sequences,
        carried,
        input_length=length,
        go_backwards=go_backwards,
        unroll=unroll,
        return_all_outputs=return_sequences,
    )
    return last, outputs, states if mask is None else states[1]


def skipping(step, zero_output_for_mask):
    """Return the step that keeps the last output, which it carries, and the states at a mask."""

    def masked(inputs, carried):
        (inputs, mask), (output, states) = inputs, carried
        new_output, new_states = step(inputs, states)
        new_states = tree.pack_sequence_as(states, tree.flatten(new_states))

        def choose(new, old):
            return ops.where(ops.reshape(mask, (-1, *[1] * (len(new.shape) - 1))), new, old)

        old = ops.zeros_like(output) if zero_output_for_mask else output
        output = choose(new_output, old)
        return output, [output, tree.map_structure(choose, new_states, states)]

    return masked
