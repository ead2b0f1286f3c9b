"""How far work is: told to a function, or shown as a bar in a notebook or a terminal."""

import math
from contextlib import contextmanager
from typing import Any, Callable, Iterator, NamedTuple, Optional, Union


class Progress(NamedTuple):
    """How far a run or an evaluation is."""

    phase: str
    """"training", "evaluating" or "predicting"."""
    step: int
    """Done so far in this phase: optimiser steps of the whole training, or images."""
    steps: int
    """Of all."""
    loss: Optional[float]
    """Of the step, all terms; None where nothing is trained."""
    learning_rate: Optional[float]
    epoch: Optional[int]
    """From 1 on; None where nothing is trained."""
    epochs: Optional[int]
    seconds: float
    """Of the step; of an evaluation, since it began."""


ProgressArgument = Union[bool, Callable[[Progress], Any]]
_PHASES = ("training", "evaluating", "predicting")


def _number(value: float) -> Optional[float]:
    return None if math.isnan(value) else value


def _progress_of(
    phase: int, step: int, steps: int, loss: float, rate: float, epoch: int, epochs: int, seconds: float
) -> Progress:
    word = _PHASES[phase]
    trains = word == "training"
    return Progress(
        word,
        step,
        steps,
        _number(loss),
        _number(rate),
        epoch if trains else None,
        epochs if trains else None,
        seconds,
    )


class _Bars:
    """One bar after the other, a phase each; none where nobody looks: not in a notebook, and no terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._phase = ""

    def __call__(self, now: Progress) -> None:
        if self._bar is None or now.phase != self._phase or now.step < self._bar.n:
            self._begin(now)
        if now.loss is not None:
            self._bar.set_postfix(loss=f"{now.loss:.4f}", refresh=False)
        self._bar.update(now.step - self._bar.n)

    def _begin(self, now: Progress) -> None:
        from tqdm.auto import tqdm

        self.close()
        self._phase = now.phase
        self._bar = tqdm(total=now.steps, desc=now.phase, disable=None, unit="step" if now.loss is not None else "image")

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


@contextmanager
def told(progress: ProgressArgument) -> Iterator[Optional[Callable[..., None]]]:
    """What the library calls while the work goes on."""
    if callable(progress):
        yield lambda *values: progress(_progress_of(*values))
        return
    if not progress:
        yield None
        return
    bars = _Bars()
    try:
        yield lambda *values: bars(_progress_of(*values))
    finally:
        bars.close()
