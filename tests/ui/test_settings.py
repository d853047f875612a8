"""Settings are applied at once, kept on the desk, and bound to rights where the services bind them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from console.domain.roles import Role
from console.domain.sanctions import LadderSettings
from console.services.platform_settings import PlatformChoices
from tests.desks import Desk as Store
from tests.ui.conftest import seated, settle
from ui import settings as stored
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.notify import Toast
from ui.pages.settings.appearance import AppearanceSection
from ui.pages.settings.coordinates import CoordinatesSection
from ui.pages.settings.data import DataSection
from ui.pages.settings.keys import KeysSection
from ui.pages.settings.ladder import LadderSection
from ui.pages.settings.people import PeopleSection
from ui.pages.settings.platforms import PlatformsSection
from ui.theme import Appearance, Mode


def _section(window: MainWindow, name: str) -> object:
    window.go("settings", name)
    settle()
    return window.page("settings").findChild(
        {
            "appearance": AppearanceSection,
            "keys": KeysSection,
            "people": PeopleSection,
            "ladder": LadderSection,
            "coordinates": CoordinatesSection,
            "platforms": PlatformsSection,
            "data": DataSection,
        }[name]
    )


def test_the_theme_and_the_text_are_live_and_kept(window: MainWindow, desk: Desk) -> None:
    section = _section(window, "appearance")
    section.mode.setCurrentIndex(section.mode.findData("dark"))
    section.mode.activated.emit(section.mode.currentIndex())
    section.text.setValue(150)
    section.names.click()
    assert (desk.theme.name, desk.theme.scale) == ("dark", 1.5)
    kept = stored.load(desk.services.preferences)
    assert kept.appearance.mode is Mode.DARK
    assert kept.appearance.text == 150
    assert kept.mask_names


def test_the_text_setting_keeps_to_steps_of_ten(window: MainWindow, desk: Desk) -> None:
    section = _section(window, "appearance")
    section.text.setValue(143)
    assert desk.settings.appearance.text == 140
    assert section.text.value() == 140


def test_preferences_that_cannot_be_used_give_their_default(desk: Desk) -> None:
    desk.services.preferences.put(
        {"ui.theme": "psychedelic", "ui.text": "huge", "ui.keys": ["x"], "ui.reduced_motion": 3}
    )
    assert stored.load(desk.services.preferences) == stored.Settings(Appearance())


def test_a_key_is_changed_in_its_row_and_kept(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    row = _section(window, "keys").rows["decide.hide"]
    row.change.click()
    row.capture.setKeySequence(QKeySequence("H"))
    row.capture.editingFinished.emit()
    assert desk.commands.assigned("decide.hide") == ("H",)
    assert desk.services.preferences.get("ui.keys") == {"decide.hide": ["H"]}
    assert row.default.isVisible()
    row.default.click()
    assert desk.services.preferences.get("ui.keys") == {}
    assert row.change.hasFocus() or not window.isActiveWindow()


def test_a_key_that_is_taken_is_refused_in_its_row(window: MainWindow, desk: Desk) -> None:
    row = _section(window, "keys").rows["decide.hide"]
    row.change.click()
    row.capture.setKeySequence(QKeySequence("Z"))
    row.capture.editingFinished.emit()
    assert desk.commands.assigned("decide.hide") == ("M",)
    assert row.problem.isVisible()
    assert "Annuler la dernière décision" in row.problem.text()


def test_escape_gives_a_new_key_up(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    row = _section(window, "keys").rows["decide.hide"]
    row.change.click()
    qtbot.keyClick(row.capture, Qt.Key.Key_Escape)
    assert not row.capture.isVisible()
    assert desk.commands.assigned("decide.hide") == ("M",)


def test_single_keys_go_off_and_on(window: MainWindow, desk: Desk) -> None:
    section = _section(window, "keys")
    section.single.click()
    assert not desk.commands.single_keys
    assert stored.load(desk.services.preferences).single_keys is False
    section.single.click()
    assert desk.commands.single_keys


def test_the_ladder_is_changed_by_administration_only(window: MainWindow, desk: Desk, store: Store) -> None:
    section = _section(window, "ladder")
    assert section.chosen() == store.services.preferences.ladder() == LadderSettings()
    section.warnings.setValue(3)
    section.expiry.setValue(365)
    section.across.setChecked(False)
    section.save.click()
    assert store.services.preferences.ladder() == LadderSettings(3, 365, across_platforms=False)
    seated(desk, store, store.moderator)
    assert not section.save.isVisible()
    assert not section.warnings.isEnabled()


def test_how_platforms_are_called_is_chosen_by_whoever_may_connect(
    window: MainWindow, desk: Desk, store: Store, tmp_path: Path
) -> None:
    section, settings = _section(window, "platforms"), store.services.platform_settings
    assert section.every.currentText() == "chaque minute"
    section.every.setCurrentIndex(section.every.findData(300))
    section.save.click()
    assert settings.get() == PlatformChoices(every=300.0)
    assert section.every.currentText() == "toutes les 5 minutes"
    broken = tmp_path / "autorite.pem"
    broken.write_text("rien")
    section.ca_file.setText(str(broken))
    section.save.click()
    assert settings.get() == PlatformChoices(every=300.0)
    assert section._problem.isVisible()
    seated(desk, store, store.moderator)
    assert not section.save.isVisible()
    assert not section.every.isEnabled()


def test_coordinates_start_blank_and_say_so(window: MainWindow, store: Store) -> None:
    section = _section(window, "coordinates")
    assert section.fields["telephone_311"].text() == ""
    assert section.fields["telephone_311"].placeholderText() == "À remplir"
    assert section.fields["telephone_311"].accessibleName() == "Téléphone du 311"
    assert section.state.isVisible()
    section.fields["telephone_311"].setText("311")
    section.save.click()
    assert store.services.policy.coordinates()["telephone_311"] == "311"
    assert store.services.policy.has_311_coordinates()
    assert "reste" in section.state.accessibleName()


def test_somebody_else_takes_the_desk(window: MainWindow, desk: Desk, store: Store) -> None:
    section = _section(window, "people")
    names = [each.accessibleName() for each in section.findChildren(QPushButton) if "Prendre" in each.text()]
    assert sorted(names) == [f"Prendre le poste, {name}" for name in ("Camille", "Noa", "Sacha")]
    next(each for each in section.findChildren(QPushButton) if "Sacha" in each.accessibleName()).click()
    assert desk.actor.staff.name == "Sacha"
    assert store.services.access.current() == desk.actor
    assert window.status.who.text() == "Sacha · supervision"


def test_a_new_colleague_is_added_and_takes_the_desk(
    window: MainWindow, desk: Desk, store: Store, said: list[object]
) -> None:
    section = _section(window, "people")
    section.name.setText("Maïka O’Bomsawin")
    section.role.setCurrentIndex(section.role.findData(Role.SUPERVISOR.value))
    section.add.click()
    assert desk.actor.staff.role is Role.SUPERVISOR
    assert said[-1] == Toast("Maïka O’Bomsawin est au poste.")
    assert [section.role.itemData(row) for row in range(section.role.count())] == ["moderator"]


def test_a_nameless_colleague_is_refused_with_a_next_step(window: MainWindow, said: list[object]) -> None:
    section = _section(window, "people")
    section.add.click()
    assert said[-1].code == "staff.name_missing"


def test_the_journal_is_verified_and_a_break_is_named(
    window: MainWindow, store: Store, tmp_path: Path
) -> None:
    section = _section(window, "data")
    section.verify.click()
    assert section.outcome.accessibleName() == "La piste de vérification est entière."
    assert section.verify.isEnabled()


@pytest.mark.parametrize(
    "name", ["appearance", "keys", "people", "ladder", "coordinates", "platforms", "data"]
)
def test_every_section_stands_on_its_own(window: MainWindow, name: str) -> None:
    assert _section(window, name) is not None
    assert window.page("settings").sections.currentItem().toolTip()
