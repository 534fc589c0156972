# SPDX-License-Identifier: Apache-2.0
"""Other programs read the cameras of a running `inveye run` by RTSP: what they see, who is noted, what
is pulled for it, and what happens as cameras come and go. Needs the models of the set-up and an H.264
encoder; skips without."""

import os
import shutil
import subprocess
import tempfile
import time
import unittest

import harness
from harness import wait_until
from test_simulated import INVEYE, Running

RTSPD = os.environ.get("IV_RTSPD", "build/tests/media/media_rtspd")
PIXELS = os.environ.get("IV_PIXELS", "build/tests/media/media_pixels")
READER = os.environ.get("IV_READER", "build/tests/live/live_reader")
CAMERAS = "/api/v1/stores/shop/cameras"
CAMERA = f"{CAMERAS}/door"
PASSWORD = "four-seas-4711"
STORE = """server: {{port: 0, data_dir: {folder}/data}}
store: {{id: shop}}
restream: {{enabled: true, port: 0, user: frigate, password: "${{file:{folder}/password}}", {more}}}
cameras:
  - {{id: door, number: 7, url: "rtsp://127.0.0.1:{port}/clip", sub_url: "rtsp://127.0.0.1:{port}/small",
      analyse: main, fps: 4, motion_gate: false}}
"""
MASK = {"polygon": [[0.4, 0.4], [0.8, 0.4], [0.8, 0.8], [0.4, 0.8]]}
INSIDE, OUTSIDE = "0.6,0.6", "0.2,0.9"
BLACK, GREY = 40, 60  # as in test_privacy.py


