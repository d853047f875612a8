"""The main job without a window: judge, show a table, import with progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from console.bootstrap import open_services
from console.catalogue import Catalogue
from console.domain.roles import Actor, Role
from console.errors import SecretLockedError, ValidationError, VigieError
from console.secrets.in_memory import MemorySecrets
from console.services.at_rest import CHOICE, State
from console.services.ports import Progress
from console.services.rows import QueueFilter, QueueRow, Sort

if TYPE_CHECKING:
    from console.launch import Launch, OpenWindow
    from console.services.intake import ImportReport
    from console.services.services import Services

_SHOWN_SKIPS = 20
_STYLES = {0: "green", 1: "cyan", 2: "yellow", 3: "dark_orange", 4: "bold red"}


def run(launch: Launch, picture: Path, open_window: OpenWindow) -> int:
    """Judge the sample queue, or the file of `--import`, print the table, write the window's picture.

    A picture that cannot be made is said and is no failure: the judging was the job.
    """
    labels = Catalogue.load()
    source = str(launch.import_file) if launch.import_file else labels.label("cli", "sample_source")
    screen = Console(highlight=False)
    screen.print(labels.label("cli", "no_display").format(source=source))
    # A file is judged on the real desk; without one, the sample keeps its own folder.
    launch = replace(launch, sample=launch.sample or launch.import_file is None)
    with ExitStack() as ends:
        services, launch = _open(launch, ends, screen)
        try:
            status = 0
            if launch.import_file is not None:
                status = import_file(services, launch.import_file, None)
            _print_queue(services, screen)
            say_protection(services)
        finally:
            services.close()
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        try:
            open_window(replace(launch, import_file=None, picture=picture))
            screen.print(labels.label("cli", "picture_written").format(path=picture))
        except (VigieError, OSError, ImportError) as error:
            reason = labels.say(error).title if isinstance(error, VigieError) else error
            screen.print(labels.label("cli", "picture_failed").format(reason=reason))
    return status


def _open(launch: Launch, ends: ExitStack, screen: Console) -> tuple[Services, Launch]:
    """The desk; where none can be encrypted and nobody chose plain text, one that is gone at the end.

    The judging is the job and goes on. What citizens wrote lies meanwhile in an encrypted file whose key
    this process alone has.
    """
    try:
        return open_services(launch.home, sample=launch.sample, plain=launch.plain), launch
    except SecretLockedError as error:
        if error.code != CHOICE:
            raise
    screen.print(Catalogue.load().label("cli", "not_kept"))
    folder = ends.enter_context(TemporaryDirectory(prefix="vigie-", ignore_cleanup_errors=True))
    launch = replace(launch, home=Path(folder), secrets=MemorySecrets())
    return open_services(launch.home, secrets=launch.secrets), launch


def say_protection(services: Services) -> None:
    """One line where a desk is not encrypted, or has just become so."""
    if services.protection is None or services.sample:
        return
    status, labels = services.protection.status(), Catalogue.load()
    if status.state is State.PLAIN:
        line = labels.label("cli", f"plain_{status.because}").format(by=status.chosen_by)
        sys.stdout.write(line + "\n")
    elif services.protection.fresh and not services.protection.passing:
        sys.stdout.write(labels.label("cli", "encrypted_now") + "\n")


def import_file(services: Services, file: Path, mapping_name: str | None) -> int:
    """Import with a progress bar and print the report. The person is the desk's, or the terminal's user."""
    mapping = next((each for each in services.intake.mappings() if each.name == mapping_name), None)
    if mapping_name is not None and mapping is None:
        raise ValidationError("import.mapping_unknown", name=mapping_name)
    with progress_bar(file.name) as progress:
        report = services.intake.import_file(desk_actor(services), file, progress, mapping)
    _print_report(report)
    return 0


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A bar on the error output while something takes long; nothing where that is no terminal."""
    bar = Bar(
        SpinnerColumn(),
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def desk_actor(services: Services) -> Actor:
    """Who acts from the terminal: the person at this desk, or a moderator named as the system's user."""
    current = services.access.current()
    if current is not None:
        return current
    return services.access.introduce(
        os.environ.get("USER") or os.environ.get("USERNAME") or "vigie", Role.MODERATOR
    )


def _print_report(report: ImportReport) -> None:
    labels = Catalogue.load()
    line = labels.label("cli", "report").format(
        format=labels.label("format", report.format),
        added=report.added,
        updated=report.updated,
        unchanged=report.unchanged,
        context=report.context_only,
        skipped=report.skipped_total,
        seconds=f"{report.seconds:.1f}".replace(".", ","),
    )
    sys.stdout.write(line + "\n")
    for note in report.notes:
        sys.stdout.write(f"  {labels.error(note)}\n")
    for skipped in report.skipped[:_SHOWN_SKIPS]:
        said = labels.error(skipped.code, skipped.facts)
        sys.stdout.write(labels.label("cli", "report_row").format(row=skipped.row, title=said.title) + "\n")
    more = report.skipped_total - min(len(report.skipped), _SHOWN_SKIPS)
    if more:
        sys.stdout.write(labels.label("cli", "report_more").format(count=more) + "\n")


def _print_queue(services: Services, screen: Console) -> None:
    labels, rules = Catalogue.load(), services.policy.rules()
    table = Table(show_lines=False, expand=True, pad_edge=False)
    table.add_column(labels.label("cli", "column_priority"), justify="right", width=8)
    table.add_column(labels.label("cli", "column_person"), ratio=2, overflow="ellipsis", no_wrap=True)
    table.add_column(labels.label("cli", "column_message"), ratio=5, overflow="ellipsis", no_wrap=True)
    table.add_column(labels.label("cli", "column_verdict"), ratio=4)
    table.add_column(labels.label("cli", "column_suggestion"), ratio=3)
    messages = flagged = 0
    cursor = None
    while True:
        page = services.queue.page(QueueFilter(), Sort.PRIORITY, cursor, 200)
        for row in page.rows:
            messages += 1
            flagged += bool(row.chips)
            suggestion = services.queue.detail(row.id).verdict.actions
            table.add_row(
                str(row.priority),
                Text(f"{labels.label('platform', row.platform)} · {row.author}"),
                Text(" ".join(row.excerpt.split())),
                _verdict(row, labels, {rule: view.title for rule, view in rules.items()}),
                " + ".join(labels.label("action", action) for action in suggestion),
            )
        cursor = page.next
        if cursor is None:
            break
    screen.print(table)
    screen.print(labels.label("cli", "summary").format(messages=messages, flagged=flagged))


def _verdict(row: QueueRow, labels: Catalogue, titles: dict[str, str]) -> Text:
    said = Text(", ").join(
        Text(f"{titles.get(chip.rule, chip.rule)} (art. {chip.article})", style=_STYLES[chip.severity])
        for chip in row.chips
    )
    if not row.chips:
        said = Text(labels.label("cli", "criticism" if row.criticism else "nothing_found"), style=_STYLES[0])
    if row.route != "none":
        said.append(f" → {labels.label('route', row.route)}", style=_STYLES[1])
    return said
