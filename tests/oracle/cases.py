"""The questions to Keras: each example of each rule in each version that it says something about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kreglint.diagnostics import Safety
from kreglint.rules.base import Rule
from kreglint.rules.examples import Bad, Claim, Good
from kreglint.rules.prelude import program
from kreglint.versions import MAJORS, Version, newest
from tests.oracle.claims import fault, fault_of_fix
from tests.oracle.outcomes import Observation
from tests.oracle.process import Oracle

NEWEST = tuple(map(newest, MAJORS))


@dataclass(frozen=True, slots=True)
class Case:
    """One example in one version, with what it claims there."""

    rule: type[Rule]
    name: str
    example: Bad | Good
    version: Version
    claim: Claim

    def __str__(self) -> str:
        newest_of_major = self.version in NEWEST
        return f"{self.rule.code}-{self.name}-keras{self.major if newest_of_major else self.version}"

    @property
    def major(self) -> int:
        return self.version.major

    @property
    def fixed(self) -> str | None:
        """The code after the rule's fix, where the rule fires in this version and has one."""
        return self.example.after_fix(self.version) if isinstance(self.example, Bad) else None

    def observed(self, oracle: Oracle) -> Observation:
        return self.observed_in(self.major, oracle)

    def observed_in(self, major: int, oracle: Oracle) -> Observation:
        """What any major does with the example, claimed or not."""
        return oracle.observe(major, program(self.example.code).text)

    def observed_fixed(self, oracle: Oracle) -> Observation:
        """What Keras does with the fixed code.

        Raises:
            ValueError: There is no fix in this major.
        """
        if self.fixed is None:
            raise ValueError(f"{self} has no fix")
        return oracle.observe(self.major, program(self.fixed).text)


def fault_of_case(case: Case, oracle: Oracle) -> str | None:
    """What is wrong with a case's claim, in words; None where Keras bears it out."""
    return fault(case.claim, case.observed(oracle))


def fault_of_offer(case: Case, oracle: Oracle, safety: Safety) -> str | None:
    """What is wrong with a case's fix, offered as safe or unsafe, in words; None where Keras bears it out."""
    older = case.observed_in(2, oracle) if case.major == 3 else None
    return fault_of_fix(safety, case.observed(oracle), case.observed_fixed(oracle), older)


def cases(rules: Iterable[type[Rule]], versions: Sequence[Version] = NEWEST, backend: str = "tensorflow") -> list[Case]:
    """The cases of some versions; what a claim says of one backend is asked of no other."""
    found = [case for rule in rules for case in _cases_of(rule, versions)]
    return [case for case in found if case.claim.backend in ("", backend)]


def _cases_of(rule: type[Rule], versions: Sequence[Version]) -> Iterator[Case]:
    for kind in (Bad, Good):
        examples = [example for example in rule.examples() if isinstance(example, kind)]
        for index, example in enumerate(examples):
            for version in versions:
                claim = example.claim(version)
                if claim is not None:
                    yield Case(rule, f"{kind.__name__.lower()}{index}", example, version, claim)
