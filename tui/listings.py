"""What the listing commands print: tables for people, JSON for programs."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

import demos
from qa_bank.bank import CARDS, concepts, coverage, english_files
from qa_bank.card import LANGUAGES, Card, Problem
from qa_bank.check import KnownDemo
from qa_bank.drill import pose
from qa_bank.log_file import ReviewLogError, newest_backup
from tui import __version__, i18n, paths
from tui.config import Config
from tui.i18n import LEVELS, _, ngettext, topic_text
from tui.launch import open_log
from tui.library import load_bank, load_index
from tui.trouble import error_text, trouble_text


def show_json(value: object) -> None:
    """One JSON value, readable."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def show_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table without boxes, as wide as the terminal; in a pipe, as wide as it needs."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 250)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    console.print(table)


def demo_list(as_json: bool) -> None:
    described = [demos.describe(name) for name in demos.names()]
    if as_json:
        show_json(
            [
                {
                    "name": demo.name,
                    "title": _(demo.title),
                    "about": _(demo.about),
                    "presets": [preset.name for preset in demo.presets],
                    "knobs": [knob.name for knob in demo.knobs],
                }
                for demo in described
            ]
        )
        return
    show_table(
        (_("name"), _("what it shows"), _("presets"), _("knobs")),
        [
            (
                demo.name,
                _(demo.about),
                ", ".join(preset.name for preset in demo.presets),
                ", ".join(knob.name for knob in demo.knobs),
            )
            for demo in described
        ],
    )


def cards_list(topic: str | None, level: str | None, as_json: bool) -> None:
    bank = load_bank(i18n.language())
    cards = [pose(card)[0] for card in bank.select(topic, level)]
    if as_json:
        show_json([_card_facts(card) for card in cards])
    else:
        rows = [(card.id, topic_text(card.topic), _(LEVELS[card.facts.level]), card.text.question) for card in cards]
        show_table((_("id"), _("topic"), _("level"), _("question")), rows)
    for problem in bank.problems:
        sys.stderr.write(problem_text(problem) + "\n")


def _card_facts(card: Card) -> dict[str, Any]:
    path = Path(card.path)
    languages = ["en", *(code for code in LANGUAGES[1:] if path.with_suffix(f".{code}.md").exists())]
    return {
        "id": card.id,
        "topic": card.topic,
        "level": card.facts.level,
        "question": card.text.question,
        "demo": card.facts.demo.name if card.facts.demo else None,
        "languages": languages,
    }


def cards_search(query: str, most: int, as_json: bool) -> int:
    """The cards that answer a question. 1 when there is none."""
    hits = load_index(i18n.language()).find(query, most)
    if as_json:
        show_json(hits)
    elif hits:
        show_table((_("id"), _("question"), _("what it says")), [(hit.card, hit.question, hit.snippet) for hit in hits])
    else:
        sys.stderr.write(_("No card is like that. Try other words, or: viva cards list") + "\n")
    return 0 if hits else 1


def cards_coverage(as_json: bool) -> int:
    """Concepts by level with their cards. 1 when a level at which a concept is asked for has none."""
    bank = load_bank(i18n.language())
    covered = coverage(bank)
    titles = {name: concept.title for topic in concepts().values() for name, concept in topic.items()}
    gaps = [(name, level) for name, levels in covered.items() for level, cards in levels.items() if not cards]
    if as_json:
        show_json([{"concept": name, "title": titles[name], "levels": levels} for name, levels in covered.items()])
    else:
        rows = [
            (name, _(LEVELS[level]), ", ".join(cards) or _("none"))
            for name, levels in covered.items()
            for level, cards in levels.items()
        ]
        show_table((_("concept"), _("level"), _("cards")), rows)
        counts = _("{concepts} concepts, {cards} cards, {gaps} gaps")
        sys.stdout.write(counts.format(concepts=len(covered), cards=len(bank), gaps=len(gaps)) + "\n")
    return 1 if gaps else 0


