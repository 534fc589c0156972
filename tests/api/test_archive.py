# SPDX-License-Identifier: Apache-2.0
"""From a camera to the archive and back: what a camera sends is recorded, stored in a bucket of
OpenStack Swift (or in a folder), deleted here, and played from there. Needs the models of the set-up
and an H.264 encoder; skips without."""

import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

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

    # ---- pictures and evidence ----

    def data(self, *names):
        return self.folder.joinpath("data", *names)

    def snapshot(self):
        return self.client.get(STORE + "/snapshots").json["snapshots"][-1]

    def picture(self, no, name="picture.jpg", client=None):
        return (client or self.client).request("GET", f"{STORE}/snapshots/{no}/{name}")

    def viewer(self):
        """Who may not see people."""
        body = {"name": "vera", "role": "viewer", "password": "vera has a password", "stores": ["shop"]}
        self.assertEqual(self.client.post("/api/v1/users", body).status, 201)
        client = harness.Client(self.program.port)
        login = {"username": "vera", "password": body["password"]}
        self.assertEqual(client.post("/api/v1/login", login).status, 200)
        return client

    def check_pictures(self):
        wait_until(lambda: self.snapshot()["place"] == "both", "a picture that is archived", 60)
        no = self.snapshot()["id"]
        names = ("picture.jpg", "picture.jpg?boxes=1", "thumbnail.jpg")
        before = [self.picture(no, name) for name in names]
        shutil.rmtree(self.data("snapshots"))
        for name, was in zip(names, before):
            answer = self.picture(no, name)
            self.assertEqual((answer.status, answer.body), (200, was.body), name)
            self.assertEqual(answer.headers["content-type"], "image/jpeg")
            self.assertEqual(answer.headers["x-frame-ts"], was.headers["x-frame-ts"])
        shown = self.picture(no, "picture.jpg?boxes=1", self.viewer())
        self.assertEqual((shown.status, shown.body[:2]), (200, b"\xff\xd8"))
        self.assertNotIn(shown.body, [was.body for was in before])

    def case(self, no):
        return self.client.get(f"{STORE}/evidence/{no}").json

    def settled(self, no):
        wait_until(lambda: self.case(no)["state"] != "waiting", f"the bundle of {no}", 60)
        return self.case(no)

    def bundle(self, no):
        answer = self.client.request("GET", f"{STORE}/evidence/{no}/bundle.zip")
        self.assertEqual(answer.status, 200, answer.text[:200])
        return answer.body

    def told_in(self, body):
        archive = zipfile.ZipFile(io.BytesIO(body))
        name = next(name for name in archive.namelist() if name.endswith("/metadata.json"))
        return json.loads(archive.read(name))

    def check_evidence(self):
        """Of a recording that is only in the archive; and what is not to be had is told."""
        first = self.only_there()[0]
        wish = {"title": "Bag taken", "note": "", "camera_id": "door", "from": first["start"],
                "to": first["end"]}
        no = self.client.post(STORE + "/evidence", wish).json["id"]
        case = self.settled(no)
        self.assertEqual((case["state"], case["trouble"]), ("ready", ""))
        told = self.told_in(self.bundle(no))
        self.assertEqual(told["left_out"], [])
        self.assertGreaterEqual(len(told["clips"]), 1)
        self.assertLessEqual(told["clips"][0]["from"]["utc"], first["start"])
        self.assertEqual(list(self.data("fetched").iterdir()), [])
        wait_until(lambda: self.case(no)["bundle"]["archived"], "a bundle that is archived", 60)
        body = self.bundle(no)
        self.data("evidence", f"{no}.zip").unlink()
        self.assertEqual(hashlib.sha256(self.bundle(no)).hexdigest(), self.case(no)["bundle"]["sha256"])
        self.assertEqual(self.bundle(no), body)
        return no

    def export(self, span):
        """A clip of a span, when it is settled."""
        wish = {"camera": "door", "from": span["start"], "to": span["end"]}
        asked = self.client.post(STORE + "/exports", wish)
        self.assertEqual(asked.status, 202, asked.text)
        path = f"{STORE}/exports/{asked.json['id']}"
        wait_until(lambda: self.client.get(path).json["state"] in ("done", "failed"), "a clip", 60)
        return self.client.get(path).json

    def check_export(self):
        clip = self.export(self.only_there()[0])
        self.assertEqual((clip["state"], clip["reason"], clip["gaps"]), ("done", None, []))
        video = self.client.request("GET", f"{STORE}/exports/{clip['id']}/video.mp4")
        self.assertEqual((video.status, len(video.body)), (200, clip["bytes"]))
        self.assertEqual(video.body[4:8], b"ftyp")
        self.assertEqual(list(self.data("fetched").iterdir()), [])

    def check_without_archive(self, no, reason):
        clip = self.export(self.only_there()[0])
        self.assertEqual(clip["state"], "failed")
        self.assertIn(reason, clip["reason"])
        self.assertEqual(self.client.request("POST", f"{STORE}/evidence/{no}/bundle").status, 202)
        case = self.settled(no)
        if case["state"] == "ready":
            self.assertIn(reason, json.dumps(self.told_in(self.bundle(no))["left_out"]))
        else:
            self.assertIn(reason, case["trouble"])

    def check_disk_loss(self):
        """All that is here is lost. The list is made again from the archive."""
        kept = {one["start"]: self.play(one).body for one in self.only_there()[:2]}
        no = self.client.get(STORE + "/evidence").json["evidence"][0]["id"]
        bundle = self.bundle(no)
        self.assertEqual(self.program.stop(), 0, self.program.said)
        shutil.rmtree(self.data())
        self.start()
        wait_until(lambda: self.state()["state"] == "failed", "that it is another's", 60)
        self.assertIn("another installation", self.state()["last_error"])
        status, told = self.cli("adopt")
        self.assertEqual(status, 0, told)
        self.assertGreaterEqual(told["recordings"]["added"], len(kept))
        self.assertEqual((told["recordings"]["left"], told["recordings"]["old"]), (0, 0))
        self.assertEqual(told["evidence"], {"added": 1, "known": 0, "left": 0})
        self.assertGreaterEqual(told["picture_files_left"], 3)
        again = self.cli("adopt")[1]
        self.assertEqual((again["recordings"]["added"], again["evidence"]["added"]), (0, 0))
        self.assertGreaterEqual(again["recordings"]["known"], told["recordings"]["added"])
        found = {one["start"]: one for one in self.only_there()}
        for start, body in kept.items():
            self.assertEqual(self.play(found[start]).body, body)
            self.assertIn(f"{found[start]['id']}/video.mp4",
                          self.client.get(RECORDINGS + "/playlist.m3u8").text)
        case = self.client.get(STORE + "/evidence").json["evidence"][0]
        self.assertEqual((case["id"], case["title"], case["state"]), (no, "Bag taken", "ready"))
        self.assertEqual(self.bundle(no), bundle)
        self.assertTrue(found[min(kept)]["held"])
        wait_until(lambda: self.state()["state"] != "failed", "that it works again", 60)
        self.assertEqual(self.client.post(f"{STORE}/evidence/{no}/release", {"reason": "over"}).status, 200)

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

    def test_pictures_and_evidence(self):
        self.start()
        wait_until(lambda: len(self.only_there()) > 1, "recordings that are only in the archive", 120)
        self.check_pictures()
        no = self.check_evidence()
        self.check_export()
        bundles = self.folder / "away" / "inveye" / "shop" / "evidence"
        self.assertEqual(len(list(bundles.iterdir())), 1)
        (self.folder / "away").rename(self.folder / "unmounted")
        self.check_without_archive(no, "can't be fetched")
        (self.folder / "unmounted").rename(self.folder / "away")
        self.client.request("POST", f"{STORE}/evidence/{no}/bundle")
        self.settled(no)
        wait_until(lambda: self.case(no)["bundle"]["archived"], "the new bundle in the archive", 60)
        self.check_disk_loss()
        wait_until(lambda: not bundles.exists(), "that the bundle is gone there", 60)
        self.assertEqual(self.program.stop(), 0, self.program.said)

    def test_there_and_back(self):
        recording, video = self.check_all()
        files = list((self.folder / "away").rglob("*.mp4"))
        self.assertIn(video, [file.read_bytes() for file in files])
        (self.folder / "away").rename(self.folder / "unmounted")
        self.assertEqual(self.play(recording).status, 404)
        wait_until(lambda: self.state()["state"] == "failed", "that it is away", 60)
        # What was just being sent says at first only that it cannot be written.
        wait_until(lambda: "mount its disk" in (self.state()["last_error"] or ""), "what to do", 120)
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
                "bucket": "video", "prefix": self.id().rsplit(".", 1)[1], "region": "test-region", "access_key": swift.USER,
                "secret_key": "${file:" + str(secret) + "}"}

    def test_pictures_and_evidence(self):
        self.start()
        wait_until(lambda: len(self.only_there()) > 1, "recordings that are only in the archive", 120)
        self.check_pictures()
        no = self.check_evidence()
        self.check_export()
        self.service.freeze()
        try:
            self.check_without_archive(no, "does not answer")
        finally:
            self.service.thaw()
        self.client.request("POST", f"{STORE}/evidence/{no}/bundle")
        self.settled(no)
        wait_until(lambda: self.case(no)["bundle"]["archived"], "the new bundle in the archive", 60)
        self.check_disk_loss()
        self.assertEqual(self.program.stop(), 0, self.program.said)

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
