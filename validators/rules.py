"""Rules of the policy, and the typed groups in which code reads them.

A group is a frozen, slotted dataclass that stands beside the code that uses it. Its ``table`` names the rules' table in
policy.toml and each field one rule. A field of type ``Rule[T]`` keeps the rule's dotted name for findings; a field that is
a dataclass itself is a table within the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Protocol, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class PolicyError(ValueError):
    """The operator's fault: a policy that cannot be read. The message says where and what."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One rule: a value, its unit, where it comes from and why it is so.

    ``benchmark`` names the script of tests/benchmarks whose figures chose the value; "" where none did.
    """

    name: str
    value: T
    source: str
    why: str
    unit: str = ""
    benchmark: str = ""


class RuleGroup(Protocol):
    """Rules that one part of the code reads: a dataclass whose fields are named like the rules of ``table``."""

    table: ClassVar[str]


G = TypeVar("G", bound=RuleGroup)


def read_group(group: type[G], rules: Mapping[str, Rule[Any]]) -> G:
    """The group with the values of these rules.

    Raises PolicyError, naming the rule, where a field has no rule or a rule's value is of another type.
    """
    return group(**_values(group, group.table, rules))


def rule_names(group: type[RuleGroup]) -> tuple[str, ...]:
    """The dotted names of the rules that the group reads."""
    return tuple(_names(group, group.table))


def _names(group: type[Any], table: str) -> Iterator[str]:
    for name, kind in _fields(group):
        if is_dataclass(kind) and isinstance(kind, type):
            yield from _names(kind, f"{table}.{name}")
        else:
            yield f"{table}.{name}"


def _fields(group: type[Any]) -> list[tuple[str, Any]]:
    hints = get_type_hints(group)
    return [(field.name, hints[field.name]) for field in fields(group)]


def _values(group: type[Any], table: str, rules: Mapping[str, Rule[Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, kind in _fields(group):
        dotted = f"{table}.{name}"
        if is_dataclass(kind) and isinstance(kind, type):
            found[name] = kind(**_values(kind, dotted, rules))
            continue
        rule = rules.get(dotted)
        if rule is None:
            raise PolicyError(f"{group.__name__} reads the rule {dotted!r}, which the policy does not have")
        if get_origin(kind) is Rule:
            found[name] = replace(rule, value=_converted(rule, get_args(kind)[0]))
        else:
            found[name] = _converted(rule, kind)
    return found


def _converted(rule: Rule[Any], kind: Any) -> Any:
    value = rule.value
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is float and numeric:
        return float(value)
    if kind is int and numeric and float(value).is_integer():
        return int(value)
    if kind in (bool, str) and isinstance(value, kind):
        return value
    if kind == tuple[str, ...] and _are_texts(value):
        return tuple(value)
    if kind in _NESTED:
        return _NESTED[kind](rule)
    raise PolicyError(f"rule {rule.name!r} needs {_WANTED[kind]}, not {value!r}")


def _by_name(rule: Rule[Any]) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(rule.value, dict) or not all(map(_are_texts, rule.value.values())):
        raise PolicyError(f"rule {rule.name!r} needs a table of lists of texts, not {rule.value!r}")
    return MappingProxyType({name: tuple(texts) for name, texts in rule.value.items()})


def _lists(rule: Rule[Any]) -> tuple[tuple[str, ...], ...]:
    if not isinstance(rule.value, list) or not all(map(_are_texts, rule.value)):
        raise PolicyError(f"rule {rule.name!r} needs a list of lists of texts, not {rule.value!r}")
    return tuple(map(tuple, rule.value))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_NESTED: dict[Any, Callable[[Rule[Any]], Any]] = {
    Mapping[str, tuple[str, ...]]: _by_name,
    tuple[tuple[str, ...], ...]: _lists,
}

_WANTED = {
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    str: "a text",
    tuple[str, ...]: "a list of texts",
}
