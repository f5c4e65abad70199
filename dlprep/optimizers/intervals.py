"""What the arguments of an optimizer may be."""

# Keras takes these as they come: a negative norm clips nothing, a negative decay lets weights grow.
BASE_INTERVALS = {
    "weight_decay": "[0, inf) or None",
    "clipnorm": "[0, inf) or None",
    "clipvalue": "[0, inf] or None",
    "global_clipnorm": "[0, inf) or None",
    "loss_scale_factor": "(0, inf) or None",
}


def check_intervals(options, arguments):
    """Raise unless every argument lies in its interval.

    Args:
        options: Dict from the names of an optimizer's own options to an interval such as
            `"[0, 1)"` or `"[0, inf) or None"`, or to None where there is nothing to check.
        arguments: Dict of all arguments; of Keras's own options those that are given.

    Raises:
        ValueError: If an argument is out of its interval, or not a number.
    """
    for name, interval in {**BASE_INTERVALS, **options}.items():
        value = arguments.get(name)
        if interval and (name in options or name in arguments) and not lies_in(value, interval):
            raise ValueError(f"`{name}` must be in {interval}. Received: {name}={value}")


def lies_in(value, interval):
    """Return whether a number lies in an interval such as `"[0, 1)"`; NaN lies in none."""
    interval, _, none = interval.partition(" or ")
    if value is None:
        return bool(none)
    low, high = map(float, interval[1:-1].split(","))
    above = low <= value if interval[0] == "[" else low < value
    return above and (value <= high if interval[-1] == "]" else value < high)
