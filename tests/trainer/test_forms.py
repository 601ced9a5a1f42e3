"""What trainers type: what is kept, and what is said beside the field where something is wrong."""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.core.types import Verdict
from device.store.accounts import Accounts
from device.store.gym import Gym
from device.store.people import People
from device.store.progress import Progress
from device.store.reviews import Reviews
from device.store.rules import Rules
from tests.trainer.conftest import Link
from tests.trainer.desk import Desk
from tests.trainer.gym import PASSWORD, SmallGym

PLAN = {
    "variation": "long_hold", "sets": "3", "reps": "6", "lift_s": "2", "hold_s": "4,5",
    "lower_s": "2", "rest_s": "60", "strictness": "strict", "ankle_weight_kg": "",
}  # fmt: skip


def beside(page: str, field: str) -> str:
    """What stands beside a field that is wrong."""
    found = re.search(rf'<span class="wrong" id="{field}-wrong">([^<]*)</span>', page)
    assert found, f"nothing is said beside {field}"
    return found[1]


def typed(page: str, field: str) -> str:
    """What stands in a field."""
    found = re.search(rf'<input id="{field}"[^>]*? value="([^"]*)"', page)
    assert found, field
    return found[1]


def test_a_new_member_is_found_by_name_and_by_code(trainer: Desk) -> None:
    form = {"name": "Zoë Lark", "code": "1234", "height_cm": "171,5", "consent_utc": "2026-03-01"}
    answer = trainer.send("/trainer/members/new", form, follow_redirects=True)
    assert "Zoë Lark is kept." in answer.text
    assert "171.5 cm" in answer.text
    assert "1 Mar 2026" in answer.text
    for text in ("zoe", "1234"):
        found = trainer.send("/trainer/members", {"text": text}).text
        assert "Zoë Lark" in found
        assert "Ada Swift" not in found
    assert "Nobody is found" in trainer.send("/trainer/members", {"text": "nix"}).text


def test_who_is_looked_for_stands_in_no_address(trainer: Desk) -> None:
    """Addresses are kept in logs and histories."""
    assert "Ada" in trainer.get("/trainer/members?text=nix").text
    assert 'method="post"' in trainer.page("/trainer/members").partition('role="search"')[0][-200:]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Write a name; a nickname will do."),
        ("code", "12a4", "A code is four digits, such as 0427."),
        ("code", "0427", "Another member has this code; choose another."),
        ("height_cm", "tall", "Write a number from 100 to 230 cm."),
        ("mass_kg", "9000", "Write a number from 25 to 250 kg."),
        ("consent_utc", "soon", "Write a date such as 2026-05-01."),
    ],
)
def test_wrong_input_gets_a_sentence_and_keeps_what_was_typed(
    trainer: Desk, field: str, value: str, sentence: str
) -> None:
    form = {"name": "Zoë Lark", "code": "1234", "notes": "strong left"} | {field: value}
    answer = trainer.send("/trainer/members/new", form)
    assert answer.status_code == 422
    assert beside(answer.text, field) == sentence
    assert typed(answer.text, field) == value
    assert "strong left" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_member_is_changed(trainer: Desk, gym: SmallGym) -> None:
    page = trainer.page(f"/trainer/members/{gym.member}/edit")
    assert (typed(page, "name"), typed(page, "code")) == ("Ada Swift", "0427")
    assert typed(page, "consent_utc") == "2026-05-01"
    form = {"name": "Ada S.", "code": "", "notes": "", "consent_utc": ""}
    trainer.send(f"/trainer/members/{gym.member}/edit", form)
    page = trainer.page(f"/trainer/members/{gym.member}")
    assert "Ada S." in page
    assert "not given: ask for it" in page


def test_an_owner_deletes_everything_of_a_member(owner: Desk, gym: SmallGym) -> None:
    path = f"/trainer/members/{gym.member}/delete"
    wrong = owner.send(path, {"typed_name": "Ada"})
    assert "it is Ada Swift" in beside(wrong.text, "typed_name")
    right = owner.send(path, {"typed_name": "ada swift"}, follow_redirects=True)
    assert "Everything of this member is deleted." in right.text
    for gone in (f"/trainer/members/{gym.member}", f"/trainer/sessions/{gym.session}"):
        assert owner.get(gone).status_code == 404
    for file in gym.database.parent.glob("pronemat.db*"):
        assert b"Ada Swift" not in file.read_bytes(), file.name
    assert owner.get(f"/trainer/sessions/{gym.guest_session}").status_code == 200


