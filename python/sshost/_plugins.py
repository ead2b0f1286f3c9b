"""The plugins that are found."""

import json
from typing import Iterable, NamedTuple, Tuple, Union

from ._library import native
from ._words import PathLike, paths_of


class Component(NamedTuple):
    """What a pipeline can name after `type:`."""

    kind: str
    """"backbone", "head", "memory", "dataset", "transform" or "loss"."""
    type: str
    text: str
    """What it is, in a line."""
    plugin: str
    version: str
    file: str


class RefusedLibrary(NamedTuple):
    """A library that lies where plugins lie and is not used."""

    file: str
    reason: str


class Plugins(NamedTuple):
    """Components by kind and name, and what was refused."""

    components: Tuple[Component, ...]
    refused: Tuple[RefusedLibrary, ...]


def plugins(paths: Union[PathLike, Iterable[PathLike]] = ()) -> Plugins:
    """As `sshost plugins list`: those installed, those of SSHOST_PLUGIN_PATH, and at `paths` (libraries, and folders)."""
    found = json.loads(native.plugins(paths_of(paths)))
    return Plugins(
        tuple(Component(**component) for component in found["components"]),
        tuple(RefusedLibrary(**library) for library in found["refused"]),
    )
