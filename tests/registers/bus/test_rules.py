"""Who may hear what."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from linli.registers.bus.rules import admits, fits
from linli.registers.bus.types import Grant, Labels

kinds = st.sampled_from(["case", "access", "alarm"])
codes = st.sampled_from(["", "5", "510185001", "510185001001", "510185001001001", "510185002001001"])
names = st.sampled_from(["water", "urban-management", "grid", "A1"])
maybe = st.none() | names
grants = st.builds(
    Grant, kind=kinds, area_prefix=st.none() | codes, department=maybe, account=maybe, subject=maybe
)
labels = st.builds(
    Labels,
    kind=kinds,
    area=codes,
    departments=st.lists(names, max_size=2).map(tuple),
    accounts=st.lists(names, max_size=2).map(tuple),
    subject=st.just("") | names,
    public=st.just(False),
)
CONDITIONS = {"area_prefix": codes, "department": names, "account": names, "subject": names}


@given(grants, labels, st.sampled_from(sorted(CONDITIONS)), st.data())
def test_a_further_condition_never_widens_a_grant(
    grant: Grant, label: Labels, name: str, data: st.DataObject
):
    if getattr(grant, name) is None:
        narrower = replace(grant, **{name: data.draw(CONDITIONS[name])})
        assert fits(grant, label) or not fits(narrower, label)


@given(grants, labels, st.text("0123456789", max_size=3))
def test_a_longer_area_never_widens_a_grant(grant: Grant, label: Labels, more: str):
    if grant.area_prefix:
        narrower = replace(grant, area_prefix=grant.area_prefix + more)
        assert fits(grant, label) or not fits(narrower, label)


@given(st.lists(grants, max_size=4), grants, labels)
def test_another_grant_never_takes_anything_away(held: list[Grant], more: Grant, label: Labels):
    assert not admits(held, label) or admits([*held, more], label)


@given(st.lists(grants, max_size=4), labels)
def test_whoever_hears_something_holds_one_grant_that_says_so(held: list[Grant], label: Labels):
    assert admits(held, label) == any(fits(grant, label) for grant in held)


@given(labels)
def test_without_a_grant_only_what_is_public_is_heard(label: Labels):
    assert not admits([], label)
    assert admits([], replace(label, public=True))


@given(kinds, labels)
def test_a_grant_without_condition_is_all_of_its_kind_and_nothing_else(kind: str, label: Labels):
    assert fits(Grant(kind), label) == (label.kind == kind)


@given(labels)
def test_no_area_is_never_every_area(label: Labels):
    assert not fits(Grant(label.kind, area_prefix=""), label)


@given(labels)
def test_labels_read_back_as_they_were_written(label: Labels):
    assert Labels.from_dict(label.as_dict()) == label
