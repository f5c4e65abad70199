"""The options that every optimizer inherits from Keras, described once for all of them."""

import re
import textwrap

BASE_OPTIONS = {
    "weight_decay": """Fraction of each weight taken off per step, times the learning rate, apart
    from the gradient (decoupled); None takes nothing off.""",
    "clipnorm": "Largest Euclidean norm of one variable's gradient; a longer one is shortened.",
    "clipvalue": "Largest absolute value of one component of a gradient.",
    "global_clipnorm": """Largest Euclidean norm of all gradients together; one factor shortens
    all. Only one of the three clipping options may be set.""",
    "use_ema": "Whether a moving average of the weights is kept beside them.",
    "ema_momentum": "Share of the old average that is kept at each step, in `[0, 1]`.",
    "ema_overwrite_frequency": """Steps after which the weights become their average; None leaves
    that to the end of `fit` or to `finalize_variable_values`.""",
    "loss_scale_factor": """Factor that the loss is multiplied by and the gradients are divided
    by, so that small gradients survive half precision.""",
    "gradient_accumulation_steps": """Number of batches, at least 2, whose mean gradient makes one
    update.""",
    "name": "Name of the optimizer, and prefix of its variables.",
    "**kwargs": "Nothing else is accepted; Keras names what it does not know.",
}

BASE_ERRORS = """
    ValueError: If the learning rate is no float, schedule or function, or is negative or not
        finite; if an option is unknown, no number, or outside of what is said above; if
        `weight_decay` or a clipping option (`clipnorm`, `clipvalue`, `global_clipnorm`) is negative
        or more than one of these is set;
        if `loss_scale_factor` is not positive; if `ema_momentum` or `ema_overwrite_frequency` is
        out of range while `use_ema` is set; if `gradient_accumulation_steps` is 1 or no integer."""


def describe(cls):
    """Write the base options into a class's docstring, at `{base_options}`, and what they raise.

    Args:
        cls: An optimizer whose docstring has the mark on a line of its own, or hands the options on
            as `**kwargs`. Options that the docstring describes itself are left out.

    Returns:
        The same class.
    """
    doc = cls.__doc__ or ""
    missing = [f"{name}: {text}" for name, text in BASE_OPTIONS.items() if f" {name}: " not in doc]
    if cls.__doc__:
        cls.__doc__ = re.sub(
            r"^( *)\{base_options\}$",
            lambda mark: textwrap.indent("\n".join(missing), mark[1]),
            doc,
            flags=re.MULTILINE,
        )
        cls.__doc__ = re.sub(r"\n\n( *)Example:\n", _add_errors, cls.__doc__, count=1)
    return cls


def _add_errors(example):
    before, indent = example.string[: example.start()], example[1]
    heading = "" if f"\n{indent}Raises:\n" in before else f"\n\n{indent}Raises:"
    return f"{heading}{textwrap.indent(BASE_ERRORS, indent)}{example[0]}"
