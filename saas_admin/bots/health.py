"""Somebody came to harm, or asks whether something would harm them. Texts come folded (`core.text.fold`).

Harm is a person's at once. A question about a body is answered only from a source that speaks of the same thing.
"""

import re

_HARM = re.compile(
    # es
    r"\b(?:acab\w+|termin\w+|fui|fuimos|voy|vamos|ir|estoy|estuv\w+|ingres\w+|(?:la|lo|le|me|nos) llev\w+) (?:\w+ ){0,3}(?:urgencias|hospital)\b|\bhospitaliz\w+|\b(?:intoxic|envenen|atragant|asfixi|electrocut|vomit|desmay)\w+|\bdiarrea\b|\breaccion alergica\b"
    r"|\b(?:me|se|nos|le) (?:lo |la |los )?(?:ha |he |hemos |han |habia )?(?:tragado|trago)\b|\bme (?:he )?(?:quemado|queme|cortado|corte|lesionado|lesione)\b"
    r"|\b(?:me|nos|le|les) (?:ha |he |hemos |han )?(?:puesto|puse|pusimos|puso|sentado|sento|sintio|senti|sentido|caido|cayo) (?:muy |fatal|bastante |super )?(?:mal[oa]?s?|fatal|enferm\w+)\b"
    r"|\b(?:me|le|nos) (?:ha dado|dio|ha salido|han salido|salio|salieron) (?:\w+ ){0,2}(?:alergia|ronchas|urticaria|sarpullido|granos)\b"
    r"|\bmi (?:bebe|hij[oa]|nin[oa]|perr[oa]|gat[oa]) (?:\w+ ){0,4}(?:ha |se )(?:probado|bebido|comido|tomado|comio|bebio|tomo)\b"
    r"|\b(?:trozos?|pedazos?|restos?|esquirlas?|fragmentos?|astillas?) de (?:cristal|vidrio|plastico|metal|madera)\b"
    r"|\b(?:habia|hay|encontr\w+|salio|salieron|sale|salen|aparecio|venia|venian|trae|traia|llen[oa] de|vino con|llego con|con) (?:\w+ ){0,2}(?:bichos?|gusanos?|insectos?|cucarachas?|larvas?|polillas?|gorgojos?|moho|hongos|cristales|vidrios)\b"
    # en
    r"|\bfood poisoning\b|\b(?:made|got|feel|felt|been) (?:me |us |very |really )?(?:sick|ill)\b|\b(?:i|he|she|son|daughter|baby|child|kid|dog|cat|they) (?:\w+ )?(?:swallowed|choked)\b|\bchoking\b|\b(?:burn(?:ed|t)|cut) (?:myself|my (?:hand|finger|face|mouth))\b"
    r"|\ballergic reaction\b|\b(?:found|was|is|were) (?:\w+ ){0,2}(?:bugs?|insects?|worms?|mou?ld|maggots?|(?:piece of )?glass) in\b"
    # pt
    r"|\bpass(?:ei|ou) mal\b|\bengoliu\b|\bme queimei\b|\bpronto socorro\b|\breacao alergica\b|\b(?:tinha|achei|encontrei|veio com) (?:\w+ ){0,2}(?:bichos?|inseto|mofo|barata|larvas?|vidro)\b"
)
_BODY = re.compile(
    r"\b(?:gluten|celiac\w*|coeliac|alerg\w+|allerg\w+|alergen\w*|intoleran\w+|embaraza\w*|gestantes?|gravid\w+|pregnan\w+|lactancia|lactante\w*|amamant\w+|breastfeed\w*|"
    r"dando (?:el )?pecho|medicacion|medicamentos?|medicacao|medication|diabet\w+|hipertens\w+|tension alta|presion alta|cardiac\w+|epilep\w+|lactosa|lactose|"
    r"frutos secos|cacahuetes?|mani|nueces|peanuts?|nuts|soja)\b"
)


def is_harm(folded: str) -> bool:
    return _HARM.search(folded) is not None


def of_body(folded: str) -> frozenset[str]:
    """What of bodies and diets is named, by the first letters: «alérgico» and «alergia» are one."""
    return frozenset(found.group()[:6] for found in _BODY.finditer(folded))
