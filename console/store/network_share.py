"""Whether a folder is on a network share, where SQLite's locks and shared memory cannot be relied on.

With a write-ahead log all users of a file must be on one machine (sqlite.org/wal.html), and file locks
of NFS and SMB are the commonest way to a corrupt database (sqlite.org/howtocorrupt.html, 2.1). What is
refused is a list of names, so that a local file system nobody has thought of is never refused. `9p` and
`virtiofs` are let through: they show a guest (WSL, a virtual machine, a container) a folder of its own
host, one machine's disk; where one of them lacks what SQLite needs, opening fails by itself.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

from console.errors import EnvironmentProblemError

_NETWORK = frozenset(
    {
        # Linux, the kernel's own.
        "nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "auristorfs", "ncpfs", "coda", "ceph",
        "lustre", "beegfs", "gpfs", "orangefs", "pvfs2", "panfs", "glusterfs", "davfs", "gfs2", "ocfs2",
        # Linux, in user space. Bare «fuse» and «fuseblk» are local disks (NTFS, exFAT, AppImage).
        "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.s3fs",
        "fuse.gvfsd-fuse", "fuse.kio-fuse", "fuse.davfs", "fuse.davfs2", "fuse.curlftpfs", "fuse.smbnetfs",
        "fuse.gcsfuse", "fuse.goofys", "fuse.juicefs", "fuse.onedriver", "fuse.mfs", "fuse.moosefs",
        "fuse.seaweedfs", "fuse.google-drive-ocamlfuse", "fuse.afp", "fuse.afpfs",
        # macOS.
        "afpfs", "webdav", "ftp",
    }
)  # fmt: skip
_DRIVE_REMOTE = 4


def refuse_network_share(folder: Path) -> None:
    """Raise `store.network_share` when `folder`, or where it would be made, is on one. Touches nothing."""
    found = network_system(folder)
    if found is not None:
        raise EnvironmentProblemError("store.network_share", path=str(folder), system=found)


def network_system(folder: Path) -> str | None:
    """The name of the network file system that holds `folder`, None when it is local or not known."""
    try:
        place = folder.resolve()
    except OSError:
        return None
    if sys.platform == "win32":
        return windows_share(str(place), _drive_type)
    if sys.platform == "darwin":
        name = _darwin_name(place)
    else:
        try:
            table = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return None
        name = system_in(table, place)
    return name if name in _NETWORK else None


def system_in(table: str, place: Path) -> str | None:
    """The file system of an absolute path in a mount table in the form of /proc/self/mountinfo (proc(5))."""
    best, name = -1, None
    for line in table.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields[4]))
        # The later of two mounts on one point lies over the earlier.
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, name = len(point.parts), after.split(" ", 1)[0]
    return name


def windows_share(place: str, drive_type: Callable[[str], int]) -> str | None:
    """«SMB» for a UNC path or a drive letter that `drive_type(root)` calls remote (GetDriveTypeW)."""
    path = PureWindowsPath(place)
    drive = path.drive
    if drive.upper().startswith("\\\\?\\UNC\\"):
        return "SMB"
    if drive.startswith("\\\\") and not drive.startswith(("\\\\?\\", "\\\\.\\")):
        return "SMB"
    return "SMB" if drive_type(path.anchor) == _DRIVE_REMOTE else None


if sys.platform == "win32":

    def _drive_type(root: str) -> int:
        return int(ctypes.windll.kernel32.GetDriveTypeW(root))


class _DarwinStatfs(ctypes.Structure):
    # statfs(2) of macOS with 64-bit inodes.
    _fields_ = (
        ("bsize", ctypes.c_uint32),
        ("iosize", ctypes.c_int32),
        ("counts", ctypes.c_uint64 * 5),
        ("fsid", ctypes.c_int32 * 2),
        ("owner", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("subtype", ctypes.c_uint32),
        ("name", ctypes.c_char * 16),
        ("mounted_on", ctypes.c_char * 1024),
        ("mounted_from", ctypes.c_char * 1024),
        ("reserved", ctypes.c_uint32 * 8),
    )


def _darwin_name(place: Path) -> str | None:
    while not place.exists() and place != place.parent:
        place = place.parent
    library, found = ctypes.CDLL(None, use_errno=True), _DarwinStatfs()
    statfs = getattr(library, "statfs$INODE64", None) or library.statfs
    if statfs(os.fsencode(place), ctypes.byref(found)) != 0:
        return None
    return bytes(found.name).decode("ascii", "replace")
