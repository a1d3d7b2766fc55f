"""The pages of rule proposals: what would change, and a second person's decision."""

from pathlib import Path

import pytest

from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.rulebook.in_force import packs_in_force
from quotawatt.rulebook.proposal import Draft
from quotawatt.rulebook.proposals import Proposals
from tests.api.console.desk import Desk, identifiers, said
from tests.api.scene import NOW, Scene, build_scene
from tests.quotawatt.rulebook.test_proposals import PACK, STRICTER

PAGE = "/rules/proposals"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return build_scene(tmp_path)


@pytest.fixture
def author(scene: Scene) -> Desk:
    return Desk(scene, "wang", Grant(Role.MANAGER))


@pytest.fixture
def second(scene: Scene) -> Desk:
    return Desk(scene, "li", Grant(Role.MANAGER))


def propose(scene: Scene, text: str = PACK, actor: str = "wang") -> str:
    proposals = Proposals(scene.records)
    packs = packs_in_force((), proposals.approved(), need_approval=False)
    made = proposals.propose(Draft("canteen.yaml", text, "", "食堂"), packs, [], actor, NOW)
    return f"{PAGE}/{made.id}"


def test_a_second_person_sees_what_would_change_and_approves(
    scene: Scene, author: Desk, second: Desk
) -> None:
    proposal = propose(scene)
    assert "canteen.yaml" in second.page(PAGE)
    page = said(second.page(proposal))
    assert "告警规则 canteen-gas 新增" in page
    assert "触发限值 – 7" in page
    assert f"{proposal}/approve" not in author.page(proposal)
    assert f"{proposal}/withdraw" in author.page(proposal)
    assert second.done(f"{proposal}/approve", reason="") == proposal
    page = said(second.page(proposal))
    assert "已批准" in page
    assert "已处理" in page
    assert f"{proposal}/approve" not in second.page(proposal)
    assert "canteen.yaml 批准的提案" in said(second.page(PAGE))
    stricter = propose(scene, STRICTER)
    assert "触发限值 7 6" in said(second.page(stricter))


def test_nobody_approves_their_own(scene: Scene, author: Desk) -> None:
    proposal = propose(scene)
    answer = author.send(f"{proposal}/approve", reason="")
    assert answer.status_code == 409
    assert "提交人不能审批自己的提案" in said(answer.text)
    assert author.done(f"{proposal}/withdraw", reason="") == proposal
    assert "已撤回" in said(author.page(proposal))


def test_rejecting_takes_a_reason(scene: Scene, second: Desk) -> None:
    proposal = propose(scene)
    answer = second.send(f"{proposal}/reject", reason=" ")
    assert answer.status_code == 422
    assert "驳回必须写明理由" in said(answer.text)
    second.done(f"{proposal}/reject", reason="限值太高")
    assert "限值太高" in said(second.page(f"{PAGE}/1"))
    assert "canteen.yaml" in second.page(f"{PAGE}?state=rejected")
    assert "没有提案" in second.page(f"{PAGE}?state=approved")


def test_who_only_reads_decides_nothing(scene: Scene) -> None:
    proposal = propose(scene)
    for name, grant in (
        ("view", Grant(Role.VIEWER)),
        ("part", Grant(Role.MANAGER, "ORG-1")),
    ):
        desk = Desk(scene, name, grant)
        assert "待第二人审批" in said(desk.page(proposal))
        assert desk.page(proposal).count("<form") == 1
        assert desk.send(f"{proposal}/approve").status_code == 403
    assert desk.get(f"{PAGE}/99").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_identifiers_show_but_those_of_the_pack(
    scene: Scene, second: Desk, language: str
) -> None:
    proposal = propose(scene)
    assert identifiers(second.page(f"{PAGE}?lang={language}")) == set()
    assert identifiers(second.page(f"{proposal}?lang={language}")) <= {"silence_h"}
