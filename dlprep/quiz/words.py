"""Numbers of things, in words."""


def many(count: int, one: str, more: str | None = None) -> str:
    """Return a count with its noun, such as `1 question` or `2 questions`.

    Args:
        count: how many.
        one: the noun for one.
        more: the noun for any other number; default: `one` with an s.
    """
    return f"{count} {one if count == 1 else more or f'{one}s'}"
