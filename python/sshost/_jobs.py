"""Whole jobs, as the command does them."""

from typing import Any, Iterable, Mapping, Optional, Union

from ._library import Cancel, native
from ._model import Model, load
from ._progress import ProgressArgument, told
from ._result import Result
from ._words import PathLike, overrides_of, paths_of

Plugins = Union[PathLike, Iterable[PathLike]]
Overrides = Optional[Mapping[str, Any]]


def run(
    path: PathLike,
    *,
    set: Overrides = None,
    plugins: Plugins = (),
    threads: int = 0,
    progress: ProgressArgument = True,
    cancel: Optional[Cancel] = None,
) -> Result:
    """Does what `sshost run` does with a pipeline (.yaml), a checkpoint or a run's folder: trains, evaluates, predicts.

    set: keys of the pipeline with other values: {"train.steps": 1000, "model.head": {"type": "psp"}}. A text means what
        it means after --set (YAML), other values mean themselves. "output" names the run's folder.
    progress: a function that is told a Progress after each step and image; True: a bar, in a notebook or a terminal.
        What it raises ends the run, as Ctrl-C does.
    cancel: ends the run early, from another thread; the result is not `finished` then.

    However it is ended early, the run saves where it is: with set={"train.resume": True, "output": <its folder>} it goes
    on to the same bytes.
    """
    (name,) = paths_of(path)
    with told(progress) as tell:
        return Result(
            native.run(name, overrides_of(set), paths_of(plugins), threads, tell, cancel or Cancel())
        )


def evaluate(
    model: Union[Model, PathLike],
    split: Optional[str] = None,
    *,
    set: Overrides = None,
    plugins: Plugins = (),
    threads: int = 0,
    progress: ProgressArgument = True,
    cancel: Optional[Cancel] = None,
) -> Result:
    """Scores a model, open or at a path, on a split of its pipeline's data set. What is open takes no other options."""
    if isinstance(model, Model):
        if set or plugins or threads:
            raise ValueError("set, plugins and threads are for sshost.load: this model is open")
        return model.evaluate(split, progress=progress, cancel=cancel)
    opened = load(model, set=set, plugins=plugins, threads=threads)
    return opened.evaluate(split, progress=progress, cancel=cancel)


def validate(path: PathLike, *, set: Overrides = None, plugins: Plugins = ()) -> Result:
    """Checks a pipeline, everything short of running it. Raises UsageError with the places of all mistakes."""
    (name,) = paths_of(path)
    return Result(native.validate(name, overrides_of(set), paths_of(plugins)))


def import_weights(
    pipeline: PathLike,
    weights: PathLike,
    target: PathLike,
    *,
    component: Optional[str] = None,
    format: Optional[str] = None,
    part: Optional[str] = None,
    prefix: Optional[str] = None,
    classes: int = 0,
    skip_classifier: bool = False,
    adapt_input: bool = False,
    set: Overrides = None,
    plugins: Plugins = (),
) -> Result:
    """Reads other people's weights (.pth, .safetensors) for a pipeline, and writes a checkpoint, `target`.

    component: "backbone", "head", "memory", "auxiliary.0": they are of it alone; None: of the whole model.
    format: whose names the file uses; None: those that match best.
    part: of several state dicts in the file, the key of the one to read.
    prefix: only names that begin so, without it, as "student.".
    classes: that the model tells apart; 0: those of the pipeline's data set.
    skip_classifier: what is for other classes is left out, and keeps its initial values.
    adapt_input: a first convolution over RGB is fitted to the pipeline's channels.

    The result tells what became of every tensor.
    """
    (name,), (source,), (goal,) = paths_of(pipeline), paths_of(weights), paths_of(target)
    return Result(
        native.import_weights(
            name,
            overrides_of(set),
            paths_of(plugins),
            source,
            goal,
            component,
            format,
            part,
            prefix,
            classes,
            skip_classifier,
            adapt_input,
        )
    )
