"""Search: the cards that answer a question, whatever the endings of its words, and slips of the keyboard forgiven.

English and Russian words are cut to their stems (Snowball), Kazakh ones lose their chains of endings, and then only the
beginnings have to agree. SQLite's FTS5 finds and ranks by BM25; a word that no card has gives way to the nearest one that
some card has.
"""

from __future__ import annotations

import functools
import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import snowballstemmer  # type: ignore[import-untyped]
from msgspec import Struct
from rapidfuzz import process

from qa_bank.bank import CARDS, Bank, aliases
from qa_bank.card import Card
from qa_bank.drill import pose

COLUMNS = {
    "question": 8.0, "asked": 12.0, "terms": 6.0, "aliases": 1.0, "points": 2.0, "answer": 1.0, "rest": 0.2,
    "beside": 4.0,
}  # fmt: skip
"""What is searched, and how much a word there weighs."""
DEPTH = 40
"""How many of the best by BM25 are looked at again: those that have more of the words sought come first."""
BEGINNING = {"en": 1.0, "ru": 0.75, "kk": 0.9}
"""How much of a stem has to agree: Russian derives nouns from verbs, Kazakh adds suffix to suffix."""
BESIDE = {"en": (), "ru": ("en",), "kk": ("ru", "en")}
"""The languages whose words people mix in."""
RAREST = 4
"""How many words, the rarest of a question, find cards; all of them count when the cards are ranked."""
FLOOR, NEAR = 0.3, 0.8
"""How much BM25 alone counts, and how much the nearest wording, where having all the words counts 1."""
LEAST = 4
"""Letters of a word that always have to agree."""
ALIKE = 72.0
"""How alike, of 100, a word has to be to stand for one that no card has."""


STOP = frozenset(
    """
    a about an and any are as at be been but by can could did do does doing for from get give go has have how i if in
    is it its just like me mean means my need not of on one or our please should so tell than that the their them then
    there these they this to use used using was we what when where which while who why will with would you your explain

    а без более бы был была были было быть в вам вас весь во вот все всего вы где да для до его ее если есть еще же за
    зачем и из или им их к как какая какие какой когда кто ли либо лучше между меня мне может можно мой мы на надо нам
    нас не него нет ни но ну нужен нужна нужно о об однако он она они от очень по под после потому почему при про просто
    с сам свой себе
    так такое там то тогда того тоже той только том тот у уже чего чем что чтобы эта эти это этого этой этот я объясни

    ал ба бе бар болады болса бойынша бұл да де дейін деген деп егер екі емес ең ма ме мен не неге неден немесе нені ол
    қалған қалды болып кетсе кетіп жатыр отыр тұр тұрады алады алу береді жарайды пайда болуы бола беру жасайды істейді
    осы па пе пен сол туралы үшін қай қалай қандай қашан керек екен мына сонда тек тиіс жатыр айтып бер түсіндір арасында
    """.split()  # noqa: SIM905
)
"""Words of any question, which say nothing of what it is about."""


class Hit(Struct, frozen=True):
    """A card that was found, and the sentence of it that fits best."""

    card: str
    question: str
    snippet: str
    score: float


