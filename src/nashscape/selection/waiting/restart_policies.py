"""What runs do after a start that failed: start anew, perturb where they ended, go back to a checkpoint."""

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics import Endings, Setup, reducers
from nashscape.dynamics.case import Case
from nashscape.dynamics.hosting import is_hosted
from nashscape.dynamics.starts import uniforms

Floats = npt.NDArray[np.float64]


class Policy(abc.ABC):
    """What a run does after a start that failed.

    Attributes:
        alike: whether all starts are drawn alike and independently; only then is the number of starts geometric.
        begin: the step at which starts after the first begin.
        along: reducers of the first start that the later ones need.
    """

    alike: ClassVar[bool] = False
    begin: int = 0
    along: tuple[Any, ...] = ()

    def checked(self, case: Case) -> Self:
        """The policy itself, or an error where it makes no sense for a case."""
        return self

    @abc.abstractmethod
    def kept(self, before: Floats | None, ended: Floats, reduced: Mapping[str, npt.NDArray[Any]]) -> Floats:
        """Parameters `[N, d]` that runs keep of a start: given what they kept of the one before, None at first, where
        it ended, and what reducers came to along it."""

    @abc.abstractmethod
    def onward(self, kept: Floats, setup: Setup, index: npt.NDArray[np.int64], seed: int) -> Floats:
        """Parameters `[N, d]` from which they go on; the random numbers are those of the starts' indices."""

    @abc.abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """What the policy is, as plain data."""

    def __str__(self) -> str:
        """Kind and number: "perturbed(std=0.5)"."""
        kind, *numbers = self.to_dict().items()
        return kind[1] + (f"({', '.join(f'{name}={value:g}' for name, value in numbers)})" if numbers else "")


@dataclass(frozen=True)
class Anew(Policy):
    """Every start is drawn afresh. Made by `anew`."""

    alike: ClassVar[bool] = True

    @override
    def kept(self, before: Floats | None, ended: Floats, reduced: Mapping[str, npt.NDArray[Any]]) -> Floats:
        return np.zeros((len(ended), 0))

    def onward(self, kept: Floats, setup: Setup, index: npt.NDArray[np.int64], seed: int) -> Floats:
        """Not asked for: the next start is drawn from the distribution."""
        raise NotImplementedError

    @override
    def to_dict(self) -> dict[str, Any]:
        return {"kind": "anew"}


@dataclass(frozen=True)
class Perturbed(Policy):
    """The next start is beside where the last one ended. Made by `perturbed`."""

    std: float

    def kept(self, before: Floats | None, ended: Floats, reduced: Mapping[str, npt.NDArray[Any]]) -> Floats:
        """Where they ended; where it is not finite, where they ended before, or nowhere."""
        finite = np.isfinite(ended).all(axis=1, keepdims=True)
        return np.where(finite, ended, np.full_like(ended, np.nan) if before is None else before)

    def onward(self, kept: Floats, setup: Setup, index: npt.NDArray[np.int64], seed: int) -> Floats:
        """That place and normal noise, within the projection."""
        from scipy.special import ndtri

        moved = kept + self.std * ndtri(uniforms(index, kept.shape[1], seed))
        with jax.enable_x64(True):
            return np.asarray(jax.vmap(setup.projection.project)(moved), np.float64)

    @override
    def to_dict(self) -> dict[str, Any]:
        return {"kind": "perturbed", "std": self.std}


@dataclass(frozen=True)
class Checkpoint(Policy):
    """The next start is the first one's place after some updates. Made by `from_checkpoint`."""

    step: int

    @property
    def begin(self) -> int:  # type: ignore[override]
        """The step of the checkpoint: step sizes and schedules go on from there."""
        return self.step

    @property
    def along(self) -> tuple[Any, ...]:  # type: ignore[override]
        """The place after so many updates."""
        return (reducers.path_at([self.step], "parameters").renamed("checkpoint"),)

    def checked(self, case: Case) -> Self:
        """The policy itself.

        Raises:
            InputError: for updates without noise, which go the same way again, and a checkpoint at the end or later.
        """
        if case.exact:
            raise InputError(
                "from a checkpoint exact updates go the same way again; use an estimator with noise, such as "
                "sampled(batch=384), or the policy perturbed(std=…)"
            )
        if self.step >= case.steps:
            raise InputError(f"the checkpoint is at step {self.step}; of {case.steps} updates none is left")
        return self

    def kept(self, before: Floats | None, ended: Floats, reduced: Mapping[str, npt.NDArray[Any]]) -> Floats:
        """The checkpoint of the first start, whatever became of the later ones."""
        return reduced["checkpoint"][:, 0].astype(np.float64) if before is None else before

    def onward(self, kept: Floats, setup: Setup, index: npt.NDArray[np.int64], seed: int) -> Floats:
        """The checkpoint; what is random is what follows."""
        return kept

    @override
    def to_dict(self) -> dict[str, Any]:
        return {"kind": "from_checkpoint", "step": self.step}


@public()
def anew() -> Anew:
    """After a start that failed a run starts anew: every start is drawn from the distribution.

    >>> str(anew())
    'anew'
    """
    return Anew()


@public()
def perturbed(std: float) -> Perturbed:
    """After a start that failed a run goes on from where it ended, with `N(0, std²)` added to every parameter.

    What comes out is projected as updates are. Steps are counted anew, and with them step sizes and what a rule
    remembers. A run that diverged goes on from where it ended the time before; one that did so at first has nowhere to
    go, and its other starts fail.

    Args:
        std: standard deviation, above 0, in units of the parameters.

    >>> str(perturbed(0.5))
    'perturbed(std=0.5)'

    Raises `InputError` for a standard deviation that is not above 0.
    """
    return Perturbed(finite_number(std, "std", low=0.0, low_open=True))


@public()
def from_checkpoint(step: int) -> Checkpoint:
    """After a start that failed a run goes back to where its first start was after some updates.

    It goes on from there with fresh random numbers, to the same last step. What a rule remembers begins anew there. Of
    a run that had diverged by then all other starts fail.

    Args:
        step: updates made at the checkpoint, 0 for the start itself; fewer than a start has.

    >>> str(from_checkpoint(20))
    'from_checkpoint(step=20)'

    Raises `InputError` for what is no number of updates.
    """
    return Checkpoint(positive_integer(step, "step", at_least=0))


def checked_policy(policy: Any, case: Case) -> Policy:
    """The policy itself, `anew()` for None, or an error that says what was given instead."""
    if policy is None:
        return anew()
    if not hasattr(policy, "onward"):
        raise InputError(f"expected a policy such as anew(), perturbed(std=0.5) or from_checkpoint(20); got {policy!r}")
    if is_hosted(case.rule) and not policy.alike:
        raise InputError(f"{case.rule.name} are hosted players, who can only start anew")
    made: Policy = policy.checked(case)
    return made


def kept_places(
    policy: Policy, places: Floats | None, pending: npt.NDArray[np.int64], endings: Endings
) -> Floats | None:
    """Where all runs go on from, `[runs, d]`, after a wave of the pending ones, which has their starts first.

    None where they start anew; NaN where a run has nowhere to go.
    """
    if policy.alike:
        return None
    count = len(pending)
    ended, reduced = endings.theta[:count].astype(np.float64), {k: own[:count] for k, own in endings.reduced.items()}
    if places is None:  # the first wave is of all runs
        return policy.kept(None, ended, reduced)
    before, after = places[pending], places.copy()
    after[pending] = np.where(np.isnan(before), before, policy.kept(before, ended, reduced))
    return after
