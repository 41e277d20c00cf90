# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server that keeps what it is handed: Debian's aiosmtpd, on a free loopback port."""
import email
import email.policy
import ssl
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from launch import free_port


class MailSink:
    """Takes mail over STARTTLS, from who logs in where there is a password; `letters` outlive its ends."""

    def __init__(self, certificate=None, login=None):
        self.port, self.letters, self.said = free_port(), [], []
        self._certificate, self._login, self._controller = certificate, login, None

    def start(self):
        more = {}
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, self._certificate))
            more = {"tls_context": context, "require_starttls": True}
        if self._login:
            more |= {"auth_required": True, "authenticator": self._authenticate}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **more)
        self._controller.start()
        return self

    def stop(self):
        if self._controller:
            self._controller.stop()
        self._controller = None

    def _authenticate(self, server, session, envelope, mechanism, given):
        shown = (given.login.decode(), given.password.decode())
        return AuthResult(success=shown == self._login)

    async def handle_DATA(self, server, session, envelope):
        assert not self._certificate or session.ssl, "mail came in clear"
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        letter.envelope = (envelope.mail_from, envelope.rcpt_tos)
        self.letters.append(letter)
        return "250 OK"

    async def handle_exception(self, error):
        self.said.append(repr(error))
        return "451 no"

    def wait_for(self, count, seconds=30):
        """The letters, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(self.letters) < count:
            assert time.monotonic() < deadline, f"{len(self.letters)} of {count}: {self.said}"
            time.sleep(0.05)
        return self.letters
