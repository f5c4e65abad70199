"""What the arguments of an optimizer may be."""

from numbers import Integral, Real

# Keras takes these as they come: a negative norm clips nothing, a negative decay lets weights grow.
BASE_INTERVALS = {
    "weight_decay": "[0, inf) or None",
    "clipnorm": "[0, inf) or None",
    "clipvalue": "[0, inf] or None",
    "global_clipnorm": "[0, inf) or None",
    "loss_scale_factor": "(0, inf) or None",
    "gradient_accumulation_steps": "[0, inf) or None, an integer",
}
# As Keras says it.
WORDS = {
    "[0, inf)": "needs to be positive or zero",
    "(-inf, 0]": "needs to be negative or zero",
    "[0, 1]": "must be a float between [0, 1]",
}


def check_intervals(options, arguments):
    """Raise unless every argument lies in its interval.

    Args:
        options: Dict from the names of an optimizer's own options to an interval such as
            `"[0, 1)"`, `"[0, inf) or None"` or `"[1, inf), an integer"`; or to None where there is
            nothing to check.
        arguments: Dict of all arguments; of Keras's own options those that are given.

    Raises:
        ValueError: If an argument is out of its interval, or not a number.
    """
    intervals = {**BASE_INTERVALS, **options}
    # Schedules, functions and tensors are Keras's to check.
    if isinstance(arguments.get("learning_rate"), Real):
        intervals["learning_rate"] = "[0, inf)"
    for name, interval in intervals.items():
        given = name in options or name in arguments
        if given and interval and not lies_in(arguments.get(name), interval):
            wanted = WORDS.get(interval, f"must be in {interval}")
            raise ValueError(f"`{name}` {wanted}. Received: {name}={arguments.get(name)}.")


def lies_in(value, interval):
    """Return whether a number lies in an interval; NaN lies in none."""
    if value is None:
        return " or None" in interval
    if interval.endswith("an integer") and not is_integer(value):
        return False
    end = max(interval.find(")"), interval.find("]"))
    low, high = map(float, interval[1:end].split(","))
    above = low <= value if interval[0] == "[" else low < value
    return above and (value <= high if interval[end] == "]" else value < high)


def is_integer(value):
    """Return whether a value counts something; True does not."""
    return isinstance(value, Integral) and not isinstance(value, bool)
