# SPDX-License-Identifier: Apache-2.0
"""Masks are black in single pictures, in live video and in recordings, at once, over restarts, and
whatever is drawn otherwise; roles that may not see people don't. Needs the models of the set-up and
an H.264 encoder; skips without."""

import os
import shutil
import subprocess
import tempfile
import unittest
from datetime import datetime, timedelta

import harness
from harness import wait_until
from test_simulated import INVEYE, Running

RTSPD = os.environ.get("IV_RTSPD", "build/tests/media/media_rtspd")
PIXELS = os.environ.get("IV_PIXELS", "build/tests/media/media_pixels")
CAMERA = "/api/v1/stores/shop/cameras/door"
STORE = """server: {{port: 0, data_dir: {folder}/data}}
store: {{id: shop}}
recording: {{mode: continuous, segment: 10 s}}
{more}
cameras:
  - {{id: door, number: 7, url: "rtsp://127.0.0.1:{port}/clip", fps: 4, motion_gate: false}}
"""
MASK = {"polygon": [[0.4, 0.4], [0.8, 0.4], [0.8, 0.8], [0.4, 0.8]]}
INSIDE, OUTSIDE = "0.6,0.6", "0.2,0.9"
BLACK, GREY = 40, 60  # at most, at least; the clip's ground is brighter, and its bar still more


