"""save_as_others.py SOURCE FOLDER: loads a state dict and saves it as training programs do, a file each in FOLDER."""
import collections
import json
import pathlib
import struct
import sys
import types

import numpy
import torch


class HistoryBuffer:
    """As mmengine's, whose pickles name the class' own functions."""

    def __init__(self):
        self._log_history = numpy.arange(3.0)
        self._statistics_methods = collections.OrderedDict(min=HistoryBuffer.min, mean=HistoryBuffer.mean)

    def min(self):
        return self._log_history.min()

    def mean(self):
        return self._log_history.mean()


def module(name, **members):
    """Makes the class' pickles name a module that the reader does not have."""
    for end in [i for i, letter in enumerate(name + '.') if letter == '.']:
        sys.modules[name[:end]] = types.ModuleType(name[:end])
    for key, value in members.items():
        value.__module__ = name
        setattr(sys.modules[name], key, value)


def prefixed(state, prefix):
    return collections.OrderedDict((prefix + key, value) for key, value in state.items())


def averaged(state):
    return collections.OrderedDict([('n_averaged', torch.tensor(7)), *prefixed(state, 'module.').items()])


def mmengine(state):
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.SGD([parameter], lr=0.1, momentum=0.9)
    parameter.sum().backward()
    optimizer.step()
    return {'meta': {'epoch': 3, 'cfg': 'model = dict()', 'mIoU': numpy.float64(0.5), 'palette': numpy.zeros([2, 3], numpy.uint8),
                     'dataset_meta': {'classes': ('wall', 'building')}, 'none': type(None)},
            'state_dict': state, 'optimizer': optimizer.state_dict(),
            'message_hub': {'log_scalars': collections.OrderedDict({'train/loss': HistoryBuffer()}),
                            'runtime_info': collections.OrderedDict(iter=numpy.int64(40)), 'resumed_keys': {}}}


def lightning(state):
    return {'epoch': 1, 'global_step': 2, 'pytorch-lightning_version': '2.4.0', 'state_dict': prefixed(state, 'model.'),
            'hyper_parameters': {'path': pathlib.PurePosixPath('data'), 'of': types.SimpleNamespace(rate=0.1)},
            'callbacks': {'ModelCheckpoint': {'best_model_score': torch.tensor(0.5)}}}


def save_safetensors(state, path):
    """float32 and int64 are all that the state has."""
    header, data = {}, b''
    for name, tensor in state.items():
        raw = tensor.contiguous().numpy().tobytes()
        kind = {'torch.float32': 'F32', 'torch.int64': 'I64'}[str(tensor.dtype)]
        header[name] = {'dtype': kind, 'shape': list(tensor.shape), 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack('<Q', len(text)) + text + data)


def main():
    state = torch.load(sys.argv[1], weights_only=True)
    folder = pathlib.Path(sys.argv[2])
    module('mmengine.logging.history_buffer', HistoryBuffer=HistoryBuffer)
    torch.save(mmengine(state), folder / 'mmengine.pth')
    torch.save(mmengine(state), folder / 'mmengine_legacy.pth', _use_new_zipfile_serialization=False)
    torch.save(mmengine(state), folder / 'mmengine_4.pth', pickle_protocol=4)
    torch.save(lightning(state), folder / 'lightning.ckpt')
    average = torch.optim.swa_utils.AveragedModel(torch.nn.Linear(2, 2)).state_dict()
    assert list(averaged({'weight': 0, 'bias': 0})) == list(average), list(average)
    torch.save({'model': averaged(state)}, folder / 'averaged.pth')
    torch.save(prefixed(state, '_orig_mod.module.'), folder / 'compiled.pth')
    save_safetensors(averaged(state), folder / 'averaged.safetensors')
    save_safetensors(prefixed(state, 'module._orig_mod.'), folder / 'parallel.safetensors')
    print(len(state), 'tensors')


if __name__ == '__main__':
    main()
