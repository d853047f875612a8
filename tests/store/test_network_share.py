"""A desk's file on a network share is refused before anything is touched; local disks never are."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from console.catalogue import Catalogue
from console.clock import FixedClock
from console.errors import EnvironmentProblemError
from console.store import network_share
from console.store.database import open_store
from console.store.network_share import network_system, refuse_network_share, system_in, windows_share
from tests.builders import NOW

TABLE = """\
21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
22 21 0:30 / /home rw - btrfs /dev/vdb rw
23 21 0:31 / /mnt/ville rw - nfs4 serveur:/ville rw,vers=4.2
24 21 0:32 / /mnt/partage\\040commun rw - cifs //serveur/partage rw
25 22 0:33 / /home/a/sshfs rw - fuse.sshfs a@b:/ rw
26 21 0:34 / /mnt/usb rw - fuseblk /dev/sdb1 rw
27 21 0:35 / /mnt/c rw - 9p C:\\134 rw
28 21 0:36 / /work rw - virtiofs work rw
29 21 0:37 / /auto rw - autofs systemd-1 rw
30 29 0:38 / /auto rw - nfs serveur:/auto rw
31 23 0:39 / /mnt/ville/local rw - xfs /dev/vdc rw
une ligne sans rien
"""


@pytest.mark.parametrize(
    ("place", "system"),
    [
        ("/var/lib", "ext4"),
        ("/home/a/vigie", "btrfs"),
        ("/mnt/ville", "nfs4"),
        ("/mnt/ville/vigie/sous/dossier", "nfs4"),
        ("/mnt/villeneuve", "ext4"),
        ("/mnt/partage commun/x", "cifs"),
        ("/home/a/sshfs/x", "fuse.sshfs"),
        ("/auto/x", "nfs"),
        ("/mnt/ville/local/x", "xfs"),
    ],
)
def test_the_nearest_mount_says_the_file_system(place: str, system: str) -> None:
    assert system_in(TABLE, Path(place)) == system


@pytest.mark.parametrize(
    "system",
    ["ext4", "overlay", "tmpfs", "btrfs", "xfs", "zfs", "apfs", "ntfs", "ntfs3", "fuseblk", "fuse", "vfat",
     "9p", "virtiofs", "f2fs", "bcachefs", "ecryptfs", "fuse.gocryptfs", "fuse.encfs", "hfs", "exfat", "aufs",
     "squashfs", "fuse.mergerfs", "fuse.portal", "prl_fs", "vboxsf"],
)  # fmt: skip
def test_local_file_systems_are_never_refused(system: str) -> None:
    assert system not in network_share._NETWORK


@pytest.mark.parametrize(
    "system", ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afpfs", "ceph", "webdav"]
)
def test_network_file_systems_are_known(system: str) -> None:
    assert system in network_share._NETWORK


def test_a_share_is_refused_and_nothing_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_share, "network_system", lambda _folder: "cifs")
    path = tmp_path / "partage" / "vigie.db"
    with pytest.raises(EnvironmentProblemError) as error:
        open_store(path, FixedClock(NOW))
    assert error.value.code == "store.network_share"
    assert not path.parent.exists()
    said = str(Catalogue.load().say(error.value))
    assert "cifs" in said
    assert str(path.parent) in said


def test_this_very_folder_is_local(tmp_path: Path) -> None:
    assert network_system(tmp_path / "not" / "yet") is None
    refuse_network_share(tmp_path)


def test_a_link_to_a_share_is_a_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    table = f"1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / {tmp_path}/real rw - nfs s:/x rw\n"
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: table)
    assert network_system(tmp_path / "link" / "vigie") == "nfs"


@pytest.mark.parametrize(
    ("place", "kind", "found"),
    [
        (r"C:\Users\a", 3, None),
        (r"Z:\vigie", 4, "SMB"),
        (r"\\serveur\partage\vigie", 3, "SMB"),
        (r"\\?\UNC\serveur\partage\vigie", 3, "SMB"),
        (r"\\?\C:\Users\a", 3, None),
        (r"\\wsl.localhost\Debian\home", 3, "SMB"),
    ],
)
def test_windows_shares_by_name_or_by_drive(place: str, kind: int, found: str | None) -> None:
    assert windows_share(place, lambda _root: kind) == found


def test_the_structure_of_macos_has_its_size() -> None:
    # sys/mount.h: 2168 bytes with 64-bit inodes.
    assert ctypes.sizeof(network_share._DarwinStatfs) == 2168
