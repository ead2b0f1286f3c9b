"""The networks that are compared, stated plainly in torch.nn; names of weights are those of sssegmentation's checkpoints.

Each takes uint8 RGB [N, H, W, 3] and returns its logits at the image's size, [N, classes, H, W]: normalising and resizing
belong to what a user wants done.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

CLASSES = 150


def conv(inputs, outputs, kernel=3, dilation=1, stride=1):
    padding = dilation * (kernel // 2)
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False)


def conv_bn_relu(inputs, outputs, kernel=3, dilation=1):
    return nn.Sequential(conv(inputs, outputs, kernel, dilation), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def resized(x, like):
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride, dilation):
        super().__init__()
        self.conv1, self.bn1 = conv(inputs, width, 1), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3, dilation, stride), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = conv(width, 4 * width, 1), nn.BatchNorm2d(4 * width)
        self.downsample = None
        if stride > 1 or inputs != 4 * width:
            self.downsample = nn.Sequential(conv(inputs, 4 * width, 1, 1, stride), nn.BatchNorm2d(4 * width))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)), inplace=True)


class ResNet50(nn.Module):
    """Deep stem, output stride 8, the first block of a dilated stage with half of its dilation."""

    def __init__(self):
        super().__init__()
        layers = []
        for inputs, outputs, stride in ((3, 32, 2), (32, 32, 1), (32, 64, 1)):
            layers += [conv(inputs, outputs, 3, 1, stride), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
        self.stem = nn.Sequential(*layers)
        self.layer1 = self.stage(64, 64, 3, 1, 1)
        self.layer2 = self.stage(256, 128, 4, 2, 1)
        self.layer3 = self.stage(512, 256, 6, 1, 2)
        self.layer4 = self.stage(1024, 512, 3, 1, 4)

    @staticmethod
    def stage(inputs, width, blocks, stride, dilation):
        first = Bottleneck(inputs, width, stride, max(1, dilation // 2))
        return nn.Sequential(first, *(Bottleneck(4 * width, width, 1, dilation) for _ in range(blocks - 1)))

    def forward(self, x):
        x = F.max_pool2d(self.stem(x), 3, 2, 1)
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class Pool(nn.Module):
    """nn.AdaptiveAvgPool2d as two products, which every exporter understands for sizes that do not divide each other."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def means(self, length):
        rows = torch.zeros(self.size, length)
        for i in range(self.size):
            first, last = i * length // self.size, -(-(i + 1) * length // self.size)
            rows[i, first:last] = 1 / (last - first)
        return rows

    def forward(self, x):
        return self.means(x.shape[2]) @ x @ self.means(x.shape[3]).T


class Aspp(nn.Module):
    def __init__(self, inputs=2048, width=512, dilations=(1, 12, 24, 36)):
        super().__init__()
        kernels = [1 if d == 1 else 3 for d in dilations]
        self.parallel_branches = nn.ModuleList(conv_bn_relu(inputs, width, k, d) for k, d in zip(kernels, dilations))
        self.global_branch = nn.Sequential(Pool(1), *conv_bn_relu(inputs, width, 1))
        self.bottleneck = conv_bn_relu(width * (len(dilations) + 1), width)

    def forward(self, x):
        parts = [branch(x) for branch in self.parallel_branches]
        return self.bottleneck(torch.cat([*parts, resized(self.global_branch(x), x)], 1))


class Ppm(nn.Module):
    def __init__(self, inputs=2048, width=512, scales=(1, 2, 3, 6)):
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Sequential(Pool(scale), *conv_bn_relu(inputs, width, 1)) for scale in scales)
        self.bottleneck = conv_bn_relu(inputs + width * len(scales), width)

    def forward(self, x):
        return self.bottleneck(torch.cat([x, *(resized(branch(x), x) for branch in self.branches)], 1))