class Index:
    """The words of a bank's cards in one language, and beside them the questions in others: terms travel."""

    def __init__(self, bank: Bank, language: str, beside: Iterable[Bank] = ()) -> None:
        others = tuple(beside)
        self._cards = {card.id: pose(card)[0] for card in bank}
        self._stem = _stemmers()[language]
        self._share = BEGINNING[language]
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        columns = f"id UNINDEXED, {', '.join(COLUMNS)}"
        self._database.execute(
            f"CREATE VIRTUAL TABLE cards USING fts5({columns}, tokenize='unicode61 remove_diacritics 0', prefix='4 5 6 7 8')"
        )
        self._heads: dict[str, set[str]] = {}
        self._wordings: dict[str, list[dict[str, set[str]]]] = {}
        self._spread: Counter[str] = Counter()
        rows = []
        for card in self._cards.values():
            foreign = [words for other in others if card.id in other for words in _wordings(other[card.id])]
            texts = [self._stems(text) for text in (*_texts(card), "\n".join(foreign))]
            self._heads[card.id] = {form for stems in texts[:3] for stem in stems for form in self._forms(stem)}
            self._wordings[card.id] = [
                {stem: self._forms(stem) for stem in map(self._stem, telling_words(wording))}
                for wording in (*_wordings(card), *foreign)
            ]
            self._spread.update({form for stems in texts for stem in stems for form in self._forms(stem)})
            rows.append((card.id, *(" ".join(stems) for stems in texts)))
        self._common = Counter(form for head in self._heads.values() for form in head)
        self._lengths: dict[int, list[str]] = {}
        for form in self._spread:
            self._lengths.setdefault(len(form), []).append(form)
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        self._database.executemany(f"INSERT INTO cards VALUES ({marks})", rows)

    @classmethod
    def load(cls, language: str, root: Path = CARDS) -> Index:
        """The index of the bank under root in a language, with others beside it."""
        return cls.beside(Bank.load(language, root), language, root)

    @classmethod
    def beside(cls, bank: Bank, language: str, root: Path = CARDS) -> Index:
        """The index of a bank; beside Russian and Kazakh stand the English questions of the one under root, beside Kazakh
        the Russian ones too.
        """
        return cls(bank, language, [Bank.load(code, root) for code in BESIDE[language]])

    def find(self, query: str, limit: int = 10) -> list[Hit]:
        """The best cards first; none when no word of the query is like any word of the cards."""
        wanted = self._wanted(query)
        if not wanted:
            return []
        weights = ", ".join(map(str, (0.0, *COLUMNS.values())))
        rarest = sorted(wanted, key=self._rarity, reverse=True)[:RAREST]
        expression = " OR ".join(f'"{stem}"*' for stem in rarest)
        rows = self._database.execute(
            f"SELECT id, -bm25(cards, {weights}) FROM cards WHERE cards MATCH ? ORDER BY 2 DESC LIMIT ?",
            (expression, max(limit, DEPTH)),
        ).fetchall()
        ranked = sorted(((score * self._fit(card, wanted), card) for card, score in rows), reverse=True)
        return [self._hit(card, score, wanted) for score, card in ranked[:limit]]

    def _fit(self, card: str, wanted: list[str]) -> float:
        """How much of what is sought a card's head has, and how near the nearest of its wordings comes (F1, by rarity)."""
        total = sum(map(self._rarity, wanted))
        found = sum(self._rarity(stem) for stem in wanted if stem in self._heads[card]) / total
        nearest = 0.0
        for words in self._wordings[card]:
            shared = sum(self._rarity(stem) for stem in wanted if any(stem in forms for forms in words.values()))
            nearest = max(nearest, 2 * shared / (total + sum(self._rarity(word) for word in words)))
        return FLOOR + found + NEAR * nearest

    def _rarity(self, form: str) -> float:
        return math.log1p(len(self._cards) / (1 + self._common[form]))

    def _wanted(self, query: str) -> list[str]:
        """The stems to look for, without the words that every question has, each as some card has it."""
        words = telling_words(query) or _words(query)
        stems = dict.fromkeys(self._known(self._stem(word)) for word in words)
        return [stem for stem in stems if stem]

    def _known(self, stem: str) -> str:
        """The beginning of a word by which some card is found; "" when no card has a word like it."""
        form = stem[: max(LEAST, math.ceil(self._share * len(stem)))]
        if self._spread[form] or len(form) < LEAST:
            return form if self._spread[form] else ""
        alike = [other for n in range(len(form) - 2, len(form) + 2) for other in self._lengths.get(n, ())]
        nearest = process.extractOne(form, alike, score_cutoff=ALIKE)
        return nearest[0] if nearest else ""

    def _forms(self, stem: str) -> set[str]:
        """What a word of a card is found by: its stem, and each of its longer beginnings."""
        return {stem[:end] for end in range(LEAST, len(stem))} | {stem}

    def _stems(self, text: str) -> list[str]:
        return [self._stem(word) for word in _words(text)]

    def _hit(self, card: str, score: float, wanted: Iterable[str]) -> Hit:
        text = self._cards[card].text
        sentences = [sentence for part in (*text.points, text.answer) for sentence in _SENTENCE.split(_plain(part))]

        def fit(sentence: str) -> int:
            return len(set(wanted) & {form for stem in self._stems(sentence) for form in self._forms(stem)})

        return Hit(card, _plain(text.question), max(sentences, key=fit), round(score, 3))


