# SPDX-License-Identifier: Apache-2.0
"""Pictures of events and evidence, from a camera (RTSP) to what a third party checks. Needs the models
of the set-up and an H.264 encoder; skips without."""

import datetime
import io
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
import zipfile

import harness
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


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def patiently(condition, what):
    """A bundle waits until the index of recordings tells of the end of its span."""
    end = time.monotonic() + 45
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within 45 s: {what}")
        time.sleep(0.05)


class Evidence(Rig):
    CASES = "/evidence"

    def case(self, no):
        return self.get(f"/evidence/{no}", "/evidence/{case}")

    def post(self, path, body=None, status=201, client=None):
        answer = (client or self.admin).post(STORE + path, body)
        self.assertEqual(answer.status, status, answer.text[:300])
        return answer.json

    def keep(self, **more):
        now = time.time()
        wish = {"title": "Bag taken", "note": "At the counter", "camera_id": "door",
                "from": utc(now - 60), "to": utc(now), **more}
        return self.post("/evidence", wish)

    def ready(self, no):
        patiently(lambda: self.case(no)["state"] != "waiting", f"the bundle of {no}")
        case = self.case(no)
        self.assertEqual((case["state"], case["trouble"]), ("ready", ""))
        return case

    def bundle(self, no):
        answer = self.admin.get(f"{STORE}/evidence/{no}/bundle.zip")
        self.assertEqual(answer.status, 200, answer.text[:200])
        return answer

    def made(self):
        """One case, made once for all tests."""
        if not hasattr(Evidence, "number"):
            row = self.first()
            self.record()
            Evidence.number = self.keep(event_id=row["event_id"])["id"]
        return self.ready(Evidence.number)

    def record(self):
        """Some seconds of video are in the index."""
        path = f"{STORE}/cameras/door/recordings"
        patiently(lambda: any(r["bytes"] > 2000 for r in self.admin.get(path).json["recordings"]), "a recording")

    def verify(self, path, *more):
        return subprocess.run([INVEYE, "evidence", "verify", path, *more], capture_output=True, text=True, check=False)

    def save(self, body, name):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(body)
        return path

    def test_case(self):
        case = self.made()
        self.assertEqual((case["title"], case["note"], case["camera_id"], case["kept_by"]),
                         ("Bag taken", "At the counter", "door", "admin"))
        self.assertGreaterEqual(case["bundle"]["clips"], 1)
        self.assertGreaterEqual(case["bundle"]["stills"], 1)
        self.assertIsNone(case["release"])
        listed = self.get("/evidence", "/evidence")["evidence"]
        self.assertIn(case, listed)
        self.assertEqual(self.get(f"/evidence?cursor={case['id']}&limit=1", "/evidence")["evidence"], [])
        held = [r["held"] for r in self.admin.get(f"{STORE}/cameras/door/recordings").json["recordings"]]
        self.assertIn(True, held)
        self.assertTrue(self.first()["held"])

    def test_bundle(self):
        case = self.made()
        answer = self.bundle(case["id"])
        self.assertEqual(answer.headers["content-type"], "application/zip")
        self.assertIn(f"evidence-{case['id']}.zip", answer.headers["content-disposition"])
        self.assertEqual(len(answer.body), case["bundle"]["bytes"])
        archive = zipfile.ZipFile(io.BytesIO(answer.body))
        self.assertIsNone(archive.testzip())
        folder = f"evidence-{case['id']}/"
        names = {name.removeprefix(folder) for name in archive.namelist()}
        self.assertLessEqual({"README.txt", "metadata.json", "clip-1.mp4", "SHA256SUMS", "SHA256SUMS.sig",
                              "public-key.pem"}, names)
        told = json.loads(archive.read(folder + "metadata.json"))
        self.assertEqual(told["camera"]["id"], "door")
        self.assertEqual(told["store"]["time_zone"], "Europe/Berlin")
        self.assertRegex(told["from"]["local"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0[12]:00$")
        self.assertTrue(told["camera"]["clock"]["source"])
        self.assertIn("camera.state", [event["kind"] for event in told["events"]])
        self.assertEqual(len(told["stills"]), case["bundle"]["stills"])
        for still in told["stills"]:
            for key in ("file", "with_boxes", "thumbnail"):
                self.assertTrue(archive.read(folder + still[key]).startswith(b"\xff\xd8"))
        clip = archive.read(folder + told["clips"][0]["file"])
        self.assertEqual(clip[4:8], b"ftyp")
        self.assertEqual(len(clip), told["clips"][0]["bytes"])
        part = self.admin.get(f"{STORE}/evidence/{case['id']}/bundle.zip", Range="bytes=0-3")
        self.assertEqual((part.status, part.body), (206, b"PK\x03\x04"))

    def test_clip_plays(self):
        """By another program: as many pictures as the metadata says, from time 0 on."""
        if not shutil.which("ffprobe"):
            self.skipTest("no ffprobe")
        case = self.made()
        archive = zipfile.ZipFile(io.BytesIO(self.bundle(case["id"]).body))
        folder = f"evidence-{case['id']}/"
        told = json.loads(archive.read(folder + "metadata.json"))
        for clip in told["clips"]:
            path = self.save(archive.read(folder + clip["file"]), "clip.mp4")
            out = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries",
                                  "stream=nb_read_frames:format=start_time", "-of", "json", path],
                                 capture_output=True, text=True, check=True)
            self.assertEqual(out.stderr, "")
            found = json.loads(out.stdout)
            self.assertEqual(int(found["streams"][0]["nb_read_frames"]), clip["pictures"])
            self.assertLess(abs(float(found["format"]["start_time"])), 0.5)

    def test_verify(self):
        case = self.made()
        body = self.bundle(case["id"]).body
        path = self.save(body, "whole.zip")
        fingerprint = self.admin.get("/api/v1/evidence/key").json["fingerprint"]
        said = self.verify(path)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.assertIn("INTACT", said.stdout)
        self.assertIn(fingerprint, said.stdout)
        self.assertEqual(self.verify(path, "--key", fingerprint).returncode, 0)
        other = self.verify(path, "--key", "0" * 64)
        self.assertEqual(other.returncode, 1)
        self.assertIn("another key", other.stdout)
        archive = zipfile.ZipFile(io.BytesIO(body))
        for info in archive.infolist():
            at = info.header_offset + 30 + len(info.filename) + info.file_size // 2
            changed = bytearray(body)
            changed[at] ^= 1
            said = self.verify(self.save(changed, "changed.zip"))
            self.assertEqual(said.returncode, 1, info.filename)
            self.assertIn(info.filename.split("/", 1)[1], said.stdout)
        for wrong in (b"", b"no archive", body[:-1], body[:len(body) // 2]):
            self.assertEqual(self.verify(self.save(wrong, "wrong.zip")).returncode, 1)
        self.assertEqual(self.verify(path, "--key", "xyz").returncode, 2)
        self.assertEqual(self.verify(os.path.join(self.folder, "none.zip")).returncode, 1)

    def test_documented_commands(self):
        """What docs/evidence.md and the README in the bundle tell a third party to do."""
        for program in ("unzip", "openssl", "sha256sum"):
            if not shutil.which(program):
                self.skipTest(f"no {program}")
        case = self.made()
        path = self.save(self.bundle(case["id"]).body, "police.zip")
        target = os.path.join(self.folder, "police")
        subprocess.run(["unzip", "-q", path, "-d", target], check=True)
        where = os.path.join(target, f"evidence-{case['id']}")
        run = lambda *command: subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
        self.assertEqual(run("sha256sum", "-c", "--strict", "SHA256SUMS").returncode, 0)
        checked = run("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public-key.pem", "-rawin", "-in",
                      "SHA256SUMS", "-sigfile", "SHA256SUMS.sig")
        self.assertEqual((checked.returncode, checked.stdout.strip()), (0, "Signature Verified Successfully"))
        der = subprocess.run("openssl pkey -pubin -in public-key.pem -outform DER | sha256sum", shell=True, cwd=where,
                             capture_output=True, text=True, check=True)
        fingerprint = self.admin.get("/api/v1/evidence/key").json["fingerprint"]
        self.assertEqual(der.stdout.split()[0], fingerprint)
        with open(os.path.join(where, "README.txt"), encoding="utf-8") as readme:
            self.assertIn(fingerprint, readme.read())

    def test_key_file(self):
        key = self.admin.get("/api/v1/evidence/key").json
        self.assertEqual(self.admin.get("/api/v1/evidence/key").json, key)
        self.assertIn("BEGIN PUBLIC KEY", key["pem"])
        path = os.path.join(self.folder, "data", "evidence.key")
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)

    def test_nothing_recorded(self):
        no = self.keep(**{"from": "2020-01-01T00:00:00Z", "to": "2020-01-01T00:01:00Z"})["id"]
        patiently(lambda: self.case(no)["state"] == "failed", "that nothing is there")
        self.assertIn("nothing was recorded", self.case(no)["trouble"])
        self.assertEqual(self.admin.get(f"{STORE}/evidence/{no}/bundle.zip").status, 404)
        self.assertEqual(self.admin.post(f"{STORE}/evidence/{no}/bundle").status, 202)
        patiently(lambda: self.case(no)["state"] == "failed", "that it still is not")

    def test_release(self):
        self.record()
        no = self.ready(self.keep()["id"])["id"]
        guard = self.login("gus", "security")
        self.post(f"/evidence/{no}/release", {"reason": "x"}, 403, guard)
        for bad in ({}, {"reason": ""}, {"reason": "x" * 501}, {"reason": 7}):
            self.post(f"/evidence/{no}/release", bad, 422)
        case = self.post(f"/evidence/{no}/release", {"reason": "The proceedings are over"}, 200)
        self.assertEqual((case["state"], case["release"]["by"], case["release"]["reason"], case["bundle"]),
                         ("released", "admin", "The proceedings are over", None))
        self.post(f"/evidence/{no}/release", {"reason": "again"}, 409)
        self.post(f"/evidence/{no}/bundle", None, 409)
        self.assertEqual(self.admin.get(f"{STORE}/evidence/{no}/bundle.zip").status, 409)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "data", "evidence", f"{no}.zip")))
        holders = harness.sqlite3.connect(os.path.join(self.folder, "data", "inveye.db")).execute(
            "SELECT count(*) FROM segment_holds WHERE holder = ?", (f"evidence:{no}",)).fetchone()
        self.assertEqual(holders, (0,))

    def test_bad_wishes(self):
        now = time.time()
        for more in ({"title": ""}, {"title": "x" * 121}, {"title": 3}, {"note": "x" * 2001}, {"from": "now"},
                     {"camera_id": "A"}, {"camera_id": 1}, {"event_id": "7"}, {"event_id": 7},
                     {"from": utc(now), "to": utc(now - 1)}, {"from": utc(now - 7 * 3600)}, {"to": utc(now + 7200)}):
            wish = {"title": "Bag", "camera_id": "door", "from": utc(now - 60), "to": utc(now), **more}
            self.assertEqual(self.admin.post(f"{STORE}/evidence", wish).status, 422, more)
        self.assertEqual(self.admin.post(f"{STORE}/evidence", {"title": "Bag", "camera_id": "none", "from": utc(now - 1),
                                                               "to": utc(now)}).status, 404)
        for wrong in ("0", "x", "-1", "99999999"):
            self.assertEqual(self.admin.get(f"{STORE}/evidence/{wrong}").status, 404)

    def test_who(self):
        case = self.made()
        guard, viewer = self.login("gina", "security"), self.login("vera", "viewer")
        self.assertEqual(viewer.get(f"{STORE}/evidence").status, 403)
        for _ in range(2):
            self.assertEqual(guard.get(f"{STORE}/evidence/{case['id']}/bundle.zip").status, 200)
        rows = [r for r in self.admin.get("/api/v1/audit?limit=500").json["entries"] if r["action"].startswith("evidence.")]
        self.assertIn(("evidence.kept", "admin", str(case["id"])), [(r["action"], r["actor"], r["subject"]) for r in rows])
        exported = [r for r in rows if r["action"] == "evidence.exported" and r["actor"] == "gina"]
        self.assertEqual([r["detail"] for r in exported], [{"sha256": case["bundle"]["sha256"]}])


if __name__ == "__main__":
    from harness import main
    main()
