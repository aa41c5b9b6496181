"""The one parser that sees XML from outside, and what it refuses before anything is built or expanded.

Authority: XML 1.0 (fifth edition), Namespaces 1.0; the refusals are those of `docs/bestanden-xml.md`. A DOCTYPE is refused where it
begins, so there are no entities to expand and nothing to fetch. What is known to harm older versions of expat needs a DOCTYPE or a very
large token, and tokens are bounded. Only the records that are asked for are built, within `Limits`. Leaves streams to `untrusted`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, NoReturn
from xml.parsers import expat  # noqa: TID251 - this is the one parser

from schemas.bestand import Onleesbaar

IsRecord = Callable[[Sequence[str]], bool]
"""Whether the element at this path of local names, from the root on, is a record."""

BETWEEN = 1_000
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_REASONS = {
    expat.errors.codes[expat.errors.XML_ERROR_SYNTAX]: "dit is geen begin van een XML-bestand",
    expat.errors.codes[expat.errors.XML_ERROR_BAD_CHAR_REF]: "een verwijzing als &#0; naar een teken dat XML niet kent",
    expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]: "een eindtag past niet bij zijn begintag",
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]: "het bestand houdt op voordat het af is",
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]: "het bestand houdt midden in een tag op",
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR]: "het bestand houdt midden in een teken op",
    expat.errors.codes[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: "een attribuut staat twee keer in één tag",
    expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: "een verwijzing als &naam; die geen amp, lt, gt, quot of apos is",
    expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: "er staat iets na het einde van het hoofdelement",
    expat.errors.codes[expat.errors.XML_ERROR_MISPLACED_XML_PI]: "de regel <?xml …?> staat niet helemaal vooraan",
    expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]: "een voorvoegsel zonder xmlns-verklaring",
    expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]: "een teken dat hier niet mag, zoals een losse < of &, of geen UTF-8",
}


class Limits(NamedTuple):
    """`size`: bytes of the file. `record`: characters of one record without its syntax, bytes of one tag. `name`: with its namespace.

    `names`: different names in the file, which the parser remembers to its end. `outside`: elements outside records, of which each record
    makes up for `BETWEEN`. `elements`: of all the file.
    """

    size: int = 4 * 1024**3
    record: int = 128 * 1024
    depth: int = 64
    attributes: int = 100
    name: int = 200
    names: int = 10_000
    outside: int = 500_000
    elements: int = 1_000_000_000


class Node:
    """One element of a record. Names are local names; `text` is all text directly in it; `line` counts from 1."""

    __slots__ = ("attributes", "children", "line", "name", "namespace", "text")

    def __init__(self, name: str, namespace: str, attributes: Mapping[str, str], line: int) -> None:
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.line = line
        self.children: list[Node] = []
        self.text = ""


class Start(NamedTuple):
    """Where a part of a file begins, when it is parsed on its own: `line` and `column` from 1; `before`: characters fed ahead of it."""

    line: int = 1
    column: int = 1
    before: int = 0


def refuse(code: str, melding: str, line: int, column: int | None = None) -> NoReturn:
    """The file as a whole is unreadable from this place on."""
    raise Onleesbaar(code, melding, f"regel {line}" if column is None else f"regel {line}, teken {column}")


class _Enough(Exception):
    """The first record is there."""


class Gate:
    """Parses bytes piece by piece and gives the records that are complete. With `bare`, comments and CDATA are refused too."""

    def __init__(
        self, is_record: IsRecord, limits: Limits, encoding: str = "utf-8", *, bare: bool = False, start: Start | None = None
    ) -> None:
        self._is_record = is_record
        self._limits = limits
        self._start = start or Start()
        self._path: list[str] = []
        self._open: list[tuple[Node, list[str]]] = []  # the record that is being built: from its root to here, each with its text so far
        self._room = 0
        self._names: dict[str, str] = {}
        self._outside = 0
        self._elements = 0
        self._done: list[Node] = []
        self._fed = 0
        self._one = False
        self.root: Node | None = None
        self.root_at = 0  # byte at which the root begins
        self.ended_at = 0  # after `first`: byte at which its end tag begins; of an empty tag, the byte after it
        self.bindings: list[tuple[str | None, str]] = []  # prefix and namespace, of the root
        self.loose: int | None = None  # first line with text outside every record
        self._parser = self._handled(expat.ParserCreate(encoding, " ", self._names), bare)

    @property
    def opened(self) -> int:
        """The line on which the record that is open now begins; 1 when there is none."""
        return self._open[0][0].line if self._open else 1

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._path)

    def first(self, data: bytes) -> Node | None:
        """The first record, without a look at what comes after it; None when it does not end in these bytes. Raises Onleesbaar."""
        self._one = True
        try:
            self.feed(data)
        except _Enough:
            return self._done[0]
        return None

    def feed(self, data: bytes, *, final: bool = False) -> list[Node]:
        """The records that these bytes complete. Raises Onleesbaar."""
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            reason = _REASONS.get(error.code, "de opbouw klopt niet")
            self._refuse("XML_ONGELDIG", f"Vanaf hier is dit geen geldige XML: {reason}. Herstel het en lever het bestand opnieuw aan.")
        self._fed += len(data)
        if self._fed - self._parser.CurrentByteIndex > self._limits.record:
            self._refuse("XML_TE_GROOT", f"Een tag is langer dan {self._limits.record} bytes.")
        if len(self._names) > self._limits.names:
            self._refuse("XML_TE_GROOT", f"Er zijn meer dan {self._limits.names} verschillende namen van elementen en attributen.")
        done, self._done = self._done, []
        return done

    def _handled(self, parser: expat.XMLParserType, bare: bool) -> expat.XMLParserType:
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._forbid("XML_DOCTYPE", "Een DOCTYPE is niet toegestaan; haal hem weg.")
        parser.ProcessingInstructionHandler = self._forbid("XML_NIET_TOEGESTAAN", "Een instructie (<?…?>) mag niet; haal haar weg.")
        if bare:
            parser.CommentHandler = self._forbid("XML_NIET_TOEGESTAAN", "Commentaar (<!-- … -->) mag niet; haal het weg.")
            parser.StartCdataSectionHandler = self._forbid("XML_NIET_TOEGESTAAN", "CDATA mag niet; schrijf &amp; en &lt; in gewone tekst.")
        parser.StartNamespaceDeclHandler = self._binding
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.buffer_text = True
        return parser

    def _forbid(self, code: str, melding: str) -> Callable[..., None]:
        return lambda *_: self._refuse(code, melding)

    def _declaration(self, version: str, _encoding: str | None, _standalone: int) -> None:
        if version != "1.0":
            self._refuse("XML_NIET_TOEGESTAAN", "Alleen XML 1.0 wordt gelezen.")

    def _binding(self, prefix: str | None, uri: str | None) -> None:
        if self.root is None:
            self.bindings.append((prefix, uri or ""))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self._check(name, namespace, attributes)
        self._count()
        node = Node(local, namespace, attributes, self._line())
        if self.root is None:
            self.root, self.root_at = node, self._parser.CurrentByteIndex
        self._path.append(local)
        if self._open:
            self._open[-1][0].children.append(node)
        elif self._is_record(self._path):
            self._room = self._limits.record
        else:
            return
        self._open.append((node, []))
        self._take(16 + len(name) + sum(len(key) + len(value) for key, value in attributes.items()))

    def _count(self) -> None:
        self._elements += 1
        self._outside += not self._open
        if self._outside > self._limits.outside:
            self._refuse("XML_TE_GROOT", f"Buiten de records staan meer dan {self._limits.outside} elementen.")
        if self._elements > self._limits.elements:
            self._refuse("XML_TE_GROOT", f"Er zijn meer dan {self._limits.elements} elementen.")

    def _check(self, name: str, namespace: str, attributes: dict[str, str]) -> None:
        limits = self._limits
        if namespace == _XINCLUDE:
            self._refuse("XML_NIET_TOEGESTAAN", "XInclude is niet toegestaan; zet de inhoud zelf in het bestand.")
        if len(self._path) >= limits.depth:
            self._refuse("XML_TE_DIEP", f"De elementen zijn meer dan {limits.depth} diep genest.")
        if len(attributes) > limits.attributes:
            self._refuse("XML_TE_GROOT", f"Een element heeft meer dan {limits.attributes} attributen.")
        if len(name) > limits.name or any(len(key) > limits.name for key in attributes):
            self._refuse("XML_TE_GROOT", f"Een naam is langer dan {limits.name} tekens.")

    def _end(self, _name: str) -> None:
        self._path.pop()
        if not self._open:
            return
        node, parts = self._open.pop()
        node.text = "".join(parts)
        if not self._open:
            self._outside = max(self._outside - BETWEEN, 0)
            self._done.append(node)
            if self._one:
                self.ended_at = self._parser.CurrentByteIndex
                raise _Enough

    def _characters(self, data: str) -> None:
        if self._open:
            self._take(len(data))
            self._open[-1][1].append(data)
        elif self.loose is None and data.strip(" \t\r\n"):
            self.loose = self._line()

    def _take(self, characters: int) -> None:
        self._room -= characters
        if self._room < 0:
            self._refuse("XML_TE_GROOT", f"Eén record, of de kop, is groter dan {self._limits.record} tekens.")

    def _line(self) -> int:
        return self._start.line + self._parser.CurrentLineNumber - 1

    def _refuse(self, code: str, melding: str) -> NoReturn:
        first = self._parser.CurrentLineNumber == 1
        column = self._parser.CurrentColumnNumber + (self._start.column - self._start.before if first else 1)
        refuse(code, melding, self._line(), column)
