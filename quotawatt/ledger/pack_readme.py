"""What an evidence pack says of itself, to whoever gets it: what is in it and how to check it."""

README_ZH = """\
Quotawatt 审计证据包

内容
  entries.jsonl      所要求的台账条目,每行一条,全部字段。
  chain.jsonl        从第一条到导出时为止的每一条:内容的哈希;旧格式条目列出全文。
  heads/             各时点签名的链头(条目数、末条哈希、时间、签名),最后一个于导出时签名。
  attachments/       条目引用的大附件(如整次导入前后的记录),文件名即其 SHA-256。
  readings/          条目所涉资产的小时结果与原始读数(CSV,UTC;数值未乘倍率)。
  public-key.pem     签名公钥(Ed25519)。
  manifest.json      筛选条件、起止、各文件的 SHA-256;manifest.sig 为其签名(十六进制)。

核验
  quotawatt ledger check-pack 文件.zip --key 公钥.pem
  不需要原系统。请使用事先从被审计单位以外途径取得的公钥;不带 --key 时只能说明证据包自身一致。

也可自行核验
  1. manifest.json 中每个文件的 SHA-256 应与文件一致;manifest.sig 是对 manifest.json 全文的 Ed25519 签名。
  2. 内容哈希 = SHA-256({"action","actor","at","detail","seq","subject"} 的 JSON,键按序、无空格、UTF-8)。
  3. 条目哈希 = SHA-256({"content","previous","seq"} 的 JSON),previous 为上一条的哈希。
     自 manifest.json 的 start 起逐行计算,应得 end。
  4. 每个链头:计算到第 count 条的哈希应等于其 hash;签名覆盖去掉 signature 后的 JSON(键按序、无空格)。

能证明与不能证明的
  链头在导出之前就保存在别处时,证明此前的条目当时已在链中、未被改动。
  未列出的条目只给出内容哈希:证明其存在与位置,不透露内容。
  旧格式条目(内容与前一哈希一次计算)因此列出全文。
"""

README_EN = """\
Evidence pack of Quotawatt, for an audit

What is in it
  entries.jsonl      the ledger's entries that were asked for, one a line, with every field.
  chain.jsonl        every entry from the first of them to the head: the hash of its content; entries of the
                     old form in full.
  heads/             signed heads (number of entries, hash of the last, time, signature); the last of them was
                     signed when the pack was made.
  attachments/       what was too large for an entry (all records before and after an import); each goes by
                     its SHA-256.
  readings/          hourly results and readings of the assets that the entries are about (CSV, UTC; readings
                     as the device gave them, not multiplied).
  public-key.pem     the public key (Ed25519).
  manifest.json      what was asked for, beginning and end, and the SHA-256 of each file; manifest.sig is the
                     signature over it (hex).

Checking it
  quotawatt ledger check-pack FILE.zip --key KEY.pem
  It needs nothing of the system it comes from. Use a public key that you were given by another way, and
  before: without --key the pack can only be shown to agree with itself.

Checking it by other means
  1. The SHA-256 of each file must be that of manifest.json; manifest.sig is the Ed25519 signature over the
     bytes of manifest.json.
  2. Hash of a content = SHA-256 of the JSON {"action","actor","at","detail","seq","subject"}: keys in order,
     no blanks, UTF-8.
  3. Hash of an entry = SHA-256 of the JSON {"content","previous","seq"}; previous is the hash of the entry
     before it. From "start" of manifest.json line by line it must come to "end".
  4. For each head the hash reckoned at entry number count must be its hash; its signature is over its JSON
     without signature (keys in order, no blanks).

What it proves, and what it does not
  A head that was kept elsewhere before the pack was made proves that the entries up to it stood in the chain
  then, as they are here.
  Of entries that are not shown there is the hash of the content: it proves that they exist and where, not
  what they say.
  Entries of the old form, hashed in one step, are shown in full for that reason.
"""
