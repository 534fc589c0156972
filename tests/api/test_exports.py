# SPDX-License-Identifier: Apache-2.0
"""Saving clips: the API with a host that stands in for the program, and the program with a camera
(RTSP), restarted and killed in between. The second needs the models of the set-up and an H.264 encoder."""

import datetime
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import time
import unittest

from harness import Server, main
from schema import Document
from test_evidence import Rig, patiently, utc
from test_simulated import Running

PATH = "/api/v1/stores/demo/exports"
STORE_PATH = "/api/v1/stores/shop/exports"
TEMPLATE = "/api/v1/stores/{store}/exports"
T0 = 1774778400  # 2026-03-29T10:00:00Z
FPS, LOOP = 10, 40  # of the camera; its pictures are numbered 0 to 39


def wish(first=0, last=60, camera="entrance"):
    return {"camera": camera, "from": utc(T0 + first), "to": utc(T0 + last)}


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.admin = cls.server.login()
        cls.document = Document(cls.admin.get("/api/v1/openapi.json").json)
        cls.server.command("record", "demo", "entrance", T0, 15)  # a minute

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def tearDown(self):
        for export in self.admin.get(PATH).json["exports"]:
            self.admin.request("DELETE", f"{PATH}/{export['id']}")

    def check(self, method, template, answer, status):
        self.assertEqual(answer.status, status, answer.text[:300])
        if answer.text and "json" in answer.headers.get("content-type", ""):
            self.assertEqual(self.document.faults(answer.json, self.document.schema_of(method, template, status)), [])
        return answer

    def ask(self, body, status=202, client=None):
        return self.check("POST", TEMPLATE, (client or self.admin).post(PATH, body), status)

    def get(self, no, status=200, client=None):
        answer = (client or self.admin).get(f"{PATH}/{no}")
        return self.check("GET", TEMPLATE + "/{export}", answer, status)

    def video(self, no, status=200, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        answer = self.admin.request("GET", f"{PATH}/{no}/video.mp4", headers=headers)
        self.assertEqual(answer.status, status, answer.text[:200] if status >= 400 else "")
        return answer

    def finish(self, no, content=None, **more):
        """As the desk does."""
        row = {"state": "done", "start_ts": (T0 - 1) * 10**6, "end_ts": (T0 + 60) * 10**6, "expires_ts": (T0 + 9e5) * 1e6,
               "bytes": len(content or b""), "sha256": hashlib.sha256(content or b"").hexdigest(), **more}
        if content is not None:
            os.makedirs(os.path.join(self.server.folder, "snapshots"), exist_ok=True)
            with open(os.path.join(self.server.folder, "snapshots", f"{no}.mp4"), "wb") as file:
                file.write(content)
        with self.server.database() as database:
            database.execute("UPDATE exports SET " + ", ".join(f"{key} = ?" for key in row) + " WHERE export_no = ?",
                             [*row.values(), no])
        database.close()

    def holders(self):
        with self.server.database() as database:
            rows = database.execute("SELECT DISTINCT holder FROM segment_holds").fetchall()
        database.close()
        return {row[0] for row in rows}

    def test_ask(self):
        answer = self.ask(wish())
        export = answer.json
        self.assertEqual(answer.headers["location"], f"{PATH}/{export['id']}")
        self.assertEqual(
            {k: export[k] for k in ("camera", "state", "progress", "bytes", "sha256", "start", "end", "gaps", "reason", "requested_by",
                                    "expires_at")},
            {"camera": "entrance", "state": "waiting", "progress": 0, "bytes": None, "sha256": None, "start": None, "end": None,
             "gaps": [], "reason": None, "requested_by": "admin", "expires_at": None})
        self.assertEqual((export["from"][:19], export["to"][:19]), ("2026-03-29T10:00:00", "2026-03-29T10:01:00"))
        self.assertEqual(self.get(export["id"]).json, export)
        self.assertEqual(self.holders(), {f"export:{export['id']}"})
        self.assertIn(f"export demo {export['id']} changed", self.server.errors())

    def test_list(self):
        numbers = [self.ask(wish(i)).json["id"] for i in range(3)]
        listed = self.check("GET", TEMPLATE, self.admin.get(PATH), 200).json["exports"]
        self.assertEqual([e["id"] for e in listed], numbers[::-1])

    def test_bad_wishes(self):
        now = time.time()
        for body, said in (({}, "camera"), (wish(camera="none"), "no camera"), (wish(camera="A!"), "camera"),
                           ({**wish(), "camera": 7}, "camera"), ({**wish(), "from": "now"}, "times"),
                           ({"camera": "entrance"}, "times"), (wish(10, 10), "after"), (wish(10, 5), "after"),
                           (wish(0, 25 * 3600 + 1), "25 h"), (wish(600, 900), "Nothing was recorded"),
                           (wish(camera="dark"), "Nothing was recorded"),
                           ({**wish(), "from": utc(now + 60), "to": utc(now + 120)}, "future")):
            answer = self.ask(body, 400)
            self.assertIn(said, answer.json["detail"], body)
        self.ask([], 422)
        self.assertEqual(self.holders(), set())
        for wrong in ("0", "x", "-1", "999999", "99999999999999999999"):
            self.get(wrong, 404)
            self.video(wrong, 404)
            self.assertEqual(self.admin.request("DELETE", f"{PATH}/{wrong}").status, 404)

    def test_just_now(self):
        """What the index does not tell of yet can be asked for; so can what is still to come."""
        now = time.time()
        for first, last in ((-10, 0), (-10, 3600), (0, 60)):
            self.ask({"camera": "entrance", "from": utc(now + first), "to": utc(now + last)})
        self.ask({"camera": "entrance", "from": utc(now - 120), "to": utc(now)}, 400)

    def test_bound(self):
        numbers = [self.ask(wish()).json["id"] for _ in range(32)]
        answer = self.ask(wish(), 409)
        self.assertIn("32 clips wait", answer.json["detail"])
        self.admin.request("DELETE", f"{PATH}/{numbers[0]}")
        self.ask(wish())

    def test_progress(self):
        numbers = [self.ask(wish()).json["id"] for _ in range(2)]
        for no in numbers:
            self.finish(no, state="working", start_ts=None, end_ts=None, expires_ts=None, sha256="")
        self.assertEqual(self.get(numbers[0]).json["progress"], 0.25 if numbers[0] == 2 else 0)
        self.video(numbers[0], 409)

    def test_video(self):
        content = bytes(i % 251 for i in range(100_000))
        no = self.ask(wish()).json["id"]
        self.video(no, 409)
        self.finish(no, content)
        export = self.get(no).json
        self.assertEqual((export["state"], export["progress"], export["bytes"]), ("done", 1, len(content)))
        whole = self.video(no)
        self.assertEqual((whole.body, whole.headers["content-type"]), (content, "video/mp4"))
        self.assertEqual(whole.headers["content-disposition"],  # the store's clock: Berlin, summer
                         'attachment; filename="entrance_2026-03-29_11-59-59_2026-03-29_12-01-00.mp4"')
        part = self.video(no, 206, Range="bytes=1000-1999")
        self.assertEqual((part.body, part.headers["content-range"]), (content[1000:2000], "bytes 1000-1999/100000"))
        self.assertEqual(self.video(no, 206, Range="bytes=-10").body, content[-10:])
        self.assertEqual(self.video(no, 416, Range="bytes=100000-").headers["content-range"], "bytes */100000")
        self.finish(no, content[:-1], bytes=len(content))
        self.video(no, 404)
        for state, said in (("failed", "reason"), ("expired", "time was over")):
            self.finish(no, content, state=state, reason="because")
            self.assertIn(said, self.video(no, 409).json["detail"])
            self.assertEqual(self.get(no).json["reason"], "because")

    def test_gaps(self):
        no = self.ask(wish()).json["id"]
        second = 10**6
        pairs = [(T0 + 5) * second, (T0 + 9) * second, (T0 + 20) * second, (T0 + 30) * second]
        self.finish(no, b"", gaps=b"".join(value.to_bytes(8, "little") for value in pairs))
        self.assertEqual([(g["start"][11:19], g["end"][11:19]) for g in self.get(no).json["gaps"]],
                         [("10:00:05", "10:00:09"), ("10:00:20", "10:00:30")])

    def test_delete(self):
        no = self.ask(wish()).json["id"]
        self.assertEqual(self.admin.request("DELETE", f"{PATH}/{no}").status, 204)
        self.get(no, 404)
        self.assertEqual(self.holders(), set())
        self.assertIn(f"export demo {no} removed", self.server.errors())
        self.assertEqual(self.admin.request("DELETE", f"{PATH}/{no}").status, 404)

    def test_audit(self):
        no = self.ask(wish()).json["id"]
        self.finish(no, b"clip")
        for _ in range(3):
            self.video(no)
        self.video(no, 206, Range="bytes=0-1")
        self.admin.request("DELETE", f"{PATH}/{no}")
        rows = [r for r in self.admin.get("/api/v1/audit?limit=100").json["entries"]
                if r["action"].startswith("recording.export") and r["detail"]["export"] == no][::-1]
        span = {"export": no, "from": "2026-03-29T10:00:00.000Z", "to": "2026-03-29T10:01:00.000Z"}
        self.assertEqual([(r["action"], r["actor"], r["subject"], r["detail"]) for r in rows], [
            ("recording.exported", "admin", "entrance", span),
            ("recording.export_downloaded", "admin", "entrance", {**span, "sha256": hashlib.sha256(b"clip").hexdigest()}),
            ("recording.export_deleted", "admin", "entrance", span)])

    def test_who(self):
        no = self.ask(wish()).json["id"]
        for role, may in (("manager", True), ("security", True), ("viewer", False), ("regional", False), ("installer", False),
                          ("corporate", False)):
            client = self.server.login(f"x-{role}", self.server.add_user(self.admin, f"x-{role}", role))
            self.assertEqual(client.get(PATH).status, 200 if may else 403, role)
            self.assertEqual(client.get(f"{PATH}/{no}").status, 200 if may else 403, role)
            self.assertEqual(client.post(PATH, wish()).status, 202 if may else 403, role)
            self.assertEqual(client.get(f"{PATH}/{no}/video.mp4").status, 409 if may else 403, role)
        stranger = self.server.login("stranger", self.server.add_user(self.admin, "stranger", "manager", stores=["other"]))
        self.assertEqual(stranger.get(f"{PATH}/{no}").status, 404)


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def pictures(path):
    """The numbers of its pictures, in order, as a decoder gives them."""
    raw = subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={path}", "!", "qtdemux", "!", "h264parse", "!",
                          "avdec_h264", "!", "videoconvert", "!", "video/x-raw,format=GRAY8,width=320,height=240", "!",
                          "fdsink", "sync=false"], capture_output=True, check=True).stdout
    size, found = 320 * 240, []
    for at in range(0, len(raw) - size + 1, size):
        blocks = [raw[at + 8 * 320 + block * 16 + 8] for block in range(14)]
        assert blocks[12] > 150 and blocks[13] < 100, blocks
        found.append(sum((blocks[bit] > 125) << bit for bit in range(12)))
    return found


