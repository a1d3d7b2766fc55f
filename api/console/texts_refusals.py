"""Chinese for the rules that a form of the console can be refused by, as the errors state them."""

from collections.abc import Mapping

RULES_ZH: Mapping[str, str] = {
    # dispatch and vehicles
    "a time must be given as day and time of day": "请填写日期和时刻。",
    "an order must be decided by somebody else than who asked for it": "不能审批自己的用车申请。",
    "an order that is rejected must say why": "不批准必须写明原因。",
    "an order must be rated by somebody else than its driver": "驾驶员不能评价自己的出车。",
    "an order must be cancelled by who asked for it, or by who decides on it": (
        "只有申请人或审批人可以取消。"
    ),
    "a deviation must be decided by somebody who did not explain it": "不能核定自己的说明。",
    "an explanation must be 1 to 4000 characters": "说明须为 1 至 4000 字。",
    "a rejection must be 1 to 4000 characters": "不采纳须写明意见，不超过 4000 字。",
    # findings
    "a finding is accepted with a reason": "接受一条问题必须写明理由。",
    # the pool
    "lend_until must lie ahead": "归还日期必须晚于今天。",
    "lend_until is for what is lent": "只有出借才填写归还日期。",
    "an asset must be offered once at a time": "该资产已在公物仓中，不能重复入仓。",
    "an organisation must not ask for what is its own": "不能申请本单位自己的资产。",
    "an organisation must ask once for an offer": "该单位已申请过这件资产。",
    "an offer must be open to be asked for": "该资产已不接受申请。",
    "what is offered must be a vehicle, equipment or a room": "只有车辆、设备和房间可以入仓。",
    "what is offered must be in_use or idle": "只有在用或闲置的资产可以入仓。",
    "what is offered must belong to an organisation": "该资产没有所属单位，不能入仓。",
    "a search must name a kind": "请填写需要的类别。",
    # silences
    "a silence must say why in 1 to 2000 characters": "请写明原因，不超过 2000 字。",
    "a silence must name at least one of what it matches": "请至少填写一项静默什么。",
    "a silence must not begin in the past": "开始时间不能早于现在。",
    "a silence must end after it begins, within 30 days": "静默须在开始之后结束，最长 30 天。",
    "a maintenance must end after it begins, within 366 days": (
        "维护时段须在开始之后结束，最长 366 天。"
    ),
    "only a maintenance window must recur": "只有维护时段可以按日历重复。",
    "a silence must name assets of the register": "资产编码不在台账中。",
    "a silence must not be over to be ended": "已经结束，无须再结束。",
    # delivery
    "only a message that was given up is tried again": "只有已放弃的消息可以重发。",
    # accounts and roles
    "an account's name must be free": "该用户名已被使用。",
    "an account's name must be 2 to 64 letters, digits, '.', '-', '_' or '@'": (
        "用户名须为 2 至 64 个字母、数字、点、横线、下划线或 @。"
    ),
    "an account's name must not be one of a part of the system": "该用户名为系统保留，请换一个。",
    "an account must be blocked by another": "不能停用自己的账号。",
    "the password of an administrator or auditor must be set by the command line": (
        "三员账号的密码只能在服务器上用命令行重设。"
    ),
    "a security administrator over the whole must remain": "至少须保留一名全局安全管理员。",
    "a role must be given by another": "不能给自己授予角色。",
    "a role must be taken away by another": "不能撤销自己的角色。",
    "a role must be given once": "该账号已有同一角色。",
    "system_admin, security_admin and auditor must each be an account's only role": (
        "三员分立：系统管理员、安全管理员、审计员各自不得兼任其他角色。"
    ),
    "an administrative role must go to an account that has changed its first password": (
        "授予三员角色前，该账号须先修改初始密码。"
    ),
    "a role must be over an organisation": "角色的范围必须是单位。",
    "a token's name must be free": "已有同名令牌在用。",
    "a token's name must be 1 to 64 printable characters without '/'": (
        "令牌名称须为 1 至 64 个字符，不含斜杠，首尾不留空格。"
    ),
    "a token must have at least one permission": "至少选择一项权限。",
    "a token must be over an organisation": "令牌的范围必须是单位。",
    "the present password must be given": "当前密码不正确。",
    "a new password must differ from the present one": "新密码不能与当前密码相同。",
    "a password must have 12 to 256 characters": "密码须为 12 至 256 个字符。",
    "a password must have at least 6 different characters": "密码至少包含 6 个不同的字符。",
    "a password must not be easy to guess": ("密码太容易猜到：不要用常见词、用户名或键盘顺序。"),
    # explanations of overruns
    "an explanation must be returned or rejected with a comment": "退回或驳回说明必须写明意见。",
    "an explanation must be decided by somebody who did not write it": "起草人不能审批自己的说明。",
    # cases
    "a comment must have words": "请填写批注内容。",
    "a measure must have words": "请填写整改措施。",
    "a proposal to close must have words": "申请办结须说明如何整改。",
    "a case that is sent back must have words": "退回须说明理由。",
    "a case that is closed must have words": "办结须说明理由。",
    "a case that is reopened must have words": "重新打开须说明理由。",
    "a document must be new to its case": "该文件已在本事项中。",
    "a due date must not be past": "限期不能早于今天。",
    "a case must be closed by somebody else than whoever proposed it": "申请人不能核验自己的办结申请。",
    "a case must be closed by somebody else than whoever acknowledged it": (
        "签收人不能自行办结，请由他人核验。"
    ),
    "a case must be given to somebody who is there": "交办对象不存在、已离任或已停用。",
    "an assignee must be account:NAME or contact:ASSET/DUTY/RANK": (
        "交办对象须为账号名，或资产台账中的责任人。"
    ),
    "a document must be a JPEG, PNG or PDF": "文件须为 JPEG、PNG 或 PDF。",
    "a form must have a file by the name of 'file'": "请选择一个文件。",
    # the rulebook
    "a proposal is rejected with a reason": "驳回必须写明理由。",
    "a proposal is decided once": "该提案已经处理过。",
    "a proposal must be approved by somebody else than who made it": "提交人不能审批自己的提案。",
    "a proposal must be made against what is in force; it must be proposed anew": (
        "现行规则包在提交之后已经变化，须重新提交。"
    ),
    # the ledger
    "from must lie before until": "起始日期须早于截止日期。",
}
"""By the rule in English: what stands before ``, got``."""
