"""Examples of figures for the OpenAPI description; a few of many keys."""

FIGURES = {
    "from": "2026-11-01T00:00:00+08:00",
    "until": "2026-12-01T00:00:00+08:00",
    "as_of": "2026-12-01T00:00:00+08:00",
    "group": "source",
    "lines": [
        {
            "key": "video",
            "name_zh": "视频",
            "name_en": "Camera",
            "counters": {"report": 4120, "register": 3610, "need_dispose": 3588, "dispose": 3490},
            "indicators": {"registration_rate": 0.876, "dispose_rate": 0.973, "score": 94.2},
        }
    ],
    "verdicts": [
        {"model": "street", "version": "2026.11", "reason": "nothing_there", "verdicts": 210}
    ],
}
DEFINITIONS = {
    "counters": [
        {
            "key": "report",
            "name_zh": "上报数",
            "name_en": "Reports",
            "meaning_zh": "统计期内上报的全部案件，含并案和不予立案的。",
            "meaning_en": "Cases reported in the period, merged and rejected ones included.",
            "unit": "count",
            "of": None,
            "over": None,
        }
    ],
    "indicators": [
        {
            "key": "dispose_rate",
            "name_zh": "处置率",
            "name_en": "Handled, share",
            "meaning_zh": "处置数 ÷ 应处置数。",
            "meaning_en": "Handled over to be handled.",
            "unit": "share",
            "of": "dispose",
            "over": "need_dispose",
        }
    ],
}
CSV = "Key,Name,Reports\nvideo,Camera,4120\n"
