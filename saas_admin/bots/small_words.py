"""Words that claim nothing about a shop by themselves. What is not in here has to stand in the sources.

Left out on purpose: whatever decides a matter, such as all, only, always, before, after, more expensive, free, safe.
"""

import re

from saas_admin.bots.plain import folded


def _listed(words: str) -> frozenset[str]:
    return frozenset(folded(words).split())


_FUNCTION = _listed(
    """
    a al algo algún alguna algunas alguno algunos ante aquel aquella aquello así aun aún aunque bien cada como con contra
    cual cuál cuales cuáles cuando cuándo cuanto cuánto cuanta cuanta cuántos cuántas de del desde donde dónde dos e el
    él ella ellas ellos ello en entonces entre era eran es esa esas ese eso esos esta estas este esto estos está están
    estén esté estos fue gran ha han haya hacia hasta la las le les lo los más me mi mis misma mismas mismo mismos mucho mucha muchos muchas muy
    nos nosotros nosotras nuestra nuestras nuestro nuestros o os para pero por porque pues que qué
    quien quién quienes se sea sean según ser si sí siguiente siguientes sino sobre son su sus suya suyo suyos también
    tan tanto tanta te ti tu tú tus tuyo tuya un una unas uno unos usted ustedes vos vosotros vuestra vuestras vuestro
    vuestros y ya yo además asimismo igualmente luego mientras modo ahora aquí acá allí ahí ese cuyo cuya
    todavía aproximadamente alrededor cerca no nunca ni tampoco jamás sin fuera salvo excepto menos
    the an and or but if of to in on at by for from with as is are was be been it its this that these those our us you
    your i my he she they them their into about so then also just here there who what which when where how while until
    not never without except yes sim course
    you'll we'll you're you've it's that's there's we're we've they're here's i'm don't doesn't didn't can't isn't aren't won't
    o os as um uma e de da do das dos em no na nos nas para por com que se seu sua você vocês nosso nossa nossos nossas
    é são está estão mais também não nem sem ou ao aos à às isso este esta
    """
)
VERBS = _listed(
    """
    ser soy eres sois somos estar estoy estás estáis estamos estaba será serán sería sido siendo estará estarán
    haber hay habrá había habido tener tengo tienes tenés tiene tienen tenéis tenemos tenga tengas tengan tenía tendrá
    tendrás tendrán tendremos hacer hago haces hacés hace hacen hacéis hacemos haga hagas hagan hazlo hará harán hacerlo
    hacerla haciendo poder puedo puedes podés puede pueden podéis podemos pueda puedas puedan podrá podrás podrán podría
    podrías podrían podríamos debe debes debés deben debemos deber quiere quieres querés quieren queréis quiera quieras
    quieran querría desea deseas desean desee ir va van vas vamos vaya vayas dar da das damos dan den darte darle
    decir di dice dicen dinos díganos decinos dime díganme decidnos dígame digan diga decirnos cuéntanos cuéntenos
    contanos cuéntame dímelo dínoslo dínosla indícanoslo mándanoslo mándanosla envíanoslo pásanoslo ofrece ofrecen ofrecemos ofrecerte ofrecerle acepta aceptan aceptamos aceptáis admite admiten
    admitimos recomienda recomiendan recomiendo aconsejo sugiero recomendamos recomendarte recomendable aconsejamos sugerimos indica indícanos
    indíquenos indicanos indicándonos necesita necesitas necesitás necesitan necesitamos necesites necesite dispone
    disponen disponemos realiza realizan realizamos realice realizas permite permiten permitimos existe existen basta
    deja déjanos dejanos déjenos dejas trata sabe sabes saber conoce conocer facilita facilítanos facilítenos
    cuenta contamos encargamos ocupamos queda quedan
    prefiere prefieres preferís prefieren preferir
    trabajamos trabajar viene vienen venga ten tenga tené recuerda recuerde recordá comprueba compruebe comprobá revisa
    revise revisá verifica verifique mira fíjate fíjese espera espere intenta intente asegúrate visita visítanos llama
    llame llámanos llámenos llamar llamarnos llamanos mándanos mándenos mandanos envíanos envíenos envianos pásanos
    respóndenos confírmanos escríbenos escríbanos escribinos escribirnos contáctanos contactarnos contactar mandarnos
    enviarnos enviándonos escribiéndonos llamándonos acércate pásate ven tomar
    incluye incluyen cuesta cuestan costará costaría costar costo vale valen precio tarda tardan tardará tardar demora demoran llega llegas llegan llegues llegue llegará
    llegar partir dura duran ver verlo verla verlos mira mirar mirarlo consultar consultarlo encontrar encontrarlo
    encontrarás encontrará encuentras encuentra encuentre encontrarnos aparecer aparece reflejarse mire hecho hecha hechos
    hechas usa use usamos pedido pedidos compra compras coste costes plazo
    take takes cost costs arrive arrives
    do does did can could will would may might has have had get offer offers accept accepts need needs want wants let
    pode podem podemos tem temos têm há ter fazer faz fazemos oferecemos aceitamos precisa quer gostaria
    """
)
_ABSTRACT = _listed(
    """
    opción opciones forma formas manera maneras modalidad tipo tipos caso casos cosa cosas detalle detalles tema
    información dato datos posible posibles posibilidad disponemos respecto cuanto relación actualmente normalmente
    generalmente directamente simplemente sencillamente efectivamente concretamente respuesta necesario necesaria
    uses utilices durante través falta lado parte cuestión way ways option options kind
    """
)
_COURTESY = _listed(
    """
    hola buenas buenos días tardes noches gracias favor saludo saludos claro perfecto genial vale encantado encantada
    encantados encantadas gusto placer siento sentimos lamento lamentamos lamentablemente desgraciadamente perdona perdone
    disculpa disculpe disculpas molestia molestias inconveniente ocurrido sucedido ayudar ayuda ayudarte ayudarle ayudaros
    ayudo ayudamos consulta pregunta preguntas preguntar preguntarnos duda dudas dudes dude disposición quedo quedamos
    avísame avísanos avísenos escríbeme interés
    hello hi thanks thank please sure glad happy help sorry unfortunately welcome know question questions
    olá obrigado obrigada ajudar ajuda claro infelizmente desculpe prazer
    """
)
SMALL = _FUNCTION | VERBS | _ABSTRACT | _COURTESY


