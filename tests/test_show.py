"""The JSON of `index show`: the shape scripts depend on, and nothing missing from it."""

import json

from index.show import to_json
from index.split import parse_report

TEXT = """仅供学习 禁止外传
清源区农业局党组书记述职报告
各位领导：
现将情况报告如下。
一、履职情况
总体较好。
（一）抓学习。一是定计划。二是抓检查。
以上报告，请批评指正。
"""


def test_the_json_has_the_published_shape() -> None:
    shown = to_json(parse_report(TEXT))
    assert json.loads(json.dumps(shown, ensure_ascii=False)) == {
        "title": "清源区农业局党组书记述职报告",
        "salutation": "各位领导：",
        "preamble": "现将情况报告如下。",
        "dropped_lines": ["仅供学习 禁止外传"],
        "sections": [
            {
                "number": "一、",
                "heading": "履职情况",
                "heading_end": "",
                "role": "成效",
                "lead": "总体较好。",
                "subsections": [
                    {
                        "number": "（一）",
                        "heading": "抓学习",
                        "heading_end": "。",
                        "role": "成效",
                        "text": "一是定计划。二是抓检查。",
                        "points": ["一是定计划。", "二是抓检查。"],
                    }
                ],
            },
            {
                "number": None,
                "heading": None,
                "heading_end": "",
                "role": "结语",
                "lead": None,
                "subsections": [
                    {
                        "number": None,
                        "heading": None,
                        "heading_end": "",
                        "role": "结语",
                        "text": "以上报告，请批评指正。",
                        "points": [],
                    }
                ],
            },
        ],
    }


def test_what_a_report_lacks_is_null() -> None:
    shown = to_json(parse_report("一、履职情况\n做了三件事。\n"))
    assert (shown["title"], shown["salutation"], shown["preamble"]) == ("", None, None)
