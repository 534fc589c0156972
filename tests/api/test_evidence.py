# SPDX-License-Identifier: Apache-2.0
"""Pictures of events, from a camera (RTSP) to the client of the API. Needs the models of the set-up
and an H.264 encoder; skips without."""

import os
import shutil
import subprocess
import tempfile
import unittest

from harness import Client, wait_until
from schema import Document
from test_simulated import INVEYE, Running

RTSPD = os.environ.get("IV_RTSPD", "build/tests/media/media_rtspd")
STORE = "/api/v1/stores/shop"
CONFIG = """server: {{port: 0, data_dir: {folder}/data}}
store: {{id: shop, time_zone: Europe/Berlin}}
recording: {{mode: continuous, segment: 10 s, reserve_gb: 0.01}}
cameras:
  - {{id: door, number: 7, url: "rtsp://127.0.0.1:{port}/clip", fps: 4}}
"""


class Rig(unittest.TestCase):
    """A camera, the program, and a client that is logged in."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="inveye-evidence-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.rtspd = subprocess.Popen([RTSPD, "0", "-", "-", "clip=made"], stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop_rtspd)
        said = cls.rtspd.stdout.readline()
        if not said.startswith("port"):
            raise unittest.SkipTest("no H.264 encoder (gstreamer1.0-plugins-bad)")
        file = os.path.join(cls.folder, "store.yaml")
        with open(file, "w", encoding="utf-8") as text:
            text.write(CONFIG.format(folder=cls.folder, port=int(said.split()[1])))
        checked = subprocess.run([INVEYE, "check", file, "--json"], capture_output=True, text=True, check=False)
        if '"model_found": true' not in checked.stdout:
            raise unittest.SkipTest("no models in the cache; `make setup` fetches them")
        cls.program = Running("-c", file)
        cls.addClassCleanup(cls.stop_program)
        cls.admin = cls.program.login()
        cls.document = Document(cls.admin.get("/api/v1/openapi.json").json)

    @classmethod
    def stop_rtspd(cls):
        cls.rtspd.kill()
        cls.rtspd.wait()
        cls.rtspd.stdout.close()

    @classmethod
    def stop_program(cls):
        status = cls.program.stop()
        assert status == 0, cls.program.said

    def get(self, path, template, status=200):
        answer = self.admin.get(STORE + path)
        self.assertEqual(answer.status, status, answer.text[:300])
        if "json" in answer.headers.get("content-type", ""):
            schema = self.document.schema_of("GET", "/api/v1/stores/{store}" + template, status)
            self.assertEqual(self.document.faults(answer.json, schema), [])
            return answer.json
        return answer

    def login(self, name, role):
        body = {"name": name, "role": role, "password": f"{name} has a password", "stores": ["shop"]}
        self.assertIn(self.admin.post("/api/v1/users", body).status, (201, 409))
        client = Client(self.program.port)
        self.assertEqual(client.post("/api/v1/login", {"username": name, "password": body["password"]}).status, 200)
        return client

    def snapshots(self, query=""):
        return self.get("/snapshots" + query, "/snapshots")["snapshots"]

    def first(self):
        wait_until(self.snapshots, "a picture of the camera that came")
        return self.snapshots()[-1]


class Snapshots(Rig):
    def picture(self, no, name, status=200, client=None):
        answer = (client or self.admin).get(f"{STORE}/snapshots/{no}/{name}")
        self.assertEqual(answer.status, status, answer.text[:200])
        return answer

    def test_list(self):
        row = self.first()
        self.assertEqual((row["camera_id"], row["kind"], row["boxes"], row["held"]), ("door", "camera.state", 0, False))
        events = self.admin.get(f"{STORE}/events?kind=camera.state").json["events"]
        self.assertIn(row["event_id"], [event["id"] for event in events])
        self.assertEqual(self.snapshots(f"?event={row['event_id']}"), [row])
        self.assertEqual(self.snapshots("?camera=door&kind=camera.state")[-1], row)
        self.assertEqual(self.snapshots("?camera=none"), [])
        self.assertEqual(self.snapshots("?kind=line.crossed"), [])
        self.assertEqual(self.snapshots(f"?from={row['ts']}")[-1], row)
        self.assertEqual(self.snapshots(f"?to={row['ts']}"), [])
        page = self.get("/snapshots?limit=1", "/snapshots")
        self.assertEqual(self.snapshots(f"?cursor={page['next_cursor']}"), self.snapshots()[1:])
        for query in ("camera=A", "event=7", "from=now", "limit=0", "cursor=1", "cursor=1.2.3", "cursor=-1.5"):
            self.get("/snapshots?" + query, "/snapshots", 400)

    def test_pictures(self):
        no = self.first()["id"]
        clean, marked = self.picture(no, "picture.jpg"), self.picture(no, "picture.jpg?boxes=1")
        small = self.picture(no, "thumbnail.jpg")
        for answer in (clean, marked, small):
            self.assertEqual(answer.headers["content-type"], "image/jpeg")
            self.assertTrue(answer.body.startswith(b"\xff\xd8") and answer.body.endswith(b"\xff\xd9"))
        self.assertEqual(len(clean.body) + len(marked.body) + len(small.body), self.first()["bytes"])
        self.assertEqual(clean.headers["x-frame-ts"], self.first()["picture_ts"])
        for wrong in ("0", "x", "-1", "999999", "99999999999999999999"):
            self.picture(wrong, "picture.jpg", 404)
            self.picture(wrong, "thumbnail.jpg", 404)
        self.picture(no, "picture.jpg?boxes=2", 400)

    def test_who_may_and_who_looked(self):
        no = self.first()["id"]
        guard, installer = self.login("gus", "security"), self.login("ines", "installer")
        self.picture(no, "thumbnail.jpg", 403, installer)
        self.picture(no, "picture.jpg", 403, installer)
        self.assertEqual(installer.get(f"{STORE}/snapshots").status, 403)
        self.picture(no, "thumbnail.jpg", 200, guard)
        for _ in range(3):
            self.picture(no, "picture.jpg", 200, guard)
        rows = [r for r in self.admin.get("/api/v1/audit").json["entries"]
                if r["action"] == "snapshot.viewed" and r["actor"] == "gus"]
        self.assertEqual([(r["subject"], r["detail"]) for r in rows],
                         [("door", {"id": str(no)}), ("door", {})])  # and small ones, once

    def test_people_are_blurred(self):
        """Who may not see people gets a picture made for him, of the clean one."""
        no = self.first()["id"]
        viewer = self.login("vera", "viewer")
        stored = self.picture(no, "picture.jpg").body
        shown = self.picture(no, "picture.jpg?boxes=1", 200, viewer)
        small = self.picture(no, "thumbnail.jpg", 200, viewer)
        for answer in (shown, small):
            self.assertEqual(answer.headers["content-type"], "image/jpeg")
            self.assertTrue(answer.body.startswith(b"\xff\xd8") and answer.body.endswith(b"\xff\xd9"))
            self.assertNotEqual(answer.body, stored)
        self.assertLessEqual(len(small.body), len(shown.body))
        self.assertEqual(shown.headers["x-frame-ts"], self.first()["picture_ts"])

    def test_metrics(self):
        self.first()
        metrics = self.admin.get("/metrics").text
        self.assertRegex(metrics, r"(?m)^inveye_snapshots_kept_total [1-9]")
        self.assertIn("inveye_snapshots_dropped_total 0", metrics)


if __name__ == "__main__":
    from harness import main
    main()
