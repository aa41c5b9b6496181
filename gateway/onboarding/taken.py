"""Whether a row may stand in the register under its name: what is of another, or was revoked or ended, is not taken up again, and what
participants under way work by is not replaced.

Authority: Digikoppeling PKI (a revoked certificate stays revoked); decision 0036. The database holds to it as well, for certificates and
SFTP keys. Leaves the rows themselves to `gateway.partners`.
"""

from msgspec import structs

from gateway.core.errors import Conflict
from gateway.partners import administration
from gateway.partners.agreements import Afspraak
from gateway.partners.dossier import Stuk
from gateway.partners.mailroom import Bestandsprofiel, SftpSleutel
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


def require_kept(connection: Connection, row: Bestandsprofiel | Stuk, keyed: Keyed) -> None:
    """Raises Conflict: under this name and first day stands another one. It may end, or end sooner; nothing else of it changes."""
    known = administration.stored(connection, row, keyed)
    if known is None or known == row:
        return
    sooner = row.geldig_tot is not None and (known.geldig_tot is None or row.geldig_tot < known.geldig_tot)
    if sooner and structs.replace(known, geldig_tot=row.geldig_tot) == row:
        return
    if isinstance(row, Stuk):
        told = "Van deze soort staat er al een ander papier met deze eerste dag; geef het nieuwe een eigen eerste dag."
        raise Conflict("PAPIER_BESTAAT", told)
    raise Conflict("PROFIEL_BESTAAT", "Er staat al een ander profiel met deze naam en begindag; geef het nieuwe een eigen begindag.")