def is_small(word: str) -> bool:
    return len(word) < 3 or word in SMALL


def is_courtesy(words: list[str]) -> bool:
    return any(word in _COURTESY for word in words)


def claims_something(words: list[str]) -> bool:
    """Small words alone can still answer: «lo tenemos», «se puede»."""
    return any(word in VERBS for word in words) and not is_courtesy(words)


UNDER = (
    r"(?:por debajo(?: de es[ea] (?:importe|cantidad|cifra|minimo|compra))?"
    r"|si (?:tu (?:pedido|compra) )?no (?:se )?(?:llega|alcanza|supera)\w*(?: (?:a )?es[ea] (?:importe|cantidad|cifra"
    r"|minimo|compra)|(?= *,)))"
)
"""Below a sum that was named before."""
_LINKING = (
    r"\b(?:en cambio|por (?:otr[oa]|un[oa]) (?:lado|parte)|por (?:lo )?tanto|por cierto|eso si|de hecho|sin embargo|no obstante"
    r"|como dato|en ese caso|en cuanto a|tal y como|a su vez|ante todo|te (?:cuento|explico)|en concreto|por ejemplo|en realidad"
    r"|en efecto|que sepas que|ya ves que|por desgracia|(?:por el|al) contrario|en su lugar|en resumen|basicamente|buena pregunta"
    r"|al respecto|sobre es[eo] punto|de todos modos|hoy en dia|hasta la fecha|a continuacion|por lo demas|si te parece"
    r"|si te viene mejor|as well as|as well|however|by the way|in that case|keep in mind(?: that)?|(?:please )?note that|for example"
    r"|instead|feel free to)\b"
)
"""What joins one statement to another and adds nothing: «el bálsamo, en cambio, …». Not «en cualquier caso», which generalises."""
_WANTING = (
    r"(?<=\bsi )(?:l[oa]s? |te |le |os |les )?(?:que )?(?:busc\w+|quier\w+|prefier\w+|apetec\w+|necesit\w+|interes\w+)"
    r"(?: es)?(?: (?:preparar|hacer|tomar|tener|algo))?\b"
)
"""What a customer may want, in a condition: it says nothing of the shop."""
IDIOMS = re.compile(
    rf"{UNDER}(?![^.;:]*(?:gratis|gratuit|sin co))(?=[^.;:]*\d)|{_LINKING}|{_WANTING}|"
    r"\bno (?:te |se |os )?(?:dudes|dude|duden|preocupes|preocupe)(?: en)?\b|\bpor que no\b"
    r"|\b(?:cualquier|alguna?) (?:otra )?(?:duda|consulta|cosa|pregunta)(?: mas)?\b|\balgo mas\b"
    r"|\b(?:solo|solamente|unicamente|tan solo) (?:tienes|tenes|tiene|teneis|tienen|hay|necesitas|debes|hace falta|dinos"
    r"|díganos|decinos|escribenos|indicanos|mandanos|envianos)(?: que)?\b|\bprueb[ae] a\b|\bmejor(?= no\b)"
    r"|\b(?:es mejor|lo mejor es|mejor|conviene)\b(?= (?:que |\w+[aei]r))|\bde momento\b|\b(?:por el|en este) momento\b|\bpor ahora\b"
    r"|\ba (?:tu|su|vuestra) disposicion\b|\bpor supuesto\b|\basi es\b|\bpor favor\b|\bsin problemas?\b|(?<=\bsin )(?:usar|utilizar)(?= (?!y\b|ni\b|o\b|con\b)\w)|\bsalen?(?= (?:por |a |en )?[\d$€])|\bno deseado\b|\bde nuevo\b|\bsiempre (?:que|y cuando)\b|(?<=\bcita )previa\b|\bdentro de l[oa]s (?=\d)|\bcon notas (?:a|de)\b|\b(?:varias|distintas|diferentes|ambas|las dos) (?=formas|maneras|opciones|modalidades)"
    r"|\bnos (?:l[oa]s? )?(?:dices|decis|avisas|escribes|mandas|envias|pasas)\b|(?<=\bestamos )(?:situados|ubicados)\b|\bpor si acaso\b"
)
