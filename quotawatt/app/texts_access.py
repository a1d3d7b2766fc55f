"""The words of accounts, roles and tokens on the command line, in Chinese and English."""

from collections.abc import Mapping

_TEXTS: Mapping[str, tuple[str, str]] = {
    "users_title": ("账号：{count} 个", "Accounts: {count}"),
    "grants_title": ("角色授予：{count} 项", "Roles given: {count}"),
    "tokens_title": ("令牌：{count} 个", "Tokens: {count}"),
    "col_id": ("编号", "Number"),
    "col_user": ("账号", "Account"),
    "col_display_name": ("姓名", "Name"),
    "col_state": ("状态", "State"),
    "col_roles": ("角色", "Roles"),
    "col_role": ("角色", "Role"),
    "col_over": ("范围", "Over"),
    "col_since": ("授予时间", "Since"),
    "col_by": ("授予人", "By"),
    "col_token": ("令牌", "Token"),
    "col_permissions": ("权限", "Permissions"),
    "col_ends": ("到期", "Ends"),
    "col_last_used": ("最近使用", "Last used"),
    "col_last_sign_in": ("最近登录", "Last signed in"),
    "open": ("启用", "open"),
    "blocked": ("已停用", "blocked"),
    "first_password": ("待改初始密码", "first password"),
    "revoked": ("已撤销", "revoked"),
    "over_all": ("全部", "the whole installation"),
    "tree_region": ("按属地", "by region"),
    "tree_system": ("按主管部门", "by sector system"),
    "password_ask": ("{user} 的初始密码", "First password of {user}"),
    "password_made": ("{user} 的初始密码：{password}", "First password of {user}: {password}"),
    "password_told": (
        "初始密码只显示这一次，首次登录时须修改。",
        "A first password is shown this once, and must be changed at the first sign-in.",
    ),
    "password_set": (
        "{user} 的密码已设置，首次登录时须修改；其登录均已退出。",
        "The password of {user} is set and must be changed at the next sign-in; its sessions ended.",
    ),
    "user_added": (
        "账号 {user} 已建立，尚无任何角色：quotawatt grants add {user} 角色",
        "Account {user} is made and has no role yet: quotawatt grants add {user} ROLE",
    ),
    "user_blocked": (
        "账号 {user} 已停用，其登录与令牌均已失效。",
        "Account {user} is blocked; its sessions have ended and its tokens open nothing.",
    ),
    "user_unblocked": ("账号 {user} 已启用。", "Account {user} is open again."),
    "grant_added": ("{user}:{role},{over}", "{user}: {role}, {over}"),
    "grant_removed": ("角色 {number} 已收回。", "Role {number} is taken away."),
    "token_made": (
        "令牌 {user}/{name} 只显示这一次，{ends} 到期：",
        "Token {user}/{name} is shown this once; it ends on {ends}:",
    ),
    "token_revoked": ("令牌 {number} 已撤销。", "Token {number} is revoked."),
    "setup_done": (
        "三员已设立。从现在起，安装令牌不再能从网络使用；请分别登录并修改初始密码。",
        "The three are set up. From now on the installation's token opens nothing over the network; let "
        "each sign in and change the first password.",
    ),
    "role_viewer": ("查看者", "viewer"),
    "role_officer": ("经办人", "officer"),
    "role_manager": ("管理者", "manager"),
    "role_auditor": ("审计员", "auditor"),
    "role_system_admin": ("系统管理员", "system administrator"),
    "role_security_admin": ("安全管理员", "security administrator"),
}


def access_text(key: str, language: str, **values: object) -> str:
    """The text for ``key`` in ``zh`` or ``en``, with ``values`` filled in."""
    chinese, english = _TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
