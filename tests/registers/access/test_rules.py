"""From posts to grants: pure, and never wider than the posts."""

from hypothesis import given
from hypothesis import strategies as st

from linli.registers.access.rules import HeldPost, grants_of, permitted, sight_of
from linli.registers.access.types import RoomRules
from linli.registers.bus.rules import admits
from linli.registers.bus.types import Grant, Labels

ROLES = ("grid", "town", "handler", "leader", "agent", "clerk")
RULES = RoomRules(
    kind="case",
    rows={
        "grid": "area",
        "town": "area_or_department",
        "handler": "department",
        "leader": "all",
        "agent": "own",
    },
    permissions={"case.read": ("grid", "leader"), "case.dispatch": ("leader",), "case.delay": ()},
    fields={"phone": {"leader": "mask", "agent": "show", "*": "hide"}, "note": {"leader": "show"}},
)
areas = st.sampled_from(["", "510185001", "510185001002", "510185002"])
posts = st.builds(
    HeldPost,
    code=st.just("p"),
    name_zh=st.just("x"),
    name_en=st.just("x"),
    role=st.sampled_from(ROLES),
    department=st.sampled_from(["water", "parks"]),
    area_codes=st.lists(areas, max_size=2).map(tuple),
)
held = st.lists(posts, max_size=3)
labels = st.builds(
    Labels,
    kind=st.sampled_from(["case", "alarm"]),
    area=st.sampled_from(["", "510185001002001", "510185001009001", "510185002001001"]),
    departments=st.sampled_from([(), ("water",), ("parks",), ("water", "parks")]),
    accounts=st.sampled_from([(), ("me",), ("you",)]),
)


def post(role: str, department: str = "water", *area_codes: str) -> HeldPost:
    return HeldPost("p", "x", "x", role, department, area_codes)


def test_each_reach_gives_its_grant():
    assert grants_of([post("leader")], RULES, "me") == (Grant("case"),)
    assert grants_of([post("handler")], RULES, "me") == (Grant("case", department="water"),)
    assert grants_of([post("agent")], RULES, "me") == (Grant("case", account="me"),)
    assert grants_of([post("grid", "town-1", "510185001002")], RULES, "me") == (
        Grant("case", area_prefix="510185001002"),
    )
    assert set(grants_of([post("town", "town-1", "510185001")], RULES, "me")) == {
        Grant("case", area_prefix="510185001"),
        Grant("case", department="town-1"),
    }


def test_a_role_no_rule_names_sees_nothing_and_may_nothing():
    assert grants_of([post("clerk")], RULES, "me") == ()
    assert not permitted([post("clerk")], [RULES], "case.read")


def test_a_post_without_area_reaches_no_area():
    assert grants_of([post("grid")], RULES, "me") == ()
    assert grants_of([post("grid", "town-1", "")], RULES, "me") == ()


@given(held, labels)
def test_grants_never_reach_beyond_what_some_post_reaches(given_posts: list[HeldPost], label: Labels):
    def reaches(one: HeldPost) -> bool:
        by_area = any(code and label.area.startswith(code) for code in one.area_codes)
        by_department = one.department in label.departments
        return {
            "all": True,
            "area": by_area,
            "department": by_department,
            "area_or_department": by_area or by_department,
            "own": "me" in label.accounts,
            "none": False,
        }[RULES.rows.get(one.role, "none")]

    expected = label.kind == "case" and any(reaches(one) for one in given_posts)
    assert admits(grants_of(given_posts, RULES, "me"), label) == expected


@given(held, posts, labels)
def test_another_post_never_takes_anything_away(given_posts: list[HeldPost], more: HeldPost, label: Labels):
    before = admits(grants_of(given_posts, RULES, "me"), label)
    assert not before or admits(grants_of([*given_posts, more], RULES, "me"), label)


@given(held)
def test_what_no_room_names_is_denied(given_posts: list[HeldPost]):
    assert not permitted(given_posts, [RULES], "case.unheard_of")
    assert not permitted(given_posts, [RULES], "case.delay")
    assert not permitted([], [RULES], "case.read")


@given(held)
def test_a_permission_needs_a_post_whose_role_is_named(given_posts: list[HeldPost]):
    named = any(one.role in ("grid", "leader") for one in given_posts)
    assert permitted(given_posts, [RULES], "case.read") == named


def test_a_field_is_seen_as_the_widest_post_sees_it():
    assert sight_of([post("leader")], RULES, "phone") == "mask"
    assert sight_of([post("leader"), post("agent")], RULES, "phone") == "show"
    assert sight_of([post("handler")], RULES, "phone") == "hide"
    assert sight_of([], RULES, "phone") == "hide"
    assert sight_of([post("handler")], RULES, "note") == "hide", "a ruled field hides from who is not named"
    assert sight_of([post("handler")], RULES, "title") == "show", "a field no rule names is shown"
