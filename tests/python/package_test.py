"""The Python package, as it is installed: what it gives is what the command gives."""

import copy
import logging
import os
import pickle
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zlib
from pathlib import Path

import numpy as np
import torch

import sshost

PIPELINE = """
run: [train, evaluate]
seed: 3
threads: 1
output: {output}
data:
  dataset: {{type: synthetic, classes: 5, height: 64, width: 64, train_samples: 4, evaluate_samples: 2}}
  train: {{transforms: [{{type: normalize}}]}}
  evaluate: {{transforms: [{{type: normalize}}]}}
model:
  backbone: {{type: resnet, depth: 18, output_stride: 8}}
  features: {{indices: [3]}}
  head: {{type: fcn, channels: 16}}
train: {{steps: 2, batch_size: 2, optimizer: {{type: sgd, lr: 0.01}}}}
"""


def command(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-c", "from sshost._command import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        **options,
    )


def noise(height, width, channels=3, seed=1):
    shape = (height, width) if channels == 0 else (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def read_grey_png(path):
    """An 8-bit grey PNG as a mask."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        (length,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", data[at + 8 : at + 18])
        if kind == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += length + 12
    assert (depth, color) == (8, 0)
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, width + 1)
    image = np.zeros((height + 1, width + 1), np.uint8)  # with a row above and a column before
    for y in range(height):
        for x in range(width):
            a, b, c = (int(v) for v in (image[y + 1, x], image[y, x + 1], image[y, x]))
            near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            image[y + 1, x + 1] = (int(rows[y, x + 1]) + (0, a, b, (a + b) // 2, near)[rows[y, 0]]) & 255
    return image[1:, 1:]


def write_pnm(path, rgb):
    path.write_bytes(b"P6\n%d %d\n255\n" % (rgb.shape[1], rgb.shape[0]) + rgb.tobytes())


class WithAModel(unittest.TestCase):
    """A model of one folder, trained by the package."""

    @classmethod
    def setUpClass(cls):
        cls._temporary = tempfile.TemporaryDirectory(prefix="sshost-python-")
        cls.folder = Path(cls._temporary.name)
        cls.pipeline = cls.folder / "p.yaml"
        cls.pipeline.write_text(PIPELINE.format(output=cls.folder / "run"))
        cls.trained = sshost.run(cls.pipeline, progress=False)
        cls.model = sshost.load(cls.trained.checkpoint, threads=1)

    @classmethod
    def tearDownClass(cls):
        del cls.model
        cls._temporary.cleanup()


class Images(WithAModel):
    def test_a_mask_is_that_of_the_command_byte_for_byte(self):
        photo = noise(90, 70)
        write_pnm(self.folder / "photo.ppm", photo)
        done = command(
            "predict", self.folder / "photo.ppm", "--checkpoint", self.trained.checkpoint, "--format", "probabilities,index",
            "--set", "threads=1", "--output", self.folder / "masks",
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        mask = read_grey_png(self.folder / "masks" / "photo.index.png")
        self.assertEqual(mask.tobytes(), self.model(photo).tobytes())
        probabilities = np.load(self.folder / "masks" / "photo.npy")
        self.assertEqual(probabilities.tobytes(), self.model(photo, "probabilities").tobytes())

    def test_outputs_have_their_types_and_shapes_and_agree(self):
        photo = noise(24, 32)
        mask, logits = self.model(photo), self.model(photo, "logits")
        probabilities = self.model(photo, output="probabilities")
        self.assertEqual((mask.shape, mask.dtype), ((24, 32), np.uint8))
        self.assertEqual((logits.shape, logits.dtype), ((5, 24, 32), np.float32))
        self.assertTrue(np.array_equal(logits.argmax(0), mask))
        softmax = torch.from_numpy(logits).softmax(0).numpy()
        self.assertLess(np.abs(softmax - probabilities).max(), 1e-6)

    def test_tensors_give_tensors_and_are_read_where_they_lie(self):
        photo = noise(24, 32)
        planes = torch.from_numpy(photo).permute(2, 0, 1).contiguous()
        mask = self.model(planes)
        self.assertIsInstance(mask, torch.Tensor)
        self.assertTrue(np.array_equal(mask.numpy(), self.model(photo)))
        is_read = sshost._library.native.lies_as_the_library_reads_it
        self.assertTrue(is_read(planes, True, False))
        self.assertTrue(is_read(torch.from_numpy(photo).permute(2, 0, 1), True, False))
        self.assertTrue(is_read(photo[:, :20], False, False))
        self.assertFalse(is_read(photo[:, ::2], False, False))

    def test_strides_of_any_kind_mean_the_same_pixels(self):
        photo = noise(40, 60)
        for seen in (photo[5:35, 10:50], photo[::2, ::3], photo[::-1], photo[:, ::-1], photo[:, :, ::-1]):
            with self.subTest(strides=seen.strides):
                self.assertTrue(np.array_equal(self.model(seen), self.model(np.ascontiguousarray(seen))))
        frozen = photo.copy()
        frozen.flags.writeable = False
        self.assertTrue(np.array_equal(self.model(frozen), self.model(photo)))
        self.assertTrue(np.array_equal(self.model(photo[:1]), self.model(photo[:1].copy())))

    def test_channels_in_every_order(self):
        photo = noise(20, 30)
        mask = self.model(photo)
        alpha = np.dstack([photo, noise(20, 30, 0)])
        self.assertTrue(np.array_equal(self.model(alpha), mask))
        self.assertTrue(np.array_equal(self.model(photo[:, :, ::-1].copy(), order="bgr"), mask))
        self.assertTrue(np.array_equal(self.model(alpha[:, :, [2, 1, 0, 3]], order="bgr"), mask))
        self.assertTrue(np.array_equal(self.model(photo.transpose(2, 0, 1), layout="chw"), mask))
        grey = noise(20, 30, 0)
        repeated = self.model(np.dstack([grey] * 3))
        for same in (grey, grey[:, :, None], grey[None]):
            self.assertTrue(np.array_equal(self.model(same), repeated))

    def test_what_is_no_image_is_named(self):
        for image, what in (
            (np.zeros((4, 4), np.float32), "uint8"),
            (np.zeros((4,), np.uint8), "2 or 3 axes"),
            (np.zeros((7, 7, 5), np.uint8), "1, 3 or 4 channels"),
            (np.zeros((0, 4, 3), np.uint8), "height"),
            ("photo.jpg", "found str"),
        ):
            with self.subTest(what=what), self.assertRaisesRegex((TypeError, ValueError), what):
                self.model(image)
        with self.assertRaisesRegex(ValueError, "'mask', 'probabilities' or 'logits'"):
            self.model(noise(4, 4), "maks")

    def test_classes_and_colours(self):
        self.assertEqual(len(self.model.classes), 5)
        self.assertEqual(self.model.colors.shape, (5, 3))
        self.assertEqual(self.model.colors[self.model(noise(8, 9))].shape, (8, 9, 3))
        self.assertIn("type: fcn", self.model.pipeline)

    def test_results_outlive_the_model(self):
        model = sshost.load(self.trained.checkpoint)
        mask = model(noise(30, 30))
        kept = mask.copy()
        del model
        self.assertTrue(np.array_equal(mask, kept))

    def test_threads_predict_beside_each_other(self):
        photos = [noise(40, 50, seed=seed) for seed in range(4)]
        expected = [self.model(photo) for photo in photos]
        wrong = []

        def work(seed):
            for _ in range(5):
                if not np.array_equal(self.model(photos[seed]), expected[seed]):
                    wrong.append(seed)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_the_gil_is_free_while_an_image_is_predicted(self):
        photo = noise(600, 800)
        begin = time.perf_counter()
        self.model(photo)
        alone = time.perf_counter() - begin
        done = threading.Event()
        turns = 0
        thread = threading.Thread(target=lambda: (self.model(photo), done.set()))
        thread.start()
        while not done.is_set():
            turns += 1
            time.sleep(0.001)
        thread.join()
        self.assertGreater(turns, alone * 1000 / 50)

    def test_a_model_says_that_it_cannot_be_pickled(self):
        for keep in (pickle.dumps, copy.deepcopy):
            with self.assertRaisesRegex(TypeError, r"cannot be pickled.*sshost\.load"):
                keep(self.model)


class Jobs(WithAModel):
    def options(self, name, **values):
        return {"output": self.folder / name, **values}

    def test_a_run_is_that_of_the_command(self):
        done = command("run", self.pipeline, "--set", f"output={self.folder / 'by_command'}")
        self.assertEqual(done.returncode, 0, done.stderr)
        name = Path(self.trained.checkpoint).name.replace(".safetensors", ".train.safetensors")
        both = [self.folder / run / "checkpoints" / name for run in ("run", "by_command")]
        self.assertEqual(both[0].read_bytes(), both[1].read_bytes())
        self.assertTrue(self.trained.finished)
        self.assertEqual((self.trained.step, self.trained.state), (2, "Finished"))
        self.assertEqual(set(self.trained.class_iou), set(self.model.classes))

    def test_progress_is_told(self):
        told = []
        sshost.run(self.pipeline, set=self.options("told"), progress=told.append)
        steps = [(now.phase, now.step, now.steps) for now in told]
        self.assertEqual(steps, [("training", 1, 2), ("training", 2, 2), ("evaluating", 1, 2), ("evaluating", 2, 2)])
        self.assertIsInstance(told[0].loss, float)
        self.assertIsNone(told[2].loss)

    def test_an_open_model_is_evaluated_to_the_runs_scores(self):
        for model in (self.model, self.trained.checkpoint):
            scores = sshost.evaluate(model, progress=False)
            self.assertEqual(scores.mean_iou, self.trained.mean_iou)
        with self.assertRaisesRegex(ValueError, "is open"):
            sshost.evaluate(self.model, threads=1)

    def test_mistakes_have_their_places(self):
        wrong = self.folder / "wrong.yaml"
        wrong.write_text(self.pipeline.read_text().replace("channels: 16", "chanels: 16").replace("size: 2,", "size: 0,"))
        with self.assertRaises(sshost.UsageError) as caught:
            sshost.validate(wrong, set={"evaluate.flipp": True})
        self.assertEqual(caught.exception.code, "usage")
        places = {place.key: place for place in caught.exception.places}
        self.assertEqual(set(places), {"model.head.chanels", "train.batch_size", "evaluate.flipp"})
        head = places["model.head.chanels"]
        self.assertEqual((head.file, head.line), (str(wrong), 13))
        self.assertIn("unknown option", head.text)
        self.assertIsNone(places["evaluate.flipp"].line)
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((str(again), again.places), (str(caught.exception), caught.exception.places))

    def test_a_missing_file_is_an_error_with_its_name(self):
        with self.assertRaisesRegex(sshost.Error, "/nowhere/model.safetensors"):
            sshost.load("/nowhere/model.safetensors")

    def test_values_mean_what_they_are(self):
        found = sshost.validate(
            self.pipeline, set={"evaluate.scales": (0.5, np.float64(1)), "evaluate.flip": True, "model.head": {"type": "psp"}}
        )
        self.assertEqual(found["resolved"]["evaluate"]["scales"], [0.5, 1])
        self.assertEqual(found["resolved"]["model"]["head"]["type"], "psp")

    def test_what_progress_raises_ends_the_run(self):
        def stop(now):
            raise LookupError(f"after {now.step}")

        with self.assertRaisesRegex(LookupError, "after 1"):
            sshost.run(self.pipeline, set=self.options("raised", **{"train.steps": 50}), progress=stop)

    def test_ctrl_c_ends_a_run_which_goes_on_to_the_same_bytes(self):
        values = self.options("stopped", **{"train.steps": 6, "run": ["train"]})
        sshost.run(self.pipeline, set={**values, "output": self.folder / "whole"}, progress=False)

        def interrupt(now):
            if now.step == 3:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.3)  # a step that takes long enough for the signal to be looked at

        with self.assertRaises(KeyboardInterrupt):
            sshost.run(self.pipeline, set=values, progress=interrupt)
        sshost.run(self.pipeline, set={**values, "train.resume": True}, progress=False)
        name = "checkpoints/step-000006.train.safetensors"
        self.assertEqual((self.folder / "stopped" / name).read_bytes(), (self.folder / "whole" / name).read_bytes())

    def test_a_cancelled_run_has_a_result(self):
        cancel = sshost.Cancel()
        result = sshost.run(
            self.pipeline, set=self.options("cancelled", **{"train.steps": 50}), progress=lambda _: cancel.request(), cancel=cancel
        )
        self.assertFalse(result.finished)
        self.assertLess(result.step, 50)
        with self.assertRaises(sshost.Cancelled):
            sshost.evaluate(self.model, cancel=cancel, progress=False)

    def test_lines_go_to_the_logger(self):
        with self.assertLogs("sshost", logging.DEBUG) as logged:
            sshost.load(self.trained.checkpoint)
        self.assertIn("resnet.so", "\n".join(logged.output))

    def test_plugins_are_listed(self):
        found = sshost.plugins()
        self.assertLessEqual(
            {("backbone", "resnet"), ("head", "fcn"), ("memory", "mcibi"), ("dataset", "synthetic")},
            {(component.kind, component.type) for component in found.components},
        )
        (self.folder / "broken.so").write_text("no library")
        with self.assertRaisesRegex(sshost.UsageError, "broken.so"):
            sshost.plugins(self.folder / "broken.so")

    def test_weights_are_imported(self):
        exported = self.folder / "theirs.safetensors"
        done = command(
            "weights", "export", self.trained.checkpoint, "--format", "sssegmentation", "--output", exported
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        result = sshost.import_weights(self.pipeline, exported, self.folder / "ours.safetensors")
        self.assertEqual(result.checkpoint, str(self.folder / "ours.safetensors"))
        photo = noise(20, 20)
        self.assertTrue(np.array_equal(sshost.load(result.checkpoint)(photo), self.model(photo)))


class Command(unittest.TestCase):
    def test_the_command_is_there_and_waits_for_no_torch(self):
        self.assertIn(sshost.__version__, command("--version").stdout)
        seen = "import sys, sshost._command; sys.exit('torch' in sys.modules)"
        self.assertEqual(subprocess.run([sys.executable, "-c", seen]).returncode, 0)

    def test_its_exit_code_is_the_programs(self):
        self.assertEqual(command("run", "no.yaml").returncode, 2)

    def test_names_are_those_that_it_lists(self):
        for name in sshost.__all__:
            self.assertTrue(hasattr(sshost, name), name)
        with self.assertRaises(AttributeError):
            sshost.laod


if __name__ == "__main__":
    unittest.main()
