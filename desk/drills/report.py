"""What a drill answers: figures, and whatever was lost, doubled or not found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from desk.errors import Refused


@dataclass
class Report:
    """The figures of one drill; every line of `faults` is something that must not happen."""

    drill: str
    injections: int
    figures: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether nothing was lost, doubled or missed."""
        return not self.faults

    def expect(self, holds: bool, fault: str) -> None:
        """Notes the fault when what must hold does not."""
        if not holds:
            self.faults.append(fault)

    def blame(self, faults: Iterable[str]) -> None:
        """Notes faults that were found elsewhere, the first ten of them."""
        found = list(faults)
        self.faults += found[:10]
        if len(found) > 10:
            self.faults.append(f"… and {len(found) - 10} more")

    def as_json(self) -> str:
        """One line for a machine."""
        return json.dumps(
            {
                "drill": self.drill,
                "passed": self.passed,
                "injections": self.injections,
                "seconds": round(self.seconds, 1),
                **self.figures,
                "faults": self.faults,
            },
            ensure_ascii=False,
            default=str,
        )

    def as_text(self) -> str:
        """The same for a person."""
        figures = "\n".join(f"  {name.replace('_', ' ')}: {value}" for name, value in self.figures.items())
        word = "lulus" if self.passed else "GAGAL"
        head = f"{self.drill}: {word}, {self.injections} gangguan dalam {self.seconds:.1f} detik"
        return "\n".join([head, figures, *(f"  ! {fault}" for fault in self.faults)])


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a drill is run: a fraction of its full size, or a number of injections."""

    fraction: Fraction = Fraction(1)
    injections: int | None = None

    @classmethod
    def read(cls, written: str) -> Size:
        """Reads `0.1` and `1/10` as fractions, a whole number as injections; Refused for anything else."""
        if re.fullmatch(r"[1-9]\d{0,5}", written):
            return cls(injections=int(written))
        if re.fullmatch(r"0?\.\d+|1\.0*|[1-9]\d*/[1-9]\d*", written) and 0 < (part := Fraction(written)) <= 1:
            return cls(fraction=part)
        raise Refused(f"Ukuran “{written}” tidak dikenal. Tulis pecahan seperti 0.1 atau 1/10, atau jumlah gangguan.")

    def of(self, full: int) -> int:
        """The injections of a drill whose full size is `full`, at least one."""
        return self.injections if self.injections is not None else max(1, round(full * self.fraction))
