"""Writes the .pth files of this folder with PyTorch 2.13: `python generate.py` (needs torch and numpy; tests do not).

Every tensor counts: its elements are 0, 1, 2, ... in the order of its shape, bools 0, 1, 0, 1, ...
"""
import collections
import io
import pathlib
import zipfile

import numpy
import torch

FOLDER = pathlib.Path(__file__).parent
PICKLES = FOLDER.parents[1] / 'fuzz/pickles'
TYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e5m2, torch.float8_e4m3fn,
         torch.complex128, torch.complex64, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint64,
         torch.uint32, torch.uint16, torch.uint8, torch.bool]


def count(shape, dtype=torch.float32):
    values = torch.arange(int(numpy.prod(shape))).reshape(shape)
    return (values % 2 if dtype == torch.bool else values).to(dtype)


def types():
    return {str(dtype).removeprefix('torch.'): count([2, 3], dtype) for dtype in TYPES}


def views():
    """Each of them counts, seen through its own strides."""
    transposed = torch.empty(3, 2)
    transposed.t().copy_(count([2, 3]))
    line = torch.cat([torch.full([4], -1.0), count([6]), torch.full([4], -1.0)])
    every_second = torch.full([12], -1.0)
    every_second[::2] = count([6])
    shared = count([24])
    return {'transposed': transposed.t(), 'inside': line[4:10], 'every_second': every_second[::2],
            'channels_last': count([2, 3, 2, 2]).contiguous(memory_format=torch.channels_last),
            'whole': shared, 'first_half': shared[:12].view(3, 4), 'scalar': torch.tensor(0.0), 'empty': torch.zeros(0, 3),
            'repeated': torch.zeros(1).expand(4)}


class Config(dict):
    """What no reader of a checkpoint knows."""


def mmcv():
    state = collections.OrderedDict([('module.backbone.conv1.weight', count([2, 3])),
                                     ('module.backbone.bn1.num_batches_tracked', torch.tensor(0)),
                                     ('module.decode_head.conv_seg.bias', torch.nn.Parameter(count([4])))])
    state._metadata = {'': {'version': 1}}
    config = Config(model=dict(type='EncoderDecoder'))
    config.path = pathlib.PurePosixPath('configs')
    return {'meta': {'epoch': 3, 'iter': 160000, 'CLASSES': ('wall', 'building'), 'config': config,
                     'mIoU': numpy.float64(0.5), 'palette': numpy.zeros([2, 3], numpy.uint8), 'lr': 0.01},
            'state_dict': state, 'optimizer': {'state': {0: {'momentum_buffer': torch.ones(5)}}, 'param_groups': []}}


def sssegmentation():
    return {'cur_epoch': 2, 'model': collections.OrderedDict([('backbone_net.conv1.weight', count([2, 3]))]),
            'model_ema': {'backbone_net.conv1.weight': count([2, 3]) + 1},
            'optimizer': {'state': {}, 'param_groups': [{'lr': 0.1}]}}


def big_endian(value):
    """The same in the other byte order, as a big-endian machine would write it."""
    plain = io.BytesIO()
    torch.save(value, plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(FOLDER / 'zip_big_endian.pth', 'w') as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith('/byteorder'):
                data = b'big'
            if '/data/' in entry.filename:
                data = numpy.frombuffer(data, numpy.float32).byteswap().tobytes()
            target.writestr(zipfile.ZipInfo(entry.filename), data)


def main():
    for name, value in [('types', types()), ('views', views()), ('mmcv', mmcv()), ('sssegmentation', sssegmentation())]:
        torch.save(value, FOLDER / f'zip_{name}.pth')
        torch.save(value, FOLDER / f'legacy_{name}.pth', _use_new_zipfile_serialization=False)
        with zipfile.ZipFile(FOLDER / f'zip_{name}.pth') as archive:
            (PICKLES / f'{name}.pkl').write_bytes(archive.read(f'zip_{name}/data.pkl'))
    torch.save(types(), FOLDER / 'zip_protocol_5.pth', pickle_protocol=5)
    torch.serialization.set_crc32_options(False)
    torch.save({'float32': count([2, 3])}, FOLDER / 'zip_no_check_sums.pth')
    torch.serialization.set_crc32_options(True)
    big_endian({'float32': count([2, 3])})
    torch.save(torch.nn.Sequential(torch.nn.Linear(2, 2)), FOLDER / 'zip_whole_module.pth')


if __name__ == '__main__':
    main()
