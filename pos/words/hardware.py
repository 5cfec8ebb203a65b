"""What printers, drawer, scanners, scale and display have to say."""

from __future__ import annotations

import msgspec


class HardwareWords(msgspec.Struct, frozen=True):
    """One field for each code of `pos.hardware`: what is wrong, where, what to do."""

    # what became of a job
    state_printed: str
    state_sent: str
    state_failed: str
    state_uncertain: str
    was_it_printed: str
    # reaching a printer or another device
    printer_refused: str
    printer_connect_timeout: str
    printer_host_unknown: str
    printer_unreachable: str
    device_missing: str
    device_denied: str
    device_busy: str
    not_a_device: str
    device_io_error: str
    device_write_timeout: str
    usb_library_missing: str
    usb_several: str
    usb_no_endpoint: str
    cups_missing: str
    queue_unknown: str
    queue_refused: str
    folder_unwritable: str
    # while a job is sent
    printer_closed: str
    printer_write_timeout: str
    printer_no_answer: str
    printer_busy: str
    printer_no_confirmation: str
    printer_cannot_confirm: str
    # what the printer says
    paper_out: str
    paper_low: str
    cover_open: str
    cutter_error: str
    printer_error: str
    printer_offline: str
    # what is to be set
    printer_key_missing: str
    printer_stands_in_for_itself: str
    printer_too_narrow: str
    font_missing: str
    hint_status_off: str
    hint_confirm_off: str
    network_form: str
    network_too_large: str
    # drawer
    drawer_not_opened: str
    # scanners and codes
    scan_cut_off: str
    scan_too_long: str
    scan_too_short: str
    scan_no_prefix: str
    code_empty: str
    label_check_digit: str
    label_pattern: str
    label_patterns_clash: str
    # scale
    scale_unstable: str
    scale_negative: str
    scale_overload: str
    scale_timeout: str
    scale_no_zero: str
    scale_frame: str


ZH = HardwareWords(
    state_printed="已打印",
    state_sent="已发送，该打印机不能回报是否打出",
    state_failed="没有打印，什么也没发出，会自动重打",
    state_uncertain="不确定是否打出，请看一下打印机",
    was_it_printed="小票打出来了吗？",
    printer_refused="打印机 {where} 拒绝连接：可能正被别的收银机占用，或没有开机",
    printer_connect_timeout="打印机 {where} 没有回应：请检查电源、网线和地址",
    printer_host_unknown="找不到打印机地址 {where}：请检查 config.toml 里的 host",
    printer_unreachable="到打印机 {where} 的网络不通：请检查网线和路由器",
    device_missing="没有找到设备 {where}：请检查电源和数据线，或在 config.toml 里改设备名",
    device_denied="没有权限使用 {where}：请把当前用户加入 lp、dialout、input 组后重新登录",
    device_busy="设备 {where} 正被别的程序占用：请先关掉那个程序",
    not_a_device="{where} 不是设备：请检查 config.toml 里的 device",
    device_io_error="设备读写出错：请拔下重插数据线",
    device_write_timeout="设备不接收数据：请检查电源和数据线",
    usb_library_missing="缺少 {where} 程序库，不能直接使用 USB 打印机：请安装，或改用 /dev/usb/lp0",
    usb_several="有 {count} 台打印机符合 {where}：请在 config.toml 里写明 usb_serial",
    usb_no_endpoint="USB 设备 {where} 不能接收打印数据：它可能不是打印机",
    cups_missing="没有找到 CUPS 的 {where} 命令：请安装 CUPS，或换一种连接方式",
    queue_unknown="CUPS 里没有打印队列 {where}：请用 lpstat -a 查看",
    queue_refused="CUPS 队列没有收下打印任务：请检查队列是否停用",
    folder_unwritable="不能写入文件夹：请检查 folder 的位置和磁盘空间",
    printer_closed="打印机中途断开了连接：请检查电源和网线",
    printer_write_timeout="打印机不再接收数据：请检查是否缺纸、开盖",
    printer_no_answer="打印机没有回答：请关机再开机",
    printer_busy="打印机正忙或卡住了：稍后会再试，还不行请关机再开机",
    printer_no_confirmation="打印机没有确认已打完：请看一下小票",
    printer_cannot_confirm="数据已全部发出，该打印机不能回报结果",
    paper_out="打印机缺纸：请换纸",
    paper_low="打印纸快用完了：请准备新纸",
    cover_open="打印机的盖子开着：请合上",
    cutter_error="打印机切刀卡住：请清理后关机再开机",
    printer_error="打印机报告故障：请关机再开机，还不行请找技术员",
    printer_offline="打印机离线：请检查它的指示灯和进纸键",
    printer_key_missing="[printers.{printer}] 缺少 {key}：connection 为 {connection} 时必须填写",
    printer_stands_in_for_itself="[printers.{printer}] 的 stand_in 不能是自己",
    printer_too_narrow="小票有 {columns} 列，打印机只有 {most} 列：请改 columns 或 paper_mm",
    font_missing="没有中文字体可画：请在 font 里写明字体文件，或安装文泉驿、思源黑体 {font}",
    hint_status_off='打印机不回答状态：建议设置 status = "off"，每张小票可快一秒',
    hint_confirm_off='打印机不确认打完：建议设置 confirm = "off"',
    network_form="{text} 不是地址或网段，例：192.168.1.87 或 192.168.1.0/24",
    network_too_large="网段 {text} 太大，一次最多查 {most} 个地址",
    drawer_not_opened="钱箱没有打开，请用钥匙开：{why}",
    scan_cut_off="条码只扫到一半，请再扫一次",
    scan_too_long="扫到的内容太长，不是条码",
    scan_too_short="扫到的内容太短，请再扫一次",
    scan_no_prefix="扫到的内容没有设定的前缀：请检查扫描枪的设置",
    code_empty="没有扫到内容，请再扫一次",
    label_check_digit="秤签的校验码不对，请再扫一次，或手工输入",
    label_pattern="[[scale_labels]] 的格式 {pattern} 有误，例：22xxxxxwwwwwc",
    label_patterns_clash="[[scale_labels]] 的 {one} 和 {two} 会认到同一个条码，请改一个",
    scale_unstable="秤还没有稳定，请稍等",
    scale_negative="秤上是负数，请去皮或清零",
    scale_overload="超过秤的量程，请分开称",
    scale_timeout="秤没有回答：请手工输入重量，并检查秤的电源和数据线",
    scale_no_zero="秤没有归零，请清空秤盘后清零",
    scale_frame="[scale] 的 frame 有误：{frame}（{why}）",
)

