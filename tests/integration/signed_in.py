# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at the recipient door who signs in: what a browser does with a page of ours, without one."""
import base64
import hashlib
import hmac
import json
import struct
import time

from clinic import Clinic

COOKIE = "__Host-sekisho"
STEP_SECONDS = 30


def code_of(secret, step):
    """RFC 6238 with SHA-1 and six digits, by its text alone."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 10**6:06d}"


class Browser(Clinic):
    """One browser: keeps the cookie that it is given and says which page sends what."""

    cookie = login = password = person = secret = None
    used_step = 0
    page = {"Sekisho-Page": "1", "Sec-Fetch-Site": "same-origin"}

    def headers(self, more=None):
        headers = {**self.page, **super().headers(more)}
        if self.cookie and "Cookie" not in headers:
            headers["Cookie"] = f"{COOKIE}={self.cookie}"
        return headers

    def send(self, method, target, form=None, **headers):
        """A call of a page; the cookie that comes is kept, or forgotten."""
        if form is None:
            answer = self.request(method, target, **headers)
        else:
            answer = self.post(target, json.dumps(form).encode(), "application/json", **headers)
        if "set-cookie" in answer.headers:
            name, _, value = answer.headers["set-cookie"].split(";")[0].partition("=")
            assert name == COOKIE
            self.cookie = value or None
        return answer

    def sign_in(self, **form):
        if self.secret and not form:
            form = {"Code": self.next_code()}
        return self.send("POST", "/api/session",
                         {"Login": self.login, "Password": self.password, **form})

    def add_authenticator(self):
        """Returns the recovery codes."""
        offer = self.send("POST", "/api/totp", {"Password": self.password})
        assert offer.status == 200, offer
        self.secret = offer.json()["Secret"]
        enrolled = self.send("POST", "/api/totp/enrol", {"Code": self.next_code()})
        assert enrolled.status == 200, enrolled
        return enrolled.json()["RecoveryCodes"]

    def next_code(self):
        """One that was not used: the next step's while this one's was, else waits for it."""
        now = int(time.time()) // STEP_SECONDS
        self.used_step = max(self.used_step + 1, now)
        while self.used_step > int(time.time()) // STEP_SECONDS + 1:
            time.sleep(0.2)
        return code_of(self.secret, self.used_step)