class TestPrivacy(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="inveye-privacy-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.rtspd = subprocess.Popen([RTSPD, "0", "-", "-", "clip=made"], stdout=subprocess.PIPE,
                                      text=True)
        self.addCleanup(self.stop_rtspd)
        self.program, self.password = None, None
        said = self.rtspd.stdout.readline()
        if not said.startswith("port"):
            self.skipTest("no H.264 encoder (gstreamer1.0-plugins-bad)")
        self.port = int(said.split()[1])
        self.write("")
        checked = subprocess.run([INVEYE, "check", self.file, "--json"], capture_output=True,
                                 text=True, check=False)
        if '"model_found": true' not in checked.stdout:
            self.skipTest("no models in the cache; `make setup` fetches them")

    def write(self, more):
        self.file = os.path.join(self.folder, "store.yaml")
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(STORE.format(folder=self.folder, port=self.port, more=more))

    def stop_rtspd(self):
        self.rtspd.kill()
        self.rtspd.wait()
        self.rtspd.stdout.close()

    def start(self):
        self.program = Running("-c", self.file)
        self.password = self.password or self.program.password
        self.program.password = self.password
        self.addCleanup(self.kill, self.program)
        self.client = self.program.login()
        wait_until(lambda: self.camera()["state"] == "online" and self.picture() is not None,
                   "a picture")

    @staticmethod
    def kill(program):
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait()
            program.process.stdout.close()

    def stop(self):
        self.assertEqual(self.program.stop(), 0, self.program.said)

    def camera(self):
        return self.client.get(CAMERA).json

    def picture(self, client=None):
        answer = (client or self.client).get(f"{CAMERA}/snapshot.jpg")
        return answer.body if answer.status == 200 else None

    def shown(self, data, ending, *points):
        """The brightness at the points of every picture of a file."""
        path = os.path.join(self.folder, "shown" + ending)
        with open(path, "wb") as file:
            file.write(data)
        said = subprocess.run([PIXELS, path, *points], capture_output=True, text=True, check=True)
        rows = [[int(v) for v in line.split()] for line in said.stdout.splitlines()]
        self.assertTrue(rows, f"no picture in {len(data)} bytes")
        return rows

    def is_masked(self):
        inside, outside = self.shown(self.picture(), ".jpg", INSIDE, OUTSIDE)[0]
        self.assertGreater(outside, GREY)
        return inside <= BLACK

    def draw(self, status=200, **scene):
        version = self.client.get(f"{CAMERA}/scene").headers["etag"]
        body = {"image": {"w": 320, "h": 240}, "zones": [], "lines": [], **scene}
        answer = self.client.request("PUT", f"{CAMERA}/scene", body, {"If-Match": version})
        self.assertEqual(answer.status, status, answer.text)
        return answer.json

    def recordings(self):
        return self.client.get(f"{CAMERA}/recordings").json["recordings"]

    def newest_video(self):
        rows = [r for r in self.recordings()]
        return self.client.get(f"{CAMERA}/recordings/{rows[-1]['id']}/video.mp4").body

    def add_user(self, name, role):
        password = f"{name} has a password"
        answer = self.client.post("/api/v1/users", {"name": name, "role": role, "all_stores": True,
                                                    "password": password})
        self.assertEqual(answer.status, 201, answer.text)
        client = harness.Client(self.program.port)
        self.assertEqual(client.post("/api/v1/login", {"username": name,
                                                       "password": password}).status, 200)
        return client

    # ---- masks ----

    def test_masked_everywhere(self):
        self.start()
        self.assertFalse(self.is_masked())
        self.assertEqual(self.draw()["masks"], [])
        wait_until(self.recordings, "recordings")
        raw = len(self.recordings())
        self.assertEqual(len(self.draw(masks=[MASK])["masks"]), 1)
        wait_until(self.is_masked, "a masked picture")  # of the next frame that is analysed
        wait_until(lambda: len(self.recordings()) > raw, "a recording that is masked")
        shown = self.camera()["privacy"]
        self.assertEqual((shown["masks"], shown["masks_live"], shown["masks_recordings"]),
                         (1, True, True))
        self.assertEqual((shown["reencoded_streams"], shown["reencode_trouble"]), (1, ""))
        wait_until(lambda: self.camera()["privacy"]["reencode_cores"] > 0, "its cost")
        self.assertIn('inveye_camera_reencode_cores{camera="door"}',
                      self.client.get("/metrics").text)

        # Whoever draws without knowing of masks, or draws nonsense, takes none away.
        line = {"id": "in", "a": [0.1, 0.1], "b": [0.2, 0.2]}
        self.assertEqual(len(self.draw(lines=[line])["masks"]), 1)
        self.draw(422, masks=[{"polygon": [[0, 0], [1, 1]]}])
        self.draw(422, masks=[MASK] * 17)
        self.assertTrue(self.is_masked())
        self.stop()

        self.start()  # the very first picture after the start is masked
        self.assertTrue(self.is_masked())
        last = self.recordings()[-1]["id"]
        wait_until(lambda: self.recordings()[-1]["id"] != last, "a recording after the start")
        for inside, outside in self.shown(self.newest_video(), ".mp4", INSIDE, OUTSIDE):
            self.assertLessEqual(inside, BLACK)
            self.assertGreater(outside, GREY)
        self.stop()
        for recording in range(raw, len(os.listdir(self.files()))):
            with open(os.path.join(self.files(), sorted(os.listdir(self.files()))[recording]),
                      "rb") as file:
                for inside, _ in self.shown(file.read(), ".mp4", INSIDE, OUTSIDE):
                    self.assertLessEqual(inside, BLACK)

    def still(self, at, client):
        answer = client.get(f"{CAMERA}/recordings/still.jpg?at={at}")
        return answer.body if answer.status == 200 else None

    def test_stills(self):
        """A picture of a recording that was made before the mask is masked, whoever looks at it."""
        self.start()
        wait_until(self.recordings, "recordings")
        start = datetime.fromisoformat(self.recordings()[0]["start"].replace("Z", "+00:00"))
        first = (start + timedelta(seconds=0.5)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        viewer = self.add_user("a-viewer", "viewer")
        self.assertNotIn("people.see", viewer.get("/api/v1/me").json["permissions"])
        wait_until(lambda: self.still(first, self.client) is not None, "a picture of a recording")
        shown = self.shown(self.still(first, self.client), ".jpg", INSIDE)[0]
        self.assertGreater(shown[0], BLACK)
        self.draw(masks=[MASK])
        wait_until(self.is_masked, "a masked picture")
        for client in (self.client, viewer):
            picture = self.still(first, client)
            self.assertIsNotNone(picture)
            inside, outside = self.shown(picture, ".jpg", INSIDE, OUTSIDE)[0]
            self.assertLessEqual(inside, BLACK)
            self.assertGreater(outside, GREY)  # nobody is in it who would be blurred
        self.stop()

    def files(self):
        root = os.path.join(self.folder, "data", "recordings", "door")
        return os.path.join(root, sorted(os.listdir(root))[-1])

    def test_recordings_by_policy(self):
        self.write("privacy: {mask_recordings: false}")
        self.start()
        self.draw(masks=[MASK])
        wait_until(self.is_masked, "a masked picture")
        self.stop()
        self.start()
        wait_until(self.recordings, "recordings")
        self.assertFalse(self.camera()["privacy"]["masks_recordings"])
        self.assertEqual(self.camera()["privacy"]["reencoded_streams"], 0)
        self.assertGreater(self.shown(self.newest_video(), ".mp4", INSIDE)[0][0], BLACK)
        self.draw(masks=[])
        wait_until(lambda: not self.is_masked(), "a picture without mask")
        self.stop()

    # ---- people ----

    def test_roles(self):
        """Of a camera that sees nobody nothing is blurred; who may not see people gets no recording."""
        self.start()
        wait_until(self.recordings, "recordings")
        number = self.recordings()[0]["id"]
        for role, sees in (("security", True), ("manager", True), ("viewer", False),
                           ("installer", False), ("regional", False)):
            client = self.add_user(f"a-{role}", role)
            me = client.get("/api/v1/me").json
            self.assertEqual("people.see" in me["permissions"], sees)
            self.assertEqual(client.get(f"{CAMERA}/snapshot.jpg").status, 200)
            for path in ("playlist.m3u8", f"{number}/video.mp4"):
                answer = client.get(f"{CAMERA}/recordings/{path}")
                self.assertEqual(answer.status, 200 if sees else 403, (role, path, answer.text[:200]))
                if not sees:
                    self.assertIn("people.see", answer.json["detail"])
        self.stop()

    def test_everybody_and_nobody(self):
        self.write("privacy: {blur_recordings: everybody, blur_pictures: nobody}")
        self.start()
        wait_until(self.recordings, "recordings")
        answer = self.client.get(f"{CAMERA}/recordings/playlist.m3u8")
        self.assertEqual(answer.status, 403)
        self.assertIn("privacy.blur_recordings", answer.json["detail"])
        span = self.client.get(f"{CAMERA}/recordings").json["recordings"][0]
        case = self.client.post("/api/v1/stores/shop/evidence",
                                {"title": "Kept", "camera_id": CAMERA.rsplit("/", 1)[1],
                                 "from": span["start"], "to": span["end"]})
        self.assertEqual(case.status, 201, case.text)
        answer = self.client.get(f"/api/v1/stores/shop/evidence/{case.json['id']}/bundle.zip")
        self.assertEqual(answer.status, 403, "a bundle is no way around it")
        self.assertIn("privacy.blur_recordings", answer.json["detail"])
        exports = "/api/v1/stores/shop/exports"
        clip = {"camera": CAMERA.rsplit("/", 1)[1], "from": span["start"], "to": span["end"]}
        for answer in (self.client.post(exports, clip), self.client.get(exports + "/1/video.mp4")):
            self.assertEqual(answer.status, 403, "nor is a saved clip")
            self.assertIn("privacy.blur_recordings", answer.json["detail"])
        self.stop()


if __name__ == "__main__":
    harness.main()
