"""With OpenSSH's own `sftp` in batch mode, as a partner would: what must work works, and what is refused leaves no trace."""

import re
import subprocess
import time
from pathlib import Path

import pytest

from adapters.sftp.names import LONGEST_NAME
from tests.architecture.tree import ROOT
from tests.sftp.edges import Edge, Partner
from tests.tools import need, not_run

MEGABYTE = 1024 * 1024


@pytest.fixture
def partner(edge: Edge) -> Partner:
    (edge.folder / "stand.xml").write_text("<aanlevering/>")
    (edge.folder / "langer.xml").write_text("<aanlevering></aanlevering>")
    return edge.partner()


def test_put_and_rename_delivers_a_file(edge: Edge, partner: Partner) -> None:
    done = edge.sftp(partner, "put stand.xml in/stand.xml.part", "rename in/stand.xml.part in/stand.xml", "ls -l in")
    assert (done.returncode, done.stderr) == (0, "")
    assert partner.mailbox.taken == {"stand.xml": b"<aanlevering/>"}
    assert re.search(r"^-rw-------    1 partner  seinhuis           14 Nov 22 08:00 stand\.xml$", done.stdout, re.MULTILINE)


def test_commands_of_the_page_for_partners_work(edge: Edge, partner: Partner) -> None:
    page = (ROOT / "docs/bestanden-sftp.md").read_text(encoding="utf-8")
    put, check, get = (block for block in re.findall(r"```\n(.*?)```", page, re.DOTALL) if not block.startswith("sftp "))
    (edge.folder / "signalen-2026-11.xml").write_text("<aanlevering/>")
    checksum(edge, "signalen-2026-11.xml")
    assert edge.sftp(partner, *check.splitlines()).returncode == 0
    assert partner.mailbox.taken.pop("signalen-2026-11.xml") == b"<aanlevering/>"
    edge.house.give(partner.oin, "uit", "signalen-2026-11.xml.ontvangst.json", b"{}")
    done = edge.sftp(partner, *put.splitlines(), *get.splitlines())
    assert done.returncode == 0
    assert partner.mailbox.taken == {"signalen-2026-11.xml": b"<aanlevering/>"}
    assert partner.mailbox.out["uit"] == {}
    assert f"hoogstens {LONGEST_NAME} bytes" in page


def checksum(edge: Edge, name: str, *flags: str) -> None:
    """`name.sha256`, as the program itself writes it."""
    with (edge.folder / f"{name}.sha256").open("wb") as file:
        subprocess.run([need("sha256sum"), *flags, name], cwd=edge.folder, stdout=file, check=True)


@pytest.mark.parametrize("flags", [(), ("--binary",)])
def test_checksum_file_completes_a_file_as_a_rename_does(edge: Edge, partner: Partner, flags: tuple[str, ...]) -> None:
    checksum(edge, "stand.xml", *flags)
    done = edge.sftp(partner, "put stand.xml in/stand.xml.part", "put -p stand.xml.sha256 in/stand.xml.sha256", "ls -1 in")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "in/stand.xml"
    assert (partner.mailbox.taken, partner.mailbox.parts) == ({"stand.xml": b"<aanlevering/>"}, {})


def test_checksum_file_that_does_not_fit_is_refused_and_the_part_stays(edge: Edge, partner: Partner) -> None:
    checksum(edge, "langer.xml")
    assert edge.sftp(partner, "put stand.xml in/stand.xml.part").returncode == 0
    (edge.folder / "lang.sha256").write_text("0" * 64 + "  " + "x" * 200)
    for words in ("langer.xml.sha256 in/stand.xml.sha256", "lang.sha256 in/stand.xml.sha256", "langer.xml.sha256 in/langer.xml.sha256"):
        done = edge.sftp(partner, f"put {words}")
        assert (done.returncode, bool(done.stderr)) == (1, True)
        assert (list(partner.mailbox.parts), partner.mailbox.taken) == (["stand.xml"], {})
    checksum(edge, "stand.xml")
    assert edge.sftp(partner, "put stand.xml.sha256 in/stand.xml.sha256").returncode == 0
    assert partner.mailbox.taken == {"stand.xml": b"<aanlevering/>"}


def test_put_that_keeps_attributes_works_and_keeps_none(edge: Edge, partner: Partner) -> None:
    done = edge.sftp(partner, "put -p stand.xml in/stand.xml.part", "chmod 777 in/stand.xml.part", "ls -l in")
    assert (done.returncode, done.stderr) == (0, "")
    assert "-rw-------" in done.stdout


