# SPDX-License-Identifier: Apache-2.0
"""Cameras that are not known yet are found and asked by the API, one search at a time."""

import os
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "onvif"))
from fake_device import PASSWORD, USER, FakeDevice
from harness import Server, main, wait_until
from schema import Document

CAMERAS = "/api/v1/stores/demo/cameras"
GROUP = ("239.255.255.250", 3702)


class TestFind(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.stop)
        self.client = self.server.login()
        self.document = Document(self.client.get("/api/v1/openapi.json").json)

    def stop(self):
        self.assertEqual(self.server.stop(), 0)
        self.assertNotIn(PASSWORD, self.server.said.decode())

    def device(self, **how):
        device = FakeDevice(**how)
        self.addCleanup(device.stop)
        return device

    def ask(self, what, body, status=200):
        answer = self.client.post(f"{CAMERAS}/{what}", body)
        self.assertEqual(answer.status, status, answer.text)
        self.assertNotIn(PASSWORD, answer.text)
        path = f"/api/v1/stores/{{store}}/cameras/{what}"
        schema = self.document.schema_of("POST", path, status)
        self.assertEqual(self.document.faults(answer.json, schema), [])
        return answer.json

    def streams(self, device, password=PASSWORD):
        return self.ask("streams", {"host": device.host, "username": USER, "password": password})

    def test_streams_of_a_recorder(self):
        device = self.device(channels=4)
        found = self.streams(device)
        self.assertTrue(found["reached"], found["reason"])
        self.assertEqual([c["number"] for c in found["channels"]], [1, 2, 3, 4])
        self.assertEqual(found["channels"][3]["sub"]["url"],
                         "rtsp://127.0.0.1:8554/c4s?unicast=true&proto=Onvif")
        self.assertEqual(found["device"]["maker"], "hikvision")
        entry = self.client.get("/api/v1/audit").json["entries"][0]
        self.assertEqual((entry["actor"], entry["action"], entry["subject"], entry["store_id"]),
                         ("admin", "camera.asked", device.host, "demo"))

    def test_why_not(self):
        for fault, password, how in (("login", "falsch!", {}), ("not_onvif", PASSWORD, {"broken": "junk"}),
                                     ("not_onvif", PASSWORD, {"broken": "oversized"})):
            found = self.streams(self.device(**how), password)
            self.assertEqual((found["reached"], found["fault"]), (False, fault), found["reason"])
            self.assertTrue(found["reason"])

    def test_found(self):
        device = self.device(uuid=f"{os.getpid():08x}-0000-0000-0000-000000000009")
        try:
            device.listen(GROUP)
        except OSError as error:
            self.skipTest(f"no multicast here: {error}")
        devices = self.ask("discover", {"interface": "127.0.0.1", "seconds": 1})["devices"]
        found, = (one for one in devices if one["endpoint"] == f"urn:uuid:{device.uuid}")
        self.assertEqual((found["host"], found["name"], found["maker"]),
                         (device.host, "Shop Cam", None))
        entry = self.client.get("/api/v1/audit").json["entries"][0]
        self.assertEqual((entry["action"], entry["subject"]), ("cameras.searched", "127.0.0.1"))

    def test_one_at_a_time(self):
        device, found = self.device(broken="hang"), []
        slow = self.server.login()
        thread = threading.Thread(target=lambda: found.append(
            slow.post(f"{CAMERAS}/streams", {"host": device.host})))
        thread.start()
        wait_until(lambda: device.asked, "the device is asked")
        for what, body in (("streams", {"host": device.host}), ("discover", {"seconds": 0.1})):
            self.assertIn("already", self.ask(what, body, 503)["detail"])
        self.assertEqual(len(device.asked), 1)
        device.released.set()
        thread.join()
        self.assertEqual((found[0].status, found[0].json["reached"]), (200, False))
        self.ask("streams", {"host": device.host})  # it is free again

    def test_refusals(self):
        for what, body, status, text in (
                ("streams", {}, 422, "the host must be"), ("streams", {"host": 7}, 422, "must be text"),
                ("streams", {"host": "h", "more": 1}, 422, "not known"),
                ("streams", {"host": f"admin:{PASSWORD}@h"}, 422, "host alone"),
                ("streams", {"host": "file:///etc/passwd"}, 422, "the host must be"),
                ("streams", {"host": "h", "password": "x" * 300}, 422, "256 bytes"),
                ("streams", [], 422, "object"), ("streams", {"host": "x" * 5000}, 413, ""),
                ("discover", {"interface": "not-there"}, 422, "no network interface"),
                ("discover", {"seconds": 60}, 422, "0.1 to 8"),
                ("discover", {"target": "192.0.2.1"}, 422, "not known")):
            answer = self.client.post(f"{CAMERAS}/{what}", body)
            self.assertEqual(answer.status, status, f"{what} {body}: {answer.text}")
            self.assertIn(text, answer.json["detail"])
            self.assertNotIn(PASSWORD, answer.text)
        self.assertNotIn(PASSWORD, self.client.get("/api/v1/audit").text)

    def test_makers(self):
        path = "/api/v1/cameras/makers"
        schema = self.document.schema_of("GET", path, 200)
        for query, url in (("", "rtsp://{host}/Streaming/Channels/{channel}02"),
                           ("?host=192.0.2.7", "rtsp://192.0.2.7/Streaming/Channels/102"),
                           ("?host=192.0.2.7:8554&channel=12", "rtsp://192.0.2.7:8554/Streaming/Channels/1202")):
            answer = self.client.get(path + query)
            self.assertEqual(self.document.faults(answer.json, schema), [])
            makers = {maker["id"]: maker for maker in answer.json["makers"]}
            self.assertEqual(makers["hikvision"]["sub"], url)
        for query, status in (("?host=a%20b", 422), ("?channel=0", 400), ("?host=u:p@h", 422)):
            self.assertEqual(self.client.get(path + query).status, status, query)


if __name__ == "__main__":
    main()
