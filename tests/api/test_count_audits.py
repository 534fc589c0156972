# SPDX-License-Identifier: Apache-2.0
"""Audits of counts by the API: drawn only where there is something to see, blind until counted, what it came to, and what
that says of the traffic figures. Segments, samples and crossings are put into the database as the program does."""

import datetime
import json
import random
import unittest

from harness import Server, main
from schema import Document

STORE = "/api/v1/stores/demo"
PATH = STORE + "/audits"
TEMPLATE = "/api/v1/stores/{store}/audits"
T0 = 1774778400  # 2026-03-29T10:00:00Z
BUCKET = 300
S = 1_000_000


def text(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class CountAudits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.admin = cls.server.login()
        cls.document = Document(cls.admin.get("/api/v1/openapi.json").json)
        with cls.server.database() as db:
            cls.store, cls.camera = db.execute("SELECT store_no, camera_no FROM cameras WHERE id = 'entrance'").fetchone()
            (cls.line_no,) = db.execute("SELECT line_no FROM lines WHERE id = 'door' AND camera_no = ?", [cls.camera]).fetchone()
            db.execute("INSERT OR IGNORE INTO event_kinds (name) VALUES ('line.crossed')")
            (kind,) = db.execute("SELECT kind_no FROM event_kinds WHERE name = 'line.crossed'").fetchone()
            # Recorded for two hours in two files with half a second between; watched but for the third bucket.
            for start, end in ((T0 - 10, T0 + 3600), (T0 + 3600.5, T0 + 7210)):
                db.execute("INSERT INTO segments (store_no, camera_no, path, start_ts, end_ts, codec, width, height, bytes, init_bytes, length,"
                           " pieces, closed) VALUES (?, ?, ?, ?, ?, 'H.264', 768, 576, 1000, 700, 1, x'', 1)",
                           [cls.store, cls.camera, f"entrance/{start}.mp4", int(start * S), int(end * S)])
            dice = random.Random(1)
            cls.crossings = []
            for bucket in range(24):
                at = T0 + bucket * BUCKET
                db.execute("INSERT INTO kpi_5min_camera (store_no, bucket, camera_no, alive_ms, span_ms, frames_due, frames_skipped,"
                           " frames_gated, people_sum, people_n, people_max) VALUES (?, ?, ?, ?, 300000, 1, 0, 0, 0, 0, 0)",
                           [cls.store, at * S, cls.camera, 100_000 if bucket == 2 else 300_000])
                n = 20 if bucket % 2 else 4
                for i in range(n):
                    ts, out = at + 5 + i * 14, dice.random() < .5
                    cls.crossings.append((ts, "out" if out else "in"))
                    db.execute("INSERT INTO events (store_no, ts, id, kind_no, camera_no, tracklet_id, line_no, scene_version, attrs)"
                               " VALUES (?, ?, ?, ?, ?, 1, ?, 1, ?)", [cls.store, ts * S, dice.randbytes(16), kind, cls.camera, cls.line_no,
                               '{"direction":"%s"}' % cls.crossings[-1][1]])
                db.execute("INSERT INTO kpi_5min_line (store_no, bucket, line_no, camera_no, scene_version, crossed_in, crossed_out, turn_backs,"
                           " pass_bys) VALUES (?, ?, ?, ?, 1, ?, 0, 0, 0)", [cls.store, at * S, cls.line_no, cls.camera, n])
        db.close()

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def tearDown(self):
        for audit in self.admin.get(PATH).json["audits"]:
            self.assertEqual(self.admin.request("DELETE", f"{PATH}/{audit['id']}").status, 204)
        self.assertEqual(self.holds(), 0)

    def holds(self):
        with self.server.database() as db:
            (n,) = db.execute("SELECT count(*) FROM segment_holds").fetchone()
        db.close()
        return n

    def check(self, method, template, answer, status):
        self.assertEqual(answer.status, status, answer.text[:300])
        self.assertEqual(self.document.faults(answer.json, self.document.schema_of(method, template, status)), [])
        return answer

    def plan(self, status=201, **body):
        body = {"camera_id": "entrance", "line_id": "door", "from": text(T0), "to": text(T0 + 7200), **body}
        return self.check("POST", TEMPLATE, self.admin.post(PATH, body), status).json

    def settle(self, audit, interval, status=200, **body):
        answer = self.admin.request("PUT", f"{PATH}/{audit['id']}/intervals/{interval['id']}", json.dumps(body).encode(),
                                    {"Content-Type": "application/json"})
        return self.check("PUT", TEMPLATE + "/{audit}/intervals/{interval}", answer, status).json

    def marks(self, interval, lost=0):
        """As somebody a second late would make them; `lost` of the system's crossings were nobody."""
        there = [(ts, way) for ts, way in self.crossings if interval["from"] <= text(ts) < interval["to"]][lost:]
        return [{"ts": text(ts + 1), "direction": way} for ts, way in there]

    def line(self):
        return self.check("GET", TEMPLATE, self.admin.get(PATH), 200).json["lines"][0]

    def accuracy(self):
        return self.admin.get(f"{STORE}/kpis/traffic?from={text(T0)}&to={text(T0 + 7200)}").json["count_accuracy"]

    def test_passed_then_drifted(self):
        self.assertEqual((self.line()["state"], self.accuracy()), ("never", "never"))
        first = self.plan(intervals=10, to=text(T0 + 3600))
        self.assertEqual(len(first["intervals"]), 10)
        self.assertNotIn(text(T0 + 2 * BUCKET), [i["from"] for i in first["intervals"]])  # not watched
        self.assertGreater(self.holds(), 0)
        for interval in first["intervals"]:  # blind
            self.assertEqual((interval["state"], interval["busy"], interval["counts"]), ("open", None, None))
        for interval in first["intervals"]:
            self.assertEqual(self.line()["state"], "never")  # not before it is over
            answer = self.settle(first, interval, state="counted", marks=self.marks(interval))
        self.assertEqual(self.holds(), 0)
        figures = answer["figures"]
        self.assertEqual((figures["recall"]["share"], figures["precision"]["share"], figures["net_error"], figures["verdict"]),
                         (1, 1, 0, "passed"))
        self.assertEqual((self.line()["state"], self.accuracy()), ("passed", "passed"))
        later = self.plan(intervals=10, **{"from": text(T0 + 3600)})
        for interval in later["intervals"]:
            answer = self.settle(later, interval, state="counted", marks=self.marks(interval, lost=3))
        self.assertGreater(answer["figures"]["net_error_low"], 0)
        self.assertEqual((self.line()["state"], self.accuracy()), ("drifted", "drifted"))
        self.assertEqual(self.check("GET", TEMPLATE + "/{audit}", self.admin.get(f"{PATH}/{later['id']}"), 200).json, answer)

    def test_once(self):
        audit = self.plan(intervals=3)
        one, two, _ = audit["intervals"]
        self.settle(audit, one, state="counted", marks=[])
        self.assertIn("settled already", self.settle(audit, one, 409, state="counted", marks=self.marks(one))["detail"])
        void = self.settle(audit, two, state="void")["intervals"][1]
        self.assertEqual((void["state"], void["counts"], void["settled_by"]), ("void", None, "admin"))
        again = {i["from"] for i in self.plan(intervals=48)["intervals"]}
        self.assertEqual((len(again), {i["from"] for i in audit["intervals"]} & again), (20, set()))
        self.assertIn("No five minutes", self.plan(409)["detail"])
        words = [r["action"] for r in self.admin.get("/api/v1/audit").json["entries"]]
        self.assertTrue({"count_audit.planned", "count_audit.settled"} <= set(words))

    def test_refused(self):
        for body, part in (({"camera_id": 7}, "camera_id"), ({"from": "yesterday"}, "from and to"), ({"to": text(T0 - 1)}, "after from"),
                           ({"to": text(T0 + 40 * 86400)}, "31 days"), ({"intervals": 49}, "48"), ({"intervals": "x"}, "48")):
            self.assertIn(part, self.plan(400, **body)["detail"])
        self.plan(404, line_id="nowhere")
        self.plan(404, camera_id="nowhere")
        self.plan(409, **{"from": text(T0 + 90000), "to": text(T0 + 99000)})
        audit = self.plan(intervals=1)
        one = audit["intervals"][0]
        for body in ({}, {"state": "open"}, {"state": "counted"}, {"state": "counted", "marks": [{"ts": "x", "direction": "in"}]},
                     {"state": "counted", "marks": [{"ts": text(T0), "direction": "up"}]}, {"state": "counted", "marks": [3]},
                     {"state": "counted", "marks": [{"ts": text(T0 - 9000), "direction": "in"}]}):
            self.settle(audit, one, 400, **body)
        self.settle(audit, {"id": 99999}, 404, state="void")
        self.settle({"id": 99999}, one, 404, state="void")
        self.assertEqual(self.admin.get(f"{PATH}/x").status, 404)
        self.assertEqual(self.admin.request("DELETE", f"{PATH}/99999").status, 404)


if __name__ == "__main__":
    main()
