"""What ``store check`` and ``store setup`` say, in Chinese and English."""

from collections.abc import Mapping
from typing import Any

from quotawatt.app.texts_store_remedies import REMEDIES
from quotawatt.settings import Language

_TEXTS: dict[str, tuple[str, str]] = {
    "series": ("时序库", "Series store"),
    "records": ("记录库", "Record store"),
    "ok": ("正常", "ok"),
    "failed": ("有误", "failed"),
    "do": ("处理：{remedy}", "Do: {remedy}"),
    "all_right": ("存储一切正常。", "The stores are right."),
    "address": ("地址", "address"),
    "version": ("版本", "version"),
    "clock": ("时钟", "clock"),
    "token": ("令牌", "token"),
    "database": ("数据库", "database"),
    "retention": ("保留期", "retention"),
    "mapping": ("查询映射", "mapping"),
    "write": ("写入", "write"),
    "read": ("读回", "read back"),
    "folder": ("文件夹", "folder"),
    "disk": ("磁盘", "disk"),
    "file": ("文件", "file"),
    "served": ("运行中的系统", "running system"),
}

CAUSES: dict[str, tuple[str, str]] = {
    # What is right.
    "answers": ("{url} 有应答", "{url} answers"),
    "version_known": ("InfluxDB {version}", "InfluxDB {version}"),
    "version_unknown": (
        "服务器未报版本，按 InfluxDB 2.x 处理",
        "the server names none and is taken for InfluxDB 2.x",
    ),
    "clock_right": ("与本机相差 {seconds} 秒", "{seconds} s from ours"),
    "let_in": ("服务器接受", "the server accepts it"),
    "none_needed": ("服务器不要求", "the server asks for none"),
    "database_there": ("数据库 {name} 已存在", "database {name} is there"),
    "bucket_there": ("存储桶 {name} 已存在", "bucket {name} is there"),
    "for_ever": ("永久保留", "kept for ever"),
    "nothing_goes": ("设置要求永久保留", "the settings want all kept for ever"),
    "mapped": ("InfluxQL 可按 {name} 查询", "InfluxQL finds {name}"),
    "taken": ("服务器已接受探针", "the server took the probe"),
    "came_back": ("探针已写入并读回", "the probe was written and came back"),
    "folder_there": ("{path} 可写", "{path} can be written"),
    "folder_later": ("{path} 首次启动时建立", "{path} is made at the first start"),
    "disk_free": ("可用 {free_mb} MB", "{free_mb} MB are free"),
    "file_later": ("{path} 首次启动时建立", "{path} is made at the first start"),
    "opens": ("{path} 可打开（DuckDB {version}）", "{path} opens (DuckDB {version})"),
    "makes_itself": ("首次启动时自行建立", "makes itself at the first start"),
    "records_ready": ("{url} 已就绪", "{url} is ready"),
    "in_memory": ("仅存于内存，停机即失", "in memory only, gone when the process ends"),
    "served_well": (
        "{home} 上的系统正持有文件，自述正常",
        "the system that runs on {home} holds the files and says it is well",
    ),
    "records_later": ("{server}，首次启动时建表", "{server}; tables are made at the first start"),
    "newest": ("{server}，版本 {revision}", "{server}, revision {revision}"),
    "upgrades": (
        "{server}，版本 {revision}，下次启动升级到 {newest}",
        "{server}, revision {revision}; the next start upgrades it to {newest}",
    ),
    "made_database": ("已建立数据库 {name}", "database {name} was made"),
    "made_bucket": ("已建立存储桶 {name}，永久保留", "bucket {name} was made, kept for ever"),
    "made_long_shards": (
        "{name} 今后的分片延长为 {weeks} 周",
        "future shards of {name} are {weeks} weeks long",
    ),
    "made_mapping": ("已建立 {name} 的查询映射", "the mapping of {name} was made"),
    # What is not.
    "no_address": ("{url} 不是有效地址", "{url} is no address"),
    "unknown_host": ("{url} 的主机名无法解析", "the host of {url} has no address"),
    "refused": ("{url} 拒绝连接", "{url} refuses the connection"),
    "timeout": ("{url} 超时无应答", "{url} does not answer in time"),
    "dropped": ("与 {url} 的连接中断", "the connection to {url} breaks off"),
    "tls_untrusted": ("{url} 的证书不受信任", "the certificate of {url} is not trusted"),
    "tls_none": ("{url} 的端口不使用 TLS", "the port of {url} does not speak TLS"),
    "tls_wanted": ("{url} 的端口要求 TLS", "the port of {url} wants TLS"),
    "tls": ("与 {url} 的 TLS 握手失败", "the TLS handshake with {url} fails"),
    "no_influxdb": (
        "{url} 不像 InfluxDB：{status} {said}",
        "what answers at {url} is no InfluxDB: {status} {said}",
    ),
    "version_old": ("InfluxDB {version} 过旧", "InfluxDB {version} is too old"),
    "clock_off": (
        "服务器时钟与本机相差 {seconds} 秒（允许 {limit} 秒）",
        "the server's clock is {seconds} s from ours ({limit} s may be)",
    ),
    "token_missing": ("服务器要求令牌，未提供", "the server asks for a token and none is set"),
    "token_form": (
        "InfluxDB 1.x 的令牌应为 用户名:密码",
        "the token for InfluxDB 1.x must be USER:PASSWORD",
    ),
    "token_wrong": ("服务器不接受令牌：{said}", "the server does not accept the token: {said}"),
    "no_admin": (
        "InfluxDB 启用了认证但没有管理员",
        "InfluxDB wants users to sign in and has no administrator yet",
    ),
    "org_missing": ("组织不存在：{said}", "there is no such organisation: {said}"),
    "refused_otherwise": ("拒绝：{said}", "refused: {said}"),
    "database_missing": (
        "数据库 {name} 不存在，或该用户无权使用",
        "there is no database {name}, or the user may not use it",
    ),
    "no_such_database": ("数据库 {name} 不存在", "there is no database {name}"),
    "cannot_remove": (
        "InfluxDB {major} 不能按设置删除旧数据（QUOTAWATT_KEEP_... 不为 0）",
        "InfluxDB {major} cannot remove what is old, as settings QUOTAWATT_KEEP_... want it",
    ),
    "bucket_missing": (
        "存储桶 {name} 不存在，或令牌无权查看",
        "there is no bucket {name}, or the token may not see it",
    ),
    "expires": (
        "服务器会删除 {after} 以前的数据，连同结果",
        "the server deletes what is older than {after}, results too",
    ),
    "mapping_missing": (
        "存储桶 {name} 没有 InfluxQL 映射，查询得不到数据",
        "bucket {name} has no mapping for InfluxQL, so queries find nothing",
    ),
    "mapping_elsewhere": (
        "数据库名 {name} 映射到别的存储桶",
        "the database name {name} is mapped to another bucket",
    ),
    "mapping_not_default": (
        "{name} 的映射不是默认映射",
        "the mapping of {name} is not the default one",
    ),
    "write_forbidden": ("无权写入 {name}：{said}", "writing to {name} is forbidden: {said}"),
    "write_refused": ("写入被拒：{status} {said}", "the write is refused: {status} {said}"),
    "read_forbidden": ("无权读取 {name}：{said}", "reading {name} is forbidden: {said}"),
    "read_refused": ("查询被拒：{status} {said}", "the query is refused: {status} {said}"),
    "came_not_back": (
        "探针写入后读不回来",
        "the probe was taken and does not come back",
    ),
    "not_writable": ("{path}{url} 不可写", "{path}{url} cannot be written"),
    "disk_full": ("磁盘空间不足：可用 {free_mb} MB", "the disk is full: {free_mb} MB are free"),
    "locked": ("{path}{url} 被另一进程{holder}占用", "another process{holder} holds {path}{url}"),
    "newer_file": (
        "{path} 由更新版本的 DuckDB 写成",
        "{path} was written by a newer DuckDB",
    ),
    "damaged": ("{path}{url} 已损坏或不是该类文件", "{path}{url} is damaged or no such file"),
    "served_badly": (
        "{home} 上的系统自述异常：{said}",
        "the system that runs on {home} says that it is not well: {said}",
    ),
    "newer_records": (
        "{server}，版本 {revision} 比本程序（{newest}）新",
        "{server}: revision {revision} is newer than this program ({newest})",
    ),
    "password_wrong": ("密码不对：{said}", "the password is wrong: {said}"),
    "password_missing": ("未提供密码", "there is no password in the address"),
    "not_admitted": ("服务器不允许本机连接：{said}", "the server does not admit us: {said}"),
    "not_permitted": ("无权建表：{said}", "making tables is forbidden: {said}"),
    "setting": ("设置有误：{said}", "a setting is wrong: {said}"),
}


class _Blank(dict[str, Any]):
    """Facts of which a text may name more than there are."""

    def __missing__(self, key: str) -> str:
        return ""


def store_text(key: str, language: Language, **values: object) -> str:
    """A heading or message."""
    return _said(_TEXTS[key], language, values)


def cause_text(cause: str, language: Language, facts: Mapping[str, object]) -> str:
    """What a verdict says."""
    return _said(CAUSES[cause], language, facts)


def remedy_text(cause: str, language: Language) -> str:
    """What to do about the cause of a verdict that something is wrong."""
    return REMEDIES[cause][language == "en"]


def _said(texts: tuple[str, str], language: Language, values: Mapping[str, object]) -> str:
    return texts[language == "en"].format_map(_Blank(values))
