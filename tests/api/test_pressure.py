# SPDX-License-Identifier: Apache-2.0
"""A disk that another program fills, under the whole program with a camera (RTSP): recording goes on, the
oldest recordings go, it is told, and nothing that is held as evidence is lost. The disk is a small one of
the program's own (mounted in its namespace), so it takes root; skips without, as without an H.264 encoder
or the models of the set-up."""

import ctypes
import datetime
import os
import shutil
import subprocess
import tempfile
import time
import unittest

from harness import main
from test_evidence import RTSPD, patiently, utc
from test_simulated import INVEYE, Running

DISK = 24_000_000
RESERVE = 10_000_000  # bytes that stay free: the least that can be set
CONFIG = """server: {{port: 0, data_dir: {folder}/data}}
store: {{id: shop, time_zone: Europe/Berlin}}
recording: {{mode: continuous, segment: 10 s, reserve_gb: 0.01, folder: {disk}}}
cameras:
  - {{id: door, url: "rtsp://127.0.0.1:{port}/noisy", fps: 1}}
"""
CLONE_NEWNS, MS_REC_PRIVATE = 0x20000, 16384 | 1 << 18


def mount_small_disk(path):
    """In the child, before the program: a disk that only it sees."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC_PRIVATE, None) or \
            libc.mount(b"none", path.encode(), b"tmpfs", 0, f"size={DISK}".encode()):
        os._exit(77)


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Pressure(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="inveye-pressure-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.disk = os.path.join(self.folder, "disk")
        os.mkdir(self.disk)
        if os.geteuid() != 0:
            self.skipTest("mounting a small disk needs root")
        self.rtspd = subprocess.Popen([RTSPD, "0", "-", "-", "noisy=made"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop_rtspd)
        said = self.rtspd.stdout.readline()
        if not said.startswith("port"):
            self.skipTest("no H.264 encoder (gstreamer1.0-plugins-bad)")
        file = os.path.join(self.folder, "store.yaml")
        with open(file, "w", encoding="utf-8") as text:
            text.write(CONFIG.format(folder=self.folder, disk=self.disk, port=int(said.split()[1])))
        checked = subprocess.run([INVEYE, "check", file, "--json"], capture_output=True, text=True, check=False)
        if '"model_found": true' not in checked.stdout:
            self.skipTest("no models in the cache; `make setup` fetches them")
        self.program = Running("-c", file, before=lambda: mount_small_disk(self.disk))
        if self.program.port is None:
            self.skipTest("mounting a small disk is not allowed here")
        self.addCleanup(self.stop_program)
        self.seen = f"/proc/{self.program.process.pid}/root{self.disk}"  # the disk, from here
        self.admin = self.program.login()

    def stop_rtspd(self):
        self.rtspd.kill()
        self.rtspd.wait()
        self.rtspd.stdout.close()

    def stop_program(self):
        self.assertEqual(self.program.stop(), 0)

    def get(self, path):
        answer = self.admin.get("/api/v1/stores/shop" + path)
        self.assertEqual(answer.status, 200, answer.text[:300])
        return answer.json

    def recordings(self):
        return self.get("/cameras/door/recordings?limit=500")["recordings"]

    def free(self):
        state = os.statvfs(self.seen)
        return state.f_bavail * state.f_frsize

    def fill(self, leave):
        """What another program does: so many bytes are left free, at most."""
        with open(os.path.join(self.seen, "filler"), "ab") as file:
            while (more := self.free() - leave) > 0:
                try:
                    os.write(file.fileno(), bytes(min(more, 1 << 16)))
                except OSError:
                    return

    def state(self):
        return self.get("/cameras")["cameras"][0]["recording"]

    def told(self, kind):
        return [e for e in self.get("/events?limit=200")["events"] if e["kind"] == kind]

    def ready(self, no):
        patiently(lambda: self.get(f"/evidence/{no}")["state"] != "waiting", "the bundle")
        return self.get(f"/evidence/{no}")

    def verify(self, no):
        answer = self.admin.get(f"/api/v1/stores/shop/evidence/{no}/bundle.zip")
        self.assertEqual(answer.status, 200, answer.text[:200])
        path = os.path.join(self.folder, "bundle.zip")
        with open(path, "wb") as file:
            file.write(answer.body)
        checked = subprocess.run([INVEYE, "evidence", "verify", path], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def keep(self, recording):
        answer = self.admin.post("/api/v1/stores/shop/evidence", {
            "title": "Bag taken", "note": "", "camera_id": "door",
            "from": utc(moment(recording["start"]) + 1), "to": utc(moment(recording["end"]) - 1)})
        self.assertEqual(answer.status, 201, answer.text[:300])
        return answer.json["id"]

    def test_filled(self):
        patiently(lambda: len([r for r in self.recordings() if r["closed"]]) >= 3, "three files")
        held, oldest = self.recordings()[0], self.recordings()[1]
        case = self.keep(held)
        self.assertEqual((self.ready(case)["state"], self.ready(case)["trouble"]), ("ready", ""))
        self.assertEqual(self.told("recording.shortened"), [])
        # Half of the oldest file that is not held is in the way of the reserve.
        self.fill(RESERVE - oldest["bytes"] // 2)
        patiently(lambda: oldest["id"] not in [r["id"] for r in self.recordings()], "room is made")
        patiently(lambda: self.told("recording.shortened"), "the event")
        listed = {r["id"]: r for r in self.recordings()}
        self.assertTrue(listed[held["id"]]["held"])
        self.assertGreater(len(listed), 1)  # the oldest went, not all
        filled = time.time()
        patiently(lambda: moment(self.recordings()[-1]["end"]) > filled, "recording goes on")
        self.verify(case)
        # Nothing is left at all: what is held stays, and once there is room again it goes on.
        patiently(self.full, "a disk that is full")
        self.assertIn(held["id"], [r["id"] for r in self.recordings()])
        os.unlink(os.path.join(self.seen, "filler"))
        cleared = time.time()
        patiently(lambda: self.state() == "recording" and moment(self.recordings()[-1]["end"]) > cleared, "it goes on")
        self.assertEqual(len(self.told("recording.shortened")), 1)
        video = self.admin.get(f"/api/v1/stores/shop/cameras/door/recordings/{held['id']}/video.mp4")
        self.assertEqual((video.status, len(video.body)), (200, held["bytes"]))
        self.verify(case)

    def full(self):
        """Whatever room retention makes is filled again, until the camera says so."""
        self.fill(0)
        return self.state() == "failed"


if __name__ == "__main__":
    main()
