"""What backups say."""

from __future__ import annotations

import msgspec


class BackupWords(msgspec.Struct, frozen=True):
    """One field for each line; braces are filled in."""

    made: str
    removed: str
    good: str
    restored: str
    key_made: str
    backup_no_recipient: str
    backup_recipient: str
    backup_copy_bad: str
    backup_exists: str
    backup_failed: str
    backup_no_room: str
    backup_folder_used: str
    backup_identity: str
    backup_missing: str
    backup_sealed: str
    backup_damaged: str
    backup_newer: str
    copies_not_erased: str
    epoch_used: str
    exported: str
    replayed: str
    archive_exists: str
    archive_missing: str
    archive_bad: str


ZH = BackupWords(
    made="已备份：{path}（{size} 字节，记录 {jn} 条）",
    removed="已删除旧备份 {count} 份",
    good="备份完好：{shop}店 {till}号机，{at}，记录 {jn} 条，头 {head}",
    restored="已恢复到 {folder}，纪元 {epoch}。先运行 pos doctor，再运行 pos run",
    key_made="私钥写进了 {path}，请带离本机保存。"
    '公钥填进 config.toml：[backup] recipient = "{public}"',
    backup_no_recipient="没有设置 [backup] recipient："
    "技术员用 pos backup key 做一对钥匙，把公钥填进去",
    backup_recipient="[backup] recipient 不是 age 公钥：{recipient}",
    backup_copy_bad="账本副本没通过检查（{why}），没有做备份；先运行 pos journal verify",
    backup_exists="{path} 已经有了，没有覆盖",
    backup_failed="备份写不进 {path}（{why}），请技术员查看这块磁盘",
    backup_no_room="{path} 的磁盘快满了，没有备份，请技术员清理或换磁盘",
    backup_folder_used="{folder} 里已经有一台收银机，请换一个空文件夹",
    backup_identity="{path} 里没有可用的私钥（AGE-SECRET-KEY-…）",
    backup_missing="找不到备份 {path}",
    backup_sealed="打不开 {path}：不是备份、已损坏，或者不是这把钥匙的（{why}）",
    backup_damaged="备份 {path} 已损坏（{why}），什么也没有恢复",
    backup_newer="备份 {path} 是更新的版本做的，请先升级本程序",
    copies_not_erased="账本里已经抹除，但这些旧副本里还有，请技术员删掉：{paths}",
    epoch_used="纪元 {epoch} 已经用过",
    exported="已导出 {path}：记录 {records} 条，末条 {last}",
    replayed="已重建 {path}：记录 {records} 条，结账单 {closed} 张，验证通过",
    archive_exists="{path} 已经有了，没有覆盖",
    archive_missing="找不到 {path}",
    archive_bad="{path} 第 {line} 行不对（{why}），没有重建账本",
)
EN = BackupWords(
    made="Backed up: {path} ({size} bytes, {jn} records)",
    removed="{count} old backups removed",
    good="The backup is whole: shop {shop} till {till}, {at}, {jn} records, head {head}",
    restored="Restored into {folder}, epoch {epoch}. Run pos doctor, then pos run",
    key_made="The secret key is in {path}; keep it away from this machine. The public key goes into"
    ' config.toml: [backup] recipient = "{public}"',
    backup_no_recipient="[backup] recipient is not set: the technician makes a key pair with"
    " pos backup key and puts the public half there",
    backup_recipient="[backup] recipient is no age public key: {recipient}",
    backup_copy_bad="The copy of the ledger did not pass ({why}), nothing was backed up; run"
    " pos journal verify",
    backup_exists="{path} is there already and was not overwritten",
    backup_failed="Cannot write the backup to {path} ({why}); the technician looks at this disk",
    backup_no_room="The disk of {path} is nearly full, nothing was backed up; make room there",
    backup_folder_used="{folder} has a till already; choose an empty folder",
    backup_identity="There is no usable secret key (AGE-SECRET-KEY-…) in {path}",
    backup_missing="There is no backup {path}",
    backup_sealed="Cannot open {path}: no backup, damaged, or sealed for another key ({why})",
    backup_damaged="The backup {path} is damaged ({why}); nothing was restored",
    backup_newer="The backup {path} was made by a newer version; update this program first",
    copies_not_erased="Erased in the ledger, but these older copies still have it; "
    "a technician removes them: {paths}",
    epoch_used="Epoch {epoch} was used already",
    exported="Exported {path}: {records} records, the last {last}",
    replayed="Made again {path}: {records} records, {closed} closed orders, verified",
    archive_exists="{path} is there already and was not overwritten",
    archive_missing="There is no {path}",
    archive_bad="{path} line {line} does not hold ({why}); no ledger was made",
)