class Attention(nn.Module):
    def __init__(self, channels=512, width=256):
        super().__init__()
        self.query_project = nn.Sequential(conv_bn_relu(channels, width, 1), conv_bn_relu(width, width, 1))
        self.key_project = nn.Sequential(conv_bn_relu(channels, width, 1), conv_bn_relu(width, width, 1))
        self.value_project = conv_bn_relu(channels, width, 1)
        self.out_project = conv_bn_relu(width, channels, 1)
        self.scale = width ** -0.5

    def forward(self, queries, keys):
        query = self.query_project(queries).flatten(2).transpose(1, 2)
        key = self.key_project(keys).flatten(2)
        value = self.value_project(keys).flatten(2).transpose(1, 2)
        context = torch.softmax(query @ key * self.scale, -1) @ value
        return self.out_project(context.transpose(1, 2).unflatten(2, queries.shape[2:]))


class MemoryModule(nn.Module):
    def __init__(self, width=512):
        super().__init__()
        self.memory = nn.Parameter(torch.zeros(CLASSES, 1, width), requires_grad=False)
        self.self_attention = Attention(width)
        self.bottleneck = conv_bn_relu(2 * width, width)
        self.self_attention_ms = Attention(width)
        self.bottleneck_ms = conv_bn_relu(2 * width, width)

    def forward(self, features, logits, context):
        weights = torch.softmax(logits, 1).flatten(2).transpose(1, 2)
        stored = (weights @ self.memory[:, 0]).transpose(1, 2).unflatten(2, features.shape[2:])
        output = self.bottleneck(torch.cat([features, self.self_attention(features, stored)], 1))
        context = self.self_attention_ms(features, context)
        return self.bottleneck_ms(torch.cat([context, output], 1))


def classifier(inputs, width=512):
    return nn.Sequential(*conv_bn_relu(inputs, width, 1), nn.Dropout2d(0.1), nn.Conv2d(width, CLASSES, 1))


class Segmentor(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([123.675, 116.28, 103.53]).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor([58.395, 57.12, 57.375]).view(1, 3, 1, 1), persistent=False)
        self.backbone_net = ResNet50()

    def forward(self, pixels):
        images = (pixels.permute(0, 3, 1, 2).float() - self.mean) / self.deviation
        return resized(self.logits(self.backbone_net(images)), images)


class DeepLabV3(Segmentor):
    def __init__(self):
        super().__init__()
        self.aspp_net = Aspp()
        self.decoder = nn.Sequential(nn.Dropout2d(0.1), nn.Conv2d(512, CLASSES, 1))

    def logits(self, features):
        return self.decoder(self.aspp_net(features))


class PspNet(Segmentor):
    def __init__(self):
        super().__init__()
        self.ppm_net = Ppm()
        self.decoder = nn.Sequential(nn.Dropout2d(0.1), nn.Conv2d(512, CLASSES, 1))

    def logits(self, features):
        return self.decoder(self.ppm_net(features))


class Mcibi(Segmentor):
    def __init__(self):
        super().__init__()
        self.context_within_image_module = Aspp()
        self.bottleneck = conv_bn_relu(2048, 512)
        self.memory_module = MemoryModule()
        self.decoder_stage1 = classifier(512)
        self.decoder_stage2 = classifier(512)

    def logits(self, features):
        representation = self.bottleneck(features)
        coarse = self.decoder_stage1(representation)
        context = self.context_within_image_module(features)
        return self.decoder_stage2(self.memory_module(representation, coarse, context))


# name -> (network, the recipe in configs/ that is the same)
NETWORKS = {
    "deeplabv3": (DeepLabV3, "deeplabv3/deeplabv3_resnet50os8_ade20k.yaml"),
    "pspnet": (PspNet, "pspnet/pspnet_resnet50os8_ade20k.yaml"),
    "mcibi": (Mcibi, "mcibi/mcibi_deeplabv3_resnet50os8_ade20k.yaml"),
}


def make(name):
    """The network with weights that depend on nothing but its name, of a size that keeps activations near 1."""
    torch.manual_seed(0)
    network = NETWORKS[name][0]().eval()
    for key, value in network.state_dict().items():
        if key.endswith("running_mean"):
            value.normal_(0, 0.1)
        elif key.endswith("running_var"):
            value.uniform_(0.5, 1.5)
        elif key.endswith(".memory"):
            value.normal_(0, 1)
        elif value.dim() == 4:
            value.normal_(0, math.sqrt(2 / value[0].numel()))
        elif key.endswith("bn3.weight"):
            value.fill_(0.3)  # sixteen blocks add up
    return network
