"""Listening: which key points stand in a typed answer.

A point's **bold** words are its terms. Words are heard whatever their endings, with slips of the keyboard, and by their
name in brackets: скрытое состояние (hidden state). A point is heard when enough of it is said in one place. That is a
suggestion for the learner to overrule: nothing here understands a "not".
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

from msgspec import Struct
from rapidfuzz.distance import OSA

from qa_bank.card import Card
from qa_bank.search import STOP, stem

SPAN = 30
"""How many words of an answer are one place."""
BOLD, GIVEN = 3.0, 0.5
"""What a word of a term counts, where another counts 1; and the share of it that is left if the question has the word."""
ENOUGH, AMPLE = 0.4, 0.5
"""How much of a point, by what its words count, is enough if most of its terms are said; and how much otherwise."""
FRESH = 0.2
"""How much of what the question does not say has to be said: to repeat it is no answer."""
MOST = 0.66
"""How much of a wording is the wording: all of two words, two of three."""


def terms(point: str) -> tuple[str, ...]:
    """What is listened for in a point: its words in bold, without the marks of code."""
    return tuple(term.replace("`", "") for term in _BOLD.findall(point))


def heard(card: Card, typed: str) -> tuple[int, ...]:
    """The points of a card that stand in a typed answer, by their places among its points."""
    ear = _ear(card)
    places = _places(ear, typed)
    return tuple(number for number, point in enumerate(ear.points) if any(map(point.is_in, _passages(point, places))))


_BOLD = re.compile(r"\*\*(.+?)\*\*")
Wording = tuple[str, ...]
"""Words that say a term, each by its form: its stem, in one spelling."""


class _Point(Struct, frozen=True):
    terms: tuple[tuple[Wording, ...], ...]
    """For each term the wordings of which one is enough."""
    counts: dict[str, float]
    """What each of the point's words counts."""
    asked: frozenset[str]
    """Those of its words that the question has."""

    def is_in(self, said: set[str]) -> bool:
        """Whether enough of the point is among the words of a passage."""
        known = [wordings for wordings in self.terms if any(said.issuperset(wording) for wording in wordings)]
        said = said.union(*(wordings[0] for wordings in known))
        if self._share(said, self.counts.keys() - self.asked) < FRESH:
            return False
        share = self._share(said, self.counts.keys())
        terms = sum(any(_most(wording, said) for wording in wordings) for wordings in self.terms)
        return share >= (ENOUGH if 2 * terms > len(self.terms) else AMPLE)

    def _share(self, said: set[str], words: Collection[str]) -> float:
        whole = sum(self.counts[word] for word in words)
        return sum(self.counts[word] for word in words if word in said) / whole if whole else 1.0


def _most(wording: Wording, said: set[str]) -> bool:
    return sum(word in said for word in wording) >= MOST * len(wording)


class _Ear(Struct, frozen=True):
    """What is listened for in answers to a card."""

    language: str
    points: tuple[_Point, ...]
    words: frozenset[str]
    """The words of all wordings and points."""
    near: dict[str, list[str]]
    """The same by the sound of their first letters: only those are compared with a word that is none of them."""
    spelled: dict[str, set[str]]
    """How the card spells each of its words: none of them is a slip of another."""


@functools.lru_cache(64)
def _ear(card: Card) -> _Ear:
    text, language = card.text, card.language
    prose = "\n".join((text.question, text.answer, *text.points, text.explanation, text.pitfalls))
    names = _names(prose, language)
    asked = set(telling_forms(text.question, language))
    words = [dict.fromkeys(telling_forms(_without_names(point), language)) for point in text.points]
    spread = Counter(word for those in words for word in those)
    points = []
    for point, those in zip(text.points, words, strict=True):
        wordings = tuple(_wordings(term, language, names) for term in _BOLD.findall(point) if _words(term))
        bold = {word for first, *_ in wordings for word in first}
        counts = {
            word: (BOLD if word in bold else 1.0) * (GIVEN if word in asked else 1.0) / spread[word] for word in those
        }
        points.append(_Point(wordings, counts, frozenset(asked.intersection(those))))
    listened = {word for point in points for wordings in point.terms for wording in wordings for word in wording}
    spelled: dict[str, set[str]] = defaultdict(set)
    for word in _words(prose):
        spelled[_form(word, language)].add(word)
    listened.update(*words)
    near: dict[str, list[str]] = defaultdict(list)
    for word in sorted(listened):
        near[_sound(word)[:1]].append(word)
    return _Ear(language, tuple(points), frozenset(listened), near, spelled)


