"""The law to look up: each rule with its formula in words, each parameter with its history.

Everything here is read off the rules themselves, so it cannot go stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from olive.engine import Schedule, formula_text
from olive.engine.parameters import parameter_named
from olive.errors import RuleError, closest, in_order, nearest
from olive.messages import joined
from olive.places.registry import place
from olive.places.unit_words import source_name, status_name, unit_name

if TYPE_CHECKING:
    from olive.engine import Parameter, Rule
    from olive.engine.parameters import DatedValue, Datum
    from olive.places.labels import Language
    from olive.simulation.cases import Case

_WORDS = {
    "en": {
        "person": "of persons",
        "household": "of households",
        "households": "households",
        "population": "one number for the population",
        "clause": "Clause of the plan",
        "role": "Role",
        "paid_by": "paid by",
        "entitlement": "what is due",
        "cash_benefit": "cash benefit",
        "in_kind_benefit": "social transfer in kind",
        "tax": "tax",
        "contribution": "social insurance contribution",
        "cost": "necessary expense",
        "government": "the government",
        "social_insurance": "social insurance",
        "employer": "employers",
        "charity": "charities",
        "days": "In force",
        "reads": "Reads",
        "read_by": "Read by",
        "parameters": "Parameters",
        "cases": "Worked cases",
        "from": "from",
        "value": "value",
        "status": "status",
        "source": "source",
        "range": "Allowed range",
        "plausible": "Plausible range",
        "times": "times the figure",
        "known_to": "Record complete to",
        "indexed_to": "Tied by law to",
        "grows_at": "After its record it grows at",
        "moves_with": "The same figures as, and drawn with",
        "gap": "(gap; the last value is carried forward)",
        "any": "any",
        "topic": "Law by topic",
        "rules": "rules",
        "none": "No parameter or variable has {word!r} in its name or label.",
    },
    "zh": {
        "person": "（个人）",
        "household": "（住户）",
        "households": "住户",
        "population": "（全体一个数）",
        "clause": "方案条款",
        "role": "用途",
        "paid_by": "负担者",
        "entitlement": "应得金额",
        "cash_benefit": "现金转移",
        "in_kind_benefit": "实物福利和费用减免",
        "tax": "税",
        "contribution": "社会保险缴费",
        "cost": "必要支出",
        "government": "政府",
        "social_insurance": "社会保险",
        "employer": "单位",
        "charity": "慈善",
        "days": "生效",
        "reads": "读取",
        "read_by": "被读取",
        "parameters": "参数",
        "cases": "算例",
        "from": "起始",
        "value": "数值",
        "status": "可靠程度",
        "source": "来源",
        "range": "允许范围",
        "plausible": "合理范围",
        "times": "倍",
        "known_to": "记录完整至",
        "indexed_to": "法规所挂钩的指标",
        "grows_at": "记录之后的年增长率",
        "moves_with": "数值相同并随之抽样",
        "gap": "（缺失，沿用上一数值）",
        "any": "不限",
        "topic": "分主题法规",
        "rules": "规则",
        "none": "没有名称或标签含“{word}”的参数或变量。",
    },
}


def find(word: str) -> tuple[tuple[str, str, str], ...]:
    """Return parameters and variables with a word in name or label, English or Chinese.

    Returns
    -------
    tuple of (name, zh, en)
        Parameters first and by name; for a Chinese word the shortest label first.

    Examples
    --------
    >>> "dibao_standard" in [name for name, zh, en in find("低保标准")]
    True
    """
    every = [
        (name, home[name].zh, home[name].en)
        for home in (place().rules.parameters, place().rules.rules)
        for name in sorted(home)
    ]
    if word.isascii():
        wanted = word.casefold()
        return tuple(each for each in every if any(wanted in text.casefold() for text in each))
    # People shorten labels: 低保标准 is 最低生活保障标准. What stands in brackets only explains,
    # and the shortest label is the nearest.
    heads = {each: each[1].partition("（")[0] for each in every}
    found = (each for each in every if in_order(word, heads[each]))
    return tuple(sorted(found, key=lambda each: len(heads[each])))


def _purpose(rule: Rule, words: Mapping[str, str]) -> list[str]:
    """Return what a rule is for and on which days, where it says so."""
    lines = []
    if rule.purpose is not None:
        payer = "households" if rule.purpose.payer == "household" else rule.purpose.payer
        said = [words[rule.purpose.role], f"{words['paid_by']}: {words[payer]}"]
        if rule.purpose.entitlement:
            said.append(f"{words['entitlement']}: `{rule.purpose.entitlement}`")
        lines.append(f"- {words['role']}: {'; '.join(said)}")
    if (rule.start, rule.end) != (date.min, date.max):
        start, end = ("" if day in {date.min, date.max} else day for day in (rule.start, rule.end))
        lines.append(f"- {words['days']}: {start} – {end}")
    return lines


def rule_page(name: str, language: Language = "en", cases: Sequence[Case] = ()) -> str:
    """Return a rule in words: formula, unit, what it reads, who reads it, parameters, cases.

    Raises
    ------
    RuleError
        When there is no such variable; names the nearest, by Chinese label as well.
    """
    rules = place().rules
    if name not in rules.rules:
        labels = {each: rule.zh for each, rule in rules.rules.items()}
        raise RuleError("no variable {name!r}{hint}", name, closest(name, labels))
    words, rule = _WORDS[language], rules.rules[name]
    reads = [each for each in rule.arguments if each not in rules.parameters]
    lines = [
        f"## {name} {_label(rule, language)} {words[rule.entity or 'population']}".rstrip(),
        "",
        *(f"    {line}" for line in formula_text(rules, name, language).splitlines()),
        "",
    ]
    if rule.clause:
        lines.append(f"- {words['clause']}: `{rule.clause}`")
    lines += _purpose(rule, words)
    lines += [*_named(words["reads"], reads), *_named(words["read_by"], _readers(name))]
    proofs = [case for case in cases if name in case.expected]
    if proofs:
        lines.append(f"- {words['cases']}:")
        lines += [f"  - {case.name} ({case.file}): {case.source}" for case in proofs]
    own = [each for each in rule.arguments if each in rules.parameters]
    lines += _named(words["parameters"], own)
    return "\n".join(lines).rstrip() + "\n"


def parameter_page(name: str, language: Language = "en") -> str:
    """Return a parameter in words: label, unit, ranges, and every dated value with its source.

    Raises
    ------
    ParameterError
        When there is no such parameter; names the nearest, by Chinese label as well.
    """
    words, parameter = _WORDS[language], parameter_named(name, place().rules.parameters)
    unit = unit_name(parameter.unit, language, place())
    low, high = (
        words["any"] if end is None else f"`{end}`" if isinstance(end, str) else f"{end:,.12g}"
        for end in (parameter.minimum, parameter.maximum)
    )
    label = parameter.zh if language == "zh" else parameter.en
    lines = [
        f"## {name} {label}" + (f" ({unit})" if unit else ""),
        "",
        *([parameter.note, ""] if parameter.note and language == "en" else []),
        f"- {words['range']}: {low} … {high}",
    ]
    plausible = parameter.plausible
    if plausible is not None:
        times = f" {words['times']}" if plausible.form == "factor" else ""
        ends = f"{plausible.low:,.12g} … {plausible.high:,.12g}{times}"
        lines.append(f"- {words['plausible']}: {ends}: {plausible.basis}")
    lines.append(f"- {words['known_to']}: {parameter.known_to}")
    for key in ("indexed_to", "grows_at", "moves_with"):
        other = getattr(parameter, key)
        lines += [f"- {words[key]}: `{other}`"] if other else []
    lines += _named(words["read_by"], _readers(name))
    head = [words[each] for each in ("from", "value", "status", "source")]
    lines += ["", f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
    lines += [_row(parameter, entry, language) for entry in parameter.history]
    return "\n".join(lines) + "\n"


def topic_page(topic: str, language: Language = "en", cases: Sequence[Case] = ()) -> str:
    """Return all rules and parameters of a topic of law as one page (Markdown).

    Raises
    ------
    RuleError
        When there is no such topic.
    """
    if topic not in place().topics():
        topics = list(place().topics())
        raise RuleError(
            "no topic {topic!r}{hint}; topics: {names}",
            topic,
            nearest(topic, topics),
            joined(f"`{each}`" for each in topics),
        )
    names = [name for name, home in _homes().items() if home == topic]
    read = {each for name in names for each in place().rules.reads(name)}
    own = [name for name, each in place().rules.parameters.items() if each.file == f"{topic}.yaml"]
    own += sorted(name for name in read if name in place().rules.parameters and name not in own)
    pages = [rule_page(name, language, cases) for name in names]
    pages += [parameter_page(name, language) for name in own]
    return f"# {topic}\n\n" + "\n".join(pages)


def index_page(language: Language = "en") -> str:
    """Return the list of topics with their rules (Markdown)."""
    words = _WORDS[language]
    lines = [f"# {words['topic']}", ""]
    for topic in place().topics():
        names = [name for name, home in _homes().items() if home == topic]
        lines.append(f"- [{topic}]({topic}.md) ({len(names)} {words['rules']}): {_names(names)}")
    return "\n".join(lines) + "\n"


def nothing_found(word: str, language: Language) -> str:
    """Return the sentence that nothing has a word in its name or label."""
    return _WORDS[language]["none"].format(word=word)


@cache
def _homes() -> Mapping[str, str]:
    """Return the topic of every rule, in the order of topics and of their files."""
    found: dict[str, str] = {}
    for topic, module in place().topics().items():
        for name in vars(module):
            if name in place().rules.rules:
                found.setdefault(name, topic)
    return found


def _label(rule: Rule, language: Language) -> str:
    label = rule.zh if language == "zh" else rule.en
    return f"— {label}" if label else ""


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _named(head: str, names: Sequence[str]) -> list[str]:
    return [f"- {head}: {_names(names)}"] if names else []


def _readers(name: str) -> list[str]:
    return [each for each, rule in place().rules.rules.items() if name in rule.arguments]


def _row(parameter: Parameter, entry: DatedValue, language: Language) -> str:
    value = _WORDS[language]["gap"]
    if entry.datum is not None:
        value = _shown(parameter, entry.datum, language)
    source = source_name(entry.source, language).replace("|", "\\|")
    if entry.url:
        source = f"[{source}]({entry.url})"
    return f"| {entry.start} | {value} | {status_name(entry.status, language)} | {source} |"


def _shown(parameter: Parameter, datum: Datum, language: Language) -> str:
    if isinstance(datum, Schedule):
        steps = zip(datum.thresholds.tolist(), datum.rates.tolist(), strict=True)
        return "; ".join(f"{low:,.12g}+: {rate:.4%}" for low, rate in steps)
    if not isinstance(datum, np.ndarray):
        return f"{datum:,.12g}"
    flat = np.ravel(datum)
    if (flat == flat[0]).all():
        return f"{flat[0]:,.12g}"
    if datum.ndim == 1:
        pairs = zip(parameter.keys[0], datum.tolist(), strict=True)
        return ", ".join(f"{_key(parameter, key, language)} {value:,.12g}" for key, value in pairs)
    return f"{flat.min():,.12g} … {flat.max():,.12g}"


def _key(parameter: Parameter, key: str, language: Language) -> str:
    """Return a key as a reform names it, in Chinese behind its label."""
    labelled = language == "zh" and key in parameter.key_labels
    return f"{parameter.key_labels[key][0]}（{key}）" if labelled else key
