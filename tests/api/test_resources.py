# SPDX-License-Identifier: Apache-2.0
"""Every route answers what the document says, and the document's examples fit their schemas."""

import base64
import datetime
import json
import time
import unittest
import zoneinfo

from harness import Server, main, wait_until
from schema import Document

SCENE = {"image": {"w": 768, "h": 576}, "full_view": False, "zones": [],
         "lines": [{"id": "door", "name": "Door", "kind": "entrance", "a": [0.4, 0], "b": [0.4, 1]}]}


class Resources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.admin = cls.server.login()
        cls.document = Document(cls.admin.get("/api/v1/openapi.json").json)

    @classmethod
    def tearDownClass(cls):
        cls.server.command("release")
        assert cls.server.stop() == 0

    def check(self, answer, method, template, status):
        self.assertEqual(answer.status, status, answer.text)
        schema = self.document.schema_of(method, template, status)
        if schema is None:
            self.assertEqual(answer.body, b"")
            return None
        self.assertEqual(self.document.faults(answer.json, schema), [])
        return answer.json

    def get(self, path, template=None, status=200):
        return self.check(self.admin.get(path), "GET", template or path.split("?")[0], status)

    def test_examples_fit(self):
        count = 0
        for path, item in self.document.document["paths"].items():
            for method, operation in item.items():
                if method == "parameters":
                    continue
                bodies = [self.document.resolve(r).get("content", {})
                          for r in operation["responses"].values()]
                bodies.append(operation.get("requestBody", {}).get("content", {}))
                for content in bodies:
                    for body in content.values():
                        if "example" in body:
                            count += 1
                            faults = self.document.faults(body["example"], body["schema"])
                            self.assertEqual(faults, [], f"{method} {path}")
        self.assertGreater(count, 60)

    def test_forecast(self):
        path = "/api/v1/stores/{store}/kpis/forecast"
        forecast = self.get("/api/v1/stores/demo/kpis/forecast?days=2", path)
        self.assertGreaterEqual(len(forecast["hours"]), 48)
        self.assertIsNone(forecast["hours"][0]["footfall"])  # nothing is known: not 0
        self.assertIsNone(forecast["wape"])
        self.get("/api/v1/stores/demo/kpis/forecast?days=15", path, 400)
        self.get("/api/v1/stores/nowhere/kpis/forecast", path, 404)

    def test_stores(self):
        stores = self.get("/api/v1/stores")["stores"]
        self.assertEqual([s["id"] for s in stores], ["demo", "north"])
        self.assertEqual(stores[1]["time_zone"], "Asia/Kolkata")
        self.get("/api/v1/stores/demo", "/api/v1/stores/{store}")
        self.get("/api/v1/stores/nowhere", "/api/v1/stores/{store}", 404)
        self.get("/api/v1/stores/No%20where", "/api/v1/stores/{store}", 404)

    def test_cameras(self):
        template = "/api/v1/stores/{store}/cameras"
        cameras = self.get("/api/v1/stores/demo/cameras", template)["cameras"]
        self.assertEqual([c["id"] for c in cameras], ["entrance", "dark", "slow"])
        self.assertNotIn("secret", json.dumps(cameras))
        one = self.get("/api/v1/stores/demo/cameras/dark", template + "/{camera}")
        self.assertIsNone(one["people"])
        self.get("/api/v1/stores/demo/cameras/none", template + "/{camera}", 404)
        self.get("/api/v1/stores/north/cameras/dark", template + "/{camera}", 404)

    def test_snapshot(self):
        template = "/api/v1/stores/{store}/cameras/{camera}/snapshot.jpg"
        answer = self.admin.get("/api/v1/stores/demo/cameras/entrance/snapshot.jpg?boxes=1&width=320")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "image/jpeg"))
        self.assertEqual(answer.headers["cache-control"], "no-store")
        self.assertEqual(answer.body, b"\xff\xd8\xff\xd9")
        self.assertRegex(answer.headers["x-frame-ts"], r"Z$")
        for query in ("boxes=2", "width=0", "width=x", "boxes="):
            self.get(f"/api/v1/stores/demo/cameras/entrance/snapshot.jpg?{query}", template, 400)
        dark = self.get("/api/v1/stores/demo/cameras/dark/snapshot.jpg", template, 503)
        self.assertIn("offline", dark["detail"])
        self.get("/api/v1/stores/demo/cameras/none/snapshot.jpg", template, 404)
        head = self.admin.request("HEAD", "/api/v1/stores/demo/cameras/entrance/snapshot.jpg")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["content-length"], "4")

    def test_scene(self):
        path = "/api/v1/stores/demo/cameras/entrance/scene"
        template = "/api/v1/stores/{store}/cameras/{camera}/scene"
        before = self.admin.get(path)
        self.check(before, "GET", template, 200)
        version = before.json["version"]
        self.assertEqual(before.headers["etag"], f'"{version}"')

        def put(body, **headers):
            return self.admin.request("PUT", path, body, {k.replace("_", "-"): v
                                                          for k, v in headers.items()})
        self.check(put(SCENE), "PUT", template, 428)
        self.check(put(SCENE, If_Match="3"), "PUT", template, 400)
        self.check(put(SCENE, If_Match=f'"{version + 7}"'), "PUT", template, 412)
        saved = put({**SCENE, "version": 99, "hash": "x"}, If_Match=f'"{version}"')
        self.check(saved, "PUT", template, 200)
        self.assertEqual(saved.json["version"], version + 1)
        self.assertEqual(saved.headers["etag"], f'"{version + 1}"')
        wait_until(lambda: f"scene demo entrance {version + 1}\n" in self.server.errors(), "told")
        again = put(SCENE, If_Match=f'"{version + 1}"')
        self.assertEqual(again.json["version"], version + 1)
        self.check(put(SCENE, If_Match=f'"{version}"'), "PUT", template, 412)
        versions = self.get(path + "/versions", template + "/versions")["versions"]
        self.assertEqual([v["created_by"] for v in versions], ["admin", None])
        bad = {**SCENE, "lines": [{**SCENE["lines"][0], "b": [0.4, 0]}], "more": 1}
        wrong = self.check(put(bad, If_Match=f'"{version + 1}"'), "PUT", template, 422)
        self.assertGreaterEqual(len(wrong["errors"]), 2)
        self.check(put(b"{", If_Match='"1"', Content_Type="application/json"), "PUT", template, 400)
        empty = self.get("/api/v1/stores/demo/cameras/dark/scene", template)
        self.assertEqual((empty["version"], empty["zones"]), (0, []))
        self.get("/api/v1/stores/demo/cameras/none/scene", template, 404)

    PAIRS = [{"image": [0.1, 0.9], "plan": [6, 2]}, {"image": [0.9, 0.9], "plan": [2, 2]},
             {"image": [0.7, 0.3], "plan": [1, 7]}, {"image": [0.3, 0.3], "plan": [7, 7]},
             {"image": [0.5, 0.5], "plan": [4, 4.2]}]

    def test_floor_plan(self):
        base, template = "/api/v1/stores/north", "/api/v1/stores/{store}"
        scene, of_scene = "/cameras/{}/scene", template + "/cameras/{camera}/scene"

        def put(camera, body, status):
            answer = self.admin.request("PUT", base + scene.format(camera), body, {"If-Match": "*"})
            return self.check(answer, "PUT", of_scene, status)

        bare = self.get(base + "/floor-plan", template + "/floor-plan")
        self.assertEqual((bare["plan"], bare["coverage"], bare["uncalibrated"]), (None, None, 1))
        self.assertIn("Not calibrated", bare["cameras"][0]["problem"])
        put("floor-plan", SCENE, 422)  # no size
        plan = {"plan": {"width_m": 8, "height_m": 7.5}, "zones": [], "lines": [],
                "obstacles": [{"polygon": [[0.4, 0.5], [0.6, 0.5], [0.6, 0.55]]}]}
        put("north-door", plan, 422)
        saved = put("floor-plan", plan, 200)
        self.assertEqual((saved["image"]["w"], saved["obstacles"][0]["height_m"]), (800, 1.8))
        calibrated = {**SCENE, "calibration": {"height_m": 3, "pairs": self.PAIRS}}
        again = put("north-door", calibrated, 200)
        self.assertEqual(again["calibration"]["pairs"], self.PAIRS)
        put("floor-plan", {**plan, "plan": {"width_m": 6.5, "height_m": 7.5}}, 200)
        outside = put("north-door", {**calibrated, "full_view": True}, 422)
        self.assertIn("pair 4 of the calibration lies outside", outside["detail"])
        floor = self.get(base + "/floor-plan", template + "/floor-plan")
        camera = floor["cameras"][0]
        self.assertIn("outside", camera["problem"])
        put("floor-plan", plan, 200)
        floor = self.get(base + "/floor-plan", template + "/floor-plan")
        camera, coverage = floor["cameras"][0], floor["coverage"]
        self.assertEqual((camera["problem"], floor["uncalibrated"]), (None, 0))
        self.assertGreater(camera["seen_m2"], 5)
        self.assertGreater(len(camera["view"]), 4)
        self.assertTrue(coverage["obstacles_known"])
        self.assertEqual(len(coverage["cells"]), coverage["rows"])
        self.assertEqual({len(row) for row in coverage["cells"]}, {coverage["columns"]})
        cells = "".join(coverage["cells"])
        area = coverage["cell_m"] ** 2
        self.assertAlmostEqual(cells.count("0") * area, coverage["blind_m2"], 2)
        self.assertAlmostEqual(cells.count("1") * area, camera["seen_m2"], 2)
        self.assertEqual(floor["seen"], [])
        def box(x0, y0, x1, y1):
            return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
        zones = [{"id": "before", "name": "Before", "polygon": box(0.4, 0.3, 0.6, 0.45)},
                 {"id": "corner", "name": "Corner", "polygon": box(0, 0, 0.05, 0.05)}]
        lanes = [{"id": "till", "name": "Till", "queue": {"polygon": box(0.4, 0.3, 0.6, 0.45)},
                  "service": {"polygon": box(0.9, 0, 1, 0.1)}}]
        put("floor-plan", {**plan, "zones": zones, "lanes": lanes}, 200)
        seen = self.get(base + "/floor-plan", template + "/floor-plan")["seen"]
        self.assertEqual([(s["part"], s["id"], s["cameras"]) for s in seen],
                         [("zone", "before", ["north-door"]), ("zone", "corner", []),
                          ("queue", "till", ["north-door"]), ("service", "till", [])])
        figures = self.get(base + "/kpis/zones", template + "/kpis/zones")["zones"]
        told = {z["zone_id"]: (z["camera_ids"], z["coverage"], z["visitors"]) for z in figures}
        self.assertEqual(told["before"][0], ["north-door"])
        self.assertEqual(told["corner"], ([], None, None))
        put("floor-plan", plan, 200)
        listed = self.get(base + "/cameras", template + "/cameras")["cameras"]
        self.assertNotIn("floor-plan", [c["id"] for c in listed])
        old = self.get(base + scene.format("floor-plan") + "?version=1", of_scene)
        self.assertEqual(old["version"], 1)
        self.get(base + scene.format("floor-plan") + "?version=99", of_scene, 404)
        self.get(base + scene.format("floor-plan") + "?version=0", of_scene, 400)

    def test_placement(self):
        placement = self.get("/api/v1/stores/demo/placement", "/api/v1/stores/{store}/placement")
        self.assertEqual([c["camera_id"] for c in placement["cameras"]], ["entrance", "dark", "slow"])
        codes = [f["code"] for f in placement["cameras"][0]["findings"]]
        self.assertIn("not-calibrated", codes)
        self.assertFalse(placement["cameras"][1]["fits"])
        self.assertEqual([f["code"] for f in placement["store"]], ["few-entrances"])

    def test_plan_image(self):
        path, template = "/api/v1/stores/north/floor-plan/images", "/api/v1/stores/{store}/floor-plan/images"
        one_pixel = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB"
                     "d81ytgAAAABJRU5ErkJggg==")

        def post(body, status=200):
            return self.check(self.admin.request("POST", path, body), "POST", template, status)

        kept = post({"data": one_pixel})
        self.assertEqual((kept["type"], kept["size"]), ("image/png", {"w": 1, "h": 1}))
        self.assertEqual(post({"data": one_pixel}), kept)
        picture = self.admin.get(f"{path}/{kept['image']}")
        self.assertEqual((picture.status, picture.headers["content-type"]), (200, "image/png"))
        self.assertEqual(base64.b64encode(picture.body).decode(), one_pixel)
        self.get(f"{path}/{'0' * 16}", template + "/{image}", 404)
        self.get(f"{path}/..%2f..%2finveye.db", template + "/{image}", 404)
        self.get(f"/api/v1/stores/demo/floor-plan/images/{kept['image']}", template + "/{image}", 404)
        svg = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
        self.assertIn("neither a PNG nor a JPEG", post({"data": svg}, 422)["detail"])
        post({"data": one_pixel, "more": 1}, 422)
        post({"data": ""}, 422)
        scene = "/api/v1/stores/{store}/cameras/{camera}/scene"
        drawing = {"plan": {"width_m": 4, "height_m": 3, "image": kept["image"]}, "zones": [], "lines": []}
        url = "/api/v1/stores/north/cameras/floor-plan/scene"
        answer = self.admin.request("PUT", url, drawing, {"If-Match": "*"})
        self.assertEqual(self.check(answer, "PUT", scene, 200)["plan"]["image"], kept["image"])
        drawing["plan"]["image"] = "0" * 16
        answer = self.admin.request("PUT", url, drawing, {"If-Match": "*"})
        self.assertIn("upload it first", self.check(answer, "PUT", scene, 422)["detail"])

    def test_calibration_check(self):
        template = "/api/v1/stores/{store}/calibration/check"

        def check(pairs, status=200, **more):
            body = {"image": {"w": 1920, "h": 1080}, "calibration": {"pairs": pairs}, **more}
            answer = self.admin.request("POST", "/api/v1/stores/demo/calibration/check", body)
            return self.check(answer, "POST", template, status)

        four = check(self.PAIRS[:4])
        self.assertTrue(four["good"], four)
        self.assertEqual(four["error"], {"rms_m": None, "worst_m": None, "suspect": None})
        five = check(self.PAIRS)
        self.assertEqual(len(five["pairs_off_m"]), 5)
        self.assertGreater(five["error"]["rms_m"], 0)
        self.assertGreater(five["pose"]["height_m"], 0)
        mirrored = check([{"image": [1 - p["image"][0], p["image"][1]], "plan": p["plan"]}
                          for p in self.PAIRS])
        self.assertFalse(mirrored["good"])
        self.assertIn("mirrored", mirrored["problem"])
        check(self.PAIRS[:3], 422)
        check(self.PAIRS, 422, more=1)
        answer = self.admin.request("POST", "/api/v1/stores/demo/calibration/check", [])
        self.check(answer, "POST", template, 422)

    def test_kpis(self):
        base = "/api/v1/stores/demo/kpis"
        template = "/api/v1/stores/{store}/kpis"
        live = self.get(base + "/live", template + "/live")
        self.assertEqual((live["cameras_alive"], live["cameras_total"]), (1, 2))
        self.assertIsNone(live["traffic_out"]["value"])
        self.assertEqual(live["footfall_today"]["definition_version"], 0)
        self.server.command("events", "demo", 4)
        for step, least in (("5min", 1), ("hour", 1), ("day", 1)):
            traffic = self.get(f"{base}/traffic?step={step}", template + "/traffic")
            self.assertGreaterEqual(len(traffic["buckets"]), least)
        self.assertGreaterEqual(traffic["totals"]["traffic_in"]["value"], 1)
        zones = self.get(base + "/zones", template + "/zones")
        self.assertEqual([z["zone_id"] for z in zones["zones"]], ["shelf"])
        self.assertEqual(zones["zones"][0]["occupancy_now"], 2)
        for query in ("step=minute", "from=2026-01-01T00:00:00Z", "from=yesterday&to=today",
                      "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
                      "from=1990-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
                      "step=5min&from=2025-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"):
            self.get(f"{base}/traffic?{query}", template + "/traffic", 400)
        offset = self.get(f"{base}/traffic?from=2026-01-01T02:00:00%2B02:00&to=2026-01-01T03:00:00Z",
                          template + "/traffic")
        self.assertEqual(offset["from"], "2026-01-01T00:00:00.000Z")

    def test_queues(self):
        base = "/api/v1/stores/demo/kpis"
        template = "/api/v1/stores/{store}/kpis"
        live = self.get(base + "/live", template + "/live")
        till, dark = live["queues"]
        self.assertEqual((till["length"], till["present_wait_s"], till["estimated_wait_s"]),
                         (3, 71.5, None))
        self.assertEqual((dark["length"], dark["present_wait_s"], dark["lanes_open"]),
                         (None, None, None))
        self.assertEqual([lane["state"] for lane in live["lanes"]], ["open", None])
        tills, others = live["outlook"]["pools"]
        self.assertEqual((tills["foretold_wait_10m_s"], tills["long_chance"]), (540, 0.71))
        self.assertEqual(tills["queues"][0]["foretold_wait_5m_s"], None)
        self.assertEqual((tills["advice"]["action"], tills["advice"]["lane_ids"]),
                         ("open", ["till-2"]))
        self.assertIn("10 min are foretold", tills["advice"]["reason"])
        self.assertEqual((others["long_chance"], others["called_at"], others["advice"]),
                         (None, None, None))
        self.assertEqual(live["outlook"]["score"]["false_calls"], 2)
        self.server.command("queue", "demo", 60)
        now = time.time()
        span = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + h * 3600)) for h in (-3, 1)]
        for step in ("5min", "hour", "day"):
            answer = self.get(f"{base}/queues?from={span[0]}&to={span[1]}&step={step}",
                              template + "/queues")
            till, = answer["rows"]
            self.assertEqual((till["lane_id"], till["group"], till["group_id"]), ("till", False, None))
            total = till["total"]
            self.assertEqual((total["joined"], total["served"], total["abandoned"]), (1, 1, 0))
            self.assertEqual((total["wait_mean_s"], total["service_mean_s"]), (70, 50))
            self.assertEqual(total["service_level"], 1)
            self.assertEqual(sum(p["joined"] or 0 for p in till["periods"]), 1)
            self.assertEqual(answer["total"]["joined"], 1)
            self.assertEqual(answer["outlook"]["pools"][0]["long_chance"], 0.71)
            self.assertTrue(set(answer["figures"]) >= set(total) - {"open_waits", "coverage",
                                                                   "provisional"})
        self.assertEqual(self.get(base.replace("demo", "north") + "/queues",
                                  template + "/queues")["rows"], [])
        for query in ("step=minute", "from=2026-01-01T00:00:00Z",
                      "step=5min&from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z"):
            self.get(f"{base}/queues?{query}", template + "/queues", 400)
        events = self.get("/api/v1/stores/demo/events?kind=queue.wait",
                          "/api/v1/stores/{store}/events")["events"]
        self.assertEqual(events[0]["lane_id"], "till")

    def test_queues_of_the_week_before(self):
        """Each period stands at its place by the clock of the store; changes of it are at night."""
        template = "/api/v1/stores/{store}/kpis/queues"
        berlin = zoneinfo.ZoneInfo("Europe/Berlin")
        noon = datetime.datetime.now(berlin).replace(hour=12, minute=0, second=0, microsecond=0)
        day = datetime.timedelta(days=1)

        def local(text):
            return datetime.datetime.fromisoformat(text).astimezone(berlin)

        for days, minute in ((2, 65), (9, 10), (9, 70)):
            came = (noon - days * day).timestamp() + minute * 60
            self.server.command("queue", "demo", int(time.time() - came) // 60)
        from_ = (noon - 2 * day).astimezone(datetime.timezone.utc)
        span = [(from_ + datetime.timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ") for h in (0, 3)]
        for step, joined in (("hour", [1, 1, None]), ("day", [2])):
            answer = self.get(f"/api/v1/stores/demo/kpis/queues?from={span[0]}&to={span[1]}"
                              f"&step={step}&compare=week", template)
            row, = answer["comparison"]["rows"]
            self.assertEqual((row["lane_id"], row["total"]["joined"]), ("till", 2))
            self.assertEqual([p["joined"] for p in row["periods"]], joined)
            self.assertEqual([local(now["start"]) - local(then["start"])
                              for now, then in zip(answer["rows"][0]["periods"], row["periods"])],
                             [7 * day] * len(joined))

    def test_staffing(self):
        base = "/api/v1/stores/demo/kpis/staffing"
        template = "/api/v1/stores/{store}/kpis/staffing"
        answer = self.get(base + "?days=1&target_s=120&level_percent=90", template)
        self.assertEqual((answer["target_s"], answer["level"]), (120, 0.9))
        for pool in answer["pools"]:  # nothing was learned: nothing is said
            self.assertIn(len(pool["hours"]), (24, 25))
            self.assertEqual({h["lanes"] for h in pool["hours"]}, {None})
        self.assertEqual(self.get(base, template)["target_s"], 300)  # the configuration's default
        for query in ("days=0", "days=15", "target_s=-1", "level_percent=100", "days=x"):
            self.get(f"{base}?{query}", template, 400)

    def test_wait_target(self):
        """Lanes are asked for by the wait that the configuration calls good."""
        strict = Server(IV_TEST_WAIT_TARGET_S=90)
        try:
            answer = strict.login().get("/api/v1/stores/demo/kpis/staffing")
            self.assertEqual(answer.json["target_s"], 90)
        finally:
            strict.stop()

    def test_heat_map(self):
        base = "/api/v1/stores/demo/kpis/heatmap"
        template = "/api/v1/stores/{store}/kpis/heatmap"
        empty = self.get(base, template)
        self.assertEqual((empty["camera_id"], empty["grid"]), (None, None))
        self.assertIsNone(empty["total"]["person_seconds"])
        self.server.command("heat", "demo")
        now = time.time()
        span = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + h * 3600)) for h in (-3, 1)]
        query = f"?from={span[0]}&to={span[1]}"
        for step in ("total", "5min", "hour", "day", "hour_of_day"):
            plan = self.get(f"{base}{query}&step={step}", template)
            self.assertEqual(plan["grid"], {"columns": 20, "rows": 10, "cell_m": 0.5})
            self.assertEqual(plan["figure"]["unit"], "person-s/m²")
            total = plan["total"]
            self.assertEqual((total["person_seconds"], total["cells"], total["values"]),
                             (3, [7], [12]))
            filled = [p for p in plan["periods"] if p["cells"]]
            self.assertEqual(len(filled), 0 if step == "total" else 1)
            self.assertEqual(sum(p["person_seconds"] or 0 for p in plan["periods"]),
                             0 if step == "total" else 3)
            self.assertEqual(len(plan["periods"]) == 24, step == "hour_of_day")
        picture = self.get(f"{base}{query}&camera=entrance&step=hour", template)
        self.assertEqual(picture["grid"], {"columns": 32, "rows": 18, "cell_m": None})
        self.assertEqual((picture["total"]["cells"], picture["total"]["values"]), ([33], [2.5]))
        self.assertEqual(picture["figure"]["unit"], "person-s")
        self.get(f"{base}?camera=none", template, 404)
        self.get(base.replace("demo", "nowhere"), template, 404)
        for bad in ("step=week", "from=2026-01-01T00:00:00Z",
                    "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
                    "step=5min&from=2026-01-01T00:00:00Z&to=2026-01-05T00:00:00Z",
                    "step=hour&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z"):
            self.get(f"{base}?{bad}", template, 400)
        samples = self.get("/api/v1/stores/demo/events?kind=heat.sample",
                           "/api/v1/stores/{store}/events")["events"]
        self.assertEqual({e["attrs"]["grid"] for e in samples}, {"32x18", "20x10@500"})

    def test_events_page_by_page(self):
        self.server.command("events", "north", 7)
        base = "/api/v1/stores/north/events"
        template = "/api/v1/stores/{store}/events"
        seen, cursor = [], ""
        for _ in range(4):
            page = self.get(f"{base}?limit=2{cursor}", template)
            seen += page["events"]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        self.assertEqual(len(seen), 7)
        self.assertEqual(len({e["id"] for e in seen}), 7)
        self.assertEqual([e["ts"] for e in seen], sorted((e["ts"] for e in seen), reverse=True))
        self.assertEqual(self.get(f"{base}?kind=zone.visit", template)["events"], [])
        both = self.get(f"{base}?kind=zone.visit&kind=line.crossed&camera=entrance", template)
        self.assertEqual(len(both["events"]), 7)
        for query in ("limit=0", "limit=501", "limit=ten", "cursor=%27", "camera=A%20b", "from=now",
                      "&".join(["kind=a"] * 21)):
            self.get(f"{base}?{query}", template, 400)

    def test_health_metrics_and_document(self):
        anybody = self.server.client()
        self.check(anybody.get("/healthz"), "GET", "/healthz", 200)
        self.assertEqual(anybody.get("/api/v1/openapi.json").status, 401)
        metrics = anybody.get("/metrics")
        self.assertEqual(metrics.status, 200)
        self.assertIn("inveye_test 1", metrics.text)
        self.assertIn('inveye_http_responses_total{class="2xx"}', metrics.text)
        for line in metrics.text.splitlines():
            self.assertRegex(line, r'^(# TYPE inveye_[a-z0-9_]+ (counter|gauge)|'
                                   r'inveye_[a-z0-9_]+(\{[a-z]+="[^"]*"\})? \d+)$')
        self.assertEqual(anybody.get("/metrics", X_Forwarded_For="10.0.0.1").status, 401)
        self.assertEqual(anybody.get("/metrics", Forwarded="for=10.0.0.1").status, 401)

    def test_unknown_addresses_and_methods(self):
        self.assertEqual(self.admin.get("/api/v1/nothing").status, 404)
        self.assertEqual(self.admin.get("/api").status, 404)
        wrong = self.admin.request("DELETE", "/api/v1/stores")
        self.assertEqual((wrong.status, wrong.headers["allow"]), (405, "GET"))
        self.assertEqual(self.admin.get("/api/v1/ws").status, 426)
        self.assertEqual(self.admin.get("/nothing").status, 404)


if __name__ == "__main__":
    main()
