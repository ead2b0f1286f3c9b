from typing import Any, Callable, List, Optional, Tuple

_Result = Tuple[str, str, str, str, int, bool]
_Tell = Optional[Callable[..., None]]

class Cancel:
    """Asks for a run or an evaluation to be left early, from any thread; one object may serve several."""

    def __init__(self) -> None: ...
    def request(self) -> None:
        """From now on work that was given this object stops at the next step or image."""

    def reset(self) -> None:
        """Takes the request back, so that the object can be used again."""

class OpenModel:
    def __init__(self, path: str, overrides: List[str], plugins: List[str], threads: int) -> None: ...
    def predict(self, pixels: Any, channels_first: bool, is_bgr: bool, values: int, as_tensor: bool) -> Any: ...
    def evaluate(self, split: str, progress: _Tell, cancel: Cancel) -> _Result: ...
    @property
    def classes(self) -> List[str]: ...
    @property
    def colors(self) -> List[int]: ...
    @property
    def pipeline(self) -> str: ...

def lies_as_the_library_reads_it(pixels: Any, channels_first: bool, is_bgr: bool) -> bool: ...
def run(
    path: str, overrides: List[str], plugins: List[str], threads: int, progress: _Tell, cancel: Cancel
) -> _Result: ...
def validate(path: str, overrides: List[str], plugins: List[str]) -> _Result: ...
def import_weights(
    path: str,
    overrides: List[str],
    plugins: List[str],
    weights: str,
    target: str,
    component: Optional[str],
    format: Optional[str],
    part: Optional[str],
    prefix: Optional[str],
    classes: int,
    skip_classifier: bool,
    adapt_input: bool,
) -> _Result: ...
def plugins(plugins: List[str]) -> str: ...
def version() -> str: ...
