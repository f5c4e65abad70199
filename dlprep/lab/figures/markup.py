"""SVG markup that can stand inside any page."""

import re
from xml.etree import ElementTree

INK = "#767676"
"""Text and axes: contrast 4.5 to white and to black. A page may set `color` on the `svg`."""

NAMESPACE = "http://www.w3.org/2000/svg"


def cleaned(page: str, title: str) -> str:
    """Return the bare `svg` element of a drawing by matplotlib.

    Style rules become attributes, which no security policy refuses; ids that nothing refers to
    go, so that several drawings can stand in one page; a title is added for screen readers.

    Args:
        page: A whole SVG document.
        title: What the drawing shows.
    """
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(page.encode())
    referred = set(re.findall(r"#(\w+)", page))
    for parent in root.iter():
        for child in list(parent):
            if child.tag.rpartition("}")[2] in ("metadata", "style"):
                parent.remove(child)
        _simplify(parent, referred)
    about = {"role": "img", "aria-label": title, "color": INK, "stroke-linejoin": "round"}
    root.attrib.update(about)
    heading = ElementTree.Element(f"{{{NAMESPACE}}}title")
    heading.text = title
    root.insert(0, heading)
    return ElementTree.tostring(root, encoding="unicode")


def _simplify(element, referred: set[str]) -> None:
    """Turn style into attributes, drop ids that nothing refers to, take the page's colour."""
    for rule in filter(None, element.attrib.pop("style", "").split(";")):
        name, _, value = rule.partition(":")
        element.set(name.strip(), value.strip())
    if element.get("id") not in referred:
        element.attrib.pop("id", None)
    if link := element.attrib.pop("{http://www.w3.org/1999/xlink}href", None):
        element.set("href", link)
    for name in ("fill", "stroke"):
        if element.get(name) == INK:
            element.set(name, "currentColor")
    if "font-family" in element.attrib:
        element.set("font-family", "DejaVu Sans, Verdana, sans-serif")
