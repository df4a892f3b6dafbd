"""Words of the citizens' pages: what the report page's script says, and refusals as one sentence after the other."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Refusal

STEPS = (_("照片"), _("什么事"), _("地点"), _("发送"))

REPORT_WORDS = {
    "photo_too_large": _("“{name}”有 {size} MB，超过每张 20 MB 的上限。请换一张，或在手机上选“中等”大小。"),
    "photo_wrong_type": _("“{name}”不是照片。请选 JPEG、PNG 或 WebP 图片。"),
    "photo_heic": _(
        "“{name}”是 HEIC 照片，系统还读不了。请在手机“设置 › 相机 › 格式”里选“兼容性最佳”后重拍。"
    ),
    "photo_empty": _("“{name}”是空文件。请重新选择照片。"),
    "photo_too_many": _("最多 3 张照片，没有加入“{name}”。要换的话，先去掉一张。"),
    "photo_remove": _("去掉第 {n} 张照片"),
    "photo_alt": _("您选的第 {n} 张照片"),
    "photo_preparing": _("正在处理照片…"),
    "kind_suggested": _("看起来是“{name}”，对的话点一下。"),
    "place_looking": _("正在查看这里是哪里…"),
    "place_found": _("地点：{place}"),
    "place_from_photo": _("按照片的拍摄位置。"),
    "place_from_device": _("按您现在的位置。"),
    "place_rough": _("（定位误差约 {metres} 米，请把图钉拖到准确的地方）"),
    "place_outside": _("这里不在本市范围内。请把图钉移到本市内；外地的事请向当地反映。"),
    "place_unknown": _("图钉已放好。暂时查不到这里的地名，可以在下面写一句。"),
    "place_pinned": _("图上标出的位置"),
    "device_denied": _("没有定位权限。请在地图上点一下，或写出地点。"),
    "device_failed": _("取不到您的位置。请在地图上点一下，或写出地点。"),
    "need_photo": _("请拍一张照片；不方便拍照，就在“说说情况”里写几句。"),
    "need_kind": _("请选是什么事；拿不准就选“别的事”。"),
    "need_place": _("请说明地点：在地图上点一下，或写出路名、小区名、单位名。"),
    "wrong_title": _("还差一点"),
    "unsent_title": _("还没有发出"),
    "summary_kind": _("什么事"),
    "summary_place": _("地点"),
    "summary_photo": _("照片"),
    "summary_photos": _("{n} 张"),
    "summary_no_photo": _("没有照片"),
    "summary_missing": _("还没有"),
    "sending": _("正在发送 {percent}%"),
    "placing": _("已送到，正在登记…"),
    "offline_kept": _("没有网络，还没有发出。内容已存在这台设备上，联网后再点“发送”。"),
    "failed_kept": _("没有发送成功。内容已存在这台设备上，请稍后再点“发送”；重复点也只会登记一次。"),
    "online_again": _("网络恢复了，可以发送了。"),
}


def in_words(refusal: Refusal) -> str:
    """Say what is wrong and how to mend it; only English sentences need a space between them."""
    between = " " if (get_language() or "").startswith("en") else ""
    return f"{refusal.what}{between}{refusal.mend}"
