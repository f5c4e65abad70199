"""Text as a terminal or a page may show it, whoever wrote it."""

_SIGNS = {
    **dict.fromkeys([*range(32), *range(127, 160), 0x2028, 0x2029], "\ufffd"),
    # No XML holds these two.
    0xFFFE: "\ufffd",
    0xFFFF: "\ufffd",
    # Marks that turn the direction of what follows, and halves of characters.
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    ord("\n"): "\n",
    ord("\t"): "    ",
}


def printable(text: str) -> str:
    """Return text that moves no cursor, colours nothing and can be encoded.

    Control characters, lone surrogates and marks of direction become `\ufffd`, a tab four blanks;
    lines stay.

    Args:
        text: From a file, its name, a program, or the user.
    """
    return text.replace("\r\n", "\n").translate(_SIGNS)
