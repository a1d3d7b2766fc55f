"""The console's words on signing in and on one's own account, Chinese and English side by side."""

from collections.abc import Mapping

ACCESS_TEXTS: Mapping[str, tuple[str, str]] = {
    "sign_in": ("登录", "Sign in"),
    "user_name": ("用户名", "User name"),
    "password": ("密码", "Password"),
    "sign_in_wrong": (
        "用户名与密码必须相符且账号未停用；请重试。",
        "Name and password must fit an account that is not blocked; try again.",
    ),
    "sign_in_with": ("使用 {name} 登录", "Sign in with {name}"),
    "oidc_wrong": (
        "统一身份认证未通过，或此处没有对应的账号。",
        "The identity provider did not confirm it, or there is no such account here.",
    ),
    "signed_in": ("已登录", "Signed in"),
    "go_on": ("继续", "Go on"),
    "token": ("安装令牌", "The installation's token"),
    "token_open": ("首次使用：安装令牌", "First use: the installation's token"),
    "token_hint": (
        "即设置 QUOTAWATT_API_TOKEN；未设置时见数据目录（QUOTAWATT_HOME）中的文件 api-token。"
        "演示程序会打印带令牌的网址。设立安全管理员后，令牌不再能从网络登录。",
        "The setting QUOTAWATT_API_TOKEN; where that is not set, the file api-token in the home "
        "folder (QUOTAWATT_HOME). The demo prints an address that carries it. Once there is a security "
        "administrator it does not sign in over the network any more.",
    ),
    "token_wrong": (
        "令牌必须与系统设置一致，所填令牌不符。",
        "The token must be the system's; this one is not.",
    ),
    "token_closed": (
        "已设立安全管理员，必须使用账号登录。",
        "There is a security administrator: an account must be used to sign in.",
    ),
    "account": ("我的账号", "My account"),
    "account_none": (
        "以安装令牌登录，没有账号。请设立系统管理员、安全管理员和审计员（quotawatt users setup）。",
        "Signed in with the installation's token, without an account. Set up the system administrator, "
        "the security administrator and the auditor (quotawatt users setup).",
    ),
    "roles": ("角色", "Roles"),
    "roles_none": ("尚无任何角色。", "No role yet."),
    "col_role": ("角色", "Role"),
    "col_over": ("范围", "Over"),
    "over_all": ("全部", "the whole installation"),
    "tree_region": ("按属地", "by region"),
    "tree_system": ("按主管部门", "by sector system"),
    "role_viewer": ("查看者", "Viewer"),
    "role_officer": ("经办人", "Officer"),
    "role_manager": ("管理者", "Manager"),
    "role_auditor": ("审计员", "Auditor"),
    "role_system_admin": ("系统管理员", "System administrator"),
    "role_security_admin": ("安全管理员", "Security administrator"),
    "last_sign_in": ("最近登录 {date}", "last signed in {date}"),
    "open_sessions": ("有 {count} 处登录", "signed in at {count} places"),
    "change_password": ("修改密码", "Change the password"),
    "password_old": ("当前密码", "Present password"),
    "password_new": ("新密码", "New password"),
    "password_again": ("再次输入新密码", "New password again"),
    "password_hint": (
        "至少 12 个字符，可以是一句话；不要用常见词、用户名或键盘顺序。",
        "At least 12 characters; a sentence is welcome. No common words, no user name, no row of keys.",
    ),
    "password_must": (
        "初始密码由他人设置，须先修改密码。",
        "Somebody else set this password: it must be changed first.",
    ),
    "password_differs": (
        "两次输入的新密码必须一致。",
        "The new password must be the same both times.",
    ),
    "password_refused": ("密码未修改：", "The password was not changed: "),
    "password_changed": (
        "密码已修改，其他登录均已退出。",
        "The password was changed, and all other sessions ended.",
    ),
}
