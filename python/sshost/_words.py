"""What a person passes, as the library takes it."""

import json
import os
from typing import Any, Iterable, List, Mapping, Optional, Union

PathLike = Union[str, "os.PathLike[str]"]


def _value_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        return json.dumps(os.fspath(value), ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "tolist"):  # a number or an array of NumPy's
        return value.tolist()
    raise TypeError(f"expected numbers, texts, lists and maps, found {type(value).__name__}")


def overrides_of(values: Optional[Mapping[str, Any]]) -> List[str]:
    """Each as the command's --set has it."""
    return [f"{key}={_value_text(value)}" for key, value in (values or {}).items()]


def paths_of(paths: Union[PathLike, Iterable[PathLike]]) -> List[str]:
    """One path, or several."""
    if isinstance(paths, (str, os.PathLike)):
        return [os.fspath(paths)]
    return [os.fspath(path) for path in paths]
