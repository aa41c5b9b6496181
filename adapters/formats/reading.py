"""Which reader reads which format of a mapping profile.

Authority: `schemas.bestand` (Lezer). Leaves the formats to their modules, and which profile a partner has to the gateway.
"""

from functools import partial

from adapters.formats.antwoordrijen import by_rows
from adapters.formats.csvfile import CsvLezing
from adapters.formats.mapping import Mapping
from adapters.formats.partnerxml import XmlLezing
from adapters.formats.profilechecks import ANSWERS
from adapters.formats.xlsxfile import XlsxLezing
from schemas.bestand import Lezer
from schemas.profiel import Formaat

FORMATS: dict[Formaat, type[CsvLezing | XlsxLezing | XmlLezing]] = {"csv": CsvLezing, "xlsx": XlsxLezing, "xml": XmlLezing}


def lezer(mapping: Mapping, naam: str) -> Lezer:
    """A reader of the file with this name, which may hold the peildatum. A mapping is made once and reads many files, at once."""
    found: Lezer = partial(FORMATS[mapping.profiel.formaat], mapping, naam)
    return by_rows(found) if mapping.profiel.kop.soort == ANSWERS else found