_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def telling_words(text: str) -> list[str]:
    """The words of a text without those that any question has."""
    return [word for word in _words(text) if word not in STOP]


def asked_words(text: str, language: str) -> list[str]:
    """The stems of a question's telling words."""
    return [_stemmers()[language](word) for word in telling_words(text)]


def stem(word: str, language: str) -> str:
    """A word, in lower case, cut to its stem as a language does."""
    return _stemmers()[language](word)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("ё", "е"))


def _texts(card: Card) -> tuple[str, ...]:
    """A card's text for each of COLUMNS."""
    text = card.text
    bold = re.findall(r"\*\*(.+?)\*\*", "\n".join(text.points))
    terms = " ".join((*bold, *card.facts.tags, card.id.replace("-", " ")))
    return (
        text.question,
        "\n".join(text.asked),
        terms,
        "\n".join(
            word for concept in card.facts.concepts for word in aliases().get(concept, {}).get(card.language, ())
        ),
        "\n".join(text.points),
        text.answer,
        f"{text.explanation}\n{text.pitfalls}",
    )


def _wordings(card: Card) -> tuple[str, ...]:
    """How the question is put."""
    return (card.text.question, *card.text.asked)


def _plain(text: str) -> str:
    return " ".join(text.replace("**", "").replace("`", "").split())


@functools.cache
def _stemmers() -> dict[str, functools._lru_cache_wrapper[str]]:
    """For each language what cuts a word to its stem; a word is cut once."""
    english, russian = snowballstemmer.stemmer("english"), snowballstemmer.stemmer("russian")

    def either(word: str) -> str:
        return str((russian if re.search("[а-я]", word) else english).stemWord(word))

    cut = functools.lru_cache(1 << 16)(either)
    return {"en": cut, "ru": cut, "kk": functools.lru_cache(1 << 16)(kazakh_stem)}


KAZAKH_ENDINGS = """
    лар лер дар дер тар тер ым ім ың ің сы сі ы і мыз міз ымыз іміз ңыз ңіз ыңыз іңіз ларды лерді ның нің дың дің тың
    тің ға ге қа ке на не а е ды ді ты ті ны ні н да де та те нда нде дан ден тан тен нан нен мен бен пен дағы дегі
    тағы тегі ндағы ндегі у ып іп п ған ген қан кен ады еді йды йді атын етін йтын йтін са се сақ сек сам сем сең саң
    май мей бай бей пай пей мау меу мады меді мас мес ар ер р ыл іл ын ін т лық лік дық дік тық тік лы лі сыз сіз
    ша ше дай дей тай тей ма ме ба бе па пе ай ей й уы уі уды уді уға уге удің удың
"""
"""Endings of nouns and verbs, one of which may follow another."""


_ENDINGS = sorted(KAZAKH_ENDINGS.split(), key=len, reverse=True)


def kazakh_stem(word: str) -> str:
    """A Kazakh word without its endings, as long as four letters are left: желілердің to желі."""
    for _ in range(5):
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= LEAST), None)
        if ending is None:
            break
        word = word[: -len(ending)]
    return word
