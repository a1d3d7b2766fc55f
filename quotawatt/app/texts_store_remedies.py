"""What to do about what ``store check`` finds wrong, in Chinese and English, by the cause's code."""

REMEDIES: dict[str, tuple[str, str]] = {
    "no_address": (
        "QUOTAWATT_SERIES_URL 应为 influx+http://主机:端口",
        "set QUOTAWATT_SERIES_URL to influx+http://HOST:PORT",
    ),
    "unknown_host": (
        "核对地址中的主机名和本机的 DNS",
        "look at the host's name in the address, and at this machine's DNS",
    ),
    "refused": (
        "启动服务器，核对端口（InfluxDB 1.x、2.x 为 8086，3.x 为 8181，PostgreSQL 为 5432）",
        "start the server, look at the port (8086 for InfluxDB 1.x and 2.x, 8181 for 3.x, 5432 for "
        "PostgreSQL)",
    ),
    "timeout": (
        "检查防火墙和路由；服务器可能过载",
        "look at firewalls and routes; the server may be overloaded",
    ),
    "dropped": ("检查代理和服务器日志", "look at proxies between, and at the server's log"),
    "tls_untrusted": (
        "安装受信任的证书，或以 SSL_CERT_FILE 指定签发机构的证书",
        "install a trusted certificate, or name the issuer's one by SSL_CERT_FILE",
    ),
    "tls_none": ("地址改用 influx+http://", "begin the address with influx+http://"),
    "tls_wanted": ("地址改用 influx+https://", "begin the address with influx+https://"),
    "tls": ("核对服务器的 TLS 设置", "look at the server's TLS settings"),
    "no_influxdb": (
        "核对 QUOTAWATT_SERIES_URL 的主机和端口",
        "look at host and port in QUOTAWATT_SERIES_URL",
    ),
    "version_old": ("升级到 InfluxDB 1.6 或更新版本", "install InfluxDB 1.6 or newer"),
    "clock_off": ("两台机器都启用 NTP", "have both machines keep time by NTP"),
    "token_missing": ("设置 QUOTAWATT_INFLUX_TOKEN", "set QUOTAWATT_INFLUX_TOKEN"),
    "token_form": (
        "QUOTAWATT_INFLUX_TOKEN 设为 用户名:密码",
        "set QUOTAWATT_INFLUX_TOKEN to USER:PASSWORD",
    ),
    "token_wrong": (
        "换用有效的 QUOTAWATT_INFLUX_TOKEN（1.x 为 用户名:密码）",
        "set QUOTAWATT_INFLUX_TOKEN to a valid one (USER:PASSWORD for 1.x)",
    ),
    "no_admin": (
        "在服务器上执行 CREATE USER ... WITH ALL PRIVILEGES",
        "run CREATE USER ... WITH ALL PRIVILEGES on the server",
    ),
    "org_missing": ("核对 QUOTAWATT_INFLUX_ORG", "look at QUOTAWATT_INFLUX_ORG"),
    "refused_otherwise": ("查看服务器日志", "look at the server's log"),
    "database_missing": (
        "以管理员令牌执行 quotawatt store setup；若数据库已存在，给该用户授权",
        "run quotawatt store setup as an administrator; where the database is there, grant the user access",
    ),
    "no_such_database": (
        "执行 createdb 建库，或核对 QUOTAWATT_RECORDS_URL 中的库名",
        "make it by createdb, or look at the name in QUOTAWATT_RECORDS_URL",
    ),
    "cannot_remove": (
        "QUOTAWATT_KEEP_READINGS_DAYS、_HOURLY_DAYS、_DAILY_DAYS 均设为 0，或改用 2.x",
        "set QUOTAWATT_KEEP_READINGS_DAYS, _HOURLY_DAYS and _DAILY_DAYS to 0, or use 2.x",
    ),
    "bucket_missing": (
        "执行 quotawatt store setup，或换用能读写该桶的令牌",
        "run quotawatt store setup, or use a token that may read and write the bucket",
    ),
    "expires": (
        "改为永久：1.x 执行 ALTER RETENTION POLICY autogen ON 库名 DURATION INF，2.x 执行 influx bucket "
        "update --id 桶ID --retention 0；期限由 QUOTAWATT_KEEP_READINGS_DAYS 等设置管理",
        "have it keep for ever: ALTER RETENTION POLICY autogen ON DATABASE DURATION INF (1.x), influx "
        "bucket update --id ID --retention 0 (2.x); QUOTAWATT_KEEP_READINGS_DAYS and its like say what goes",
    ),
    "mapping_missing": ("执行 quotawatt store setup", "run quotawatt store setup"),
    "mapping_elsewhere": (
        "换一个桶名（QUOTAWATT_INFLUX_BUCKET），或删除那条映射（influx v1 dbrp delete）",
        "use another bucket's name (QUOTAWATT_INFLUX_BUCKET), or delete that mapping (influx v1 dbrp "
        "delete)",
    ),
    "mapping_not_default": (
        "把它设为默认（influx v1 dbrp update --default）",
        "make it the default one (influx v1 dbrp update --default)",
    ),
    "write_forbidden": (
        "给令牌（1.x 为用户）该库的写权限",
        "give the token, or the user of 1.x, permission to write there",
    ),
    "write_refused": ("查看服务器日志", "look at the server's log"),
    "read_forbidden": (
        "给令牌（1.x 为用户）该库的读权限",
        "give the token, or the user of 1.x, permission to read there",
    ),
    "read_refused": ("查看服务器日志", "look at the server's log"),
    "came_not_back": (
        "核对查询和写入是否到同一服务器、同一数据库（负载均衡、映射）",
        "see that reads and writes reach one server and one database (load balancer, mapping)",
    ),
    "not_writable": (
        "把文件夹交给运行 quotawatt 的用户，或用 --home 另选",
        "give the folder to the user that runs quotawatt, or choose another by --home",
    ),
    "disk_full": (
        "腾出空间，或缩短 QUOTAWATT_KEEP_READINGS_DAYS",
        "free some, or keep readings for a shorter time (QUOTAWATT_KEEP_READINGS_DAYS)",
    ),
    "locked": (
        "停止占用它的进程：嵌入式存储一次只供一个进程使用",
        "stop the process that holds it: an embedded store serves one process at a time",
    ),
    "newer_file": ("使用当时的或更新的 DuckDB", "use the DuckDB that wrote it, or a newer one"),
    "damaged": ("从备份恢复（quotawatt restore）", "restore a backup (quotawatt restore)"),
    "served_badly": ("查看其日志和 /api/v1/health", "look at its log and at /api/v1/health"),
    "newer_records": (
        "使用打开过它的那个版本或更新版本的 Quotawatt",
        "use the version of Quotawatt that has opened it, or a newer one",
    ),
    "password_wrong": (
        "核对 QUOTAWATT_RECORDS_URL 中的用户和密码",
        "look at user and password in QUOTAWATT_RECORDS_URL",
    ),
    "password_missing": (
        "在 QUOTAWATT_RECORDS_URL 中写上密码",
        "put the password into QUOTAWATT_RECORDS_URL",
    ),
    "not_admitted": (
        "在服务器的 pg_hba.conf 中允许本机",
        "admit this machine in the server's pg_hba.conf",
    ),
    "not_permitted": (
        "GRANT CREATE ON SCHEMA public TO 该用户",
        "GRANT CREATE ON SCHEMA public TO the user",
    ),
    "setting": ("改正该设置", "correct the setting"),
}