EN = HardwareWords(
    state_printed="Printed",
    state_sent="Sent; this printer cannot tell whether it printed",
    state_failed="Not printed, nothing was sent, it will be tried again",
    state_uncertain="Nobody knows whether it printed, please look at the printer",
    was_it_printed="Did the receipt come out?",
    printer_refused="Printer {where} refuses: another till is using it, or it is off",
    printer_connect_timeout="Printer {where} does not answer: check power, cable and address",
    printer_host_unknown="No such address {where}: check host in config.toml",
    printer_unreachable="No way to printer {where}: check cable and router",
    device_missing="Device {where} is not there: check power and cable, or its name in config.toml",
    device_denied="No right to use {where}: add the user to groups lp, dialout, input, log in anew",
    device_busy="Device {where} is in use by another program: close that program first",
    not_a_device="{where} is no device: check device in config.toml",
    device_io_error="The device fails: pull out its cable and plug it in again",
    device_write_timeout="The device takes no data: check power and cable",
    usb_library_missing="{where} is missing for USB printers: install it, or use /dev/usb/lp0",
    usb_several="{count} printers fit {where}: name usb_serial in config.toml",
    usb_no_endpoint="USB device {where} takes no print data: it may be no printer",
    cups_missing="The CUPS command {where} is missing: install CUPS or connect another way",
    queue_unknown="CUPS has no queue {where}: see lpstat -a",
    queue_refused="The CUPS queue did not take the job: see whether it is stopped",
    folder_unwritable="Cannot write into the folder: check folder and room on the disk",
    printer_closed="The printer hung up in the middle: check power and cable",
    printer_write_timeout="The printer takes no more data: check paper and cover",
    printer_no_answer="The printer does not answer: switch it off and on",
    printer_busy="The printer is busy or stuck: it is tried again; else switch it off and on",
    printer_no_confirmation="The printer did not confirm the end: please look at the receipt",
    printer_cannot_confirm="All is sent; this printer cannot tell what became of it",
    paper_out="The printer has no paper: put in a new roll",
    paper_low="The paper is nearly used up: have a new roll ready",
    cover_open="The printer's cover is open: close it",
    cutter_error="The printer's cutter is stuck: clear it, then switch off and on",
    printer_error="The printer reports a fault: switch it off and on, else call the technician",
    printer_offline="The printer is offline: see its lights and its feed button",
    printer_key_missing="[printers.{printer}] lacks {key}, which connection {connection} needs",
    printer_stands_in_for_itself="[printers.{printer}]: stand_in cannot be itself",
    printer_too_narrow="The receipt has {columns} columns, the printer {most}: set columns",
    font_missing="No Chinese font to draw with: name a file in font, or install one {font}",
    hint_status_off='It answers no status: set status = "off" and save a second a receipt',
    hint_confirm_off='It does not confirm the end: set confirm = "off"',
    network_form="{text} is no address or network, as 192.168.1.87 or 192.168.1.0/24",
    network_too_large="Network {text} is too large, at most {most} addresses at a time",
    drawer_not_opened="The drawer did not open, use its key: {why}",
    scan_cut_off="Half a code came, please scan again",
    scan_too_long="What was scanned is too long for a code",
    scan_too_short="What was scanned is too short, please scan again",
    scan_no_prefix="What was scanned lacks the prefix that is set: check the scanner",
    code_empty="Nothing was scanned, please scan again",
    label_check_digit="The scale label's check digit is wrong: scan again or type it",
    label_pattern="[[scale_labels]]: pattern {pattern} is wrong, it is like 22xxxxxwwwwwc",
    label_patterns_clash="[[scale_labels]]: {one} and {two} fit the same code, change one",
    scale_unstable="The scale is not at rest yet, please wait",
    scale_negative="The scale shows less than nothing: tare or zero it",
    scale_overload="Too heavy for the scale, weigh in parts",
    scale_timeout="The scale does not answer: type the weight, check its power and cable",
    scale_no_zero="The scale is not at zero: empty it and press zero",
    scale_frame="[scale]: frame is wrong: {frame} ({why})",
)
