"""sshost: semantic segmentation. Opens models and segments images, runs, evaluates and checks pipelines.

    model = sshost.load("model.safetensors")
    mask = model(image)                # NumPy in, NumPy out; a torch tensor in, a torch tensor out
    picture = model.colors[mask]

    result = sshost.run("pipeline.yaml", set={"train.steps": 1000})
    print(result.folder, result.mean_iou)

All of it is what the command `sshost` does, to the same numbers. docs/python.md tells more.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._errors import Cancelled, Error, Place, UsageError
    from ._jobs import evaluate, import_weights, run, validate
    from ._model import Model, load
    from ._native import Cancel
    from ._plugins import Component, Plugins, RefusedLibrary, plugins
    from ._progress import Progress
    from ._result import Result

# Loaded when they are first asked for: the command `sshost` asks for none, and so waits for no torch.
_HOMES = {
    "_errors": ("Cancelled", "Error", "Place", "UsageError"),
    "_jobs": ("evaluate", "import_weights", "run", "validate"),
    "_library": ("Cancel", "__version__"),
    "_model": ("Model", "load"),
    "_plugins": ("Component", "Plugins", "RefusedLibrary", "plugins"),
    "_progress": ("Progress",),
    "_result": ("Result",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__version__: str

cmake_prefix_path = str(Path(__file__).resolve().parent)
"""For CMAKE_PREFIX_PATH: find_package(sshost) gives the plugin SDK and libsshost of this package."""

__all__ = [
    "Cancel",
    "Cancelled",
    "Component",
    "Error",
    "Model",
    "Place",
    "Plugins",
    "Progress",
    "RefusedLibrary",
    "Result",
    "UsageError",
    "cmake_prefix_path",
    "evaluate",
    "import_weights",
    "load",
    "plugins",
    "run",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> "list[str]":
    return sorted({*globals(), *__all__})
