"""Small pieces of Markdown that both kinds of page use."""


def cell(text: str) -> str:
    """Return text that cannot break out of a table's cell."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(rows: list[list[str]]) -> str:
    """Return a Markdown table; the first row is the header."""
    header, *body = rows
    lines = [header, ["---"] * len(header), *body]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def fence(source: str, language: str = "python") -> str:
    """Return a block of code."""
    return f"```{language}\n{source.rstrip()}\n```"