class Saved(Rig):
    """From the camera to a file."""

    def ask(self, first, last, status=202, client=None):
        answer = (client or self.admin).post(STORE_PATH, {"camera": "door", "from": utc(first), "to": utc(last)})
        self.assertEqual(answer.status, status, answer.text[:300])
        return answer.json

    def export(self, no):
        return self.get(f"/exports/{no}", "/exports/{export}")

    def done(self, no, state="done"):
        patiently(lambda: self.export(no)["state"] in ("done", "failed"), f"clip {no}")
        export = self.export(no)
        self.assertEqual(export["state"], state, export)
        return export

    def folder_of(self):
        return os.path.join(self.folder, "data", "recordings", ".exports")

    def record(self, seconds):
        """So much video is in the index; when the last of it was taken."""
        path = "/api/v1/stores/shop/cameras/door/recordings"

        def enough():
            rows = self.admin.get(path).json["recordings"]
            return rows and sum(moment(r["end"]) - moment(r["start"]) for r in rows) >= seconds

        patiently(enough, f"{seconds} s of recordings")
        return moment(self.admin.get(path).json["recordings"][-1]["end"])

    def test_saved(self):
        last = self.record(12)
        first = last - 8
        export = self.done(self.ask(first, last)["id"])
        start, end = moment(export["start"]), moment(export["end"])
        self.assertLessEqual(start, first + 0.001)
        self.assertGreater(start, first - 2)  # a keyframe a second
        self.assertLess(abs(end - last), 0.5)
        self.assertEqual((export["gaps"], export["reason"], export["progress"]), ([], None, 1))
        self.assertGreater(moment(export["expires_at"]), time.time() + 6 * 86400)
        whole = self.admin.get(f"{STORE_PATH}/{export['id']}/video.mp4")
        self.assertEqual(whole.status, 200)
        self.assertEqual(len(whole.body), export["bytes"])
        self.assertEqual(hashlib.sha256(whole.body).hexdigest(), export["sha256"])
        self.assertRegex(whole.headers["content-disposition"], r'"door_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_\d{4}-[-_\d]+\.mp4"')
        half = len(whole.body) // 2
        parts = [self.admin.get(f"{STORE_PATH}/{export['id']}/video.mp4", Range=r) for r in (f"bytes=0-{half - 1}", f"bytes={half}-")]
        self.assertEqual([p.status for p in parts], [206, 206])
        self.assertEqual(parts[0].body + parts[1].body, whole.body)
        self.look_at(whole.body, end - start)
        for name in ("exports_done_total", "exports_written_bytes_total", "exports_bytes"):
            patiently(lambda: re.search(rf"(?m)^inveye_{name} [1-9]", self.admin.get("/metrics").text), name)
        self.let_go(export["id"])
        self.assertEqual(self.admin.request("DELETE", f"{STORE_PATH}/{export['id']}").status, 204)
        self.assertNotIn(f"{export['id']}.mp4", os.listdir(self.folder_of()))

    def look_at(self, content, seconds):
        """Every picture of the time is in it, and no other."""
        path = os.path.join(self.folder, "saved.mp4")
        with open(path, "wb") as file:
            file.write(content)
        if not shutil.which("gst-launch-1.0"):
            self.skipTest("no gst-launch-1.0 (gstreamer1.0-tools)")
        numbers = pictures(path)
        self.assertEqual(numbers[0] % FPS, 0)  # a keyframe
        self.assertEqual(numbers, [(numbers[0] + i) % LOOP for i in range(len(numbers))])
        self.assertLessEqual(abs(len(numbers) - seconds * FPS), 4)
        if shutil.which("ffprobe"):
            said = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path],
                                  capture_output=True, text=True, check=True)
            self.assertEqual(said.stderr, "")
            self.assertLess(abs(float(said.stdout) - seconds), 0.3)

    def let_go(self, no):
        database = sqlite3.connect(os.path.join(self.folder, "data", "inveye.db"), timeout=10)
        held = database.execute("SELECT count(*) FROM segment_holds WHERE holder = ?", (f"export:{no}",)).fetchone()
        database.close()
        self.assertEqual(held, (0,))

    def test_who(self):
        self.record(2)
        viewer, guard = self.login("vera", "viewer"), self.login("gina", "security")
        now = time.time()
        self.ask(now - 5, now, 403, viewer)
        no = self.ask(now - 5, now, 202, guard)["id"]
        self.assertEqual(self.export(no)["requested_by"], "gina")
        self.assertEqual(self.admin.request("DELETE", f"{STORE_PATH}/{no}").status, 204)
        self.assertEqual(self.admin.get(f"{STORE_PATH}/{no}").status, 404)

    def test_zz_killed(self):
        """The program is killed while a clip waits, with one half written: after the next start it is
        made, and what was half written is gone. Last: it changes the program."""
        last = self.record(4)
        no = self.ask(last - 3, last + 4)["id"]
        kept = self.done(self.ask(last - 3, last - 1)["id"])
        gone = self.done(self.ask(last - 3, last - 1)["id"])
        late = self.ask(last - 3, time.time() + 10)["id"]
        self.program.process.kill()
        self.program.process.wait()
        self.program.process.stdout.close()
        os.unlink(os.path.join(self.folder_of(), f"{gone['id']}.mp4"))
        for name in (f"{late}.mp4.part", f"{late}.mp4", "99999.mp4"):
            with open(os.path.join(self.folder_of(), name), "wb") as file:
                file.write(b"half")
        database = sqlite3.connect(os.path.join(self.folder, "data", "inveye.db"), timeout=10)
        with database:
            database.execute("UPDATE exports SET state = 'working' WHERE export_no = ?", (late,))
        database.close()
        again = Running("-c", os.path.join(self.folder, "store.yaml"))
        again.password = self.program.password
        type(self).program, type(self).admin = again, again.login()
        self.done(no)
        export = self.done(late)
        content = self.admin.get(f"{STORE_PATH}/{late}/video.mp4").body
        self.assertEqual(hashlib.sha256(content).hexdigest(), export["sha256"])
        self.assertEqual(self.export(kept["id"]), kept)
        patiently(lambda: self.export(gone["id"])["state"] == "failed", "that it is gone")
        self.assertIn("not on the disk", self.export(gone["id"])["reason"])
        left = set(os.listdir(self.folder_of()))
        self.assertNotIn("99999.mp4", left)
        self.assertFalse([name for name in left if name.endswith(".part")])
        self.assertIn(f"{late}.mp4", left)


if __name__ == "__main__":
    main()
