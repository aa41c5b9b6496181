"""Whether a row may stand in the register under its name: what is of another, or was revoked or ended, is not taken up again.

Authority: Digikoppeling PKI (a revoked certificate stays revoked); decision 0036. The database holds to it as well, for certificates and
SFTP keys. Leaves the rows themselves to `gateway.partners`.
"""

from gateway.core.errors import Conflict
from gateway.partners import administration
from gateway.partners.agreements import Afspraak
from gateway.partners.mailroom import SftpSleutel
from gateway.partners.register import Certificaat
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel
from gateway.store.database import Connection
from schemas.keyed import Keyed


def require_free(
    connection: Connection, row: Certificaat | SftpSleutel | Gemeentesleutel | Partijsleutel | Afspraak, keyed: Keyed
) -> None:
    """Raises Conflict: somebody else has it, or it was revoked or changed."""
    if isinstance(row, Certificaat):
        if _is_taken(administration.stored(connection, row, keyed), row.oin):
            raise Conflict("CERTIFICAAT_GEBRUIKT", "Dit certificaat is van een ander of is ingetrokken; laat een nieuw maken.")
    elif isinstance(row, SftpSleutel):
        if _is_taken(administration.stored(connection, row, keyed), row.oin):
            raise Conflict("SFTP_SLEUTEL_GEBRUIKT", "Deze sleutel is van een ander of is ingetrokken; laat een nieuwe maken.")
    elif administration.stored(connection, row, keyed) in (None, row):
        return
    elif isinstance(row, Gemeentesleutel | Partijsleutel):
        raise Conflict("SLEUTELNAAM_GEBRUIKT", "Zo heet al een andere of een ingetrokken sleutel van deze deelnemer; kies een nieuwe naam.")
    else:
        raise Conflict("AFSPRAAK_BESTAAT", "Er is al een andere afspraak met dit kenmerk; beëindig die, en kies een nieuw kenmerk.")


def _is_taken(known: Certificaat | SftpSleutel | None, oin: str) -> bool:
    return known is not None and (known.oin != oin or known.ingetrokken_op is not None)
