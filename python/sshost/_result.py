"""What a run, an evaluation, a validation or an import gave."""

import json
from typing import Any, Dict, Mapping, Optional, Tuple


class Result(Mapping[str, Any]):
    """A mapping: all of it, as the command prints it by --json, of an evaluation a line of metrics.jsonl."""

    def __init__(self, native: Tuple[str, str, str, str, int, bool]) -> None:
        text, state, folder, checkpoint, self._step, self._finished = native
        self._values: Dict[str, Any] = json.loads(text)
        self._state, self._folder, self._checkpoint = state or None, folder or None, checkpoint or None

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"sshost.Result({self._values!r})"

    @property
    def finished(self) -> bool:
        """False of a run that was cancelled and has saved where it was."""
        return self._finished

    @property
    def state(self) -> Optional[str]:
        """Of a run: "Finished", or how else it ended."""
        return self._state

    @property
    def folder(self) -> Optional[str]:
        """Of a run, absolute."""
        return self._folder

    @property
    def checkpoint(self) -> Optional[str]:
        """The newest of a run; what was imported."""
        return self._checkpoint

    @property
    def step(self) -> int:
        """Of a run: steps that its model has seen; else 0."""
        return self._step

    @property
    def scores(self) -> Optional[Mapping[str, Any]]:
        """Of an evaluation, or of a run's last one; None where nothing was evaluated."""
        scores = self._values.get("scores", self._values if "mean_iou" in self._values else None)
        return scores

    @property
    def mean_iou(self) -> Optional[float]:
        """From 0 to 1; None where it is not defined."""
        scores = self.scores
        return None if scores is None else scores.get("mean_iou")

    @property
    def class_iou(self) -> Dict[str, Optional[float]]:
        """The IoU by class; None of a class that neither labels nor predictions hold."""
        classes = (self.scores or {}).get("classes", [])
        return {entry["name"]: entry.get("iou") for entry in classes}
