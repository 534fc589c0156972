# SPDX-License-Identifier: Apache-2.0
"""`inveye run` on a simulated store: history first, then live."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import harness
from harness import Client, wait_until

INVEYE = os.environ.get("IV_INVEYE", "build/inveye")
KIOSK = os.path.join(os.path.dirname(__file__), "..", "..", "packaging", "stores", "kiosk.json")


def number(figure):
    return figure["value"] if isinstance(figure, dict) else figure


class Running:
    def __init__(self, *arguments, before=None):
        """`before`: called in the child, before the program."""
        self.process = subprocess.Popen(
            [INVEYE, "run", "--port", "0", *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, preexec_fn=before)
        self.said, self.port, self.password = "", None, None
        for line in self.process.stdout:
            self.said += line
            address = re.search(r"running: http://[^:]+:(\d+)", line)
            password = re.search(r"with the password (\S+)", line)
            self.port = int(address.group(1)) if address else self.port
            self.password = password.group(1) if password else self.password
            if "Stop with" in line:
                return

    def login(self):
        client = Client(self.port)
        answer = client.post("/api/v1/login", {"username": "admin", "password": self.password})
        assert answer.status == 200, answer.text
        return client

    def stop(self):
        self.process.terminate()
        self.said += self.process.stdout.read()
        self.process.stdout.close()
        return self.process.wait(harness.DEADLINE)


class TestSimulated(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="inveye-simulated-")
        self.data = os.path.join(self.folder, "data")

    def tearDown(self):
        shutil.rmtree(self.folder)

    def fill(self):
        subprocess.run([INVEYE, "simulate", "--scenario", KIOSK, "--history", "2d", "--data",
                        self.data], check=True, capture_output=True)

    def test_history_then_live(self):
        self.fill()
        running = Running("-c", os.path.join(self.data, "inveye.yaml"))
        self.assertIsNotNone(running.port, running.said)
        self.assertIn("none of its figures are real", running.said)
        client = running.login()
        store = client.get("/api/v1/stores").json["stores"][0]
        self.assertEqual((store["id"], store["simulated"]), ("kiosk", True))
        base = "/api/v1/stores/kiosk"
        days = client.get(f"{base}/kpis/forecast?days=1")
        self.assertEqual(days.status, 200)

        def camera():
            return client.get(f"{base}/cameras").json["cameras"][0]

        wait_until(lambda: camera()["last_frame_ts"], "a camera that looks")
        first = camera()
        self.assertEqual(first["state"], "online")
        wait_until(lambda: camera()["last_frame_ts"] != first["last_frame_ts"], "time that goes on")
        picture = client.get(f"{base}/cameras/{first['id']}/snapshot.jpg")
        self.assertIn("simulated and gives no picture", picture.text)
        self.refuses_drawing(client, base, first["id"])
        # Yesterday's figures, whatever the time of day is.
        live = client.get(f"{base}/kpis/live").json
        start = live["day_start"]
        before = self.day_before(start)
        traffic = client.get(f"{base}/kpis/traffic?from={before}&to={start}&step=day").json
        self.assertGreater(number(traffic["totals"]["footfall"]), 20)
        zones = client.get(f"{base}/kpis/zones?from={before}&to={start}").json
        self.assertTrue(any((number(z["visitors"]) or 0) > 20 for z in zones["zones"]))
        self.assertEqual(traffic["open_visits"], 0)  # at midnight nobody is left
        self.assertEqual({z["zone_id"]: z["name"] for z in zones["zones"]}["till-staff"],
                         "Behind the till")
        self.assertEqual({z["over_capacity_s"] for z in zones["zones"]}, {None})
        compared = client.get(f"{base}/kpis/zones?from={before}&to={start}&compare=week").json
        self.assertEqual(compared["zones"], zones["zones"])
        self.assertEqual({z["zone_id"] for z in compared["comparison"]["zones"]},
                         {z["zone_id"] for z in zones["zones"]})
        queues = client.get(f"{base}/kpis/queues?from={before}&to={start}&step=hour").json
        till = queues["rows"][0]
        self.assertEqual((till["lane_id"], till["name"]), ("till", "Till"))
        self.assertEqual(number(till["periods"][-1]["lanes_open"]), 0)
        self.assertEqual({lane["name"] for lane in live["lanes"]}, {"Till"})
        counted = client.get("/metrics").text
        self.assertIn("inveye_simulated_receipts_refused_total 0", counted)
        self.assertIn("inveye_simulated_events_refused_total 0", counted)
        sales = client.get(f"{base}/kpis/sales?from={before}&to={start}&step=day").json
        self.assertGreater(number(sales["totals"]["transactions"]), 10)
        journeys = client.get(f"{base}/kpis/journeys?from={before}&to={start}").json
        self.check_journeys(journeys)
        self.assertEqual(number(journeys["figures"]["closed_visits"]),
                         number(traffic["totals"]["footfall"]))
        self.assertEqual(client.get(f"{base}/kpis/journeys?from=x").status, 400)
        receipt = client.get(f"{base}/transactions?limit=1").json["transactions"][0]
        self.assertEqual(receipt["source"], "sim")
        self.assertEqual(running.stop(), 0)

    def check_journeys(self, journeys):
        """What comes in at a step goes on from it, and paths refer to zones that are told."""
        visits = number(journeys["figures"]["closed_visits"])
        self.assertGreater(visits, 20)
        self.assertEqual(sum(link["visits"] for link in journeys["links"] if link["depth"] == 0),
                         visits)
        for depth in range(1, 6):
            for zone in range(len(journeys["zones"])):
                come = sum(link["visits"] for link in journeys["links"]
                           if link["depth"] == depth - 1 and link["to"] == zone)
                go = sum(link["visits"] for link in journeys["links"]
                         if link["depth"] == depth and link["from"] == zone)
                self.assertEqual(come, go)
        self.assertEqual(sum(hour["visits"] for hour in journeys["hours"]), visits)
        self.assertGreater(number(journeys["figures"]["visit_conversion"]), 0.3)
        self.assertIsNone(number(journeys["figures"]["cart_abandonment"]))
        for path in journeys["paths"]:
            self.assertLess(max(path["steps"], default=-1), len(journeys["zones"]))
            self.assertGreaterEqual(len(path["steps"]), 0)

    def refuses_drawing(self, client, base, camera):
        """The scenario draws; who tries to is told so, and nothing changes."""
        for place in (camera, "floor-plan"):
            path = f"{base}/cameras/{place}/scene"
            before = client.get(path)
            answer = client.request("PUT", path, before.json,
                                    {"If-Match": before.headers["etag"]})
            self.assertEqual(answer.status, 409, answer.text)
            self.assertEqual(answer.json["type"], "urn:inveye:problem:conflict")
            self.assertIn("Edit the scenario file", answer.json["detail"])
            self.assertEqual(client.get(path).json, before.json)
        self.assertEqual(client.post(f"{base}/floor-plan/images", {"data": ""}).status, 409)

    def day_before(self, text):
        import datetime
        day = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (day - datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_never_mixed(self):
        self.fill()
        config = os.path.join(self.folder, "real.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"server:\n  data_dir: {self.data}\nstore:\n  id: kiosk\ncameras:\n"
                       f"  - id: cam\n    url: {KIOSK}\n")
        done = subprocess.run([INVEYE, "run", "-c", config, "--port", "0"], capture_output=True,
                              text=True, timeout=harness.DEADLINE)
        self.assertEqual(done.returncode, 1)
        self.assertIn("holds a simulated store", done.stderr)
        self.assertNotIn("running", done.stdout)


if __name__ == "__main__":
    harness.main()
