"""Somebody came to harm, or asks whether something would harm them. Texts come folded (`core.text.fold`).

Harm is a person's at once. A question about a body is answered only from a source that speaks of the same thing.
"""

import re

_WHOM = r"(?:hij[oa]|bebe|nin[oa]|nene|nena|niet[oa]|peque\w*|marido|mujer|espos[oa]|novi[oa]|madre|padre|mama|papa|abuel[oa]|perr[oa]|gat[oa]|filh[oa])"
_PART = r"(?:(?:el|la|los|las|un|una) (?:dedo|dedos|mano|manos|lengua|boca|cara|labios?|piel|brazo|pierna|pie|ojos?|muneca))"
_THING = (
    r"(?:bichos?|gusanos?|insectos?|cucarachas?|larvas?|polillas?|gorgojos?|moho|cristales|vidrios?|"
    r"(?:trozos?|pedazos?|restos?|esquirlas?|fragmentos?|astillas?) de (?:cristal|vidrio|plastico|metal|madera))"
)
_HARM = re.compile(
    # es
    rf"\b(?:acab\w+|termin\w+|ingres\w+|esta|estamos|(?:la|lo|le|me|nos) (?:\w+ que |han |hemos )?llev\w+) (?:\w+ )?(?:en|a|al) (?:el |la )?(?:urgencias|hospital)\b(?! (?:a ver|trabaj))"
    rf"|\b(?:hospitaliz|electrocut)\w+|\b(?:intoxic|envenen)(?:ad[oa]s?|arme|e|amos)\b|\bse (?:me |nos |le )?(?:ha |esta |estaba )?(?:atragant|asfixi|ahog)\w+(?! de)"
    rf"|\bvomit(?:ando|ado|o|e|aron|amos)\b|\bdesmay(?:o|e|ad[oa])\b|\bdiarrea\b|\breaccion alergica\b|\bsangr(?:ando|o mucho)\b|\bno puedo respirar\b"
    rf"|\b(?:mi|su|el|la|nuestr[oa]) {_WHOM} (?:\w+ ){{0,3}}(?:trag(?:o|ado)|atragant\w+)\b|\bme (?:lo |la )?(?:he )?(?:tragado|trague)\b"
    rf"|\b(?:mi|el|la|nuestr[oa]) (?:bebe|perr[oa]|gat[oa]) (?:\w+ ){{0,4}}(?:ha |se )(?:probado|bebido|tomado|comido|comio|bebio|tomo|metio)\b(?! (?:el juguete|la correa))"
    rf"|\bme (?:he )?(?:quemado|queme|cortado|corte)(?=$| con (?!el sol)| {_PART})|\bse (?:me|le|nos) (?:ha |han )?(?:hinch|incendi|explot)\w+|\bempez\w+ a hinchar\w*"
    rf"|\b(?:mi|su) {_WHOM} (?:\w+ )?se (?:ha puesto|puso) (?:muy |bastante )?(?:mal[oa]|malit[oa]|enferm[oa]|fatal)\b"
    rf"|\b(?:me|nos) (?:he |hemos )?(?:puesto|puse|pusimos) (?:muy |bastante )?(?:mal[oa]s?|enferm[oa]s?|fatal) (?:con|por|despues|tras|al)\b"
    rf"|\b(?:me|le|nos) (?:ha dado|dio|ha salido|han salido|salio|salieron) (?:\w+ ){{0,2}}(?:alergia|ronchas|urticaria|sarpullido|erupcion)\b"
    rf"|\b(?:encontr(?:e|o|amos|ado)|habia|salio|salieron|aparecio|aparecieron|venia|venian|traia|vino con|llego con) (?:\w+ ){{0,3}}{_THING}\b"
    # en
    r"|\ballergic reaction\b|\b(?:i|we|he|she) (?:got|felt|was|were|feel|am|is|are) (?:very |really |so )?(?:sick|ill)\b(?! of)|\bmade (?:me|us|him|her) (?:\w+ )?(?:sick|ill)\b|\bcant breathe\b|\bthrowing up\b"
    r"|\b(?:i|he|she|son|daughter|baby|child|kid|dog|cat|they) (?:\w+ )?(?:swallowed|choked)\b|\bchoking\b|\bburn(?:ed|t) (?:myself|my \w+)\b|\b(?:is|are) (?:swelling|swollen)\b"
    r"|\b(?:found|was|were) (?:\w+ ){0,2}(?:bugs?|insects?|worms?|mou?ld|maggots?|(?:piece of )?glass) in\b"
    # pt
    r"|\bpass(?:ei|ou) mal\b|\bengoliu\b|\bme queimei\b|\bpronto socorro\b|\breacao alergica\b|\bvomitando\b|\b(?:tinha|achei|encontrei) (?:\w+ ){0,2}(?:bichos?|inseto|mofo|barata|larvas?|vidro)\b"
)
"""What can hardly be anything else. The rest is told by what it is like (`intents.meant`)."""
_SHOPS = re.compile(
    r"^(?:(?:hola|buenas|oye|disculpa|perdona) )*(?:teneis|tienen|tenes|venden|vendeis|busco)\b(?! que\b)|\b(?:teneis|tienen|tenes|tiene|venden|vendeis|hay|busco)$"
)
"""Asks for goods: «¿venden algo para la diarrea?»."""
_BODY = re.compile(
    r"\b(?:gluten|celiac\w*|coeliac|alerg\w+|allerg\w+|alergen\w*|intoleran\w+|embaraza\w*|gestantes?|gravid\w+|pregnan\w+|lactancia|lactante\w*|amamant\w+|breastfeed\w*|"
    r"dando (?:el )?pecho|medicacion|medicamentos?|medicacao|medication|diabet\w+|hipertens\w+|tension alta|presion alta|cardiac\w+|epilep\w+|lactosa|lactose|gastritis|reflujo|dermatitis|ibuprofeno|paracetamol|antibiotic\w*|"
    r"frutos secos|cacahuetes?|mani|nueces|peanuts?|nuts|soja)\b"
)


def is_harm(folded: str) -> bool:
    """In a question for goods its words are names of things."""
    return _HARM.search(folded) is not None and not _SHOPS.search(folded)


def of_body(folded: str) -> frozenset[str]:
    """What of bodies and diets is named, by the first letters: «alérgico» and «alergia» are one."""
    return frozenset(found.group()[:6] for found in _BODY.finditer(folded))
