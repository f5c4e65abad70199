"""The loop along the time axis that every recurrent layer runs."""

import functools

from keras import backend, ops, tree
from keras.src.backend import rnn

# Steps of a block: fewer leave the loop's own cost, more gain nothing.
BLOCK = 4
IN_LOOP = ("go_backwards", "unroll", "zero_output_for_mask")
LOOP_OPTIONS = ("return_sequences", "stateful", *IN_LOOP)


def time_loop(
    step, sequences, states, mask=None, time_major=False, prepare=lambda inputs: inputs, **options
):
    r"""Apply a step function along the time axis.

    $$ (y_t, s_t) = f(p(x_t), s_{t-1}), \quad t = 1 \ldots T $$

    Where the mask is False, the state stays and the output repeats the one before.

    Args:
        step: Function $f$ of `(inputs, states)` that returns `(output, new_states)`, lists of
            tensors where there are several.
        sequences: Inputs of shape `(batch, T, ...)`.
        states: List of states $s_0$, each of shape `(batch, ...)`.
        mask: Booleans of shape `(batch, T)`, or None.
        time_major: Whether the sequences come as `(T, batch, ...)`, with $T$ known, which spares
            the loop a transposition; the mask and the outputs do not change.
        prepare: Function $p$ of the inputs of one step, or of several with the axes as in
            `sequences`.
        **options: Any of `return_sequences`, `go_backwards`, `stateful`, `unroll` and
            `zero_output_for_mask`, as in `RNN`.

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
    length = sequences.shape[0 if time_major else 1]
    if length is not None and pays(options):
        sequences = sequences if time_major else _swap(sequences)
        return _in_blocks(step, sequences, states, mask, prepare, **options)
    copies = options.get("stateful") and backend.backend() == "torch"
    # Unknown on TensorFlow only, where what is prepared of a long sequence leaves the cache.
    at_once = length is not None

    def run(inputs, states):
        inputs = inputs if at_once else prepare(inputs)
        # PyTorch would change the states that the gradient still needs.
        return step(inputs, tree.map_structure(ops.copy, states) if copies else states)

    if mask is not None:
        mask = _swap(mask) if time_major else mask
        # On JAX Keras's loop takes every state for a vector, and would not let a map's mask fit.
        for _ in range(1, min((len(s.shape) for s in tree.flatten(states)), default=2)):
            mask = ops.expand_dims(mask, -1)

    # Keras's own loop: keras.ops.scan has no gradient under XLA on TensorFlow.
    last, outputs, states = rnn(
        run,
        prepare(sequences) if at_once else sequences,
        states,
        mask=mask,
        input_length=length,
        time_major=time_major,
        return_all_outputs=options.get("return_sequences", False),
        **{name: options.get(name, False) for name in IN_LOOP},
    )
    return last, tree.map_structure(_swap, outputs) if time_major else outputs, states


def pays(options):
    """Return whether a loop over blocks of steps is faster than one over steps, of known number.

    It is on TensorFlow, whose loop costs about as much as a small step.

    Args:
        options: Options of `time_loop`.

    Example:
        >>> from dlprep.layers.time_loop import pays
        >>> pays({"unroll": True})
        False

    Reference:
        `time_loop`
    """
    return backend.backend() == "tensorflow" and not options.get("unroll")


def _block_size():
    """Return `BLOCK`, or one under XLA, which takes long to compile more."""
    import tensorflow as tf
    from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext

    graph = tf.compat.v1.get_default_graph()
    return 1 if not tf.executing_eagerly() and GraphOrParentsInXlaContext(graph) else BLOCK


def _in_blocks(
    step,
    sequences,
    states,
    mask,
    prepare,
    return_sequences=False,
    go_backwards=False,
    zero_output_for_mask=False,
    **_,
):
    """Loop over blocks of steps; the steps that are left over follow, written out."""
    inputs = [sequences]
    if mask is not None:
        inputs.append(_swap(ops.cast(mask, "bool")))
        first, _ = step(prepare(sequences[:1])[0], states)
        states = (tree.map_structure(ops.zeros_like, first), states)
        step = _skipping(step, zero_output_for_mask)
    if go_backwards:
        inputs = [ops.flip(x, 0) for x in inputs]
    length = sequences.shape[0]
    size = _block_size()
    # Building the graph of four blocks takes no longer than that of a loop, and running it less.
    blocks = length // size if length > 4 * size else 0
    looped, parts = blocks * size, []

    def run(inputs, states):
        outputs = []
        for given in zip(*map(ops.unstack, [prepare(inputs[0]), *inputs[1:]]), strict=True):
            output, states = step(*given, states)
            outputs.append(output)
        if return_sequences:
            output = tree.map_structure(lambda *steps: ops.stack(steps), *outputs)
        return output, states

    if blocks:
        last, outputs, states = rnn(
            run,
            [ops.reshape(x[:looped], (blocks, size, *ops.shape(x)[1:])) for x in inputs],
            states,
            input_length=blocks,
            time_major=True,
            return_all_outputs=return_sequences,
        )
        parts.append(tree.map_structure(_join, outputs) if return_sequences else last)
    if looped < length:
        output, states = run([x[looped:] for x in inputs], states)
        parts.append(output)
    states = states if mask is None else states[1]
    if not return_sequences:
        return parts[-1], None, states
    outputs = tree.map_structure(lambda *parts: ops.concatenate(parts), *parts)
    last = tree.map_structure(lambda outputs: outputs[-1], outputs)
    return last, tree.map_structure(_swap, outputs), states


def _skipping(step, zero_output_for_mask):
    """Return the step that keeps the last output, which it carries, and the states at a mask."""

    def masked(inputs, mask, carried):
        output, states = carried
        new_output, new_states = step(inputs, states)
        new_states = tree.pack_sequence_as(states, tree.flatten(new_states))

        def choose(new, old):
            return ops.where(ops.reshape(mask, (-1, *[1] * (len(new.shape) - 1))), new, old)

        old = tree.map_structure(ops.zeros_like, output) if zero_output_for_mask else output
        output = tree.map_structure(choose, new_output, old)
        return output, (output, tree.map_structure(choose, new_states, states))

    return masked


def _join(blocks):
    count, size, *shape = ops.shape(blocks)
    return ops.reshape(blocks, (count * size, *shape))


_swap = functools.partial(ops.swapaxes, axis1=0, axis2=1)
