"""The queue's model: precise steps, lazy pages, nothing that jumps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.services.rows import Cursor
from tests.ui.queue.rows import NOW, queue_row
from ui.models.card import CardContext
from ui.models.list_diff import steps
from ui.models.queue_model import QueueModel
from ui.models.row_model import CARD_ROLE, ROW_ROLE

NUMBERS = st.lists(st.integers(0, 40), unique=True)


@pytest.fixture
def model(qapp: object) -> Iterator[QueueModel]:
    made = QueueModel(NOW)
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield made
    tester.deleteLater()


def shown(model: QueueModel) -> list[str]:
    return [model.index(place, 0).data(ROW_ROLE).id for place in range(model.rowCount())]


@given(old=NUMBERS, new=NUMBERS)
def test_steps_lead_from_one_list_to_the_other(old: list[int], new: list[int]) -> None:
    removals, insertions = steps(old, new)
    at = list(old)
    for removal in removals:
        del at[removal.first : removal.last + 1]
    for insertion in insertions:
        at[insertion.first : insertion.first] = new[insertion.first : insertion.last + 1]
    assert at == new


@given(numbers=NUMBERS, gone=st.sets(st.integers(0, 40)), fresh=st.sets(st.integers(41, 60)))
def test_what_stays_in_order_is_never_touched(numbers: list[int], gone: set[int], fresh: set[int]) -> None:
    """Only departures and arrivals move rows; the others keep their persistent index."""
    after = sorted(fresh) + [each for each in numbers if each not in gone]
    removals, insertions = steps(numbers, after)
    assert sum(step.last - step.first + 1 for step in removals) == len(set(numbers) & gone)
    assert sum(step.last - step.first + 1 for step in insertions) == len(fresh)


@given(lists=st.lists(NUMBERS, max_size=4))
def test_the_model_follows_any_list(qapp: object, lists: list[list[int]]) -> None:
    model = QueueModel(NOW)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for numbers in lists:
        model.replace([queue_row(each) for each in numbers], None)
        assert shown(model) == [queue_row(each).id for each in numbers]
        assert all(model.place_of(each) == place for place, each in enumerate(model.ids()))
    tester.deleteLater()


def test_the_next_page_is_asked_once_and_added(model: QueueModel) -> None:
    asked: list[object] = []
    model.more_wanted.connect(asked.append)
    model.replace([queue_row(1), queue_row(2)], Cursor((2,)))
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert asked == [Cursor((2,))]
    assert not model.canFetchMore(QModelIndex())
    model.append([queue_row(2), queue_row(3)], None)
    assert shown(model) == ["m0001", "m0002", "m0003"]
    assert model.complete


def test_a_page_that_failed_can_be_asked_again(model: QueueModel) -> None:
    model.replace([queue_row(1)], Cursor((1,)))
    model.fetchMore(QModelIndex())
    model.give_up()
    assert model.canFetchMore(QModelIndex())


def test_a_decided_row_is_greyed_where_it_stands(model: QueueModel) -> None:
    model.replace([queue_row(each) for each in range(5)], None)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last, _roles: changed.extend(range(first.row(), last.row() + 1)))
    decided = replace(
        queue_row(2), state=CaseState.DECIDED, decided_by="Marie Roy", decided_actions=(Action.HIDE,),
        decided_at=NOW,
    )  # fmt: skip
    model.refresh([decided, queue_row(99)])
    assert changed == [2]
    assert shown(model) == [f"m000{each}" for each in range(5)]
    card = model.index(2, 0).data(CARD_ROLE)
    assert card.done
    assert card.who == "Masqué par Marie Roy à 14\u00a0h\u00a006"
    assert not model.awaiting(2)


def test_selection_stays_on_its_message(model: QueueModel) -> None:
    model.replace([queue_row(each) for each in range(10)], None)
    selection = QItemSelectionModel(model)
    selection.select(model.index(4, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    held = QPersistentModelIndex(model.index(4, 0))
    model.replace([queue_row(each) for each in (20, 21, 0, 2, 4, 9)], None)
    assert held.row() == 4
    assert [index.data(ROW_ROLE).id for index in selection.selectedIndexes()] == ["m0004"]


def test_names_are_masked_at_once_and_spoken_masked(model: QueueModel) -> None:
    model.replace([queue_row(3187, author="Jeanne Exemple")], None)
    assert "Jeanne Exemple" in model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    model.set_context(CardContext(masked=True))
    card = model.index(0, 0).data(CARD_ROLE)
    assert card.who == "Personne 3187"
    assert "Jeanne" not in card.spoken


def test_messages_that_are_gone_leave(model: QueueModel) -> None:
    model.replace([queue_row(each) for each in range(4)], None)
    model.drop([queue_row(0).id, queue_row(2).id, queue_row(77).id])
    assert shown(model) == ["m0001", "m0003"]
