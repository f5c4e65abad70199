"""Numbers of things, in words."""


def many(count: int, one: str, more: str | None = None) -> str:
    """Return a count with its noun, such as `1 question` or `2 questions`.

    Args:
        count: How many.
        one: The noun for one.
        more: The noun for any other number; default: `one` with an s.
    """
    return f"{count} {one if count == 1 else more or f'{one}s'}"