def _wordings(term: str, language: str, names: dict[Wording, set[Wording]]) -> tuple[Wording, ...]:
    """The words of a term, the same written as one word, and its names."""
    words = tuple(telling_forms(_without_names(term), language))
    whole = {(_form("".join(_words(term)), language),)} if 2 <= len(words) <= 3 else set()
    return (words, *sorted((whole | names.get(words, set())) - {words}))


_BRACKETS = re.compile(r"((?:[\w-]+ ){0,3}[\w-]+)(\*\*)? \(([^\W\d_]+(?:[ -][^\W\d_]+){0,2})\)")
_CYRILLIC = re.compile("[а-яәғқңөұүһі]", re.IGNORECASE)


def _is_name(bracket: re.Match[str]) -> bool:
    """Whether brackets name what stands before them: in another script, or in a word after a term."""
    other = bool(_CYRILLIC.search(bracket[1])) != bool(_CYRILLIC.search(bracket[3]))
    return other or bool(bracket[2] and " " not in bracket[3] and not _CYRILLIC.search(bracket[1]))


def _names(prose: str, language: str) -> dict[Wording, set[Wording]]:
    """By the words of a term its names, and the other way round."""
    names: dict[Wording, set[Wording]] = defaultdict(set)
    for bracket in filter(_is_name, _BRACKETS.finditer(" ".join(prose.split()))):
        before, name = telling_forms(bracket[1], language), tuple(telling_forms(bracket[3], language))
        for length in range(1, len(before) + 1):
            names[tuple(before[-length:])].add(name)
        names[name].add(tuple(before[-len(name) :]))
    return names


def _without_names(point: str) -> str:
    return _BRACKETS.sub(lambda bracket: bracket[1] if _is_name(bracket) else bracket[0], point)


_ATOM = r"[^\W\d_]+|\d+(?:[.,]\d+)?|[∞√∂]"
_PART = re.compile(_ATOM)
_WORD = re.compile(rf"(?:{_ATOM})(?:[-\u2010\u2011]?(?:{_ATOM}))*")
_THOUSANDS = re.compile(r"(?<=\d)[ ,'\u00a0\u202f](?=\d{3}(?!\d))")


def _words(text: str) -> list[str]:
    """The words of a text in lower case; batch-norm, L2 and n² are one word each."""
    return _WORD.findall(unicodedata.normalize("NFKC", _THOUSANDS.sub("", text.lower().replace("ё", "е"))))


def telling_forms(text: str, language: str) -> list[str]:
    """The forms of the words that tell something; of all, where none does."""
    words = _words(text)
    return [_form(word, language) for word in words if word not in STOP] or [_form(word, language) for word in words]


