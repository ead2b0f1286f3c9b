"""Runs the same networks in several programs, interleaved, and prints a table in Markdown.

  compare.py [--networks deeplabv3,pspnet,mcibi] [--peers ...] [--threads 2] [--rounds 7] [--size 512]

Each program runs in a process of its own that lives as long as the comparison. In each round all run once, in an order
that rotates; a program's ratio is the median over the rounds of eager's seconds by its own.
"""
import argparse
import os
import statistics
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy

import networks

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PEERS = ["eager", "channels-last", "compile", "onnxruntime", "openvino", "sshost"]
# Not among those unless asked for: eager-bf16, openvino-bf16, sshost-bf16, onnxruntime-int8, openvino-int8, sshost-int8.


def prepare(name, size, folder, build, in_int8):
    """The network's weights in every form, and an image."""
    import torch
    folder.mkdir(parents=True, exist_ok=True)
    network = networks.make(name)
    image = numpy.random.default_rng(0).integers(0, 256, (1, size // 16, size // 16, 3), numpy.uint8)
    image = image.repeat(16, 1).repeat(16, 2)  # blocks of one colour: logits that are not the same everywhere
    numpy.save(folder / "image.npy", image)
    torch.save(network.state_dict(), folder / "weights.pth")
    export(network, image, folder / "network.onnx")
    recipe = ROOT / "configs" / networks.NETWORKS[name][1]
    subprocess.run([build / "bin/sshost", "weights", "import", "-q", folder / "weights.pth", "--pipeline", recipe,
                    "--set", "model.auxiliary=[]", "--classes", str(networks.CLASSES),
                    "--output", folder / "weights.safetensors"], check=True)
    if in_int8:
        quantize(folder, image)
        quantize_sshost(image, folder, build)


def quantize(folder, image):
    """The network in int8 as ONNX Runtime makes it: nodes QuantizeLinear and DequantizeLinear, which OpenVINO reads too."""
    from onnxruntime import quantization

    class Images(quantization.CalibrationDataReader):
        def __init__(self):
            self.images = iter([{"pixels": image}])

        def get_next(self):
            return next(self.images, None)

    quantization.quantize_static(folder / "network.onnx", folder / "network-int8.onnx", Images(), per_channel=True,
                                 op_types_to_quantize=["Conv", "Add", "MaxPool", "Concat", "Relu"],
                                 activation_type=quantization.QuantType.QUInt8,
                                 weight_type=quantization.QuantType.QInt8)


def write_png(path, pixels):
    """uint8 [height, width] or [height, width, 3]."""
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2 if pixels.ndim == 3 else 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
                     + chunk(b"IEND", b""))


def quantize_sshost(image, folder, build):
    """On an image that has nothing to do with the weights, which are noise: it is for the speed alone."""
    write_png(folder / "a.png", image[0])
    write_png(folder / "a_label.png", image[0, :, :, 0] % networks.CLASSES)
    classes = ", ".join(f'"{number}"' for number in range(networks.CLASSES))
    dataset = f"{{type: folder, root: {folder}, images: a.png, labels: a_label.png, classes: [{classes}]}}"
    normalize = "[{type: normalize}]"
    subprocess.run([build / "bin/sshost", "quantize", "-q", folder / "weights.safetensors",
                    "--output", folder / "weights-int8.safetensors", "--most-changed", "100",
                    "--set", f"data.dataset={dataset}", "--set", f"data.train.transforms={normalize}",
                    "--set", f"data.evaluate.transforms={normalize}"], check=True)


def export(network, image, path):
    import torch

    class WithClasses(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, pixels):
            scores = self.network(pixels)
            return scores, scores.argmax(1).to(torch.uint8)

    with torch.no_grad():
        torch.onnx.export(WithClasses().eval(), (torch.from_numpy(image),), path, dynamo=False, opset_version=17,
                          input_names=["pixels"], output_names=["scores", "classes"])


class Worker:
    def __init__(self, peer, folder, threads, build):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), SSHOST_LIBRARY=str(build / "lib/libsshost.so"))
        self.process = subprocess.Popen([sys.executable, HERE / "worker.py", peer, folder, str(threads)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.peer = peer
        self.expect("ready")
        self.seconds = []

    def read(self):
        line = self.process.stdout.readline().strip()
        if not line:
            sys.exit(f"{self.peer} ended")
        return line

    def expect(self, word):
        while self.read() != word:
            pass

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.read()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def compare(name, options):
    folder = options.folder / name
    prepare(name, options.size, folder, options.build, any(peer.endswith("int8") for peer in options.peers))
    workers = [Worker(peer, folder, options.threads, options.build) for peer in options.peers]
    for worker in workers:
        worker.ask("run")  # compiles, packs, measures
        worker.ask("run")
    for turn in range(options.rounds):
        first = turn % len(workers)
        for worker in workers[first:] + workers[:first]:
            worker.seconds.append(float(worker.ask("run")))
    memory = [float(worker.ask("memory")) for worker in workers]
    for worker in workers:
        worker.ask(f"answer {folder / worker.peer}.npy")
        worker.end()
    expected = numpy.load(folder / f"{options.peers[0]}.npy")
    return [row(worker, workers[0], megabytes, expected, folder) for worker, megabytes in zip(workers, memory)]


def row(worker, first, megabytes, expected, folder):
    found = numpy.load(folder / f"{worker.peer}.npy")
    error = numpy.abs(found - expected).max() / numpy.abs(expected).max()
    same = (found.argmax(1) == expected.argmax(1)).mean()
    ratio = statistics.median(a / b for a, b in zip(first.seconds, worker.seconds))
    seconds = statistics.median(worker.seconds)
    return f"| {worker.peer} | {seconds:.3f} | {ratio:.2f} | {megabytes:.0f} | {error:.1e} | {100 * same:.3f} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    comma_separated = lambda text: text.split(",")
    parser.add_argument("--networks", type=comma_separated, default=list(networks.NETWORKS))
    parser.add_argument("--peers", type=comma_separated, default=PEERS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/peers/networks")
    options = parser.parse_args()
    for name in options.networks:
        rows = compare(name, options)
        size = f"{options.size}x{options.size}"
        print(f"\n{name}, {size}, batch 1, {networks.CLASSES} classes, {options.threads} threads\n")
        print("| program | seconds | times eager's speed | peak MB | error | same class, % |")
        print("|---|---|---|---|---|---|")
        print("\n".join(rows), flush=True)


main()
