"""A docstring becomes a page without losing a part."""

import inspect

import pytest

from dlprep.quiz.markdown.faults import faults, faults_of_line
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
    assert page.startswith('<p>Scale by a factor.</p><div class="math display">y = a x</div>')
    assert "<code>x</code></td><td>inputs, any shape; continued with a | bar.</td>" in page
    assert '<code>factor</code></td><td>the factor <span class="math">a</span>.</td>' in page
    assert "<code>ValueError</code></td><td>the factor is negative.</td>" in page
    assert "<strong>Returns</strong></p><p>An array like <code>x</code>.</p>" in page
    assert '<span class="gp">&gt;&gt;&gt; </span><span class="n">scale</span>' in page
    assert page.endswith("<p>Euclid, Elements, book V.</p>")


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


@pytest.mark.parametrize("name", [name for name in components.FAMILIES if components.present(name)])
def test_a_docstring_is_written_in_the_markdown_of_the_questions(name):
    wrong = []
    for public, thing in components.family(name).items():
        for title, block in components.sections(inspect.getdoc(thing) or ""):
            if components.is_code(title, block):
                continue
            named = components.entries(title, block)
            found = [fault for _, text in named for _, fault in faults_of_line(text)]
            found += [] if named else [fault for _, fault in faults(block)]
            wrong += [f"{name}.{public} {title}: {fault}" for fault in found]
    assert not wrong, "\n".join(wrong)
