"""Refusals say what is wrong and how to mend it."""

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from linli.kernel import errors


def test_a_refusal_speaks_the_language_of_whoever_reads_it():
    refusal = errors.Refusal("x", gettext_lazy("Yes"), gettext_lazy("No"), field="phone")
    with translation.override("zh-hans"):
        assert refusal.as_dict() == {"code": "x", "what": "是", "mend": "否", "field": "phone"}
    with translation.override("en"):
        assert refusal.as_dict()["what"] == "Yes"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Refusal, 400),
        (errors.Forbidden, 403),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.TooLarge, 413),
        (errors.Unprocessable, 422),
        (errors.TooMany, 429),
    ],
)
def test_each_kind_has_its_status(kind: type[errors.Refusal], status: int):
    assert kind("code", "what").status == status


def test_one_refusal_may_have_a_status_of_its_own():
    assert errors.Refusal("code", "what", status=410).status == 410
    assert errors.Refusal("code", "what").status == 400


def test_a_refusal_prints_as_one_line():
    assert str(errors.Conflict("taken", "已被占用。", "请另选。")) == "taken: 已被占用。 请另选。"
