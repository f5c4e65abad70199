"""Dropout with an explicit mask: the classic form of the handbook and the inverted one."""

import numpy as np


def dropout_mask(rng, shape, p):
    r"""Draw the handbook's $r$, which is 1 where a unit survives.

    $$ r_j \sim \mathrm{Bernoulli}(1 - p) $$

    Args:
        rng: A NumPy random generator.
        shape: Shape of the mask.
        p: Probability of dropping a unit.

    Returns:
        Array of zeros and ones.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.dropout import dropout_mask
        >>> float(dropout_mask(np.random.default_rng(0), (4,), 0.0).sum())
        4.0

    Reference:
        Srivastava et al. 2014, "Dropout", section 4, first equation; handbook, chapter 5.
    """
    return (rng.random(shape) >= p).astype(float)


def spatial_mask(rng, shape, p):
    r"""Draw one fate for every example and channel, shared by all places of the map.

    $$ r_{m c} \sim \mathrm{Bernoulli}(1 - p) $$

    Args:
        rng: A NumPy random generator.
        shape: Shape `(m, ..., channels)` of the activations.
        p: Probability of dropping a map.

    Returns:
        Array of zeros and ones of shape `(m, 1, ..., 1, channels)`, for `inverted_dropout`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.dropout import spatial_mask
        >>> spatial_mask(np.random.default_rng(0), (2, 5, 6, 3), 0.5).shape
        (2, 1, 1, 3)

    Reference:
        Tompson et al. 2014, arXiv:1411.4280, section 3.2.
    """
    return dropout_mask(rng, (shape[0], *[1] * (len(shape) - 2), shape[-1]), p)


def classic_dropout(a, p, r=None):
    r"""Drop in training, shrink in testing.

    $$ \tilde a = r \odot a \text{ in training}, \quad \tilde a = (1 - p)\, a \text{ in testing} $$

    Args:
        a: Activations of any shape.
        p: Probability of dropping a unit.
        r: Mask of the shape of `a` for training, None for testing.

    Returns:
        Array of the shape of `a`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.dropout import classic_dropout
        >>> float(classic_dropout(np.array([4.0]), 0.25)[0])
        3.0

    Reference:
        Srivastava et al. 2014, "Dropout", section 4 and figure 2; handbook, chapter 5.
    """
    return (1 - p) * a if r is None else r * a


def classic_dropout_backward(dA, p, r=None):
    r"""Pass the gradient through the units that survived.

    $$ \frac{dJ}{da} = r \odot \frac{dJ}{d\tilde a} \text{ in training}, \quad
       (1 - p) \frac{dJ}{d\tilde a} \text{ in testing} $$

    Args:
        dA: Gradient with respect to the output.
        p: Probability of dropping a unit.
        r: The mask of the forward pass, None for testing.

    Returns:
        Gradient with respect to the input, of the shape of `dA`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.dropout import classic_dropout_backward
        >>> float(classic_dropout_backward(np.array([3.0]), 0.25, np.array([1.0]))[0])
        3.0

    Reference:
        Srivastava et al. 2014, "Dropout", section 5.1.
    """
    return classic_dropout(dA, p, r)


def inverted_dropout(a, p, r=None):
    r"""Drop and enlarge in training, do nothing in testing.

    $$ \tilde a = \frac{r \odot a}{1 - p} \text{ in training}, \quad \tilde a = a
       \text{ in testing} $$

    Args:
        a: Activations of any shape.
        p: Probability of dropping a unit; at 1 the result is 0.
        r: Mask of the shape of `a` for training, None for testing.

    Returns:
        Array of the shape of `a`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.dropout import inverted_dropout
        >>> float(inverted_dropout(np.array([3.0]), 0.25, r=np.array([1.0]))[0])
        4.0

    Reference:
        Srivastava et al. 2014, "Dropout", section 10.
    """
    if r is None:
        return a
    return r * a / (1 - p) if p < 1 else np.zeros_like(a)


def inverted_dropout_backward(dA, p, r):
    r"""Pass the gradient through the units that survived, with their factor.

    $$ \frac{dJ}{da} = \frac{r}{1 - p} \odot \frac{dJ}{d\tilde a} $$

    Args:
        dA: Gradient with respect to the output.
        p: Probability of dropping a unit.
        r: The mask of the forward pass.

    Returns:
        Gradient with respect to the input, of the shape of `dA`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.dropout import inverted_dropout_backward
        >>> float(inverted_dropout_backward(np.array([3.0]), 0.25, np.array([0.0]))[0])
        0.0

    Reference:
        Srivastava et al. 2014, "Dropout", section 5.1 and section 10.
    """
    return inverted_dropout(dA, p, r)
