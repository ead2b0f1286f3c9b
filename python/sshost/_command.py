"""The command `sshost` of the wheel: the program beside this file."""

import importlib.util
import os
import sys
from pathlib import Path
from typing import Dict, NoReturn

_HERE = Path(__file__).resolve().parent


def _environment() -> Dict[str, str]:
    """The program looks for torch beside this package; where it lies elsewhere, the loader is told."""
    environment = dict(os.environ)
    torch = importlib.util.find_spec("torch")  # without importing it
    if torch is None or not torch.origin:
        sys.exit("sshost: torch is not installed: pip install 'torch==2.13.*'")
    folder = Path(torch.origin).parent
    if folder.resolve() != _HERE.parent / "torch":
        paths = [str(folder / "lib"), environment.get("LD_LIBRARY_PATH", "")]
        environment["LD_LIBRARY_PATH"] = os.pathsep.join(path for path in paths if path)
    return environment


def main() -> NoReturn:
    """Becomes the program; does not return."""
    os.execve(_HERE / "bin" / "sshost", ["sshost", *sys.argv[1:]], _environment())
