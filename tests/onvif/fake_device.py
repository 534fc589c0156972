# SPDX-License-Identifier: Apache-2.0
"""A camera or recorder that speaks as much ONVIF as is asked of it, and can be broken in many ways
(standard library only)."""

import base64
import contextlib
import hashlib
import http.server
import re
import socket
import threading
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape, unescape

USER, PASSWORD = "viewer", "ge heim<&>ß"
TOLD_HOST = "192.168.77.7"  # where the device believes to be
ENVELOPE = ('<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope '
            'xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" '
            'xmlns:ter="http://www.onvif.org/ver10/error" '
            'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
            'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" '
            'xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" '
            'xmlns:tt="http://www.onvif.org/ver10/schema"><SOAP-ENV:Body>{}</SOAP-ENV:Body>'
            '</SOAP-ENV:Envelope>')
FAULT = ('<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value>'
         '<SOAP-ENV:Subcode><SOAP-ENV:Value>ter:{}</SOAP-ENV:Value></SOAP-ENV:Subcode>'
         '</SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">{}</SOAP-ENV:Text>'
         '</SOAP-ENV:Reason></SOAP-ENV:Fault>')


def element(text, name):
    found = re.search(rf"<(?:\w+:)?{name}\b[^>]*>([^<]*)<", text)
    return unescape(found[1]) if found else None


