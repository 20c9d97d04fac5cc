"""A synthetic crawl: WARC files of news pages in the dress that outlets serve, of which a given share is about a conflict.

    python benchmarks/speed/crawl.py FOLDER --records 4000 --files 4 [--conflict 0.05] [--seed 1]

Every sentence is made here, from words about invented towns: of strikes, clashes and talks on pages of conflict, and of what
surrounds them there; of matches, markets, schools, recipes and weather on the others, some of which use words of force as sports
pages do. Pages of other languages, errors, redirects, pictures and copies stand among them, as in a crawl. A page of conflict has
some 2,400 characters and 8 events to a thousand of them, as reports of wire services have.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

TOWNS = (
    "Marzan Harim Qasra Deiba Tell-Omar Karsha Belun Ostrava-Kul Nawar Sefid Dorna Zeyra Kuhan Malesh Torvik".split()
)
GROUPS = [
    "the army",
    "rebels",
    "the Northern Front",
    "government forces",
    "the Karsha Brigade",
    "militiamen",
    "a militia",
    "troops",
]
WAR = [
    "{g} shelled the market of {t} on {d}, killing {n} people, a doctor at the hospital said.",
    "An air strike hit a school in {t}, wounding at least {n} civilians, residents said.",
    "{g} and fighters of the {t} Council clashed for hours near the bridge; {n} soldiers were killed.",
    "The United Nations said {n}00 families had fled {t} since the offensive began.",
    "{g} denied firing rockets at {t} and blamed the other side for the attack.",
    "A car bomb exploded outside the governor's office in {t}, and {n} people were injured, police said.",
    "{g} seized {t} after a siege of {n} weeks, the defence ministry announced.",
    "Negotiators will meet in {t} next week to discuss a ceasefire, the foreign ministry said.",
    "Two journalists were abducted by gunmen on the road to {t}, their newspaper reported.",
]
AROUND = [  # what else such pages are made of: as many events to a thousand characters as on real ones, some ten
    "“We have lived in {t} for {n} years and we do not want to leave our olive trees”, a farmer told this newspaper by telephone.",
    "Bread is sold from the back of a lorry in the mornings, and the queues reach as far as the old railway station.",
    "The road between {t} and the coast is long and narrow, and few lorries use it after dark because of the mud.",
    "The governor of {t}, who took office in the spring, has not spoken to reporters for {n} days.",
    "Most schools in {t} are open only until noon, and many of the teachers have had no pay for {n} weeks.",
    "The town lies at the foot of the hills, some {n} kilometres from the border, and was known for its glass.",
    "Diplomats say that both sides are tired, but that neither knows how to explain a step back to its own people.",
    "It was not possible to reach {t} by telephone, since the lines have been down for {n} hours.",
    "The price of a sack of flour in {t} is now {n} times what it was a year ago, traders say.",
]
PEACE = [
    "The {t} club beat its rivals by {n} goals after the striker fired the ball past the keeper.",
    "House prices in {t} rose by {n} percent, the statistics office of the city said.",
    "Stir the flour into the butter, add {n} spoons of sugar and bake the dough until it is golden.",
    "The museum of {t} opens a show of {n} paintings by local artists this weekend.",
    "Pupils of the school in {t} planted {n} trees along the river with their teachers.",
    "The company plans to open {n} shops in {t} and to hire drivers for its new service.",
    "Clouds will clear in {t} by noon, with {n} degrees in the shade and a light wind from the west.",
    "Her new album holds {n} songs, and the tour begins in {t} in the spring.",
    "The council of {t} voted to repair {n} roads and to paint the old bridge.",
    "Readers can choose among {n} phones, of which the cheapest has the better battery.",
]
FOREIGN = [
    "El ayuntamiento de {t} aprobó ayer {n} obras nuevas para el barrio antiguo de la ciudad.",
    "Die Stadt {t} hat gestern {n} neue Wohnungen am Fluss eröffnet, sagte der Bürgermeister.",
    "Le conseil municipal de {t} a voté hier {n} projets pour les écoles du quartier.",
]
MENU = "".join(
    f'<li><a href="/{name}">{name.title()}</a></li>'
    for name in "home world politics business sport culture weather video opinion".split()
)
SCRIPT = (
    "<script>"
    + "window.data=window.data||[];function track(e){data.push({event:e,at:Date.now()})};" * 220
    + "</script>"
)
STYLE = "<style>" + ".card{margin:0;padding:4px 8px;border:1px solid #ddd;display:flex}" * 300 + "</style>"


def page(rows: random.Random, kind: str, number: int) -> bytes:
    """A page of so many paragraphs of one kind, with its menu, teasers and scripts."""
    lines = {"war": WAR + AROUND, "peace": PEACE, "foreign": FOREIGN}[kind]

    def line() -> str:
        return rows.choice(lines).format(
            t=rows.choice(TOWNS),
            g=rows.choice(GROUPS),
            d=rows.choice(("Monday", "Tuesday", "Friday")),
            n=rows.randint(2, 40),
        )

    def upper(text: str) -> str:
        return text[:1].upper() + text[1:]

    title = upper(
        rows.choice(lines[: len(WAR)] if kind == "war" else lines).format(
            t=rows.choice(TOWNS), g=rows.choice(GROUPS), d="Monday", n=rows.randint(2, 40)
        )
    )
    body = "".join(
        f"<p>{' '.join(upper(line()) for _ in range(rows.randint(2, 4)))}</p>" for _ in range(rows.randint(4, 12))
    )
    teasers = "".join(
        f'<li><a href="/a/{rows.randint(1, 9**9)}">{upper(rows.choice(PEACE).format(t=rows.choice(TOWNS), n=3))}</a></li>'
        for _ in range(8)
    )
    day = f"2024-03-{rows.randint(1, 28):02d}"
    lang = "en" if kind != "foreign" else "xx"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{day}T08:00:00Z">{STYLE}{SCRIPT}</head><body><nav><ul>{MENU}</ul></nav>'
        f"<article><h1>{title}</h1><p>Page {number}.</p>{body}</article><aside><h3>Read also</h3><ul>{teasers}</ul></aside>"
        f"<footer>All rights reserved.</footer>{SCRIPT}</body></html>"
    ).encode()


def write(folder: Path, records: int, files: int, conflict: float, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for part in range(files):
        rows = random.Random(seed * 1000 + part)
        with (folder / f"crawl-{part:03d}.warc.gz").open("wb") as raw:
            stream = GzipWriter(raw)
            for number in range(records // files):
                _record(rows, part * 10**6 + number, conflict).write(stream)
            stream.close()


def _record(rows: random.Random, number: int, conflict: float) -> WarcRecord:
    draw = rows.random()
    kind = "war" if draw < conflict else "foreign" if draw < conflict + 0.2 else "peace"
    status, media = ("200 OK", "text/html; charset=utf-8")
    content = page(rows, kind, number)
    if draw > 0.97:
        status, content = "404 Not Found", b"<html><body>Not found</body></html>"
    elif draw > 0.95:
        media, content = "image/png", b"\x89PNG" + bytes(4000)
    record = WarcRecord()
    record.init_headers(record_type=WarcRecordType.response)
    record.headers["WARC-Target-URI"] = f"https://news{number % 40}.example/a/{number}"
    record.headers["WARC-Date"] = "2024-03-30T00:00:00Z"
    record.headers["WARC-Record-ID"] = f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>"
    record.headers["Content-Type"] = "application/http; msgtype=response"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    record.set_bytes_content(head + content)
    return record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=4000)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--conflict", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    write(chosen.folder, chosen.records, chosen.files, chosen.conflict, chosen.seed)


if __name__ == "__main__":
    main()