_SIGNS = {
    word: sign
    for sign, words in {
        "∞": "infinity inf бесконечность бесконечности шексіздік шексіз",
        "√": "sqrt корень корня түбір түбірі",
        "0": "zero zeros zeroes ноль нуль нуля нулю нулем нөл нөлге нөлдің",
        "σ": "sigma сигма",
        "μ": "mu мю",
        "ε": "epsilon eps эпсилон",
        "φ": "phi фи",
        "β": "beta бета",
    }.items()
    for word in words.split()
}
"""How signs are read out."""
_AMERICAN = (
    (re.compile(r"our(?=$|s$|ed|ing|al|i)"), "or"),
    (re.compile(r"(?<=\w{3})s(?=(?:e|ed|es|er|ers|ing|able|ations?)$)(?<=[iy]s)"), "z"),
    (re.compile(r"ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"(?<=\w{2})tre(?=s?$)"), "ter"),
)
_VOICELESS = str.maketrans("ғгб", "қкп")
ENDING = 5
"""The longest ending that is hung on a foreign word by a hyphen: DETR-дегі."""


@functools.lru_cache(1 << 15)
def _form(word: str, language: str) -> str:
    """A word's stem in one spelling: without hyphens, in American, signs as signs, Kazakh қ and ғ alike at the end."""
    parts = _PART.findall(word)
    if len(parts) > 1 and parts[0].isascii() and _CYRILLIC.search(parts[-1]) and len(parts[-1]) <= ENDING:
        parts.pop()
    word = "".join(parts).replace(",", ".")
    if word in _SIGNS:
        return _SIGNS[word]
    if not word.isascii():
        cut = stem(word, language)
        return cut[:-1] + cut[-1].translate(_VOICELESS) if language == "kk" and len(cut) > 3 else cut
    for british, american in _AMERICAN:
        word = british.sub(american, word)
    return stem(word, "en")


def _places(ear: _Ear, typed: str) -> dict[str, list[int]]:
    """Where in an answer each word is said that is listened for; up to three words may be one: warm up, warmup."""
    parts = [part for word in _words(typed) for part in _PART.findall(word)]
    places: dict[str, list[int]] = defaultdict(list)
    for at, part in enumerate(parts):
        for word in _meant(part, ear):
            places[word].append(at)
        if not any(word.startswith(part) for word in ear.near.get(_sound(part)[:1], ())):
            continue
        for length in (2, 3):
            if (joined := _form("".join(parts[at : at + length]), ear.language)) in ear.words:
                places[joined].append(at)
    return places


def _meant(part: str, ear: _Ear) -> list[str]:
    """The words that a typed one may stand for: itself, or those of one beginning, a slip away, or of one sound."""
    form = _form(part, ear.language)
    if form in ear.words:
        return [form]
    if part in STOP or len(form) < 3 or not form.isalpha():
        return []
    candidates = ear.near.get(_sound(form)[:1], [])
    alike = [word for word in candidates if _begin_alike(form, word, ear.language)]
    if alike or form in ear.spelled:
        return alike
    return [
        word
        for word in candidates
        if _sound_alike(form, word) or any(_is_slip(part, spelled) for spelled in ear.spelled.get(word, {word}))
    ]


def _begin_alike(one: str, other: str, language: str) -> bool:
    """Whether one word goes on where the other ends; Russian derives nouns from verbs, Kazakh words may be short."""
    short, long = sorted((one, other), key=len)
    same = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if short.isascii() or long.isascii():
        return same == len(short) >= 5 and len(long) - same <= 3
    if language == "kk":
        return same == len(short) >= 3 and len(long) - same <= 3 - (same < 5)
    return same >= 4 and same >= 0.75 * len(long)


def _is_slip(typed: str, word: str) -> bool:
    """Whether a few letters are wrong, but not the first: encoder is no slip of decoder."""
    slips = 1 if len(word) < 10 else 2
    return min(len(typed), len(word)) >= 5 and typed[0] == word[0] and OSA.distance(typed, word) <= slips


_SOUNDS = dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhie", strict=True)) | {
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "yu", "я": "ya", "ь": "", "ъ": "",
}  # fmt: skip
_SPELLINGS = (("ck", "k"), ("ph", "f"), ("oo", "u"), ("ee", "i"), ("x", "ks"), ("w", "v"), ("y", "i"))


def _sound_alike(one: str, other: str) -> bool:
    """Whether one word is the other in Cyrillic letters: софтмакс and softmax."""
    if one.isascii() == other.isascii():
        return False
    one, other = _sound(one), _sound(other)
    return one == other or _begin_alike(one, other, "en") or _is_slip(one, other)


@functools.lru_cache(1 << 12)
def _sound(form: str) -> str:
    if form.isascii():
        for letters, sound in _SPELLINGS:
            form = form.replace(letters, sound)
        form = re.sub("c(?!h)", "k", form)
    return re.sub(r"(.)\1", r"\1", "".join(_SOUNDS.get(letter, letter) for letter in form))


def _passages(point: _Point, places: dict[str, list[int]]) -> Iterator[set[str]]:
    """What of a point is said in each place of an answer."""
    words = set(point.counts).union(*(wording for wordings in point.terms for wording in wordings))
    said = sorted((at, word) for word in words for at in places.get(word, ()))
    end = 0
    for start, (first, _) in enumerate(said):
        before = end
        while end < len(said) and said[end][0] < first + SPAN:
            end += 1
        if end > before:
            yield {word for _, word in said[start:end]}
