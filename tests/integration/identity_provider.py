# SPDX-License-Identifier: GPL-3.0-or-later
"""An identity provider of a region: npm's oidc-provider as a plain process over TLS of the test authority;
and a browser that people sign in with there, without one."""
import contextlib
import json
import pathlib
import re
import signal
from urllib.parse import urljoin, urlsplit

import requests

from clinic import answer_of
from launch import free_port
from listening_process import ListeningProcess
from signed_in import Browser

PROGRAM = pathlib.Path(__file__).with_name("openid") / "provider.mjs"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "HS256")
SECRET = "a secret of the client, with / and + in it"
SURELY = "-surely"  # a login that ends so was checked by two factors
TRIP_COOKIE, COOKIE = "__Host-sekisho-openid", "__Host-sekisho"


class IdentityProvider:
    """Knows one client for each algorithm, all of them at the door `public_url`. Any login will do."""

    def __init__(self, directory, authority, public_url):
        assert (PROGRAM.parent / "node_modules").exists(), (
            f"./dev test installs it; by hand: npm ci --prefix {PROGRAM.parent}")
        directory.mkdir(parents=True)
        self.port = free_port()
        self.issuer = f"https://localhost:{self.port}"
        self.ca_file = authority.certificate
        certificate, key = authority.issue("provider", "serverAuth", ("localhost", "127.0.0.1"))
        self.secret_file = directory / "secret"
        self.secret_file.write_text(SECRET + "\n", encoding="ascii")
        self.secret_file.chmod(0o600)
        wanted = {
            "port": self.port, "certificate": str(certificate), "key": str(key), "surely": SURELY,
            "clients": [{"client_id": f"sekisho-{algorithm}", "client_secret": SECRET,
                         "redirect_uris": [f"{public_url}/api/session/openid/return"],
                         "id_token_signed_response_alg": algorithm} for algorithm in ALGORITHMS],
        }
        self._process = ListeningProcess(["node", PROGRAM, json.dumps(wanted)], self.port,
                                         directory / "provider.log")

    def settings(self, algorithm="ES256", **more):
        """The object "OpenId" of a hospital that believes it."""
        return {"Issuer": self.issuer, "ClientId": f"sekisho-{algorithm}", "Name": "Northern Medical ID",
                "ClientSecretFile": str(self.secret_file), "CaFile": str(self.ca_file),
                "TwoFactorAcrs": ["urn:example:two-factors"], **more}

    def start(self):
        self._process.start()

    def close(self):
        self._process.close()

    @contextlib.contextmanager
    def that_hangs(self):
        """Takes connections meanwhile, and answers nothing."""
        self._process.send(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send(signal.SIGCONT)

    def sign_in(self, address, login, consents=True):
        """Goes where the door has sent a browser, fills in the forms that come, and gives the address
        to which the provider sends it back."""
        with requests.Session() as session:
            session.verify, session.trust_env = str(self.ca_file), False
            answer = session.get(address, allow_redirects=False, timeout=20)
            while True:
                while answer.is_redirect:
                    place = urljoin(answer.url, answer.headers["Location"])
                    if urlsplit(place).port != self.port:
                        return place
                    answer = session.get(place, allow_redirects=False, timeout=20)
                assert answer.ok, answer.text
                action = re.search(r'<form autocomplete="off" action="([^"]+)"', answer.text).group(1)
                prompt = re.search(r'name="prompt" value="(\w+)"', answer.text).group(1)
                if prompt == "consent" and not consents:
                    answer = session.get(action + "/abort", allow_redirects=False, timeout=20)
                    continue
                form = {"prompt": prompt}
                if prompt == "login":
                    form |= {"login": login, "password": "any"}
                answer = session.post(action, data=form, allow_redirects=False, timeout=20)


class Traveller(Browser):
    """A browser that goes to an identity provider and comes back."""

    trip = None

    def leave(self, **form):
        """The door's answer; where it lets somebody go, its cookie is kept."""
        answer = self.post("/api/session/openid", json.dumps(form).encode(), "application/json",
                           **self.page)
        if answer.status == 200:
            self.trip = self._cookie(answer, TRIP_COOKIE, "SameSite=Lax")
        return answer

    def arrive(self, address, **fields):
        """As the browser that another site sends here: with what SameSite=Lax lets through."""
        cookie = {"Cookie": f"{TRIP_COOKIE}={self.trip}"} if self.trip else {}
        connection = self.connect()
        parts = urlsplit(address)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}", headers={
                "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "document", **cookie, **fields})
            response = connection.getresponse()
            answer = self.ledger.keep(answer_of(response, parts.path))
        finally:
            connection.close()
        if answer.status == 200:
            self.cookie = self._cookie(answer, COOKIE, "SameSite=Strict")
        return answer

    @staticmethod
    def _cookie(answer, name, same_site):
        text = answer.headers["set-cookie"]
        assert text.startswith(f"{name}=") and same_site in text and "; HttpOnly" in text, text
        return text.split(";")[0].partition("=")[2]

    def travel(self, provider, login, **form):
        """There and back; the door's last answer."""
        answer = self.leave(**form)
        if answer.status != 200:
            return answer
        return self.arrive(provider.sign_in(answer.json()["Url"], login))
