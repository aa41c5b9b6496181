"""A fake of the port of settings, clocks and follow-up partners, answering with the examples."""

from typing import Any
from uuid import UUID

from gateway.api import triage_examples as examples
from schemas.instellingen import Drempels, Inhaalslag, Opvolgpartners, Stand, Termijnregels, Velden, Werkbakken, Werkbakkenproef
from schemas.opvolging import Delingstand, OpvolgBerichten, OpvolgClaim, OpvolgStand
from schemas.termijnen import Mijlpaalstand, Termijnen
from tests.http.casefakes import Whole

_STANDS: dict[type, Stand] = {
    Drempels: examples.DREMPELS,
    Velden: examples.VELDEN,
    Werkbakken: examples.WERKBAKKEN,
    Opvolgpartners: examples.OPVOLGPARTNERS,
    Termijnregels: examples.TERMIJNREGELS,
    Inhaalslag: examples.INHAALSLAG,
}


class TriageFake:
    def __init__(self, whole: Whole) -> None:
        self._whole = whole

    def setting(self, gemeente: str, kind: Any) -> Stand:
        self._whole.note("triage.setting", gemeente, kind)
        return _STANDS[kind]

    def change(self, caller: Any, gemeente: str, trace: Any, new: Any) -> Stand:
        self._whole.note("triage.change", caller, gemeente, new)
        return _STANDS[type(new)]

    def trial(self, gemeente: str, setting: Werkbakken) -> Werkbakkenproef:
        self._whole.note("triage.trial", gemeente, setting)
        return examples.PROEF

    def threaten(self, caller: Any, gemeente: str, trace: Any, id: UUID, request: Any) -> Mijlpaalstand:
        self._whole.note("triage.threaten", id, request)
        self._whole.find(id)
        return examples.MIJLPAALSTAND

    def milestones(self, caller: Any, gemeente: str, trace: Any, id: UUID, request: Any) -> Mijlpaalstand:
        self._whole.note("triage.milestones", id, request)
        self._whole.find(id)
        return examples.MIJLPAALSTAND

    def terms(self, gemeente: str, **filters: Any) -> Termijnen:
        self._whole.note("triage.terms", gemeente, **filters)
        return Termijnen(peildatum=examples.TERMIJNEN.peildatum, termijnen=examples.TERMIJNEN.termijnen, volgende="17")

    def share(self, caller: Any, gemeente: str, trace: Any, id: UUID, request: Any) -> Delingstand:
        self._whole.note("triage.share", id, request)
        self._whole.find(id)
        return examples.DELINGSTAND

    def sub_mailbox(self, caller: Any, gemeente: str, *, after: int, limit: int) -> OpvolgBerichten:
        self._whole.note("triage.sub_mailbox", caller, gemeente, after, limit)
        return OpvolgBerichten(berichten=examples.OPVOLGBERICHTEN.berichten, volgende="17")

    def sub_claim(self, caller: Any, gemeente: str, trace: Any, request: Any) -> OpvolgClaim:
        self._whole.note("triage.sub_claim", caller, gemeente, request)
        return examples.OPVOLGCLAIM

    def sub_release(self, caller: Any, gemeente: str, trace: Any, id: UUID) -> OpvolgStand:
        self._whole.note("triage.sub_release", id)
        self._whole.find(id)
        return examples.OPVOLGSTAND

    def sub_finish(self, caller: Any, gemeente: str, trace: Any, id: UUID) -> OpvolgStand:
        self._whole.note("triage.sub_finish", id)
        self._whole.find(id)
        return examples.OPVOLGSTAND
