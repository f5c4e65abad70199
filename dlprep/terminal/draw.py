"""The option that takes one of the numbers a question draws."""

import click


class Draw(click.ParamType):
    """A drawn number by name, such as `width=128`."""

    name = "draw"

    def convert(self, value, param, ctx):
        """Return name and number."""
        name, _, number = value.partition("=")
        try:
            return name.strip(), float(number)
        except ValueError:
            self.fail(f"{value!r} is no NAME=NUMBER, such as width=128", param, ctx)
