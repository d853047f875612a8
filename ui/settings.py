"""What this desk prefers on its screen, read once when it opens and kept through the preferences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from console.services.preferences import Preferences
from ui.theme import Appearance, Mode

_PREFIX = "ui."


@dataclass(frozen=True, slots=True)
class Settings:
    """Immutable; `Desk.change_settings` replaces it, applies it and keeps it."""

    appearance: Appearance = field(default_factory=Appearance)
    mask_names: bool = False
    single_keys: bool = True
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    geometry: str = ""
    """The window's place and size, base64 of `QWidget.saveGeometry`."""

    def stored(self) -> Mapping[str, Any]:
        """As preferences (JSON values by key)."""
        look = self.appearance
        return {
            f"{_PREFIX}theme": look.mode.value,
            f"{_PREFIX}text": look.text,
            f"{_PREFIX}reduced_motion": look.reduced_motion,
            f"{_PREFIX}mask_names": self.mask_names,
            f"{_PREFIX}single_keys": self.single_keys,
            f"{_PREFIX}keys": {name: list(keys) for name, keys in self.keys.items()},
            f"{_PREFIX}geometry": self.geometry,
        }


def load(preferences: Preferences) -> Settings:
    """Read them all (blocking: call it off the UI thread). What cannot be used gives its default."""

    def get(key: str, default: Any) -> Any:
        value = preferences.get(_PREFIX + key, default)
        return value if isinstance(value, type(default)) else default

    motion = preferences.get(f"{_PREFIX}reduced_motion")
    theme = get("theme", "")
    mode = Mode(theme) if theme in set(Mode) else Mode.SYSTEM
    look = Appearance(mode, get("text", 100), motion if isinstance(motion, bool) else None)
    return Settings(
        look, get("mask_names", False), get("single_keys", True), _keys(get("keys", {})), get("geometry", "")
    )


def _keys(raw: Mapping[Any, Any]) -> dict[str, tuple[str, ...]]:
    lists = {str(name): keys for name, keys in raw.items() if isinstance(keys, (list, tuple))}
    return {name: tuple(str(key) for key in keys) for name, keys in lists.items()}
