"""What the file itself states about how it was made. Pixels are not judged: open detectors are right in 37 to 75 % of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from validators.case import Case
from validators.evidence import PHOTO, SCREENSHOT, VIDEO
from validators.finding import NOTE, PASS, REVIEW, WARNING, Finding
from validators.policy import Policy
from validators.report import C2pa, C2paAction, C2paIngredient, Origin, StatedOrigin
from validators.rules import Rule
from validators.stated_origin import (
    AI_LABEL,
    NAME,
    PARAMETERS,
    SOURCE_TYPE,
    TRUSTED,
    OriginStatement,
    SignedOrigin,
)

GENERATED, COMPOSED, CAPTURED, OTHER = "generated", "composed", "captured", "other"
_CREDITS = ("xmp:Credit", "iptc:Credit")
_MAKE = "exif:Make"
_C2PA_CREATED = "c2pa:created"
_C2PA_PARTS = ("c2pa:edited", "c2pa:ingredient")
_SEPARATORS = str.maketrans("-_·", "   ")


@dataclass(frozen=True, slots=True)
class OriginRules:
    """[rules.origin]: which statements say what, and on which items they matter."""

    table: ClassVar[str] = "origin"

    generated_types: Rule[tuple[str, ...]]
    composed_types: Rule[tuple[str, ...]]
    captured_types: tuple[str, ...]
    camera_types: Rule[tuple[str, ...]]
    generators: Rule[tuple[str, ...]]
    generator_words: Rule[tuple[str, ...]]
    generator_makes: Rule[tuple[str, ...]]
    generated_credits: Rule[tuple[str, ...]]
    composed_credits: Rule[tuple[str, ...]]
    changed_codes: Rule[tuple[str, ...]]
    untrusted_codes: Rule[tuple[str, ...]]
    expired_codes: tuple[str, ...]
    goods_roles: tuple[str, ...]
    undeclared_types: tuple[str, ...]


def origin(case: Case, policy: Policy) -> Iterator[Finding]:
    """PRV_GENERATED, else PRV_COMPOSITE, else PRV_CAPTURED: once an item, by its first such statement. And what a signature
    is worth: PRV_CHANGED, else PRV_UNTRUSTED."""
    rules = policy.group(OriginRules)
    stated = judged(case.measurements.statements, policy)
    generated = next((one for one in stated if one.says == GENERATED), None)
    composed = next((one for one in stated if one.says == COMPOSED), None)
    if generated is not None:
        heavy = shows_goods(case, policy)
        yield Finding(
            code="PRV_GENERATED",
            severity=WARNING if heavy else NOTE,
            kind=REVIEW if heavy else PASS,
            message_ids=(f"PRV_GENERATED.{_variant(generated)}", "findings.origin.stated"),
            params=_params(generated),
            rule=_rule(generated, rules),
        )
    elif composed is not None:
        yield Finding(
            code="PRV_COMPOSITE",
            severity=NOTE,
            kind=PASS,
            message_ids=(f"PRV_COMPOSITE.{_variant(composed)}", "findings.origin.stated"),
            params=_params(composed),
            rule=_rule(composed, rules),
        )
    signed = case.measurements.signed
    if signed is not None:
        yield from _of_signature(signed, case, policy)
        if generated is None and composed is None and signed.state == TRUSTED:
            yield from _captured(signed, stated, rules)


def _of_signature(signed: SignedOrigin, case: Case, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(OriginRules)
    if set(signed.codes) & set(rules.changed_codes.value):
        heavy = shows_goods(case, policy)
        yield Finding(
            code="PRV_CHANGED",
            severity=WARNING if heavy else NOTE,
            kind=REVIEW if heavy else PASS,
            message_ids=("PRV_CHANGED", "findings.origin.stated"),
            params={"signer": signed.signer},
            rule=rules.changed_codes.name,
        )
    elif set(signed.codes) & set(rules.untrusted_codes.value):
        expired = set(signed.codes) & set(rules.expired_codes)
        yield Finding(
            code="PRV_UNTRUSTED",
            severity=NOTE,
            kind=PASS,
            message_ids=(f"PRV_UNTRUSTED.{'expired' if expired else 'unknown'}", "findings.origin.stated"),
            params={"signer": signed.signer},
            rule=rules.untrusted_codes.name,
        )


def _captured(signed: SignedOrigin, stated: Iterable[StatedOrigin], rules: OriginRules) -> Iterator[Finding]:
    if any(one.source == _C2PA_CREATED and one.value in rules.camera_types.value for one in stated):
        yield Finding(
            code="PRV_CAPTURED",
            severity=NOTE,
            kind=PASS,
            message_ids=("PRV_CAPTURED", "findings.origin.stated"),
            params={"signer": signed.signer},
            rule=rules.camera_types.name,
        )


def origin_block(case: Case, policy: Policy) -> Origin | None:
    """The statements as the report lists them. None where the file states nothing about how it was made."""
    stated, signed = tuple(judged(case.measurements.statements, policy)), case.measurements.signed
    return Origin(stated, _c2pa(signed) if signed else None) if stated or signed else None


def _c2pa(signed: SignedOrigin) -> C2pa:
    actions = (
        C2paAction(one.action, one.tool, one.source_type or None, one.at or None) for one in signed.actions
    )
    ingredients = (C2paIngredient(one.title, one.relationship, one.tool) for one in signed.ingredients)
    return C2pa(
        signed.state,
        signed.signer or None,
        signed.signed_at,
        signed.codes,
        tuple(actions),
        tuple(ingredients),
    )


def shows_goods(case: Case, policy: Policy) -> bool:
    """Whether the item stands for what the goods look like: by its roles, or as a picture without any."""
    rules = policy.group(OriginRules)
    declared = case.evidence.declared
    if declared.roles:
        return bool(declared.all_roles & set(rules.goods_roles))
    plain = declared.evidence_type is None or declared.evidence_type in rules.undeclared_types
    return plain and case.measurements.kind in (PHOTO, SCREENSHOT, VIDEO)


def judged(statements: Iterable[OriginStatement], policy: Policy) -> list[StatedOrigin]:
    """What each statement says. Names of other programs than generators say nothing, and are left out."""
    rules = policy.group(OriginRules)
    return [
        StatedOrigin(one.source, one.kind, one.value, says, one.by or None)
        for one, says in ((one, _says(one, rules)) for one in statements)
        if says != OTHER or one.kind == SOURCE_TYPE
    ]


def _says(statement: OriginStatement, rules: OriginRules) -> str:
    if statement.kind in (AI_LABEL, PARAMETERS):
        return GENERATED
    if statement.kind == SOURCE_TYPE:
        says = _type_says(statement.value, rules)
        # An edit or an ingredient by a model makes a part of the file. A camera's ingredient does not make it a capture.
        if statement.source in _C2PA_PARTS:
            return COMPOSED if says in (GENERATED, COMPOSED) else OTHER
        return says
    return _name_says(statement, rules)


def _type_says(term: str, rules: OriginRules) -> str:
    for says, terms in (
        (GENERATED, rules.generated_types.value),
        (COMPOSED, rules.composed_types.value),
        (CAPTURED, rules.captured_types),
    ):
        if term.casefold() in (one.casefold() for one in terms):
            return says
    return OTHER


def _name_says(statement: OriginStatement, rules: OriginRules) -> str:
    name = _plain(statement.value)
    if statement.source == _MAKE:
        return GENERATED if name in map(_plain, rules.generator_makes.value) else OTHER
    if statement.source in _CREDITS:
        if name in map(_plain, rules.composed_credits.value):
            return COMPOSED
        if name in map(_plain, rules.generated_credits.value):
            return GENERATED
    return GENERATED if _is_generator(name, statement.source, rules) else OTHER


def _is_generator(name: str, source: str, rules: OriginRules) -> bool:
    """By its name with whatever follows it. A name that is also a word, or a credit, must stand alone or before a version."""
    loose = source not in _CREDITS
    return any(_begins(name, _plain(one), loose=loose) for one in rules.generators.value) or any(
        _begins(name, _plain(one), loose=False) for one in rules.generator_words.value
    )


def _begins(name: str, known: str, *, loose: bool) -> bool:
    if not name.startswith(known):
        return False
    rest = name[len(known) :]
    if loose:
        return not rest[:1].isalpha()
    version = rest.strip(" (:/").removeprefix("v").removeprefix(".")
    return not rest or (not rest[0].isalnum() and version[:1].isdigit())


def _plain(name: str) -> str:
    return " ".join(name.translate(_SEPARATORS).casefold().split())


def _variant(statement: StatedOrigin) -> str:
    if statement.kind == AI_LABEL:
        return {"1": "label", "2": "label_possible", "3": "label_suspected"}[statement.value]
    return statement.kind


def _params(statement: StatedOrigin) -> dict[str, str | int | float | bool | None]:
    return {"source": statement.source, "value": statement.value}


def _rule(statement: StatedOrigin, rules: OriginRules) -> str | None:
    if statement.kind == SOURCE_TYPE:
        return (rules.generated_types if statement.says == GENERATED else rules.composed_types).name
    if statement.kind == NAME:
        return (rules.generators if statement.says == GENERATED else rules.composed_credits).name
    return None