class Reader:
    """A program that reads a camera."""

    def __init__(self, test, url, transport="tcp", password=PASSWORD):
        self.process = subprocess.Popen([READER, url, transport, "frigate", password],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.kill)

    def ask(self):
        self.process.stdin.write("stats\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split(maxsplit=11)
        return {"units": int(words[1]), "codec": words[5], "over": words[11].strip()}

    def reads(self, n=10):
        wait_until(lambda: self.ask()["units"] >= n, "pictures")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()


class TestRestream(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="inveye-restream-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.rtspd = subprocess.Popen([RTSPD, "0", "-", "-", "clip=made", "small=made"],
                                      stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop_rtspd)
        said = self.rtspd.stdout.readline()
        if not said.startswith("port"):
            self.skipTest("no H.264 encoder (gstreamer1.0-plugins-bad)")
        self.port = int(said.split()[1])
        with open(os.path.join(self.folder, "password"), "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        os.chmod(file.name, 0o600)
        self.write("see_people: true")
        checked = subprocess.run([INVEYE, "check", self.file, "--json"], capture_output=True,
                                 text=True, check=False)
        if '"model_found": true' not in checked.stdout:
            self.skipTest("no models in the cache; `make setup` fetches them")

    def write(self, more):
        self.file = os.path.join(self.folder, "store.yaml")
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(STORE.format(folder=self.folder, port=self.port, more=more))
        os.chmod(self.file, 0o600)

    def stop_rtspd(self):
        self.rtspd.kill()
        self.rtspd.wait()
        self.rtspd.stdout.close()

    def start(self):
        self.program = Running("-c", self.file)
        self.addCleanup(self.kill, self.program)
        self.client = self.program.login()
        wait_until(lambda: self.camera()["state"] == "online", "the camera")
        self.url = self.camera()["restream_url"]

    @staticmethod
    def kill(program):
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait()
            program.process.stdout.close()

    def stop(self):
        self.assertEqual(self.program.stop(), 0, self.program.said)
        self.assertNotIn(PASSWORD, str(self.program.said))

    def camera(self):
        return self.client.get(CAMERA).json

    def sub(self):
        return self.camera()["streams"][1]["state"]

    def figures(self):
        lines = (line.split() for line in self.client.get("/metrics").text.splitlines()
                 if line.startswith("inveye_restream_"))
        return {name.removeprefix("inveye_restream_"): float(value) for name, value in lines}

    def draw(self, masks):
        version = self.client.get(f"{CAMERA}/scene").headers["etag"]
        body = {"image": {"w": 320, "h": 240}, "zones": [], "lines": [], "masks": masks}
        answer = self.client.request("PUT", f"{CAMERA}/scene", body, {"If-Match": version})
        self.assertEqual(answer.status, 200, answer.text)

    def shown(self):
        """The brightness inside and outside of the mask, of each of the first pictures."""
        url = self.url.replace("rtsp://", f"rtsp://frigate:{PASSWORD}@")
        said = subprocess.run([PIXELS, url, INSIDE, OUTSIDE], capture_output=True, text=True,
                              check=True, timeout=harness.DEADLINE * 2)
        rows = [[int(v) for v in line.split()] for line in said.stdout.splitlines()]
        self.assertTrue(rows, said.stderr)
        return rows

    def audit(self):
        return [(e["action"], e["actor"], e["subject"], e["address"], e["detail"].get("stream"))
                for e in self.client.get("/api/v1/audit").json["entries"]
                if e["action"].startswith("stream.")]

    def test_read_and_noted(self):
        self.start()
        self.assertRegex(self.url, r"^rtsp://127\.0\.0\.1:\d+/door$")
        self.assertEqual(self.sub(), "idle")
        main, small = Reader(self, self.url), Reader(self, self.url + "/sub", "udp")
        main.reads()
        small.reads()
        self.assertEqual(main.ask()["codec"], "H264")
        wait_until(lambda: self.sub() == "online", "the sub stream, while it is read")
        self.assertEqual(self.camera()["privacy"]["reencoded_streams"], 0)  # passed on as it is
        self.assertEqual(self.figures()["clients"], 2)
        self.assertEqual(set(self.audit()),
                         {("stream.opened", "frigate", "door", "127.0.0.1", "main"),
                          ("stream.opened", "frigate", "door", "127.0.0.1", "sub")})
        wrong = Reader(self, self.url, "tcp", "guessed wrong")
        wait_until(lambda: "Wrong user" in wrong.ask()["over"], "a refusal")
        self.assertGreaterEqual(self.figures()["wrong_password_total"], 1)
        main.kill()
        small.kill()
        wait_until(lambda: self.figures()["clients"] == 0, "they are gone")
        again = Reader(self, self.url)  # one that comes back at once goes on reading
        again.reads()
        self.assertEqual(len(self.audit()), 2)
        end = time.monotonic() + 2 * harness.DEADLINE
        while self.sub() != "idle":  # which takes as long as somebody may change views
            self.assertLess(time.monotonic(), end, "the sub stream is read still")
            time.sleep(0.1)
        self.stop()
        self.start_again_to_look()

    def start_again_to_look(self):
        password = self.program.password
        self.program = Running("-c", self.file)
        self.program.password = password
        self.addCleanup(self.kill, self.program)
        self.client = self.program.login()
        closed = [row for row in self.audit() if row[0] == "stream.closed"]
        self.assertEqual(sorted(row[4] for row in closed), ["main", "sub"])
        details = [e["detail"] for e in self.client.get("/api/v1/audit").json["entries"]
                   if e["action"] == "stream.closed"]
        self.assertEqual({d["stream"]: d["connections"] for d in details}, {"main": 2, "sub": 1})
        self.stop()

    def test_masks_always_hold(self):
        self.write("see_people: true}\nprivacy: {mask_live: false")
        self.start()
        self.assertGreater(min(min(row) for row in self.shown()[5:]), BLACK)
        reader = Reader(self, self.url)
        reader.reads()
        self.draw([MASK])
        wait_until(lambda: self.figures()["clients"] == 0, "who reads it without mask is ended")
        for inside, outside in self.shown():
            self.assertLessEqual(inside, BLACK)
            self.assertGreater(outside, GREY)
        self.stop()

    def test_blurred_by_default(self):
        self.write("camera_clients: 3")
        self.start()
        reader = Reader(self, self.url)
        reader.reads()
        self.assertEqual(self.camera()["privacy"]["reencoded_streams"], 1)
        self.stop()

    def test_cameras_come_and_go(self):
        self.start()
        settings = {"id": "yard", "url": f"rtsp://127.0.0.1:{self.port}/clip", "number": 9}
        url = self.url.replace("/door", "/yard")
        early = Reader(self, url)
        wait_until(lambda: "404" in early.ask()["over"], "there is none yet")
        self.assertEqual(self.client.post(CAMERAS, settings).status, 201)
        reader = Reader(self, url)
        reader.reads()
        self.assertEqual(self.client.request("DELETE", f"{CAMERAS}/yard").status, 204)
        wait_until(lambda: reader.ask()["over"] != "no", "it is ended")
        late = Reader(self, url)
        wait_until(lambda: "404" in late.ask()["over"], "there is none any more")
        self.rtspd.kill()
        wait_until(lambda: self.camera()["state"] == "offline", "the camera is lost")
        lost = Reader(self, self.url)
        wait_until(lambda: "door is offline" in lost.ask()["over"], "it says so")
        self.stop()

    def test_what_is_wrong_is_told(self):
        self.start()
        taken = self.url.rsplit(":", 1)[1].split("/")[0]
        with open(self.file, encoding="utf-8") as file:
            text = file.read()
        other = os.path.join(self.folder, "other.yaml")
        with open(other, "w", encoding="utf-8") as file:
            file.write(text.replace("restream: {enabled: true, port: 0",
                                    f"restream: {{enabled: true, port: {taken}")
                       .replace("/data}", "/other}"))
        os.chmod(other, 0o600)
        said = subprocess.run([INVEYE, "run", "-c", other], capture_output=True, text=True,
                              check=False, timeout=harness.DEADLINE)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn(f"port {taken} of 127.0.0.1 is in use by another program", said.stderr)
        with open(other, "w", encoding="utf-8") as file:
            file.write("store: {id: shop}\nrestream: {enabled: true}\ncameras: []\n")
        said = subprocess.run([INVEYE, "check", other], capture_output=True, text=True, check=False)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("enabled needs a password", said.stderr)
        self.stop()


if __name__ == "__main__":
    harness.main()
