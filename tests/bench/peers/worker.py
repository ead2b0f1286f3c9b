"""One program of the comparison, in a process of its own: it opens a network and answers commands, a line each.

  worker.py PEER FOLDER THREADS     FOLDER holds what compare.py made of the network
  run         one image to its class map; answers the seconds that it took
  answer F    the same image's logits at its own size, as F (.npy)
  memory      the most memory that the process had, in MB
"""
import ctypes
import os
import sys
import time
from pathlib import Path

import numpy

PIXELS_RGB8, CLASSES_U8, SCORES_F32 = 0, 0, 3


class Torch:
    def __init__(self, folder, threads, channels_last=False, compiled=False, bfloat16=False):
        import torch
        self.torch = torch
        torch.set_num_threads(threads)
        sys.path.insert(0, str(Path(__file__).parent))
        from networks import NETWORKS
        self.network = NETWORKS[folder.name][0]().eval()
        self.network.load_state_dict(torch.load(folder / "weights.pth"))
        if channels_last:
            self.network = self.network.to(memory_format=torch.channels_last)
        self.forward = self.network
        if bfloat16:
            def forward(pixels):
                with torch.autocast("cpu", torch.bfloat16):
                    return self.network(pixels).float()
            self.forward = forward
        if compiled:
            import torch._inductor.config as inductor
            inductor.freezing = True
            self.forward = torch.compile(self.network)

    def scores(self, image):
        with self.torch.no_grad():
            return self.forward(self.torch.from_numpy(image)).numpy()

    def classes(self, image):
        with self.torch.no_grad():
            return self.forward(self.torch.from_numpy(image)).argmax(1).to(self.torch.uint8).numpy()


class OnnxRuntime:
    def __init__(self, folder, threads, network="network.onnx"):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(folder / network, options,
                                                    providers=["CPUExecutionProvider"])

    def scores(self, image):
        return self.session.run(["scores"], {"pixels": image})[0]

    def classes(self, image):
        return self.session.run(["classes"], {"pixels": image})[0]


class OpenVino:
    def __init__(self, folder, threads, network="network.onnx", precision="f32"):
        import openvino
        core = openvino.Core()
        settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY",
                    "INFERENCE_PRECISION_HINT": precision}
        self.path, self.core, self.settings = folder / network, core, settings
        self.compiled = self.only("classes")

    def only(self, output):
        """The network with one output, so that it computes no other."""
        import openvino
        model = self.core.read_model(self.path)
        kept = openvino.Model([model.output(output)], model.get_parameters())
        return self.core.compile_model(kept, "CPU", self.settings)

    def scores(self, image):
        return self.only("scores")(image)[0]

    def classes(self, image):
        return self.compiled(image)[0]


class Image(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("pixels", ctypes.c_int), ("data", ctypes.c_void_p),
                ("height", ctypes.c_int64), ("width", ctypes.c_int64), ("row_stride", ctypes.c_int64)]


class Map(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("values", ctypes.c_int), ("data", ctypes.c_void_p),
                ("capacity", ctypes.c_uint64), ("channels", ctypes.c_int64), ("height", ctypes.c_int64),
                ("width", ctypes.c_int64), ("owner", ctypes.c_void_p)]


class Sshost:
    """libsshost.so by its C interface (sshost/api.h)."""

    def __init__(self, folder, threads, weights="weights.safetensors", precision=None):
        self.library = library = ctypes.CDLL(os.environ["SSHOST_LIBRARY"])
        pointer = ctypes.c_void_p
        library.sshost_options_create.restype = pointer
        library.sshost_options_set_threads.argtypes = [pointer, ctypes.c_int64]
        library.sshost_model_open.restype = pointer
        library.sshost_model_open.argtypes = [ctypes.c_char_p, pointer, ctypes.POINTER(pointer)]
        library.sshost_predict.argtypes = [pointer, pointer, ctypes.c_size_t, pointer, pointer, pointer]
        library.sshost_error_message.restype = ctypes.c_char_p
        library.sshost_error_message.argtypes = [pointer]
        options = library.sshost_options_create()
        library.sshost_options_set_threads(options, threads)
        if precision:
            library.sshost_options_add_override.argtypes = [pointer, ctypes.c_char_p]
            library.sshost_options_add_override(options, f"evaluate.precision={precision}".encode())
        self.error = pointer()
        path = os.fsencode(folder / weights)
        self.model = library.sshost_model_open(path, options, ctypes.byref(self.error))
        if not self.model:
            self.fail()

    def fail(self):
        sys.exit(self.library.sshost_error_message(self.error).decode())

    def predict(self, image, output, values):
        height, width = image.shape[1:3]
        pixels = Image(ctypes.sizeof(Image), PIXELS_RGB8, image.ctypes.data, height, width, 0)
        result = Map(ctypes.sizeof(Map), values, output.ctypes.data, output.nbytes)
        if self.library.sshost_predict(self.model, ctypes.byref(pixels), 1, ctypes.byref(result), None,
                                       ctypes.byref(self.error)):
            self.fail()
        return output

    def scores(self, image):
        return self.predict(image, numpy.empty((1, 150, *image.shape[1:3]), numpy.float32), SCORES_F32)

    def classes(self, image):
        return self.predict(image, numpy.empty((1, *image.shape[1:3]), numpy.uint8), CLASSES_U8)


PEERS = {
    "eager": Torch,
    "channels-last": lambda folder, threads: Torch(folder, threads, channels_last=True),
    "compile": lambda folder, threads: Torch(folder, threads, compiled=True),
    "onnxruntime": OnnxRuntime,
    "openvino": OpenVino,
    "sshost": Sshost,
    "eager-bf16": lambda folder, threads: Torch(folder, threads, bfloat16=True),
    "openvino-bf16": lambda folder, threads: OpenVino(folder, threads, precision="bf16"),
    "sshost-bf16": lambda folder, threads: Sshost(folder, threads, precision="bfloat16"),
    "onnxruntime-int8": lambda folder, threads: OnnxRuntime(folder, threads, "network-int8.onnx"),
    "openvino-int8": lambda folder, threads: OpenVino(folder, threads, "network-int8.onnx"),
    "sshost-int8": lambda folder, threads: Sshost(folder, threads, "weights-int8.safetensors"),
}


def most_memory():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def main():
    peer, folder, threads = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    image = numpy.load(folder / "image.npy")
    program = PEERS[peer](folder, threads)
    print("ready", flush=True)
    for line in sys.stdin:
        command, *rest = line.split(maxsplit=1)
        if command == "run":
            start = time.perf_counter()
            program.classes(image)
            print(time.perf_counter() - start, flush=True)
        elif command == "answer":
            numpy.save(rest[0].strip(), program.scores(image))
            print("saved", flush=True)
        else:
            print(most_memory(), flush=True)


main()
