# SPDX-License-Identifier: Apache-2.0
"""Cameras are added, changed and removed while `inveye run` runs, and stay so after a restart.
Needs the models of the set-up and an H.264 encoder; skips without."""

import base64
import hashlib
import http.server
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

import harness
from harness import wait_until
from test_simulated import INVEYE, Running

RTSPD = os.environ.get("IV_RTSPD", "build/tests/media/media_rtspd")
CAMERAS = "/api/v1/stores/shop/cameras"
PASSWORD = "ge heim/4711"
STORE = """server: {{port: 0, data_dir: {folder}/data}}
store: {{id: shop}}
cameras:
  - {{id: door, number: 7, url: "rtsp://viewer:{written}@127.0.0.1:{port}/clip", fps: 4}}
"""


class JpegCamera(http.server.BaseHTTPRequestHandler):
    """Motion JPEG over HTTP, for who can answer a digest challenge."""
    picture, nonce, user, password = b"", "0a1b2c", "viewer", PASSWORD
    protocol_version = "HTTP/1.0"

    def log_message(self, *_):
        pass

    def is_allowed(self):
        given = dict(part.strip().split("=", 1) for part in
                     self.headers.get("Authorization", "").removeprefix("Digest ").split(",")
                     if "=" in part)
        given = {name: value.strip('"') for name, value in given.items()}
        if given.get("nonce") != self.nonce:
            return False
        digest = lambda *parts: hashlib.md5(":".join(parts).encode()).hexdigest()
        who = digest(self.user, "camera", self.password)
        what = digest("GET", given["uri"])
        middle = [self.nonce, given["nc"], given["cnonce"], given["qop"]] if "qop" in given else [self.nonce]
        return given.get("response") == digest(who, *middle, what)

    def do_GET(self):
        if not self.is_allowed():
            self.send_response(401)
            self.send_header("WWW-Authenticate",
                             f'Digest realm="camera", nonce="{self.nonce}", qop="auth"')
            self.end_headers()
            return
        self.send_response(200 if self.path == "/video.mjpg" else 404)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        while self.path == "/video.mjpg":
            try:
                self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
                                 % len(self.picture) + self.picture + b"\r\n")
            except OSError:
                return
            time.sleep(0.1)  # the camera's pace


