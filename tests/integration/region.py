# SPDX-License-Identifier: GPL-3.0-or-later
"""An authority of a region: issues certificates to clients and revokes them, by OpenSSL's own `ca`."""
import pathlib
import subprocess

CONFIGURATION = """
[ca]
default_ca = region
[region]
database = {directory}/index.txt
serial = {directory}/serial
crlnumber = {directory}/crlnumber
new_certs_dir = {directory}
certificate = {directory}/ca.pem
private_key = {directory}/ca.key
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
organizationName = optional
commonName = supplied
[client]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
authorityKeyIdentifier = keyid
[below]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Region:
    """In a directory of its own. `above` has certified it; else it is its own root."""

    def __init__(self, directory, name, above=None):
        self.directory, self.name = pathlib.Path(directory) / name, name
        self.directory.mkdir(parents=True)
        self.certificate, self._key = self.directory / "ca.pem", self.directory / "ca.key"
        self._configuration = self.directory / "ca.cnf"
        self._configuration.write_text(CONFIGURATION.format(directory=self.directory), encoding="ascii")
        (self.directory / "index.txt").touch()
        for counter in ("serial", "crlnumber"):
            (self.directory / counter).write_text("1000\n", encoding="ascii")
        subject = f"/O=Kita Region/CN={name}"
        self._issued = 0
        if above is None:
            self._new_key(self._key)
            openssl("req", "-x509", "-new", "-key", self._key, "-sha256", "-days", 30, "-subj", subject,
                    "-out", self.certificate, "-addext", "basicConstraints=critical,CA:TRUE",
                    "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        else:
            certificate, key = above.issue(subject, extensions="below")
            certificate.rename(self.certificate)
            key.rename(self._key)

    @staticmethod
    def _new_key(path):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
        path.chmod(0o600)

    def issue(self, subject, alternative_names=None, days=30, behind=(), extensions="client"):
        """(certificate, key) as files. `behind`: whose certificates stand in the file behind it."""
        self._issued += 1
        certificate = self.directory / f"client-{self._issued}.pem"
        key, request = certificate.with_suffix(".key"), certificate.with_suffix(".csr")
        self._new_key(key)
        more = ["-addext", f"subjectAltName={alternative_names}"] if alternative_names else []
        openssl("req", "-new", "-key", key, "-utf8", "-subj", subject, "-out", request, *more)
        openssl("ca", "-batch", "-notext", "-utf8", "-config", self._configuration, "-extensions", extensions,
                "-days", days, "-in", request, "-out", certificate)
        with certificate.open("a", encoding="ascii") as file:
            for authority in behind:
                file.write(authority.certificate.read_text(encoding="ascii"))
        return certificate, key

    def revoke(self, certificate):
        openssl("ca", "-config", self._configuration, "-revoke", certificate)

    def publish(self, place, seconds=3600):
        """Puts the list of what is revoked into `place`, in one piece."""
        fresh = pathlib.Path(place).with_name("." + pathlib.Path(place).name)
        openssl("ca", "-config", self._configuration, "-gencrl", "-out", fresh, "-crlsec", seconds)
        fresh.rename(place)
