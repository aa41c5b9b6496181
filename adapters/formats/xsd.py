"""The verdict of the XSD on one record. The only module that uses lxml, and lxml gets no bytes from outside.

Authority: XML Schema 1.0 as libxml2 checks it, `schemas/xsd/aanlevering.xsd`. A record comes as the tree that `gate` built, so one parser
alone says what the bytes mean. Leaves elements that are not ours, attributes and the words for what is wrong to `elements`.
"""

from importlib.resources import files
from typing import Any

from lxml import etree  # noqa: TID251 - our own schema, and trees that we build

from adapters.formats.gate import Node
from schemas.elementen import NAMESPACE


class Schema:
    """The XSD, compiled. Not for several threads at once."""

    def __init__(self) -> None:
        source = files("schemas").joinpath("xsd/aanlevering.xsd").read_bytes()
        self._schema = etree.XMLSchema(etree.fromstring(source))

    def is_valid(self, record: Node) -> bool:
        """Whether elements and values are as the schema says, for a record of which every element has a name of ours."""
        return bool(self._schema.validate(_tree(record, None)))


def _tree(node: Node, parent: Any) -> Any:  # noqa: ANN401 - lxml has no types
    tag = f"{{{NAMESPACE}}}{node.name}"
    element = etree.Element(tag) if parent is None else etree.SubElement(parent, tag)
    element.text = node.text or None
    for child in node.children:
        _tree(child, element)
    return element
