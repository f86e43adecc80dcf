"""What a form needs from the workstation around it: the day, the person, the lanes, the tariff, the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from desk.rules.catalogue import Catalogue

if TYPE_CHECKING:
    from desk.rules.package import PackageOrder
    from desk.rules.preparation import MadeFile
    from desk.rules.relief import ReliefRule
    from desk.rules.tariff import TariffTable
    from desk.services.fit import EarlierDecision
    from desk.services.preparation import EarlierFile
    from desk.services.same_requests import SameRequest
    from desk.ui.background import Background
    from desk.ui.forms.drafts import Drafts


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to whom a case can be handed over, with what he or she has on the desk already."""

    login: str
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything a form may ask while it is being filled in; nothing here changes a case."""

    today: date
    login: str
    background: Background
    drafts: Drafts
    tariff: TariffTable | None = None
    """The tariff in force today; None where the rule book has none."""
    catalogue: Catalogue = field(default_factory=Catalogue)
    earlier: Mapping[UUID, Sequence[EarlierDecision]] = field(default_factory=dict)
    """What the office decided earlier about the same surveys, by the line of this case."""
    earlier_files: Sequence[EarlierFile] = ()
    """What the office prepared earlier for the same data."""
    made_files: Sequence[MadeFile] = ()
    """What the second officer checks."""
    same: Sequence[SameRequest] = ()
    """Cases that may be the same request as this one."""
    package: PackageOrder | None = None
    """What a delivery is packed from."""
    relief: ReliefRule | None = None
    """Whom and what nol rupiah is for today; None where no form asks."""
    colleagues: tuple[Colleague, ...] = ()
    """The officers who work here today, the person at the screen left out."""
