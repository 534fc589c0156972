# SPDX-License-Identifier: Apache-2.0
"""The archive in a bucket of OpenStack Swift's s3api, and in a folder: what is stored is there and
the same, whatever happens on the way."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "api"))
import swift
import tls
from harness import main

TOOL = os.environ.get("IV_ARCHIVE_TOOL", "build/tests/archive/archive-tool")
PART = 5 * 1024 * 1024
UNREACHABLE, REFUSED, AWAY, FULL, NOT_FOUND, DAMAGED, SOURCE, STOPPED = range(8)


class Base(unittest.TestCase):
    service = None

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="inveye-archive-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def config(self, name="config", **keys):
        path = self.dir / f"{name}.yaml"
        lines = [f"  {key}: {value}" for key, value in {**self.keys(), **keys}.items()]
        path.write_text("store:\n  id: demo\narchive:\n" + "\n".join(lines) + "\n")
        path.chmod(0o600)
        return path

    def start(self, config, *words, **environment):
        env = {**os.environ, "PART": str(PART), "ATTEMPTS": "2", "STALL": "2", **environment}
        return subprocess.Popen([TOOL, str(config), *map(str, words)], env=env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_tool(self, config, *words, **environment):
        process = self.start(config, *words, **environment)
        out, err = process.communicate(timeout=120)
        self.assertNotIn(swift.SECRET, out + err)
        self.assertNotIn("wrong-secret", out + err)
        return process.returncode, out

    def works(self, config, *words, **environment):
        status, out = self.run_tool(config, *words, **environment)
        self.assertEqual(status, 0, out)
        return out

    def fails(self, config, code, *words, **environment):
        status, out = self.run_tool(config, *words, **environment)
        self.assertEqual(status, 1, out)
        found = re.search(r"error (\d): (.*)", out)
        self.assertEqual(int(found[1]), code, out)
        return found[2]

    def file(self, n, name="film.mp4"):
        path = self.dir / name
        path.write_bytes(os.urandom(n))
        return path, hashlib.sha256(path.read_bytes()).hexdigest()

    def keys_of(self, config, prefix=""):
        return re.findall(r"key (\S+)", self.works(config, "list", prefix, "", 1000))


class Common:
    """What both kinds do."""

    def test_small_and_large(self):
        config = self.config()
        for n in (0, 1, 70_000, PART, 2 * PART + 12_345):
            path, sha256 = self.file(n, f"f{n}.mp4")
            key = f"{self.id()}/{n}.mp4"
            self.assertIn(f"put {n} {sha256}", self.works(config, "put", path, key))
            self.assertIn(f"head {n} ", self.works(config, "head", key))
            if n:
                part = path.read_bytes()[n // 2:n // 2 + 4096]
                self.assertIn(hashlib.sha256(part).hexdigest(),
                              self.works(config, "get", key, n // 2, len(part)))

    def test_nothing_is_sent_twice(self):
        config = self.config()
        path, _ = self.file(PART + 1)
        key = f"{self.id()}.mp4"
        first = re.search(r"sent (\d+)", self.works(config, "put", path, key))[1]
        again = re.search(r"sent (\d+)", self.works(config, "put", path, key))[1]
        self.assertEqual((int(first), int(again)), (PART + 1, 0))

    def test_listing_and_deleting(self):
        config = self.config()
        path, _ = self.file(10)
        top = self.id()
        for name in ("b/2", "a/1", "b/1", "c"):
            self.works(config, "put", path, f"{top}/{name}.mp4")
        self.assertEqual(self.keys_of(config, f"{top}/b/"), [f"{top}/b/1.mp4", f"{top}/b/2.mp4"])
        page = self.works(config, "list", f"{top}/", f"{top}/a/1.mp4", 2)
        self.assertEqual(re.findall(r"key (\S+)", page), [f"{top}/b/1.mp4", f"{top}/b/2.mp4"])
        self.works(config, "rm", f"{top}/b/1.mp4")
        self.works(config, "rm", f"{top}/b/1.mp4")
        self.assertEqual(self.keys_of(config, f"{top}/b"), [f"{top}/b/2.mp4"])
        self.fails(config, NOT_FOUND, "get", f"{top}/b/1.mp4", 0, 1)
        self.fails(config, NOT_FOUND, "head", f"{top}/b/1.mp4")

    def test_a_file_is_replaced(self):
        config = self.config()
        key = f"{self.id()}.mp4"
        for n in (1000, 2000):
            path, sha256 = self.file(n)
            self.works(config, "put", path, key)
            self.assertIn(sha256, self.works(config, "get", key, 0, n))

    def test_bad_names(self):
        config = self.config()
        path, _ = self.file(10)
        for key in ("../x", "a//b", "/x", "a b", "x" * 600):
            self.fails(config, SOURCE, "put", path, key)
        self.assertIn("cannot read", self.fails(config, SOURCE, "put", "/nowhere", "x"))

    def test_mark(self):
        config = self.config(prefix="marked")
        self.works(config, "open", "one", 0)
        self.works(config, "open", "one", 1)
        self.assertIn("another installation", self.fails(config, AWAY, "open", "two", 1))
        self.assertIn("another installation", self.fails(config, AWAY, "open", "two", 0))
        empty = self.config(prefix="empty")
        self.assertIn("was used so far", self.fails(empty, AWAY, "open", "one", 1))

    def test_try(self):
        steps = [line.split()[:2] for line in self.works(self.config(), "try").splitlines()]
        self.assertEqual(steps, [["write", "ok"], ["read", "ok"], ["list", "ok"], ["delete", "ok"]])
        self.assertEqual([key for key in self.keys_of(self.config()) if "test-" in key and
                          key.startswith("inveye-test")], [])

    def test_pace(self):
        config = self.config(bandwidth_mbit=8)
        path, _ = self.file(1_500_000)
        start = time.monotonic()
        self.works(config, "put", path, f"{self.id()}.mp4")
        self.assertGreater(time.monotonic() - start, 1.2)

    def test_goes_on_after_a_kill(self):
        config = self.config(bandwidth_mbit=40)
        path, sha256 = self.file(5 * PART)
        key = f"{self.id()}.mp4"
        process = self.start(config, "put", path, key)
        for line in process.stdout:
            if int(line.split()[1]) >= 2 * PART:
                break
        process.kill()
        process.communicate()
        self.fails(config, NOT_FOUND, "head", key)
        sent = re.search(r"sent (\d+)", self.works(self.config(), "put", path, key))[1]
        self.assertLessEqual(int(sent), 3 * PART)
        self.assertIn(sha256[:0] + f"head {5 * PART}", self.works(config, "head", key))
        whole = b"".join([path.read_bytes()[at:at + PART] for at in (0,)])
        self.assertIn(hashlib.sha256(whole).hexdigest(), self.works(config, "get", key, 0, PART))
        tail = path.read_bytes()[4 * PART:]
        self.assertIn(hashlib.sha256(tail).hexdigest(),
                      self.works(config, "get", key, 4 * PART, PART))

    def test_tidy(self):
        config = self.config(bandwidth_mbit=40, prefix="tidied")
        path, _ = self.file(4 * PART)
        process = self.start(config, "put", path, "half.mp4")
        for line in process.stdout:
            if int(line.split()[1]) >= PART:
                break
        process.kill()
        process.communicate()
        self.assertIn("tidied 0", self.works(config, "tidy", -3600))
        self.assertIn("tidied 1", self.works(config, "tidy", 3600))
        self.assertIn("tidied 0", self.works(config, "tidy", 3600))


class Folder(Common, Base):
    def keys(self):
        return {"target": "folder", "folder": self.dir / "archive"}

    def test_a_damaged_part_is_not_believed(self):
        config = self.config()
        path, sha256 = self.file(PART)
        part = self.dir / "archive/inveye/x.mp4.part"
        part.parent.mkdir(parents=True)
        part.write_bytes(path.read_bytes()[:1_000_000] + b"junk" * 100_000)
        self.works(config, "put", path, "x.mp4")
        self.assertIn(sha256, self.works(config, "get", "x.mp4", 0, PART))
        self.assertFalse(part.exists())

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_no_right(self):
        (self.dir / "archive").mkdir(mode=0o500)
        path, _ = self.file(10)
        self.assertIn("Permission", self.fails(self.config(), REFUSED, "put", path, "x.mp4"))


@unittest.skipIf(swift.missing(), f"not installed: {', '.join(swift.missing())}")
class S3(Common, Base):
    @classmethod
    def setUpClass(cls):
        cls.service = swift.Swift()
        cls.service.make_bucket("video")

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()

    def keys(self):
        return {"target": "s3", "endpoint": f"http://127.0.0.1:{self.service.port}",
                "bucket": "video", "region": "test-region", "access_key": swift.USER,
                "secret_key": swift.SECRET}

    def test_keys_from_files_and_the_environment(self):
        secret = self.dir / "secret"
        secret.write_text(swift.SECRET + "\n")
        secret.chmod(0o600)
        config = self.config(secret_key="${file:" + str(secret) + "}", access_key="${ARCHIVE_USER}")
        self.works(config, "try", ARCHIVE_USER=swift.USER)

    def test_bucket_in_the_host(self):
        config = self.config(addressing="host",
                             endpoint=f"http://localhost:{self.service.port}")
        self.works(config, "try")
        path, _ = self.file(PART + 1)
        self.works(config, "put", path, "by-host.mp4")

    def test_wrong_set_ups(self):
        path, _ = self.file(10)
        for words, changed in (("secret_key is wrong", {"secret_key": "wrong-secret"}),
                               ("access", {"access_key": "nobody:here"}),
                               ("no such bucket", {"bucket": "nothere"}),
                               ("archive.region", {"region": "elsewhere"})):
            config = self.config(**changed)
            status, out = self.run_tool(config, "try")
            self.assertEqual(status, 1)
            self.assertIn(words, out.splitlines()[0])
            self.assertIn("read skipped", out)
            self.fails(config, REFUSED, "put", path, "x.mp4")

    def test_clock(self):
        self.service.kill()
        self.service.restart(ahead_s=3600)
        try:
            said = self.run_tool(self.config(), "try")[1]
        finally:
            self.service.kill()
            self.service.restart()
        self.assertRegex(said, "clock is (59|60) min behind")

    def test_nobody_answers(self):
        config = self.config(endpoint=f"http://127.0.0.1:{swift.free_port()}")
        path, _ = self.file(10)
        self.assertIn("nothing answers", self.fails(config, UNREACHABLE, "put", path, "x.mp4"))
        nowhere = self.config(endpoint="http://nowhere.invalid")
        self.assertIn("not known", self.fails(nowhere, UNREACHABLE, "put", path, "x.mp4"))

    def test_frozen_service(self):
        config = self.config()
        path, sha256 = self.file(3 * PART)
        self.service.freeze()
        try:
            self.fails(config, UNREACHABLE, "put", path, "frozen.mp4", ATTEMPTS="1")
        finally:
            self.service.thaw()
        self.works(config, "put", path, "frozen.mp4")
        self.assertIn(f"head {3 * PART} {sha256}", self.works(config, "head", "frozen.mp4"))

    def until_progress(self, process, n):
        for line in process.stdout:
            if int(line.split()[1]) >= n:
                return

    def test_service_dies_on_the_way(self):
        config = self.config(bandwidth_mbit=40)
        path, sha256 = self.file(5 * PART)
        process = self.start(config, "put", path, "died.mp4", ATTEMPTS="1")
        self.until_progress(process, 2 * PART)
        self.service.kill()
        try:
            out, _ = process.communicate(timeout=60)
            self.assertIn("error 0", out)
        finally:
            self.service.restart()
        out = self.works(self.config(), "put", path, "died.mp4")
        self.assertLessEqual(int(re.search(r"sent (\d+)", out)[1]), 3 * PART)
        self.assertIn(f"head {5 * PART} {sha256}", self.works(config, "head", "died.mp4"))

    def test_service_comes_back_in_time(self):
        """One call outlives a restart of the service."""
        config = self.config(bandwidth_mbit=40)
        path, sha256 = self.file(5 * PART)
        process = self.start(config, "put", path, "outlived.mp4", ATTEMPTS="9")
        self.until_progress(process, 2 * PART)
        self.service.kill()
        self.service.restart()
        out, _ = process.communicate(timeout=120)
        self.assertIn(f"put {5 * PART} {sha256}", out)

    def test_a_changed_file_begins_anew(self):
        config = self.config(bandwidth_mbit=40)
        path, _ = self.file(4 * PART)
        process = self.start(config, "put", path, "changed.mp4")
        self.until_progress(process, 2 * PART)
        process.kill()
        process.communicate()
        path, sha256 = self.file(4 * PART)
        self.works(self.config(), "put", path, "changed.mp4")
        data = path.read_bytes()[:PART]
        self.assertIn(hashlib.sha256(data).hexdigest(),
                      self.works(config, "get", "changed.mp4", 0, PART))


@unittest.skipIf(swift.missing(), f"not installed: {', '.join(swift.missing())}")
class Tls(Base):
    """The same service behind TLS, with a CA that the system does not trust."""

    @classmethod
    def setUpClass(cls):
        cls.service = swift.Swift()
        cls.addClassCleanup(cls.service.stop)
        cls.service.make_bucket("video")
        certs = tempfile.TemporaryDirectory(prefix="inveye-tls-")
        cls.addClassCleanup(certs.cleanup)
        cls.ca, cls.other = (tls.Authority(certs.name, name) for name in ("ours", "other"))
        cls.front = tls.Terminator(*cls.ca.sign("localhost", "video.localhost"), cls.service.port)
        cls.addClassCleanup(cls.front.stop)

    def keys(self):
        return {"target": "s3", "endpoint": f"https://localhost:{self.front.port}",
                "ca_file": self.ca.file, "bucket": "video", "region": "test-region",
                "access_key": swift.USER, "secret_key": swift.SECRET}

    test_small_and_large = Common.test_small_and_large
    test_goes_on_after_a_kill = Common.test_goes_on_after_a_kill
    test_try = Common.test_try

    def test_bucket_in_the_host(self):
        config = self.config(addressing="host")
        self.works(config, "try")
        path, sha256 = self.file(PART + 1)
        self.works(config, "put", path, "by-host.mp4")
        self.assertIn(f"head {PART + 1} {sha256}", self.works(config, "head", "by-host.mp4"))

    def refused(self, words, without=(), **keys):
        path, _ = self.file(10)
        config = self.config(**keys)
        lines = config.read_text().splitlines(keepends=True)
        config.write_text("".join(line for line in lines if line.split(":")[0].strip() not in without))
        self.assertIn(words, self.fails(config, REFUSED, "put", path, "x.mp4"))

    def test_whose_certificate(self):
        self.refused("certificate is not trusted", ca_file=self.other.file)
        self.refused("certificate is not trusted", without=("ca_file",))
        self.refused("correct the host name", endpoint=f"https://127.0.0.1:{self.front.port}")
        self.refused("archive.ca_file cannot be read", ca_file=self.dir / "nowhere.pem")

    def test_no_tls_where_it_should_be(self):
        self.refused("speaks no TLS", endpoint=f"https://localhost:{self.service.port}")


if __name__ == "__main__":
    main()