class FakeDevice:
    """`login`: "token" (WS-UsernameToken), "digest" (HTTP) or None. `second`: has the media service
    ver20 as well. `broken`: None, or a way in which every answer is wrong."""

    def __init__(self, channels=1, login="token", clock_s=0, second=True, broken=None, media=True,
                 streams_max=None, uuid="6ba7b810-0000-0000-0000-000000000001"):
        self.channels, self.login, self.clock_s, self.second = channels, login, clock_s, second
        self.broken, self.media, self.streams_max, self.uuid = broken, media, streams_max, uuid
        self.asked, self.seen, self.nonces = [], [], set()
        self.released = threading.Event()
        device = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                device.seen.append(str(self.headers) + text)
                device.answer(self, text)

            def log_message(self, *_):
                pass

        class Web(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # who asks may hang up

        self.web = Web(("127.0.0.1", 0), Handler)
        self.port = self.web.server_port
        self.host = f"127.0.0.1:{self.port}"
        self.threads = [threading.Thread(target=self.web.serve_forever, args=(0.05,))]
        self.udp = None
        self.threads[0].start()

    # ---- discovery ----

    def listen(self, group=None, interface="127.0.0.1"):
        """Hears probes, at a port of its own or, with a group (address, port), there."""
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        if group:
            self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.udp.bind(("", group[1]))
            self.udp.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                                socket.inet_aton(group[0]) + socket.inet_aton(interface))
        else:
            self.udp.bind(("127.0.0.1", 0))
        self.probed = []
        self.threads.append(threading.Thread(target=self.hear))
        self.threads[-1].start()
        return f"127.0.0.1:{self.udp.getsockname()[1]}"

    def hear(self):
        while True:
            data, sender = self.udp.recvfrom(65536)
            if data == b"stop":
                return
            self.probed.append(element(data.decode(), "MessageID"))
            if b"NetworkVideoTransmitter" not in data:
                continue
            for answer in self.matches():
                with contextlib.suppress(OSError):
                    self.udp.sendto(answer, sender)

    def matches(self):
        if self.broken == "junk":
            return [b"\0\xff" * 700, b"", b"<a", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"]
        scopes = ("onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/Shop%20Cam "
                  "onvif://www.onvif.org/hardware/SC-1 onvif://www.onvif.org/location/Aisle%202")
        match = ("<d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:{}</wsa:Address>"
                 "</wsa:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{}"
                 "</d:Scopes><d:XAddrs>http://{}:{}/onvif/device_service http://{}/onvif/device_service"
                 "</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>").format(
                     self.uuid, scopes, TOLD_HOST, 81, self.host)
        body = f'<d:ProbeMatches xmlns:d="d" xmlns:wsa="w">{match}</d:ProbeMatches>'
        return [ENVELOPE.format(body).encode()]

    # ---- the web service ----

    @staticmethod
    def send(handler, body, status=200, kind="application/soap+xml", **headers):
        body = body.encode() if isinstance(body, str) else body
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    def is_broken(self, handler):
        if self.broken == "hang":
            self.released.wait(60)
            handler.close_connection = True
        elif self.broken == "junk":
            self.send(handler, b"\0\xff<" * 1000)
        elif self.broken == "html":
            self.send(handler, "<html><body>Hello</body></html>", 404, "text/html")
        elif self.broken == "oversized":
            self.send(handler, ENVELOPE.format("<x>" + "y" * 3_000_000 + "</x>"))
        elif self.broken == "doctype":
            self.send(handler, "<!DOCTYPE x [<!ENTITY a 'b'>]>" + ENVELOPE.format("<x>&a;</x>"))
        elif self.broken == "redirect":
            self.send(handler, "", 302, Location=f"http://{self.host}/elsewhere")
        elif self.broken == "closed":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            return False
        return True

    def answer(self, handler, text):
        action = re.search(r"<s:Body><(\w+)", text)
        self.asked.append((handler.path, action[1] if action else None))
        if self.is_broken(handler):
            return
        if self.login == "digest" and not self.digest_is_right(handler):
            self.send(handler, "", 401,
                      WWW_Authenticate='Digest realm="cam", nonce="n1", qop="auth", algorithm=MD5')
        elif not action:
            self.send(handler, ENVELOPE.format(FAULT.format("WellFormed", "no question")), 400)
        elif self.login == "token" and action[1] != "GetSystemDateAndTime" and not self.token_is_right(text):
            self.send(handler, ENVELOPE.format(FAULT.format("NotAuthorized", "Sender not Authorized")), 400)
        else:
            body = getattr(self, action[1], lambda _: None)(text)
            self.send(handler, ENVELOPE.format(body or FAULT.format("ActionNotSupported", "What?")),
                      200 if body else 500)

    def now(self):
        return datetime.now(timezone.utc) + timedelta(seconds=self.clock_s)

    def token_is_right(self, text):
        nonce, created = element(text, "Nonce"), element(text, "Created")
        if element(text, "Username") != USER or not nonce or not created or nonce in self.nonces:
            return False
        self.nonces.add(nonce)
        wanted = hashlib.sha1(base64.b64decode(nonce) + created.encode() + PASSWORD.encode()).digest()
        made = datetime.fromisoformat(created.replace("Z", "+00:00"))
        return (base64.b64decode(element(text, "Password")) == wanted and
                abs((made - self.now()).total_seconds()) < 60)

    @staticmethod
    def digest_is_right(handler):
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', handler.headers.get("Authorization", "")))
        md5 = lambda *parts: hashlib.md5(":".join(parts).encode()).hexdigest()
        if given.get("username") != USER:
            return False
        return given.get("response") == md5(md5(USER, "cam", PASSWORD), "n1", given["nc"],
                                            given["cnonce"], "auth", md5("POST", handler.path))

    # ---- answers by name of the question ----

    def GetSystemDateAndTime(self, _):
        t = self.now()
        return ("<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime><tt:Time>"
                f"<tt:Hour>{t.hour}</tt:Hour><tt:Minute>{t.minute}</tt:Minute>"
                f"<tt:Second>{t.second}</tt:Second></tt:Time><tt:Date><tt:Year>{t.year}</tt:Year>"
                f"<tt:Month>{t.month}</tt:Month><tt:Day>{t.day}</tt:Day></tt:Date></tt:UTCDateTime>"
                "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>")

    def GetServices(self, _):
        if not self.second:
            return None
        media = "".join(
            f"<tds:Service><tds:Namespace>http://www.onvif.org/{version}/media/wsdl</tds:Namespace>"
            f"<tds:XAddr>http://{TOLD_HOST}/onvif/{name}</tds:XAddr></tds:Service>"
            for version, name in (("ver10", "media"), ("ver20", "media2")) if self.media)
        return f"<tds:GetServicesResponse>{media}</tds:GetServicesResponse>"

    def GetCapabilities(self, _):
        media = f"<tt:Media><tt:XAddr>http://{TOLD_HOST}/onvif/media</tt:XAddr></tt:Media>" if self.media else ""
        return ("<tds:GetCapabilitiesResponse><tds:Capabilities>"
                f"{media}</tds:Capabilities></tds:GetCapabilitiesResponse>")

    def GetDeviceInformation(self, _):
        return ("<tds:GetDeviceInformationResponse><tds:Manufacturer>Hikvision</tds:Manufacturer>"
                "<tds:Model>NVR-4 &amp; more</tds:Model><tds:FirmwareVersion>V1.2</tds:FirmwareVersion>"
                "<tds:SerialNumber>SN1</tds:SerialNumber></tds:GetDeviceInformationResponse>")

    def GetProfiles(self, text):
        second = "ver20" in text
        prefix = "tr2" if second else "trt"
        profiles = "".join(self.profile(second, prefix, channel, sub)
                           for channel in range(1, self.channels + 1) for sub in (False, True))
        return f"<{prefix}:GetProfilesResponse>{profiles}</{prefix}:GetProfilesResponse>"

    @staticmethod
    def profile(second, prefix, channel, sub):
        width, height, fps, kbits = (640, 360, 10, 512) if sub else (1920, 1080, 25, 4096)
        name = f"c{channel}{'s' if sub else 'm'}"
        size = (f"<tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution>"
                f"<tt:RateControl><tt:FrameRateLimit>{fps}</tt:FrameRateLimit>"
                f"<tt:BitrateLimit>{kbits}</tt:BitrateLimit></tt:RateControl>")
        source = f"<tt:SourceToken>src{channel}</tt:SourceToken>"
        if second:
            codec = "H264" if sub else "H265"
            inner = (f'<tr2:Configurations><tr2:VideoSource token="v">{source}</tr2:VideoSource>'
                     f'<tr2:VideoEncoder token="{name}" GovLength="{2 * fps}">'
                     f"<tt:Encoding>{codec}</tt:Encoding>{size}</tr2:VideoEncoder></tr2:Configurations>")
        else:
            inner = (f'<tt:VideoSourceConfiguration token="v">{source}</tt:VideoSourceConfiguration>'
                     f'<tt:VideoEncoderConfiguration token="{name}"><tt:Encoding>H264</tt:Encoding>{size}'
                     f"<tt:H264><tt:GovLength>{2 * fps}</tt:GovLength></tt:H264></tt:VideoEncoderConfiguration>")
        return f'<{prefix}:Profiles token="{name}" fixed="true"><tt:Name>{name}</tt:Name>{inner}</{prefix}:Profiles>'

    def GetStreamUri(self, text):
        token = element(text, "ProfileToken")
        if self.streams_max is not None:
            self.streams_max -= 1
            if self.streams_max < 0:
                return None
        url = escape(f"rtsp://{USER}:secret@{TOLD_HOST}:8554/{token}?unicast=true&proto=Onvif")
        if "ver20" in text:
            return f"<tr2:GetStreamUriResponse><tr2:Uri>{url}</tr2:Uri></tr2:GetStreamUriResponse>"
        return ("<trt:GetStreamUriResponse><trt:MediaUri>"
                f"<tt:Uri>{url}</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>")

    def stop(self):
        self.released.set()
        self.web.shutdown()
        self.web.server_close()
        if self.udp:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bell:
                bell.sendto(b"stop", ("127.0.0.1", self.udp.getsockname()[1]))
        for thread in self.threads:
            thread.join()
        if self.udp:
            self.udp.close()