def cards_show(name: str, as_json: bool) -> None:
    card, _answer = pose(load_bank(i18n.language())[name])
    if as_json:
        show_json(_card_facts(card) | {"facts": card.facts, "text": card.text})
        return
    text = card.text
    points = "\n".join(f"- {point}" for point in text.points)
    parts = [f"# {text.question}", *([text.answer] if text.answer else ())]
    for title, body in (
        (_("Key points"), points),
        (_("Explanation"), text.explanation),
        (_("Pitfalls"), text.pitfalls),
        (_("Code"), text.code),
        (_("In the demo"), text.demo),
        (_("Follow-ups"), "\n".join(f"- {follow_up}" for follow_up in card.facts.follow_ups)),
    ):
        if body:
            parts.append(f"## {title}\n\n{body}")
    source = "\n\n".join(parts)
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        from rich.markdown import Markdown  # 30 ms, and only a terminal can show it

        Console().print(Markdown(source))
    else:
        sys.stdout.write(source + "\n")


def known_demos() -> dict[str, KnownDemo]:
    """What the card checks need to know of the demos."""
    described = {name: demos.describe(name) for name in demos.names()}
    return {
        name: KnownDemo(tuple(preset.name for preset in demo.presets), demo.outcomes)
        for name, demo in described.items()
    }


def cards_check(folder: Path | None, as_json: bool) -> int:
    from qa_bank.check import check

    root = folder or CARDS
    if not root.is_dir():
        sys.stderr.write(_("No such folder: {path}").format(path=root) + "\n")
        return 2
    problems = check(known_demos(), root)
    if as_json:
        show_json([{"path": p.path, "line": p.line, "message": error_text(p)} for p in problems])
    else:
        for problem in problems:
            sys.stdout.write(problem_text(problem) + "\n")
        cards = ngettext("{count} card", "{count} cards", len(english_files(root)))
        found = ngettext("{count} problem", "{count} problems", len(problems))
        sys.stdout.write(f"{cards}, {found}\n")
    return 1 if problems else 0


def problem_text(problem: Problem) -> str:
    return f"{problem.path}:{problem.line}: {error_text(problem)}"


def where(as_json: bool) -> None:
    log = paths.log_path()
    newest = newest_backup(log)
    places = {
        "data": str(paths.data_dir()),
        "log": str(log),
        "newest_backup": str(newest) if newest else None,
        "config": str(paths.config_path()),
        "cards": str(CARDS),
        "decks": str(paths.decks_dir()),
    }
    if as_json:
        show_json(places)
    else:
        show_table(("", ""), [(name, place or "–") for name, place in places.items()])


def doctor(config: Config, as_json: bool) -> int:
    """Everything that a bug report needs. 1 when something does not work."""
    packages: dict[str, str | None] = {}
    for name in ("torch", "textual", "rich", "typer", "msgspec", "fsrs", "numpy"):
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = None
    log_state = "ok"
    try:
        open_log(config).close()
    except ReviewLogError as error:
        log_state = trouble_text(error)
    worker = asyncio.run(_worker())
    bank = load_bank(i18n.language())
    facts: dict[str, Any] = {
        "viva": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": packages,
        "devices": worker["devices"],
        "worker": worker["state"],
        "device_wanted": config.device,
        "log": str(paths.log_path()),
        "log_state": log_state,
        "config": str(paths.config_path()),
        "cards": len(bank),
        "cards_unreadable": [str(problem) for problem in bank.problems],
        "terminal": {
            "TERM": os.environ.get("TERM"),
            "COLORTERM": os.environ.get("COLORTERM"),
            "NO_COLOR": "NO_COLOR" in os.environ,
            "size": list(_terminal_size()),
            "encoding": sys.stdout.encoding,
        },
        "language": i18n.language(),
    }
    healthy = log_state == "ok" and worker["state"] == "ok" and not bank.problems
    if as_json:
        show_json(facts)
    else:
        rows = []
        for name, value in facts.items():
            if isinstance(value, dict):
                rows += [(f"{name}.{key}", str(inner)) for key, inner in value.items()]
            else:
                rows.append((name, ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)))
        show_table(("", ""), rows)
    return 0 if healthy else 1


def _terminal_size() -> tuple[int, int]:
    try:
        return os.get_terminal_size()
    except OSError:
        return (0, 0)


async def _worker() -> dict[str, Any]:
    """What a worker says of itself; or why it says nothing."""
    from demos.client import DemoClient

    client = await DemoClient.open()
    try:
        async with asyncio.timeout(60):
            async for report in client.reports():
                if report.ready is not None:
                    return {"state": "ok", "devices": report.ready.devices}
                if report.failed is not None:
                    return {"state": f"{report.failed.text} {report.failed.details}", "devices": ()}
    except TimeoutError:
        return {"state": "no answer in 60 s", "devices": ()}
    finally:
        await client.close()
    return {"state": "gone", "devices": ()}
