"""What a metric's settings may be."""

from numbers import Integral, Real


def check_counts(least, **settings):
    """Raise `ValueError` for what is neither None nor an integer, or below the least."""
    for name, value in settings.items():
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        if value is not None and not (whole and value >= least):
            wanted = f"It must be an integer of at least {least}"
            raise ValueError(f"Invalid value for argument `{name}`. {wanted}, not {value!r}.")


def check_flags(**settings):
    """Raise `ValueError` for what is neither True nor False."""
    for name, value in settings.items():
        if value not in (True, False):
            raise ValueError(f"{name} must be True or False, received {value!r}")


def check_shares(**settings):
    """Raise `ValueError` for numbers outside [0, 1]."""
    for name, value in settings.items():
        if not (isinstance(value, Real) and 0 <= value <= 1):
            raise ValueError(f"{name} must be in [0, 1], received {value!r}")
