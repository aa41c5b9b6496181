"""Names of towns, folded so that one town written in several ways compares equal.

Authority: BAG woonplaats names, with the other names in common use below. Comparison only: what was submitted is never changed.
Leaves which municipality a town lies in to `municipalities`.
"""

import re
import unicodedata
from functools import lru_cache

# As used beside the BAG name; keys and values in folded form.
_ALSO = {
    "denhaag": "sgravenhage",
    "denbosch": "shertogenbosch",
    "snits": "sneek",
    "ljouwert": "leeuwarden",
    "boalsert": "bolsward",
    "frjentsjer": "franeker",
    "harns": "harlingen",
    "warkum": "workum",
    "drylts": "ijlst",
    "berltsum": "berlikum",
}
# Province marks behind names that occur more than once ("Bergen (NH)", "Beuningen Gld").
_MARK = re.compile(r"[\s(]+(?:gn|gld|nh|zh|nb|lb|l|ov|ut|frl?|dr|ze|zld)\.?\)?$")


@lru_cache(maxsize=16_384)
def fold(woonplaats: str) -> str:
    """Lower case letters and digits, without diacritics, punctuation and province mark; other names in use become one."""
    name = unicodedata.normalize("NFKD", woonplaats).casefold().strip()
    name = _MARK.sub("", name)
    name = re.sub(r"\bsint\b", "st", name)
    plain = "".join(c for c in name if c.isalnum())
    return _ALSO.get(plain, plain)
