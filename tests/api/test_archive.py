# SPDX-License-Identifier: Apache-2.0
"""From a camera to the archive and back: what a camera sends is recorded, stored in a bucket of
OpenStack Swift (or in a folder), deleted here, and played from there. Needs the models of the set-up
and an H.264 encoder; skips without."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "archive"))
import harness
import swift
from test_simulated import INVEYE, Running

RTSPD = os.environ.get("IV_RTSPD", "build/tests/media/media_rtspd")
STORE = "/api/v1/stores/shop"
RECORDINGS = STORE + "/cameras/door/recordings"
CONFIG = """server: {{port: 0, data_dir: {folder}/data}}
store: {{id: shop}}
recording: {{mode: continuous, segment: 10 s}}
archive:
  keep_local: false
{archive}
cameras:
  - {{id: door, number: 7, url: "rtsp://127.0.0.1:{port}/clip", fps: 4}}
"""


def wait_until(condition, what, seconds):
    """Waits on a condition, longer than most tests: retention looks twice a minute."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.2)


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="inveye-archived-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.rtspd = subprocess.Popen([RTSPD, "0", "-", "-", "clip=made"], stdout=subprocess.PIPE,
                                      text=True)
        self.addCleanup(self.stop_rtspd)
        said = self.rtspd.stdout.readline()
        if not said.startswith("port"):
            self.skipTest("no H.264 encoder (gstreamer1.0-plugins-bad)")
        self.port = int(said.split()[1])
        self.file = self.folder / "store.yaml"
        lines = "\n".join(f"  {key}: {value}" for key, value in self.archive().items())
        self.file.write_text(CONFIG.format(folder=self.folder, port=self.port, archive=lines))
        self.file.chmod(0o600)
        checked = subprocess.run([INVEYE, "check", self.file, "--json"], capture_output=True,
                                 text=True, check=False)
        self.assertNotIn(swift.SECRET, checked.stdout + checked.stderr)
        if '"model_found": true' not in checked.stdout:
            self.skipTest("no models in the cache; `make setup` fetches them")

    def stop_rtspd(self):
        self.rtspd.kill()
        self.rtspd.wait()
        self.rtspd.stdout.close()

    def start(self):
        self.program = Running("-c", str(self.file))
        self.addCleanup(self.kill, self.program)
        self.client = self.program.login()

    @staticmethod
    def kill(program):
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait()
            program.process.stdout.close()

    def state(self):
        return self.client.get(STORE + "/archive").json

    def only_there(self):
        found = self.client.get(RECORDINGS).json["recordings"]
        return [one for one in found if one["place"] == "archive"]

    def play(self, recording):
        return self.client.request("GET", f"{RECORDINGS}/{recording['id']}/video.mp4")

    def cli(self, verb):
        done = subprocess.run([INVEYE, "archive", verb, self.file, "--json"], capture_output=True,
                              text=True, check=False, timeout=60)
        self.assertNotIn(swift.SECRET, done.stdout + done.stderr)
        return done.returncode, json.loads(done.stdout)

    def check_all(self):
        self.start()
        tried = self.client.request("POST", STORE + "/archive/test").json
        self.assertTrue(tried["works"], tried)
        self.assertEqual([step["state"] for step in tried["steps"]], ["done"] * 5)
        wait_until(self.only_there, "a recording that is only in the archive", 120)
        recording = self.only_there()[0]
        video = self.play(recording)
        self.assertEqual((video.status, len(video.body)), (200, recording["bytes"]))
        self.assertEqual(video.body[4:8], b"ftyp")
        part = self.client.request("GET", f"{RECORDINGS}/{recording['id']}/video.mp4",
                                   headers={"Range": "bytes=1000-1999"})
        self.assertEqual((part.status, part.body), (206, video.body[1000:2000]))
        playlist = self.client.get(RECORDINGS + "/playlist.m3u8").text
        self.assertIn(f"{recording['id']}/video.mp4", playlist)
        state = self.state()
        self.assertIn(state["state"], ("idle", "sending"), state)
        self.assertGreater(state["stored"]["files"], 0)
        self.assertEqual((state["last_error"], state["lost"]), ("", 0))
        metrics = self.client.get("/metrics").text
        self.assertIn("inveye_archive_working 1", metrics)
        self.assertNotIn(swift.SECRET, metrics + json.dumps(state) + self.program.said)
        self.assertEqual(self.cli("test")[1]["works"], True)
        status, told = self.cli("status")
        self.assertEqual(status, 0)
        self.assertGreater(told["stored"]["files"], 0)
        return recording, video.body


class Folder(Base):
    def archive(self):
        return {"target": "folder", "folder": self.folder / "away"}

    def test_there_and_back(self):
        recording, video = self.check_all()
        files = list((self.folder / "away").rglob("*.mp4"))
        self.assertIn(video, [file.read_bytes() for file in files])
        (self.folder / "away").rename(self.folder / "unmounted")
        self.assertEqual(self.play(recording).status, 404)
        wait_until(lambda: self.state()["state"] == "failed", "that it is away", 60)
        self.assertIn("mount its disk", self.state()["last_error"])
        self.assertFalse((self.folder / "away").exists())
        self.assertEqual(self.cli("test")[0], 1)
        self.assertEqual(self.program.stop(), 0, self.program.said)


@unittest.skipIf(swift.missing(), f"not installed: {', '.join(swift.missing())}")
class S3(Base):
    @classmethod
    def setUpClass(cls):
        cls.service = swift.Swift()
        cls.service.make_bucket("video")

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()

    def archive(self):
        secret = self.folder / "secret"
        secret.write_text(swift.SECRET)
        secret.chmod(0o600)
        return {"target": "s3", "endpoint": f"http://127.0.0.1:{self.service.port}",
                "bucket": "video", "region": "test-region", "access_key": swift.USER,
                "secret_key": "${file:" + str(secret) + "}"}

    def test_there_and_back(self):
        recording, _ = self.check_all()
        self.service.freeze()
        try:
            self.assertEqual(self.play(recording).status, 503)
            self.assertEqual(self.client.get(STORE + "/cameras").status, 200)
        finally:
            self.service.thaw()
        wait_until(lambda: self.play(recording).status == 200, "it is played again", 60)
        self.assertEqual(self.program.stop(), 0, self.program.said)


if __name__ == "__main__":
    harness.main()
