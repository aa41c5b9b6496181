"""The hall with mailboxes: creditors that log in over SFTP, profiles for CSV answers, and the work of both directions."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from adapters.client.receipts import verify_receipt
from adapters.formats import antwoordjson, canonical
from gateway.app.files import profiled
from gateway.files import questions
from gateway.files.names import PROOFS
from gateway.files.reading import Readers
from gateway.files.sweeping import sweep
from gateway.partners.mailroom import Bestandsprofiel, SftpSleutel
from gateway.partners.register import Deelnemer, Mandaat, Register
from gateway.privacylog.entries import decode
from gateway.store.prepare import Dsns
from schemas.regelingen import Regelingbewijs
from schemas.saldobestand import OpenRegelingbericht, OpenSaldoverzoek, Regelingbestand, Saldobestand
from schemas.schuldenoverzicht import Antwoordbewijs
from schemas.strict import parse
from tests.architecture.tree import ROOT
from tests.files.world import FileWorld, Result
from tests.overviews.hall import LANDLORD, Hall

EXAMPLES = ROOT / "docs/voorbeelden/saldoantwoorden"
SKP, OWN = ((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8") for name in ("schuldenknooppunt", "eigen"))
AGENT = "00000099000000088000"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Proof = Antwoordbewijs | Regelingbewijs


class Mailhall(Hall):
    """`logins`: who has an SFTP key. `profiles`: the text of a mapping profile by party."""

    def __init__(self, dsns: Dsns, folder: Path, start: date | None = None) -> None:
        super().__init__(dsns, folder, start)
        self.logins, self.profiles, self.mandates = [LANDLORD.party], dict[str, str](), list[Mandaat]()
        self.post = FileWorld(self, folder)
        choose = Readers(lambda: self.register, canonical.read, profiled, antwoordjson.read).choose
        self.post.files = self.post.files._replace(choose=choose, overviews=self.overviews)
        self.renew()

    def renew(self) -> None:
        """The register as it is now."""
        old = self._register()
        self.register = Register(
            3,
            deelnemers=[*old.deelnemers.values(), Deelnemer(AGENT, "Incasso", frozenset({"gerechtsdeurwaarder"}), "actief")],
            gemeenten=old.gemeenten.values(),
            sleutels=[key for code in old.gemeenten if (key := old.sealing_key(code))],
            mandaten=self.mandates,
            certificaten=old._certificaten.values(),
            afspraken=old._afspraken,
            partijsleutels=self.own,
            bsnregistraties=old._bsn,
            gebieden=old._gebieden,
            sftp_sleutels=[SftpSleutel(oin.encode().ljust(32), oin, "ssh-ed25519", LONG_AGO) for oin in self.logins],
            profielen=[Bestandsprofiel(oin, "antwoorden", date(2026, 1, 1), "*.csv", text) for oin, text in self.profiles.items()],
        )

    def later(self, days: int = 1) -> None:
        """Noon, so many days on."""
        self.on(self.today + timedelta(days=days))

    def tell(self) -> int:
        """Run the job that writes questions."""
        return questions.tell(self.post.files, self.overviews)

    def sweep_files(self) -> int:
        """Run the job that looks after what nobody collected."""
        return sweep(self.post.files)

    def waiting(self, party: str = LANDLORD.party) -> list[str]:
        """The names in `uit/`."""
        return [item.name for item in self.post.room.mailbox(party).items("uit")]

    def told(self, party: str = LANDLORD.party) -> list[OpenSaldoverzoek]:
        """What the JSON that waits says; collected by this."""
        (name,) = self.files_of("saldoverzoeken", party)
        return parse(self.post.collect(name, party), Saldobestand).saldoverzoeken

    def arranged(self, party: str = LANDLORD.party) -> list[OpenRegelingbericht]:
        """What the file with arrangements that waits says; collected by this."""
        (name,) = self.files_of("regelingen", party)
        return parse(self.post.collect(name, party), Regelingbestand).berichten

    def files_of(self, soort: str, party: str = LANDLORD.party) -> list[str]:
        """The names in `uit/` of one kind."""
        return [name for name in self.waiting(party) if name.startswith(f"{soort}-") and name.endswith(".json")]

    def rows_told(self, sign: str = ";", party: str = LANDLORD.party) -> list[list[str]]:
        """The rows of the CSV that waits, without its head; collected by this."""
        (name,) = [name for name in self.waiting(party) if name.startswith("saldoverzoeken-") and name.endswith(".csv")]
        return list(csv.reader(io.StringIO(self.post.collect(name, party).decode(), newline=""), delimiter=sign))[1:]

    def bring(
        self, name: str, content: bytes | list[Any], party: str = LANDLORD.party, **head: Any
    ) -> tuple[Result, dict[UUID, Proof]]:
        """A file with answers to its report and its receipts, which are right."""
        if isinstance(content, list):
            content = json.dumps({**head, "antwoorden": content}).encode()
        self.post.put(name, content, party)
        self.post.work()
        result = self.post.result(name, party)
        told = json.loads(self.post.collect(name + PROOFS, party)) if name + PROOFS in self.waiting(party) else []
        kinds: dict[bool, Any] = {True: Regelingbewijs, False: Antwoordbewijs}
        proofs: list[Proof] = [msgspec.convert(one, kinds["soort" in one]) for one in told]
        for proof in proofs:
            verify_receipt(proof, self.receipts.public_jwks())
        return result, {proof.id: proof for proof in proofs}

    def noted(self, *, since: int = 0) -> list[Any]:
        """The entries, oldest first."""
        self.number()
        return [decode(bytes(row[0])) for row in self.rows("SELECT body FROM log_entry ORDER BY id")][since:]
