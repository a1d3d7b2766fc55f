"""The words of the pages of rule proposals, Chinese and English side by side."""

from collections.abc import Mapping

RULE_TEXTS: Mapping[str, tuple[str, str]] = {
    "rules": ("规则审批", "Rule proposals"),
    "rules_lead": (
        "本地规则包须由第二人批准后生效。提交用命令：",
        "A rule pack of one's own counts once a second person has approved it. Proposing is a command:",
    ),
    "rules_restart": (
        "规则文件夹中的文件有变更，尚未生效：各角色重启或下一次批准时读取。",
        "Files of the folder were changed and do not count yet: running roles read them when they start, or "
        "when a pack is approved.",
    ),
    "rules_none": ("没有提案。", "There is no proposal."),
    "rules_pack": ("规则包", "Pack"),
    "rules_comment": ("说明", "Comment"),
    "rules_proposed": ("提交", "Proposed"),
    "rules_decided": ("处理", "Decided"),
    "rules_state": ("状态", "State"),
    "proposal_state_proposed": ("待审批", "Proposed"),
    "proposal_state_approved": ("已批准", "Approved"),
    "proposal_state_rejected": ("已驳回", "Rejected"),
    "proposal_state_withdrawn": ("已撤回", "Withdrawn"),
    "proposal_state_superseded": ("已被取代", "Superseded"),
    "rules_changes": ("批准后会改变什么", "What it would change"),
    "rules_no_changes": ("现行规则没有任何变化。", "Nothing of the rules in force."),
    "rules_goes": ("该规则包将被取消。", "The pack would go."),
    "rules_problems": (
        "提交之后出现的问题：",
        "What became wrong with it since it was proposed:",
    ),
    "rules_decided_lead": (
        "已处理；当时的变更内容见操作台账。",
        "Decided; what it changed stands in the ledger.",
    ),
    "rules_wait": (
        "待第二人审批：提交人不能审批自己的提案。",
        "It waits for a second person: nobody approves their own.",
    ),
    "rules_do_approve": ("批准", "Approve"),
    "rules_do_reject": ("驳回", "Reject"),
    "rules_do_withdraw": ("撤回", "Withdraw"),
    "rules_lead_approve": (
        "批准后数秒内按新规则判定；已存的历史结果不变，需要时用 quotawatt analyse --from 重算。",
        "It counts within seconds. Results of past days stay as they are; quotawatt analyse --from reckons "
        "them anew.",
    ),
    "rules_lead_reject": ("请写明理由，提交人可据此修改。", "Say why, so that it can be mended."),
    "rules_lead_withdraw": ("收回自己的提案。", "Take your own proposal back."),
    "rules_text": ("规则包原文", "The pack's text"),
    "rules_tests": ("规则包的测试", "The pack's tests"),
    "packs": ("现行规则包", "Packs that count"),
    "packs_need_approval": (
        "规则文件夹中的规则包也须批准后才生效。",
        "Packs of the folder, too, count only once they are approved.",
    ),
    "packs_no_approval": (
        "规则文件夹中的规则包直接生效（未要求第二人批准）。",
        "Packs of the folder count as they are: approval is not asked for.",
    ),
    "packs_origin": ("来源", "Origin"),
    "pack_origin_builtin": ("系统自带", "built in"),
    "pack_origin_folder": ("规则文件夹", "folder"),
    "pack_origin_approved": ("批准的提案", "approved proposal"),
    "packs_digest": ("摘要", "Digest"),
    "packs_not_approved": (
        "以下文件未经批准，不生效：{names}",
        "Not approved, so they do not count: {names}",
    ),
}
