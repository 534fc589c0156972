# SPDX-License-Identifier: Apache-2.0
"""`inveye camera discover`, `streams` and `makers` against devices that answer well, badly, much too
much, or never."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "api"))
from fake_device import PASSWORD, TOLD_HOST, USER, FakeDevice
from harness import main

INVEYE = os.environ.get("IV_INVEYE", "build/inveye")
GROUP = ("239.255.255.250", 3702)


def inveye(*words, password=None, stdin=""):
    environment = {k: v for k, v in os.environ.items() if k != "INVEYE_CAMERA_PASSWORD"}
    # What would lead elsewhere, if it were obeyed.
    environment.update({"http_proxy": "http://127.0.0.1:9", "all_proxy": "http://127.0.0.1:9"})
    if password is not None:
        environment["INVEYE_CAMERA_PASSWORD"] = password
    return subprocess.run([INVEYE, "camera", *words], capture_output=True, text=True, timeout=60,
                          env=environment, input=stdin)


class Base(unittest.TestCase):
    def device(self, **how):
        device = FakeDevice(**how)
        self.addCleanup(device.stop)
        return device

    def streams(self, device, password=PASSWORD, user=USER):
        """What is found; the status says the same."""
        done = inveye("streams", device.host, "--user", user, "--json", password=password)
        self.assertNotIn(password, done.stdout + done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if found["reached"] else 1)
        self.assertFalse(any(password in text for text in device.seen), "the password travelled")
        return found

    def refused(self, fault, *texts, user=USER, password=PASSWORD, **how):
        found = self.streams(self.device(**how), password, user)
        self.assertEqual((found["reached"], found["fault"]), (False, fault), found["reason"])
        for text in texts:
            self.assertIn(text, found["reason"])
        self.assertEqual((found["channels"], found["device"]), ([], None))


class Streams(Base):
    def check_camera(self, found, codec):
        self.assertTrue(found["reached"], found["reason"])
        channel, = found["channels"]
        main_stream, sub = channel["main"], channel["sub"]
        self.assertEqual(main_stream["url"], "rtsp://127.0.0.1:8554/c1m?unicast=true&proto=Onvif")
        self.assertEqual(sub["url"], "rtsp://127.0.0.1:8554/c1s?unicast=true&proto=Onvif")
        self.assertEqual((main_stream["codec"], sub["codec"]), (codec, "H.264"))
        self.assertEqual((main_stream["width"], main_stream["height"]), (1920, 1080))
        self.assertEqual((sub["frames_per_second"], sub["bits_per_second"]), (10, 512000))
        self.assertEqual(sub["keyframe_interval_s"], 2)
        self.assertEqual((found["truncated"], found["advice"]), (False, []))

    def test_camera(self):
        device = self.device()
        found = self.streams(device)
        self.check_camera(found, "H.265")
        about = found["device"]
        self.assertEqual((about["manufacturer"], about["model"], about["maker"], about["host"]),
                         ("Hikvision", "NVR-4 & more", "hikvision", device.host))
        self.assertEqual(about["service"], f"http://{device.host}/onvif/device_service")
        self.assertLess(abs(about["clock_offset_s"]), 3)

    def test_first_media_service_only(self):
        self.check_camera(self.streams(self.device(second=False)), "H.264")

    def test_login_of_http(self):
        self.check_camera(self.streams(self.device(login="digest")), "H.265")

    def test_no_login(self):
        device = self.device(login=None)
        done = inveye("streams", device.host, "--json")
        self.check_camera(json.loads(done.stdout), "H.265")

    def test_recorder(self):
        found = self.streams(self.device(channels=4))
        self.assertEqual([c["number"] for c in found["channels"]], [1, 2, 3, 4])
        self.assertEqual([c["source"] for c in found["channels"]], ["src1", "src2", "src3", "src4"])
        self.assertTrue(all(c["main"]["width"] == 1920 and c["sub"]["width"] == 640
                            for c in found["channels"]))
        self.assertIn("/c3s?", found["channels"][2]["sub"]["url"])

    def test_some_streams_are_not_told(self):
        found = self.streams(self.device(channels=3, streams_max=3))
        self.assertEqual([(c["main"] is None, c["sub"] is None) for c in found["channels"]],
                         [(False, False), (False, True)])
        self.assertTrue(found["truncated"])
        self.assertIn("not every stream", found["advice"][0])

    def test_clock_is_off(self):
        for clock_s, side in ((3605, "ahead"), (-86400 * 400, "behind")):
            found = self.streams(self.device(clock_s=clock_s))
            self.assertTrue(found["reached"], found["reason"])
            self.assertLess(abs(found["device"]["clock_offset_s"] - clock_s), 3)
            self.assertIn(side, found["advice"][0])

    def test_wrong_password(self):
        self.refused("login", "wrong user or password", "users of their own", password="falsch!")
        self.refused("login", "wrong user or password", password="falsch!", login="digest")
        self.refused("login", "wrong user or password", user="nobody")
        self.refused("login", "wrong user or password", "1 h 0 min ahead", password="falsch!",
                     clock_s=3610)

    def test_a_wrong_password_is_tried_twice_at_most(self):  # cameras lock who tries more often
        for login in ("token", "digest"):
            device = self.device(login=login)
            self.streams(device, "falsch!")
            tries = sum("Username" in text or "Authorization: Digest" in text
                        for text in device.seen)
            self.assertLessEqual(tries, 2, login)

    def test_login_is_missing(self):
        for login in ("token", "digest"):
            done = inveye("streams", self.device(login=login).host)
            self.assertEqual(done.returncode, 1)
            self.assertIn("asks for a user and password", done.stderr)

    def test_no_media(self):
        self.refused("not_onvif", "no media service", media=False)
        self.refused("not_onvif", "no profile with video", channels=0)

    def test_no_onvif(self):
        for broken in ("html", "junk", "doctype", "closed"):
            self.refused("not_onvif", "no ONVIF there", "switch it on", broken=broken)
        self.refused("not_onvif", "1 MiB", broken="oversized")

    def test_redirects_lead_nowhere(self):
        device = self.device(broken="redirect")
        self.assertFalse(self.streams(device)["reached"])
        self.assertEqual({path for path, _ in device.asked}, {"/onvif/device_service"})

    def test_hanging(self):
        self.refused("unreachable", "accepts the connection but does not answer", broken="hang")

    def test_nobody(self):
        with socket.socket() as taken:  # bound, but nobody listens
            taken.bind(("127.0.0.1", 0))
            done = inveye("streams", f"127.0.0.1:{taken.getsockname()[1]}", "--user", USER,
                          password="x")
        self.assertEqual(done.returncode, 1)
        self.assertIn("connection refused", done.stderr)

    def test_password_from_standard_input(self):
        done = inveye("streams", self.device().host, "--user", USER, stdin=PASSWORD + "\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Hikvision NVR-4 & more, firmware V1.2", done.stdout)
        self.assertIn("  main  H.265, 1920x1080, 25 frames/s, up to 4096 kbit/s, keyframe every 2 s",
                      done.stdout)
        self.assertNotIn(TOLD_HOST, done.stdout)
        self.assertNotIn("secret", done.stdout)

    def test_refusals(self):
        for words, status, text in ((("streams",), 2, "usage"), (("streams", "h", PASSWORD), 2, "usage"),
                                    (("streams", "viewer:geheim@h"), 1, "host alone"),
                                    (("streams", "file:///etc/passwd"), 1, "the host must be"),
                                    (("discover", "--interface", "nothere"), 1, "no network interface"),
                                    (("discover", "--target", "x"), 1, "IPv4 address"),
                                    (("discover", "--seconds", "99"), 2, "0 to 30"),
                                    (("makers", "h", "--channel", "-1"), 2, "1 to 512")):
            done = inveye(*words)
            self.assertEqual(done.returncode, status, words)
            self.assertIn(text, done.stderr)
            self.assertNotIn(PASSWORD, done.stderr)
            self.assertNotIn("geheim", done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)


class Discovery(Base):
    def discover(self, *words):
        done = inveye("discover", "--json", *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)["devices"]

    def check(self, found, device):
        self.assertEqual(found, {
            "endpoint": f"urn:uuid:{device.uuid}", "host": device.host, "name": "Shop Cam",
            "service": f"http://{device.host}/onvif/device_service", "hardware": "SC-1",
            "location": "Aisle 2", "maker": None})

    def test_one_that_is_asked(self):
        device = self.device()
        found, = self.discover("--target", device.listen(), "--seconds", "1.2")
        self.check(found, device)
        self.assertEqual(len(device.probed), 3)  # said again, as datagrams get lost
        self.assertEqual(len(set(device.probed)), 1)

    def test_group(self):
        """By multicast, on the loopback interface; others may be found there as well."""
        devices = [self.device(uuid=f"{os.getpid():08x}-0000-0000-0000-00000000000{i}") for i in (1, 2)]
        try:
            for device in devices:
                device.listen(GROUP)
        except OSError as error:
            self.skipTest(f"no multicast here: {error}")
        found = {one["endpoint"]: one
                 for one in self.discover("--interface", "127.0.0.1", "--seconds", "1")}
        for device in devices:
            self.check(found[f"urn:uuid:{device.uuid}"], device)

    def test_junk(self):
        device = self.device(broken="junk")
        self.assertEqual(self.discover("--target", device.listen(), "--seconds", "0.3"), [])

    def test_nobody(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            target = f"127.0.0.1:{silent.getsockname()[1]}"
            self.assertEqual(self.discover("--target", target, "--seconds", "0.2"), [])
            said = inveye("discover", "--target", target, "--seconds", "0.2").stdout
        self.assertIn("none found", said)


class Makers(unittest.TestCase):
    def test_table(self):
        done = inveye("makers", "192.168.1.20", "--channel", "2", "--json")
        makers = {maker["id"]: maker for maker in json.loads(done.stdout)["makers"]}
        self.assertGreaterEqual(len(makers), 15)
        self.assertEqual(makers["hikvision"]["sub"], "rtsp://192.168.1.20/Streaming/Channels/202")
        self.assertIn("{host}", inveye("makers").stdout)
        self.assertNotIn("{channel", inveye("makers", "h").stdout)


if __name__ == "__main__":
    main()
