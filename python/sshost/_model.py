"""Models that are open."""

from typing import Any, Iterable, Mapping, NoReturn, Optional, Tuple, Union

import numpy as np
import torch

from ._library import Cancel, native
from ._progress import ProgressArgument, told
from ._result import Result
from ._words import PathLike, overrides_of, paths_of

_MOST_CLASSES_OF_U8 = 256
_VALUES = {"probabilities": 2, "logits": 3}


def _is_channels_first(image: Any, layout: Optional[str]) -> bool:
    """By `layout`, or else by where 1, 3 or 4 stands: at the end, or in front."""
    if layout is not None:
        if layout not in ("hwc", "chw"):
            raise ValueError(f"layout: expected 'hwc' or 'chw', found {layout!r}")
        return layout == "chw"
    shape = image.shape
    return len(shape) == 3 and shape[2] not in (1, 3, 4) and shape[0] in (1, 3, 4)


def _is_bgr(order: str) -> bool:
    if order not in ("rgb", "bgr"):
        raise ValueError(f"order: expected 'rgb' or 'bgr', found {order!r}")
    return order == "bgr"


class Model:
    """A model with its weights. Made by `load`. Several threads may call it at a time, and run beside each other."""

    def __init__(self, opened: "native.OpenModel", path: str) -> None:
        self._opened = opened
        self._path = path
        self._classes = tuple(opened.classes)
        packed = np.array(opened.colors, dtype=np.uint32)
        self._colors = np.stack([packed >> 16, packed >> 8, packed], axis=1).astype(np.uint8)
        self._colors.flags.writeable = False

    @property
    def classes(self) -> Tuple[str, ...]:
        """Their names; what a mask holds are indices of this."""
        return self._classes

    @property
    def colors(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        """[classes, 3], RGB: `model.colors[mask]` is a picture of a mask."""
        return self._colors

    @property
    def pipeline(self) -> str:
        """With every value that it has, as YAML."""
        return self._opened.pipeline

    def __call__(
        self, image: Any, output: str = "mask", *, layout: Optional[str] = None, order: str = "rgb"
    ) -> Any:
        """Segments an image: uint8, upright, not normalised; the model's own transforms do that.

        image: a NumPy array, a torch tensor on the CPU, or whatever else speaks DLPack: grey [height, width], or with 1,
            3 or 4 channels [height, width, channels] or [channels, height, width]. It is read where it lies where
            pixels or planes follow each other, with any distance between rows; other strides are copied first.
        output: "mask": [height, width], uint8 (int32 from 257 classes on), the class of each pixel, as `sshost predict`
            writes it. "probabilities": float32 [classes, height, width], adding up to 1. "logits": the same shape,
            what the arg max is taken of; probabilities where the pipeline averages them (evaluate.average).
        layout: "hwc" or "chw"; None: by which end of the shape is 1, 3 or 4, the last one first.
        order: of the channels, "rgb" or "bgr" (as OpenCV has it); a fourth is alpha, which is ignored.

        Gives a torch tensor for a torch tensor, else a NumPy array.
        """
        if output != "mask" and output not in _VALUES:
            raise ValueError(f"output: expected 'mask', 'probabilities' or 'logits', found {output!r}")
        if not hasattr(image, "shape"):
            raise TypeError(f"image: expected a NumPy array or a torch tensor, found {type(image).__name__}")
        mask_values = 0 if len(self._classes) <= _MOST_CLASSES_OF_U8 else 1
        return self._opened.predict(
            image,
            _is_channels_first(image, layout),
            _is_bgr(order),
            _VALUES.get(output, mask_values),
            isinstance(image, torch.Tensor),
        )

    def evaluate(
        self, split: Optional[str] = None, *, progress: ProgressArgument = True, cancel: Optional[Cancel] = None
    ) -> Result:
        """Scores the model on a split of its pipeline's data set; None: the one that the pipeline evaluates."""
        with told(progress) as tell:
            return Result(self._opened.evaluate(split or "", tell, cancel or Cancel()))

    def __repr__(self) -> str:
        return f"sshost.Model({self._path!r}, {len(self._classes)} classes)"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"an sshost.Model cannot be pickled or copied: it holds plugins and prepared weights of this process; "
            f"open it where it is needed, by sshost.load({self._path!r})"
        )


def load(
    path: PathLike,
    *,
    set: Optional[Mapping[str, Any]] = None,
    plugins: Union[PathLike, Iterable[PathLike]] = (),
    threads: int = 0,
) -> Model:
    """Opens a model: a checkpoint (.safetensors), a run's folder, or a pipeline (.yaml) that says where its weights are.

    set: keys of the pipeline with other values, as the command's --set: {"device": "cuda", "evaluate.flip": True}.
    plugins: libraries, and folders of them, beside those that are installed. They are code: name what you trust.
    threads: for one operator; 0: the pipeline's, or else torch's (torch.set_num_threads).
    """
    (name,) = paths_of(path)
    return Model(native.OpenModel(name, overrides_of(set), paths_of(plugins), threads), name)
