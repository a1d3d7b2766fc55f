"""Certificates for tests, made by the openssl program."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that signs certificates; all files lie in ``folder``."""

    folder: Path
    name: str

    @property
    def file(self) -> Path:
        """Its own certificate."""
        return self.folder / f"{self.name}.pem"

    def issue(
        self, name: str, days: int = 30, subject_names: str = "IP:127.0.0.1"
    ) -> tuple[Path, Path]:
        """Certificate and key of somebody. ``days`` below 0: it has ended."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        request = self.folder / f"{name}.csr"
        extension = self.folder / f"{name}.ext"
        extension.write_text(f"subjectAltName={subject_names}\n", encoding="ascii")
        _openssl(
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            f"/CN={name}",
            "-keyout",
            key,
            "-out",
            request,
        )
        _openssl(
            *("x509", "-req", "-in", request, "-out", certificate, "-extfile", extension),
            *("-CA", self.file, "-CAkey", self.folder / f"{self.name}.key", "-CAcreateserial"),
            *("-days", str(days)),
        )
        return certificate, key


def make_authority(folder: Path, name: str) -> Authority:
    """A new authority."""
    authority = Authority(folder, name)
    _openssl(
        *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-days", "30"),
        *("-keyout", folder / f"{name}.key", "-out", authority.file),
    )
    return authority


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
