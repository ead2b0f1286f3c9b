"""check.py FOLDER: runs the graphs that onnx_samples wrote, and compares them with sshost's own logits.

Each has to be accepted by the onnx checker, and ONNX Runtime and OpenVINO have to give logits within 1e-4 of the
largest, and the same class on 99.99 % of the pixels.
"""
import pathlib
import sys

import numpy
import onnx
import onnxruntime
import openvino

MOST_DIFFERENCE = 1e-4  # of the largest logit
LEAST_EQUAL = 0.9999  # of all pixels


def onnx_runtime(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return lambda image: session.run(["logits"], {"image": image})[0]


def openvino_runtime(path):
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    model = openvino.Core().compile_model(str(path), "CPU", settings)
    return lambda image: model({"image": image})["logits"]


def compare(found, expected):
    """(the largest difference over the largest logit, the share of pixels of the same class)"""
    if found.shape != expected.shape:
        raise SystemExit(f"expected logits {expected.shape}, found {found.shape}")
    difference = numpy.abs(found - expected).max() / numpy.abs(expected).max()
    return difference, (found.argmax(1) == expected.argmax(1)).mean()


def check(folder):
    path = folder / "model.onnx"
    onnx.checker.check_model(str(path), full_check=True)
    cases = sorted(folder.glob("*.image.npy"))
    if not cases:
        raise SystemExit(f"{folder}: no images")
    within = True
    for name, load in (("onnxruntime", onnx_runtime), ("openvino", openvino_runtime)):
        run = load(path)
        worst, least = 0.0, 1.0
        for case in cases:
            expected = numpy.load(str(case).replace(".image.npy", ".logits.npy"))
            difference, equal = compare(run(numpy.load(case)), expected)
            worst, least = max(worst, difference), min(least, equal)
        good = worst <= MOST_DIFFERENCE and least >= LEAST_EQUAL
        within = within and good
        verdict = f"{worst:.1e} of the largest, {100 * least:.3f} %" + ("" if good else "  <-")
        print(f"{folder.name} {name}: {verdict}", flush=True)
    return within


def main():
    folders = sorted(path.parent for path in pathlib.Path(sys.argv[1]).glob("*/model.onnx"))
    if not folders:
        raise SystemExit(f"{sys.argv[1]}: no graphs")
    results = [check(folder) for folder in folders]
    sys.exit(0 if all(results) else 1)


main()
