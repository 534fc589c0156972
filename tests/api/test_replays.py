# SPDX-License-Identifier: Apache-2.0
"""What-ifs by the API, with a host that stands in for the program: what is asked for is kept and told, what cannot be
is refused with its place, what is done is shown beside what was recorded."""

import json
import unittest

from harness import Server, main
from schema import Document

PATH = "/api/v1/stores/demo/replays"
TEMPLATE = "/api/v1/stores/{store}/replays"
SPAN = {"from": "2026-03-29T10:00:00Z", "to": "2026-03-29T11:00:00Z"}
SCENE = {"image": {"w": 768, "h": 576}, "lines": [{"id": "door", "kind": "entrance", "a": [0.2, 0.5], "b": [0.8, 0.5]}]}


class Replays(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.admin = cls.server.login()
        cls.document = Document(cls.admin.get("/api/v1/openapi.json").json)

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def tearDown(self):
        for replay in self.admin.get(PATH).json["replays"]:
            self.admin.request("DELETE", f"{PATH}/{replay['id']}")

    def check(self, method, template, answer, status):
        self.assertEqual(answer.status, status, answer.text[:300])
        if answer.text and "json" in answer.headers.get("content-type", ""):
            self.assertEqual(self.document.faults(answer.json, self.document.schema_of(method, template, status)), [])
        return answer

    def ask(self, status=202, **body):
        return self.check("POST", TEMPLATE, self.admin.post(PATH, {**SPAN, **body}), status)

    def get(self, no, status=200):
        return self.check("GET", TEMPLATE + "/{replay}", self.admin.get(f"{PATH}/{no}"), status)

    def put(self, no, **row):
        """As the desk does."""
        with self.server.database() as database:
            database.execute("UPDATE replays SET " + ", ".join(f"{key} = ?" for key in row) + " WHERE replay_no = ?", [*row.values(), no])
        database.close()

    def test_ask(self):
        what = {"cameras": [{"id": "entrance", "scene": SCENE}], "rules": {"exit_grace": "1 s"}}
        answer = self.ask(camera_id="entrance", **what)
        no = answer.json["id"]
        self.assertEqual(answer.headers["location"], f"{PATH}/{no}")
        self.assertEqual((answer.json["state"], answer.json["camera_id"], answer.json["requested_by"]), ("waiting", "entrance", "admin"))
        self.assertIn(f"replay demo {no} changed", self.server.errors())
        whole = self.get(no).json
        self.assertEqual((whole["what_if"], whole["result"], whole["progress"]), (what, None, 0))
        self.put(no, state="working")
        self.assertEqual(self.get(no).json["progress"], 0.25)
        row = {"camera_id": "entrance", "kind": "line", "id": "door", "recorded": {"crossed_in": 3}, "replayed": None}
        camera = {"camera_id": "entrance", "scene_version": 1, "changed": True, "pieces": 1, "bad_pieces": 0, "bytes": 90,
                  "covered_s": 10.5, "track_s": 3.25}
        self.put(no, state="done", result=json.dumps({"cameras": [camera], "rows": [row]}))
        done = self.get(no).json
        self.assertEqual((done["state"], done["progress"], done["result"]["rows"]), ("done", 1, [row]))
        listed = self.check("GET", TEMPLATE, self.admin.get(PATH), 200).json["replays"]
        self.assertEqual([r["id"] for r in listed], [no])
        self.assertNotIn("result", listed[0])

    def test_refused(self):
        for body, part in (({"from": "yesterday"}, "from and to"), ({"to": "2026-03-29T09:00:00Z"}, "after from"),
                           ({"to": "2028-03-29T09:00:00Z"}, "366 days"), ({"camera_id": 7}, "camera_id"),
                           ({"from": "2099-01-01T00:00:00Z", "to": "2099-01-02T00:00:00Z"}, "future")):
            self.assertIn(part, self.ask(400, **body).json["detail"])
        for body, pointer in (({"rules": {"nothing": 1}}, "/rules/nothing"), ({"rules": {"exit_grace": "a while"}}, "/rules/exit_grace"),
                              ({"rules": []}, "/rules"), ({"cameras": {}}, "/cameras"), ({"other": 1}, "/other"),
                              ({"cameras": [{"id": "entrance", "scene": {"image": {"w": 1, "h": 1}}}]}, "/cameras/0/scene/image"),
                              ({"cameras": [{"id": "X Y", "scene": SCENE}]}, "/cameras/0/id"),
                              ({"cameras": [{"id": "entrance", "scene": SCENE}] * 2}, "/cameras/1/id")):
            errors = self.ask(422, **body).json["errors"]
            self.assertEqual(errors[0]["pointer"][:len(pointer)], pointer, errors)
        self.ask(404, camera_id="nowhere")
        self.get(999999, 404)
        self.assertEqual(self.admin.request("DELETE", f"{PATH}/x").status, 404)
        self.assertEqual(self.admin.get(PATH).json["replays"], [])

    def test_limits(self):
        asked = [self.ask().json["id"] for _ in range(8)]
        self.ask(409)
        self.put(asked[0], state="failed", reason="no trajectories are kept")
        self.assertEqual(self.get(asked[0]).json["reason"], "no trajectories are kept")
        self.ask()

    def test_given_up(self):
        no = self.ask().json["id"]
        self.assertEqual(self.admin.request("DELETE", f"{PATH}/{no}").status, 204)
        self.get(no, 404)
        self.assertIn(f"replay demo {no} removed", self.server.errors())
        rows = [(r["action"], r["subject"]) for r in self.admin.get("/api/v1/audit").json["entries"] if r["action"].startswith("replay.")]
        self.assertEqual(rows[:2], [("replay.deleted", str(no)), ("replay.asked", str(no))])


if __name__ == "__main__":
    main()
