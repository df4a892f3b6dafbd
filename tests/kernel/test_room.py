"""What rooms register, and in which order it is found."""

import pytest
from django.apps import apps

from linli.kernel.room import OFFERS, RoomConfig, offered


def rooms() -> list[RoomConfig]:
    return [config for config in apps.get_app_configs() if isinstance(config, RoomConfig)]


def test_every_linli_app_is_a_room():
    ours = [config for config in apps.get_app_configs() if config.name.startswith("linli.")]
    assert [config.name for config in ours if not isinstance(config, RoomConfig)] == []


def test_a_kind_no_contract_knows_is_refused():
    with pytest.raises(ValueError, match="weather"):
        list(offered("weather"))


@pytest.mark.parametrize("config", rooms(), ids=lambda config: config.label)
def test_a_room_offers_only_what_a_contract_knows(config: RoomConfig):
    assert set(config.offers) <= OFFERS
    assert len(config.offers) == len(set(config.offers))


@pytest.mark.parametrize("kind", sorted(OFFERS))
def test_what_is_offered_exists_and_comes_in_floor_order(kind: str):
    found = [config for config, _module in offered(kind)]
    order = [config.name for config in rooms()]
    assert [config.name for config in found] == sorted((c.name for c in found), key=order.index)


def test_a_room_that_offers_what_it_does_not_have_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rooms()[0], "offers", ("tour",), raising=False)
    with pytest.raises(ImportError):
        list(offered("tour"))


CONTRACTS: dict[str, tuple[str, ...]] = {
    "access_rules": ("rules",),
    "city": ("check", "load"),
    "consumers": ("consumers",),
    "endpoints": ("router", "prefix"),
    "menu": ("items",),
    "panels": ("panels",),
    "tiles": ("layers",),
    "urls": ("urlpatterns", "app_name"),
}


@pytest.mark.parametrize("kind", sorted(CONTRACTS))
def test_an_offered_module_keeps_its_contract(kind: str):
    for config, module in offered(kind):
        missing = [name for name in CONTRACTS[kind] if not hasattr(module, name)]
        assert missing == [], f"{config.name}.{kind}"