class TestCameras(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="inveye-cameras-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.rtspd = subprocess.Popen([RTSPD, "0", "viewer", PASSWORD, "clip=made",
                                        "small=made"],
                                      stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop_rtspd)
        self.program, self.password = None, None
        said = self.rtspd.stdout.readline()
        if not said.startswith("port"):
            self.skipTest("no H.264 encoder (gstreamer1.0-plugins-bad)")
        self.port = int(said.split()[1])
        self.write(STORE)
        checked = subprocess.run([INVEYE, "check", self.file, "--json"], capture_output=True,
                                 text=True, check=False)
        if '"model_found": true' not in checked.stdout:
            self.skipTest("no models in the cache; `make setup` fetches them")

    def write(self, text):
        self.file = os.path.join(self.folder, "store.yaml")
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text.format(folder=self.folder, port=self.port,
                                   written=PASSWORD.replace(" ", "%20").replace("/", "%2F")))
        os.chmod(self.file, 0o600)

    def stop_rtspd(self):
        self.rtspd.kill()
        self.rtspd.wait()
        self.rtspd.stdout.close()

    def start(self):
        self.program = Running("-c", self.file)
        self.password = self.password or self.program.password
        self.program.password = self.password
        self.addCleanup(self.kill, self.program)
        self.client = self.program.login()

    @staticmethod
    def kill(program):
        if program.process.poll() is None:
            program.process.kill()
            program.process.wait()
            program.process.stdout.close()

    def stop(self):
        self.assertEqual(self.program.stop(), 0, self.program.said)

    def call(self, method, path, body=None, status=200):
        answer = self.client.request(method, CAMERAS + path, body)
        self.assertEqual(answer.status, status, answer.text)
        return answer.json if answer.body else None

    def state(self, camera):
        answer = self.client.get(f"{CAMERAS}/{camera}")
        return answer.json["state"] if answer.status == 200 else None

    def wait_online(self, camera):
        wait_until(lambda: self.state(camera) == "online", f"camera {camera} online")
        wait_until(lambda: self.client.get(f"{CAMERAS}/{camera}/snapshot.jpg").status == 200,
                   f"a picture of {camera}")

    def add(self, camera, **more):
        return self.call("POST", "", {"id": camera, "url": f"rtsp://127.0.0.1:{self.port}/clip",
                                      "username": "viewer", "password": PASSWORD, **more}, 201)

    def test_comes_changes_and_goes(self):
        self.start()
        self.wait_online("door")
        settings = self.add("aisle", name="Aisle", role="aisle")
        self.assertEqual((settings["number"], settings["fps"]), (1, 5))
        self.assertIn("viewer:***@", settings["url"])
        self.wait_online("aisle")
        self.assertEqual(self.call("PATCH", "/aisle", {"name": "Fresh"})["name"], "Fresh")
        self.assertEqual(self.state("aisle"), "online")  # a name does not stop it
        shown = self.call("PATCH", "/aisle", {"fps": 8, "url": settings["url"]})
        self.assertEqual((shown["fps"], shown["url"]), (8, settings["url"]))
        self.wait_online("aisle")  # the password is still known
        self.call("PATCH", "/aisle", {"enabled": False})
        self.assertEqual(self.state("aisle"), "disabled")
        self.assertEqual(self.client.get(f"{CAMERAS}/aisle/snapshot.jpg").status, 404)
        self.call("PATCH", "/aisle", {"enabled": True})
        self.wait_online("aisle")
        self.assertEqual(self.state("door"), "online")
        self.call("DELETE", "/aisle", status=204)
        self.assertIsNone(self.state("aisle"))
        self.call("DELETE", "/aisle", status=404)
        self.add("aisle")  # its place and its id are free again
        self.wait_online("aisle")
        self.stop()
        self.assertNotIn(PASSWORD, self.program.said)

    def streams(self, camera):
        found = self.client.get(f"{CAMERAS}/{camera}").json
        return {each["name"]: each for each in found["streams"]}

    def test_two_streams(self):
        """The sub stream is analysed; the main one is read while it is recorded."""
        self.start()
        sub_url = f"rtsp://127.0.0.1:{self.port}/small"
        settings = self.add("aisle", sub_url=sub_url)
        self.assertEqual(settings["sub_url"], f"rtsp://viewer:***@127.0.0.1:{self.port}/small")
        self.wait_online("aisle")
        self.assertEqual(list(self.streams("door")), ["main"])
        streams = self.streams("aisle")
        self.assertEqual((streams["sub"]["state"], streams["sub"]["analysed"]), ("online", True))
        self.assertEqual((streams["main"]["state"], streams["main"]["analysed"]), ("idle", False))
        self.assertTrue(streams["sub"]["source"].endswith("/small"))
        self.call("PATCH", "/aisle", {"recording": "continuous"})
        wait_until(lambda: self.streams("aisle")["main"]["state"] == "online", "main is pulled")
        wait_until(lambda: self.client.get(f"{CAMERAS}/aisle").json["recording"] == "recording",
                   "it is recorded")
        self.stop()
        self.start()  # both addresses were kept
        self.wait_online("aisle")
        wait_until(lambda: self.streams("aisle")["main"]["state"] == "online", "main is pulled")
        again = self.call("PATCH", "/aisle", {"analyse": "main", "recording": "off"})
        self.assertEqual(again["sub_url"], settings["sub_url"])
        self.wait_online("aisle")
        self.assertEqual(self.streams("aisle")["sub"]["state"], "idle")
        self.call("PATCH", "/aisle", {"sub_url": "rtsp://viewer:***@127.0.0.2/small"}, 422)
        self.assertIn("same as url", self.call("PATCH", "/aisle", {"sub_url": again["url"]},
                                               422)["detail"])
        self.call("PATCH", "/aisle", {"sub_url": "/etc/passwd"}, 422)
        self.assertIn("analyse: sub", self.call("PATCH", "/aisle", {
            "sub_url": None, "analyse": "sub"}, 422)["detail"])
        single = self.call("PATCH", "/aisle", {"sub_url": None, "analyse": "auto"})
        self.assertNotIn("sub_url", single)
        self.wait_online("aisle")
        self.assertEqual(list(self.streams("aisle")), ["main"])
        self.stop()
        self.assertNotIn("ge%20heim", self.program.said)

    def test_not_analysed(self):
        """It is recorded and watched, nothing of it is decoded, and its zone is not known."""
        self.start()
        self.add("aisle", sub_url=f"rtsp://127.0.0.1:{self.port}/small", analyse="off",
                 recording="continuous")
        camera = lambda: self.client.get(f"{CAMERAS}/aisle").json
        wait_until(lambda: camera()["recording"] == "recording", "it is recorded")
        found = camera()
        self.assertEqual((found["state"], found["analysed"], found["view"], found["view_reason"]),
                         ("online", False, None, "not analysed"))
        self.assertIsNone(found["people"])
        streams = self.streams("aisle")
        self.assertEqual([(s["state"], s["analysed"]) for s in streams.values()],
                         [("online", False), ("idle", False)])
        picture = self.client.get(f"{CAMERAS}/aisle/snapshot.jpg")
        self.assertEqual(picture.status, 503, picture.text)
        self.assertIn("not analysed", picture.json["detail"])
        version = self.client.get(f"{CAMERAS}/aisle/scene").headers["etag"]
        zone = {"id": "shelf", "kind": "product", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}
        drawn = self.client.request("PUT", f"{CAMERAS}/aisle/scene", {
            "image": {"w": 320, "h": 240}, "zones": [zone], "lines": []}, {"If-Match": version})
        self.assertEqual(drawn.status, 200, drawn.text)
        wait_until(lambda: camera()["scene_version"] == drawn.json["version"], "the drawing")
        self.wait_online("door")  # pictures of another camera were analysed meanwhile
        live = self.client.get("/api/v1/stores/shop/kpis/live").json
        self.assertEqual([z["occupancy"] for z in live["zones"]], [None])
        self.assertEqual(camera()["frames_due"], 0)
        refused = self.call("PATCH", "/aisle", {"recording": "events"}, 422)
        self.assertIn("needs the analysis", refused["detail"])
        self.call("PATCH", "/aisle", {"analyse": "auto"})
        self.wait_online("aisle")
        self.assertTrue(camera()["analysed"])
        self.call("PATCH", "/aisle", {"analyse": "off", "recording": "off"})
        wait_until(lambda: self.state("aisle") == "online", "online again")
        self.stop()

        self.write(STORE + "recording: {{mode: events}}\n")  # the store's, which is not its own
        self.start()
        self.call("PATCH", "/aisle", {"recording": "default"})
        self.assertEqual(camera()["recording"], "failed")
        self.assertIn("not analysed", camera()["recording_reason"])
        self.stop()

    def test_connections_of_a_host(self):
        """A recorder that takes one connection gets one; who waits says so, and comes in time."""
        self.write(STORE + "network: {{host_connections: 1}}\n")
        self.start()
        self.wait_online("door")
        self.add("aisle")
        wait_until(lambda: "waits for a free connection" in
                   self.client.get(f"{CAMERAS}/aisle").json["reason"], "aisle waits")
        self.assertEqual(self.state("door"), "online")
        self.call("PATCH", "/door", {"enabled": False})
        self.wait_online("aisle")
        self.stop()

    def test_motion_jpeg(self):
        """A camera of HTTP and JPEG is analysed and recorded like the others."""
        self.start()
        self.wait_online("door")
        JpegCamera.picture = self.client.get(f"{CAMERAS}/door/snapshot.jpg").body
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), JpegCamera)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_address[1]}/video.mjpg"
        self.call("POST", "", {"id": "old", "url": url, "username": "viewer", "password": "no"}, 201)
        wait_until(lambda: self.state("old") == "offline", "a wrong password is refused")
        self.assertIn("password", self.client.get(f"{CAMERAS}/old").json["reason"])
        self.call("PATCH", "/old", {"url": url, "username": "viewer", "password": PASSWORD,
                                    "recording": "continuous"})
        self.wait_online("old")
        camera = self.client.get(f"{CAMERAS}/old").json
        self.assertEqual(camera["size"], {"w": 320, "h": 240})
        wait_until(lambda: any(path.startswith("old/") for path in self.recorded()), "it is recorded")
        self.call("PATCH", "/old", {"url": url.replace("video", "nothing"), "username": "viewer",
                                    "password": PASSWORD})
        wait_until(lambda: self.state("old") == "offline", "a wrong path is told")
        self.assertIn("path", self.client.get(f"{CAMERAS}/old").json["reason"])
        self.stop()

    def recorded(self):
        database = sqlite3.connect(os.path.join(self.folder, "data", "inveye.db"))
        try:
            return [row[0] for row in database.execute("SELECT path FROM segments")]
        finally:
            database.close()

    def test_recordings_outlive_recording(self):
        """What is kept is looked after when nothing is recorded any more."""
        self.start()
        self.wait_online("door")
        self.call("PATCH", "/door", {"recording": "continuous"})
        wait_until(lambda: self.recorded(), "a file in the index")
        self.call("PATCH", "/door", {"recording": "off"})
        self.stop()
        self.assertTrue(self.recorded())
        for path in self.recorded():
            os.unlink(os.path.join(self.folder, "data", "recordings", path))
        self.start()
        wait_until(lambda: not self.recorded(), "files that are gone leave the index")
        self.stop()

    def test_stays(self):
        self.start()
        self.add("aisle", fps=6)
        self.call("PATCH", "/door", {"fps": 9, "name": "Main door"})
        self.stop()
        self.start()
        self.assertIn("camera door: edited in the dashboard, which differs from the file (name, fps)",
                      self.program.said)
        self.wait_online("door")
        self.wait_online("aisle")
        self.assertEqual(self.call("GET", "/door/settings")["fps"], 9)
        self.assertEqual(self.call("GET", "/aisle/settings")["fps"], 6)
        self.call("DELETE", "/door", status=204)
        self.stop()
        self.start()
        self.assertIn("camera door: was removed in the dashboard", self.program.said)
        self.assertIsNone(self.state("door"))
        self.stop()

    def test_secrets(self):
        """No password is in the database, a log or an answer; without its key it is asked for."""
        self.start()
        self.add("aisle")
        for url in (f"rtsp://viewer:***@127.0.0.2:{self.port}/clip", "rtsp://***@127.0.0.1/clip"):
            refused = self.call("PATCH", "/aisle", {"url": url}, 422)
            self.assertIn("enter it in full", refused["detail"])
        trail = self.client.get("/api/v1/audit").text
        self.assertIn("camera.added", trail)
        self.stop()
        key = os.path.join(self.folder, "data", "secret.key")
        self.assertEqual(os.stat(key).st_mode & 0o777, 0o600)
        with open(os.path.join(self.folder, "data", "inveye.db"), "rb") as file:
            stored = file.read()
        self.assertNotIn(b"ge heim", stored)
        self.assertNotIn(b"ge%20heim", stored)
        self.assertNotIn("ge heim", trail + self.program.said)
        os.rename(key, key + ".away")
        self.start()
        self.assertIn("camera aisle: its address was sealed with another key file",
                      self.program.said)
        self.assertEqual(self.state("aisle"), "disabled")
        self.assertIn("is sealed", self.call("PATCH", "/aisle", {"name": "A"}, 422)["detail"])
        self.call("PATCH", "/aisle", {"enabled": True, "username": "viewer", "password": PASSWORD,
                                      "url": f"rtsp://127.0.0.1:{self.port}/clip"})
        self.wait_online("aisle")
        self.stop()

    def test_tries_an_address(self):
        self.start()
        url = f"rtsp://127.0.0.1:{self.port}/clip"
        found = self.call("POST", "/test", {"url": url, "username": "viewer", "password": PASSWORD})
        self.assertEqual((found["reached"], found["reason"], found["codec"], found["width"]),
                         (True, "", "H.264", 320))
        self.assertEqual(base64.b64decode(found["picture"])[:2], b"\xff\xd8")
        self.assertNotIn("ge", found["address"].split("@")[0].split("//")[1].split(":")[1])
        known = self.call("POST", "/test", {
            "id": "door", "url": f"rtsp://viewer:***@127.0.0.1:{self.port}/clip"})
        self.assertTrue(known["reached"])
        wrong = self.call("POST", "/test", {"url": url, "username": "viewer", "password": "no"})
        self.assertEqual((wrong["reached"], wrong["picture"]), (False, None))
        self.assertIn("wrong user or password", wrong["reason"])
        self.assertIn("enter it in full", self.call("POST", "/test", {
            "id": "door", "url": "rtsp://viewer:***@127.0.0.2/clip"}, 422)["detail"])
        self.call("POST", "/test", {"url": "/etc/passwd"}, 422)
        self.call("POST", "/test", {"url": "ftp://127.0.0.1/"}, 422)
        self.call("POST", "/test", {}, 422)
        self.assertIn("camera.tested", self.client.get("/api/v1/audit").text)
        self.stop()

    def test_refusals(self):
        self.start()
        for wish, why in (({"fps": 800}, "fps: "), ({"url": "/etc/passwd"}, "url: "),
                          ({"number": 0}, "number: "), ({"bogus": 1}, "bogus"),
                          ({"scene": {}}, "scene is no setting"), ({"id": "other"}, "stays"),
                          ({"name": ["a"]}, "name must be one value"), ({"username": 5}, "texts"),
                          ([], "object")):
            self.assertIn(why, self.call("PATCH", "/door", wish, 422)["detail"])
        self.assertEqual(self.client.request("PATCH", f"{CAMERAS}/door", b"{", {
            "Content-Type": "application/json"}).status, 400)
        self.call("PATCH", "/none", {"fps": 5}, 404)
        taken = self.call("POST", "", {"id": "door", "url": "rtsp://192.0.2.1/x"}, 409)
        self.assertIn("there is a camera with the id door", taken["detail"])
        self.call("POST", "", {"id": "floor-plan", "url": "rtsp://192.0.2.1/x"}, 409)
        self.call("POST", "", {"id": "A b", "url": "rtsp://192.0.2.1/x"}, 422)
        self.assertIn("number: 7", self.call("POST", "", {
            "id": "new", "number": 7, "url": "rtsp://192.0.2.1/x"}, 422)["detail"])
        self.assertIn("url: is missing", self.call("POST", "", {"id": "new"}, 422)["detail"])
        # Nothing is taken from the server's files or environment.
        odd = self.call("PATCH", "/door", {"name": "${HOME} ${file:/etc/hostname}"})
        self.assertEqual(odd["name"], "${HOME} ${file:/etc/hostname}")
        self.assertEqual([each["id"] for each in self.call("GET", "")["cameras"]], ["door"])
        told = [entry["action"] for entry in self.client.get("/api/v1/audit").json["entries"]]
        self.assertEqual(told.count("camera.changed"), 1)  # what was refused is no change
        self.assertNotIn("camera.added", told)
        self.stop()

    def test_many_edits_leave_nothing(self):
        self.start()
        self.add("aisle")
        self.wait_online("aisle")

        def held():
            base = f"/proc/{self.program.process.pid}"
            return len(os.listdir(base + "/task")), len(os.listdir(base + "/fd"))

        self.call("PATCH", "/aisle", {"fps": 7})
        self.wait_online("aisle")
        before = held()
        for i in range(20):
            self.call("PATCH", "/aisle", {"fps": 5 + i % 2})
        self.call("PATCH", "/aisle", {"fps": 7})
        self.wait_online("aisle")
        wait_until(lambda: held()[0] <= before[0] and held()[1] <= before[1],
                   f"no more threads and files than {before}")
        self.stop()
        with sqlite3.connect(os.path.join(self.folder, "data", "inveye.db")) as database:
            told = database.execute("SELECT count(*) FROM events").fetchone()[0]
        self.assertGreater(told, 0)


if __name__ == "__main__":
    harness.main()
