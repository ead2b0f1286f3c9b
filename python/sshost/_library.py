"""The library, behind torch: it is linked to LibTorch, which comes with the torch that is installed.

torch is imported first, so that its libraries are in the process, wherever it lies, and the same for both.
"""

import torch

if not torch.__version__.startswith("2.13."):
    raise ImportError(
        f"sshost is built for torch 2.13, found torch {torch.__version__}: pip install 'torch==2.13.*'",
        name="torch",
    )

from . import _native as native  # noqa: E402
from ._native import Cancel  # noqa: E402

__version__ = native.version()

__all__ = ["Cancel", "__version__", "native"]
