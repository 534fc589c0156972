# SPDX-License-Identifier: Apache-2.0
"""A real S3 service for tests: OpenStack Swift with its s3api, from Debian's packages, on loopback
and free ports, in a folder of its own, as whoever runs the tests. It checks signatures, hashes and
clocks as the real ones do."""
import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

PARTS = ("account", "container", "object")
USER = "test:tester"
SECRET = "testing-secret"
NEEDED = ["memcached", "swift-ring-builder", "swift-proxy-server"] + [f"swift-{part}-server" for part in PARTS]

SWIFT_CONF = """[swift-hash]
swift_hash_path_suffix = inveye
swift_hash_path_prefix = inveye
[storage-policy:0]
name = gold
default = yes
"""
BACK_CONF = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {dir}
devices = {dir}/disks
mount_check = false
disable_fallocate = true
workers = 0
log_level = ERROR
[pipeline:main]
pipeline = {part}-server
[app:{part}-server]
use = egg:swift#{part}
"""
PROXY_CONF = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {dir}
workers = 0
log_level = ERROR
[pipeline:main]
pipeline = catch_errors gatekeeper proxy-logging cache listing_formats bulk s3api tempauth slo proxy-logging proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
location = test-region
storage_domain = localhost
check_bucket_owner = false
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:slo]
use = egg:swift#slo
rate_limit_after_segment = 100000
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
"""


def missing():
    """Programs that are not installed."""
    return [name for name in NEEDED if not shutil.which(name)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{process.args[0]} does not listen")


class Swift:
    """Started when made; stop() ends it and deletes its folder."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="inveye-swift-"))
        self.ports = {name: free_port() for name in PARTS + ("proxy", "memcached")}
        self.processes = {}
        self.log = open(self.dir / "log", "wb")
        try:
            self._start_all()
        except Exception:
            self.stop()
            raise

    @property
    def port(self):
        return self.ports["proxy"]

    def _start_all(self):
        (self.dir / "swift.conf").write_text(SWIFT_CONF)
        (self.dir / "disks" / "d1").mkdir(parents=True)
        os.environ["PATH"] += ":/usr/sbin:/sbin"
        self.processes["memcached"] = subprocess.Popen(
            ["memcached", "-l", "127.0.0.1", "-p", str(self.ports["memcached"]), "-U", "0", "-u",
             getpass.getuser()], stdout=self.log, stderr=self.log)
        for part in PARTS:
            self._make_ring(part)
            self._start(part, BACK_CONF)
        self._start("proxy", PROXY_CONF)
        for name in PARTS + ("proxy",):
            wait_for_port(self.ports[name], self.processes[name])
        self.wait_until_ready()

    def _make_ring(self, part):
        builder = str(self.dir / f"{part}.builder")
        for words in (["create", "4", "1", "0"],
                      ["add", f"r1z1-127.0.0.1:{self.ports[part]}/d1", "1"], ["rebalance"]):
            subprocess.run(["swift-ring-builder", builder] + words, check=True,
                           stdout=self.log, stderr=self.log)

    def _start(self, name, text, environment=None):
        conf = self.dir / f"{name}-server.conf"
        conf.write_text(text.format(port=self.ports[name], user=getpass.getuser(), dir=self.dir,
                                    part=name, memcached=self.ports["memcached"], secret=SECRET))
        self.processes[name] = subprocess.Popen([f"swift-{name}-server", str(conf)],
                                                stdout=self.log, stderr=self.log,
                                                env={**os.environ, **(environment or {})})

    def wait_until_ready(self):
        """Until an account can be read: 403 or 404 are answers, 503 is not yet one."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                self.admin("HEAD", "")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("Swift does not get ready")

    # ---- as its admin, by its own protocol ----

    def admin(self, method, path):
        auth = urllib.request.Request(f"http://127.0.0.1:{self.port}/auth/v1.0", headers={
            "X-Auth-User": USER, "X-Auth-Key": SECRET})
        with urllib.request.urlopen(auth, timeout=10) as answer:
            token, url = answer.headers["X-Auth-Token"], answer.headers["X-Storage-Url"]
        request = urllib.request.Request(f"{url}{path}", method=method,
                                         headers={"X-Auth-Token": token})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def make_bucket(self, name):
        self.admin("PUT", "/" + name)
        self.admin("PUT", f"/{name}+segments")

    # ---- trouble ----

    def freeze(self):
        self.processes["proxy"].send_signal(signal.SIGSTOP)

    def thaw(self):
        self.processes["proxy"].send_signal(signal.SIGCONT)

    def kill(self):
        self.processes["proxy"].kill()
        self.processes["proxy"].wait()

    def restart(self, ahead_s=0):
        """`ahead_s`: so far its clock is ahead of the real one."""
        site = self.dir / "site"
        site.mkdir(exist_ok=True)
        (site / "sitecustomize.py").write_text(
            f"import time\n_now = time.time\ntime.time = lambda: _now() + {ahead_s}\n")
        self._start("proxy", PROXY_CONF, {"PYTHONPATH": str(site)} if ahead_s else None)
        wait_for_port(self.port, self.processes["proxy"])
        if not ahead_s:
            self.wait_until_ready()

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)
