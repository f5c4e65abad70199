"""The record of one run of a demonstration; it survives JSON unchanged."""

import json
from dataclasses import asdict, dataclass, field

from dlprep.lab import records

Scalar = str | float | int | bool | None


@dataclass(frozen=True)
class Claim:
    """A sentence with a measured truth value."""

    text: str
    holds: bool
    measured: Scalar = None
    expected: Scalar = None
    share: bool = False


@dataclass(frozen=True)
class Value:
    """A named number with its unit ("" for a pure number)."""

    name: str
    number: Scalar
    unit: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture as data; `kind` names the entry of `data` (see `Lab` for the fields of each)."""

    kind: str
    title: str
    data: dict


@dataclass(frozen=True)
class Report:
    """Everything a demonstration measured, on what it ran, the seconds on the clock and the CPU."""

    question: str
    seed: int
    aa: bool
    claims: list[Claim] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    answer: Scalar = None
    figures: list[Figure] = field(default_factory=list)
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)
    device: str = ""
    cpu: float = 0.0
    draw: dict[str, float] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether there is a claim and every claim holds."""
        return bool(self.claims) and all(claim.holds for claim in self.claims)

    def to_dict(self) -> dict:
        """Return plain lists, dicts, strings and numbers."""
        return asdict(self)

    def to_json(self, indent: int | None = 2) -> str:
        """Return strict JSON (no NaN: the lab records non-finite numbers as words)."""
        return json.dumps(self.to_dict(), indent=indent, allow_nan=False, ensure_ascii=False)

    @classmethod
    def from_dict(cls, record: dict) -> "Report":
        """Rebuild a report from `to_dict`.

        Raises:
            ValueError: It is none; what comes from another process or a file is checked here.
        """
        records.check(record)
        parts = {"claims": Claim, "values": Value, "figures": Figure}
        rebuilt = {name: [part(**row) for row in record[name]] for name, part in parts.items()}
        return cls(**{**record, **rebuilt})

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """Rebuild a report from `to_json`.

        Raises:
            ValueError: It is none.
        """
        try:
            record = json.loads(text)
        except RecursionError as error:
            raise ValueError("a report is not nested that deep") from error
        return cls.from_dict(record)