def test_everything_of_a_member_can_be_taken_along(trainer: Desk, gym: SmallGym) -> None:
    trainer.send(f"/trainer/sessions/{gym.session}/reps/{gym.rep}/mark", {"note": "odd"})
    answer = trainer.get(f"/trainer/members/{gym.member}/export.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    document = json.loads(answer.text)
    assert document["member"]["name"] == "Ada Swift"
    assert len(document["sessions"]) == 1


def test_a_guests_session_becomes_a_members_and_a_guests_again(
    trainer: Desk, gym: SmallGym
) -> None:
    path = f"/trainer/sessions/{gym.guest_session}"
    assert "A guest" in trainer.page(path)
    nobody = trainer.send(f"{path}/claim", {"member": ""})
    assert beside(nobody.text, "member") == "Choose a member."
    trainer.send(f"{path}/claim", {"member": str(gym.member)})
    assert "Ada Swift" in trainer.page(path)
    trainer.send(f"{path}/claim", {"member": ""})
    assert "<h1>A guest" in trainer.page(path)


def test_a_programme_is_kept_and_left_to_the_rule_again(trainer: Desk, gym: SmallGym) -> None:
    path = f"/trainer/members/{gym.member}"
    trainer.send(f"{path}/programme", PLAN)
    page = trainer.page(path)
    assert "Decided by Tom" in page
    assert "3 x 6" in page
    with closing(People(gym.database)) as people:
        kept = people.programme(gym.member)
    assert kept is not None
    assert (kept.hold_s, kept.strictness, kept.decided_by) == (4.5, "strict", "Tom")
    trainer.send(f"{path}/programme/rule")
    assert "the mat follows the rule" in trainer.page(path)


def test_a_programme_that_the_mat_would_refuse_is_refused(trainer: Desk, gym: SmallGym) -> None:
    path = f"/trainer/members/{gym.member}/programme"
    answer = trainer.send(path, PLAN | {"sets": "0", "hold_s": "long"})
    assert answer.status_code == 422
    assert "sets" in beside(answer.text, "sets")
    assert typed(answer.text, "hold_s") == "long"
    answer = trainer.send(path, PLAN | {"lift_s": "9", "hold_s": "19", "lower_s": "9"})
    assert "longer than" in beside(answer.text, "hold_s")


def test_the_trainers_decision_stands_beside_the_rules_proposal(
    trainer: Desk, gym: SmallGym
) -> None:
    path = f"/trainer/members/{gym.member}"
    assert "The rule proposes <strong>Single leg</strong>" in trainer.page(path)
    trainer.send(f"{path}/decision", {"decision": "both", "note": "strong already"})
    page = trainer.page(path)
    assert "Tom: Both legs instead of Single leg - strong already" in page
    assert "Decided by Tom" in page
    wrong = trainer.send(f"{path}/decision", {"decision": "handstand"})
    assert beside(wrong.text, "decision") == "Choose one of the steps."


def test_a_verdict_by_hand_stands_beside_the_programs_own(trainer: Desk, gym: SmallGym) -> None:
    path = f"/trainer/sessions/{gym.session}"
    trainer.send(f"{path}/reps/{gym.rep}/verdict", {"verdict": "arch"})
    page = trainer.page(path)
    assert "Tom: <strong>Back arched</strong>" in page
    assert "1 of 2 judged" in page
    with closing(Gym(gym.database)) as stored:
        agreement = stored.agreement()
    assert agreement.counts[Verdict.GLUTE, Verdict.ARCH] == 1
    trainer.send(f"{path}/reps/{gym.rep}/verdict", {"verdict": "own"})
    assert "2 of 2 judged" in trainer.page(path)
    assert trainer.send(f"{path}/reps/{gym.rep}/verdict", {"verdict": "?"}).status_code == 422


def test_a_marked_lift_tells_the_maintainers_why(trainer: Desk, gym: SmallGym) -> None:
    path = f"/trainer/sessions/{gym.session}"
    answer = trainer.send(
        f"{path}/reps/{gym.rep}/mark", {"note": "it slipped"}, follow_redirects=True
    )
    assert "The lift is marked. Its raw frames are gone" in answer.text
    with closing(Reviews(gym.database)) as reviews:
        assert [(one.note, one.by) for one in reviews.marks()] == [("it slipped", "Tom")]


def test_how_long_things_are_kept(owner: Desk, gym: SmallGym) -> None:
    owner.send("/trainer/rules", {"session_days": "", "trace_days": "90"})
    with closing(Rules(gym.database)) as rules:
        assert (rules.get().session_days, rules.get().trace_days) == (None, 90)
    wrong = owner.send("/trainer/rules", {"session_days": "-3", "trace_days": "90"})
    assert "from 1 to 36500 days" in beside(wrong.text, "session_days")
    assert "trace_days=90" in owner.page("/trainer/audit")


def test_an_owner_makes_an_account_and_closes_it(owner: Desk, accounts: Accounts) -> None:
    form = {"name": "Una", "role": "trainer", "password": PASSWORD, "again": PASSWORD}
    assert "Una may log in." in owner.send("/trainer/accounts", form, follow_redirects=True).text
    again = owner.send("/trainer/accounts", form)
    assert "There is an account of this name" in beside(again.text, "name")
    una = accounts.by_name("Una")
    assert una is not None
    owner.send(f"/trainer/accounts/{una.id}/close")
    closed = accounts.by_name("Una")
    assert closed is not None
    assert closed.disabled
    olga = accounts.by_name("Olga")
    assert olga is not None
    last = owner.send(f"/trainer/accounts/{olga.id}/close")
    assert last.status_code == 503
    assert "This is the last owner" in last.text


def test_start_stop_and_the_set_go_to_the_daemon(trainer: Desk, link: Link) -> None:
    assert trainer.send("/trainer/now/start").json == {"ok": True, "error": ""}
    trainer.send("/trainer/now/stop")
    answer = trainer.send("/trainer/now/set", PLAN)
    assert answer.status_code == 302
    assert [one["command"] for one in link.asked] == ["start", "stop", "choose"]
    plan = link.asked[-1]["plan"]
    assert (plan["variation"], plan["sets"], plan["hold_s"]) == ("long_hold", 3, 4.5)


def test_what_the_daemon_refuses_is_said(trainer: Desk, link: Link) -> None:
    link.answer = {"ok": False, "error": "this member may not do that yet."}
    answer = trainer.send("/trainer/now/set", PLAN)
    assert "This member may not do that yet." in beside(answer.text, "variation")
    link.answer = None
    silent = trainer.send("/trainer/now/start")
    assert (silent.status_code, silent.json and silent.json["ok"]) == (409, False)


def test_names_never_become_markup(trainer: Desk) -> None:
    form = {"name": "<script>alert(1)</script>", "notes": "</textarea><b>"}
    page = trainer.send("/trainer/members/new", form, follow_redirects=True).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["", "0", "-1", "1e309", "nan", "inf", "٣", "9" * 400, "\x00", "‮", "2026-13-40", "=1+1"]
)
FORMS = (
    ("/trainer/members", ("text",)),
    ("/trainer/members/new", ("name", "code", "height_cm", "mass_kg", "consent_utc", "notes")),
    ("/trainer/members/{member}/edit", ("name", "code", "height_cm", "mass_kg", "consent_utc")),
    ("/trainer/members/{member}/programme", tuple(PLAN)),
    ("/trainer/members/{member}/decision", ("decision", "note")),
    ("/trainer/members/{member}/delete", ("typed_name",)),
    ("/trainer/sessions/{session}/claim", ("member",)),
    ("/trainer/sessions/{session}/reps/{rep}/verdict", ("verdict",)),
    ("/trainer/sessions/{session}/reps/{rep}/mark", ("note",)),
    ("/trainer/now/set", tuple(PLAN)),
    ("/trainer/rules", ("session_days", "trace_days")),
    ("/trainer/account/tokens", ("name",)),
)


@settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(data=st.data())
def test_no_input_breaks_a_form(owner: Desk, gym: SmallGym, data: st.DataObject) -> None:
    rule, names = data.draw(st.sampled_from(FORMS))
    path = rule.format(member=gym.member, session=gym.session, rep=gym.rep)
    form: dict[str, Any] = {name: data.draw(TEXTS) for name in names}
    answer = owner.send(path, form)
    assert answer.status_code in (200, 302, 422), (path, form, answer.text[-800:])


def test_progress_and_pages_of_somebody_who_never_lifted(trainer: Desk, gym: SmallGym) -> None:
    trainer.send("/trainer/members/new", {"name": "New Here"})
    with closing(People(gym.database)) as people, closing(Progress(gym.database)) as progress:
        new = people.search("New Here")[0]
        assert progress.weeks(new.id) == ()
    page = trainer.page(f"/trainer/members/{new.id}")
    assert "has not lifted on the mat yet" in page
    assert "No session yet." in trainer.page(f"/trainer/members/{new.id}/report?month=2026-05")
