"""The forms of an English word, made from the one that a dictionary has: its plural, its past, its participles.

By rule and by a list of those that follow none; no model and no list of words is needed, since only the forms that a
corpus has are looked for, and what the rules make too much of stands in no text.
"""

import re

VOWELS = "aeiou"
IRREGULAR = """
be am is are was were been being; have has had having; do does did done doing; go goes went gone; say says said; make
made; get got gotten; know knew known; take took taken; see saw seen; come came; think thought; give gave given; find
found; tell told; become became; leave left; feel felt; bring brought; begin began begun beginning; keep kept; hold
held; write wrote written; stand stood; hear heard; let; mean meant; set; meet met; run ran; pay paid; sit sat; speak
spoke spoken; lie lay lain; lead led; read; grow grew grown; lose lost; fall fell fallen; send sent; build built;
understand understood; draw drew drawn; break broke broken; spend spent; cut; rise rose risen; drive drove driven; buy
bought; wear wore worn; choose chose chosen; seek sought; throw threw thrown; catch caught; deal dealt; win won;
forget forgot forgotten forgetting; lay laid; sell sold; fight fought; bear bore borne born; teach taught; eat ate
eaten; sing sang sung; strike struck stricken; hang hung; shake shook shaken; ride rode ridden; feed fed; shoot shot;
drink drank drunk; hit; arise arose arisen; fly flew flown; spread; sleep slept; cost; beat beaten; light lit; bind
bound; cast; hide hid hidden; swing swung; sink sank sunk; wake woke woken; blow blew blown; bite bit bitten; dig dug;
freeze froze frozen; steal stole stolen; tear tore torn; swear swore sworn; swim swam swum; spring sprang sprung; ring
rang rung; stick stuck; sweep swept; shut; split; spin spun; weave wove woven; wind wound; bend bent; lend lent; bleed
bled; breed bred; creep crept; flee fled; forbid forbade forbidden; forgive forgave forgiven; grind ground; kneel
knelt; leap leapt; learn learnt; burn burnt; dream dreamt; dwell dwelt; shine shone; shrink shrank shrunk; slide slid;
spit spat; sting stung; stink stank stunk; strive strove striven; weep wept; withdraw withdrew withdrawn; undergo
undergoes underwent undergone; overcome overcame; undertake undertook undertaken; put; hurt; quit; bet; burst; can
could; will would; shall should; may might; man men; woman women; child children; foot feet; tooth teeth; goose geese;
mouse mice; louse lice; ox oxen; person people; die dice; penny pence; index indices; matrix matrices; axis axes;
crisis crises; analysis analyses; basis bases; thesis theses; phenomenon phenomena; criterion criteria; medium media;
datum data; bacterium bacteria; nucleus nuclei; stimulus stimuli; cactus cacti; fungus fungi; radius radii; formula
formulae; sheep; deer; fish; series; species
"""
_LISTED = {forms.split()[0]: tuple(forms.split()[1:]) for forms in IRREGULAR.split(";")}


def forms(word: str) -> list[str]:
    """A word and its forms, the word itself first; regular ones are given of irregular words too (lights, lighted).

    >>> forms("bank")
    ['bank', 'banks', 'banked', 'banking', "bank's", 'bank’s']
    """
    made = [word, *_LISTED.get(word.lower(), ()), _plural(word), *_verb(word), *_lengthened(word)]
    return list(dict.fromkeys([*made, f"{word}'s", f"{word}’s"]))


def inflected(query: str) -> str:
    """A query of words with every plain word of it as any of its forms: "bank" is "bank|banks|banked|…"."""
    return re.sub(r"[^\s|]+", lambda found: _any(found[0]), query)


def _any(part: str) -> str:
    return "|".join(forms(part)) if re.fullmatch(r"[A-Za-z][A-Za-z-]+", part) else part


def _plural(word: str) -> str:
    if re.search(r"(s|x|z|ch|sh)$", word):
        return f"{word}es"
    return f"{word[:-1]}ies" if _after_consonant(word, "y") else f"{word}s"


def _verb(word: str) -> list[str]:
    """Its past and its participle; with the last letter twice too, where it may be (bat: batted)."""
    if word.endswith("ie"):
        return [f"{word}d", f"{word[:-2]}ying"]
    if word.endswith("e"):
        return [f"{word}d", f"{word if word.endswith(('ee', 'oe', 'ye')) else word[:-1]}ing"]
    return [f"{word[:-1]}ied" if _after_consonant(word, "y") else f"{word}ed", f"{word}ing"]


def _lengthened(word: str) -> list[str]:
    """Forms with another stem: with the last consonant twice, or -ves of -f and -fe, or -oes."""
    if re.search(f"[^{VOWELS}][{VOWELS}][^{VOWELS}wxy]$", word):
        return [f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"]
    if word.endswith(("f", "fe")):
        return [f"{word.removesuffix('e')[:-1]}ves"]
    return [f"{word}es"] if word.endswith("o") else []


def _after_consonant(word: str, end: str) -> bool:
    return word.endswith(end) and word[-2:-1] not in (*VOWELS, "")
