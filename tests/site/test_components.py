"""A docstring becomes a page without losing a part."""

from dlprep.site import components

DOC = """Scale by a factor.

$$ y = a x $$

Args:
    x: inputs, any shape;
        continued with a | bar.
    factor: the factor $a$.

Returns:
    An array like `x`.

Raises:
    ValueError: the factor is negative.

Example:
    >>> scale(2, 3)
    6

Reference:
    Euclid, Elements, book V.
"""


def test_every_section_is_there():
    page = components.documentation(DOC)
    assert page.startswith("Scale by a factor.\n\n$$ y = a x $$")
    assert "| `x` | inputs, any shape; continued with a \\| bar. |" in page
    assert "| `factor` | the factor $a$. |" in page
    assert "| `ValueError` | the factor is negative. |" in page
    assert "**Returns**\n\nAn array like `x`." in page
    assert "```pycon\n>>> scale(2, 3)\n6\n```" in page
    assert page.endswith("Euclid, Elements, book V.")


def test_a_long_signature_has_a_line_for_each_argument():
    def many(first_argument, second_argument=None, third_argument="a long default", fourth=1.5e-7):
        """Nothing."""

    assert components.signature("many", many).count("\n") == 5


def test_a_family_page_names_every_public_object():
    objects = components.family("losses")
    page = components.page("losses", objects, {})
    assert objects
    for name in objects:
        assert f"## {name} {{ #{name} }}" in page