def test_curl_with_another_ssh_library_puts_renames_and_collects(edge: Edge, partner: Partner) -> None:
    if "sftp" not in subprocess.run([need("curl"), "--version"], capture_output=True, text=True, check=True).stdout:
        not_run("curl kent geen sftp")
    (edge.folder / "publiek").write_bytes(partner.key.export_public_key())
    edge.house.give(partner.oin, "uit", "bon.json", b"bon")
    login = ("--silent", "--show-error", "--insecure", "--key", str(partner.key_path), "--pubkey", "publiek")
    server = f"sftp://{partner.oin}@127.0.0.1:{edge.server.port}"
    move = ("--quote", "-rename /in/stand.xml.part /in/stand.xml")
    put, collect = ("--upload-file", "stand.xml", *move, f"{server}/in/stand.xml.part"), ("--output", "bon.json", f"{server}/uit/bon.json")
    for arguments in (put, collect):
        done = subprocess.run(["curl", *login, *arguments], cwd=edge.folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    assert partner.mailbox.taken == {"stand.xml": b"<aanlevering/>"}
    assert (edge.folder / "bon.json").read_bytes() == b"bon"


@pytest.mark.parametrize("kind", ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"])
def test_every_strong_kind_of_key_logs_in(edge: Edge, kind: str) -> None:
    partner = edge.partner(kind)
    assert edge.sftp(partner, "pwd").stdout.splitlines()[-1] == "Remote working directory: /"


def test_receipt_is_listed_fetched_and_removed(edge: Edge, partner: Partner) -> None:
    edge.house.give(partner.oin, "uit", "stand.xml.ontvangst.json", b'{"a": 1}' * 100_000)
    edge.house.give(partner.oin, "terugkoppeling", "week 47.csv", b"kenmerk;code\r\n")
    edge.house.give(partner.oin, "uit", "ongelezen.json", b"{}")
    first = ("ls -1", "cd uit", "ls -1", "get stand*", "rm stand.xml.ontvangst.json", "cd ..", "ls -1 uit")
    done = edge.sftp(partner, *first, "get terugkoppeling/week\\ 47.csv", "rm uit/ongelezen.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert (edge.folder / "stand.xml.ontvangst.json").read_bytes() == b'{"a": 1}' * 100_000
    assert (edge.folder / "week 47.csv").read_bytes() == b"kenmerk;code\r\n"
    assert partner.mailbox.out == {"uit": {}, "terugkoppeling": {}}
    assert [line for line in done.stdout.splitlines() if not line.startswith(("sftp>", "Fetching", "Removing", "Remote"))][:3] == [
        "in", "terugkoppeling", "uit",
    ]  # fmt: skip


def test_folder_with_many_files_is_listed_whole(edge: Edge, partner: Partner) -> None:
    for number in range(1234):
        edge.house.give(partner.oin, "uit", f"{number:05}.json", b"")
    listed = edge.sftp(partner, "ls -1 uit").stdout.splitlines()[1:]
    assert listed == [f"uit/{number:05}.json" for number in range(1234)]


@pytest.mark.parametrize(
    "command",
    [
        "put stand.xml stand.xml",
        "put stand.xml in/stand.xml",
        "put stand.xml uit/stand.xml.part",
        "put stand.xml in/.verborgen.part",
        "put stand.xml in/.verborgen.sha256",
        "put stand.xml in/klaar.xml.sha256",
        "put stand.xml in/klaar.xml.md5",
        "get in/klaar.xml.sha256",
        "put stand.xml in/../uit/x.part",
        "put -a langer.xml in/klaar.xml.part",
        "rename in/klaar.xml.part in/anders.xml",
        "rename in/klaar.xml.part uit/klaar.xml",
        "rename uit/bon.json in/bon.json.part",
        "rename uit/bon.json uit/weg.json",
        "symlink /etc/passwd in/x.part",
        "symlink ../uit/bon.json in/x.part",
        "ln uit/bon.json in/x.part",
        "mkdir in/map",
        "mkdir in/map.part",
        "rmdir uit",
        "rm in",
        "rm /etc/passwd",
        "get /etc/passwd",
        "get ../../../../etc/passwd",
        "get in/klaar.xml.part",
        "cd /etc",
        "ls /etc",
        "chmod 777 uit/bon.json",
        "chmod 777 in",
        "chown 0 in/klaar.xml.part",
        "chgrp 0 uit/bon.json",
        "df",
        "df in",
    ],
)  # fmt: skip
def test_everything_else_is_refused_and_changes_nothing(edge: Edge, partner: Partner, command: str) -> None:
    edge.house.give(partner.oin, "uit", "bon.json", b"bon")
    assert edge.sftp(partner, "put stand.xml in/klaar.xml.part").returncode == 0
    done = edge.sftp(partner, command)
    assert done.returncode == 1
    assert done.stderr
    assert partner.mailbox.out == {"uit": {"bon.json": b"bon"}, "terugkoppeling": {}}
    assert (list(partner.mailbox.parts), partner.mailbox.taken) == (["klaar.xml"], {})


def test_file_over_the_limit_fails_and_cannot_be_renamed(edge: Edge, partner: Partner) -> None:
    partner.mailbox.largest = MEGABYTE
    (edge.folder / "groot.xml").write_bytes(bytes(3 * MEGABYTE))
    done = edge.sftp(partner, "-put groot.xml in/groot.xml.part", "rename in/groot.xml.part in/groot.xml")
    assert done.returncode == 1
    assert (partner.mailbox.parts, partner.mailbox.taken, partner.mailbox.discarded) == ({}, {}, 1)


def test_put_of_100_megabytes_arrives_whole_and_fast(edge: Edge, partner: Partner) -> None:
    content = bytes(range(256)) * 4096 * 100
    (edge.folder / "groot.xml").write_bytes(content)
    begun = time.perf_counter()
    done = edge.sftp(partner, "put groot.xml in/groot.xml.part", "rename in/groot.xml.part in/groot.xml")
    rate = len(content) / MEGABYTE / (time.perf_counter() - begun)
    assert (done.returncode, done.stderr) == (0, "")
    assert partner.mailbox.taken == {"groot.xml": content}
    assert rate > 10  # a measurement, not a promise: it finds an upload that has become quadratic
    Path(edge.folder / "groot.xml").unlink()
