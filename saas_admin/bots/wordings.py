"""How people ask for a person, curse the shop or say that an answer was none, in es, en and pt. Texts come folded.

Firm wordings are addressed to us. Loose ones may as well be a question of the shop's business: who delivers calls, a
voucher is for another person, a complaint has a procedure.
"""

import re


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


# Who is wanted. Words for anybody at all want more around them than words for staff.
_ANYBODY = (
    r"(?:personas?|per?s[ou]?na|presona|perosna|alguien|algien|alguin|alguein|alguno|human[oa]s?|uman[oa]s?|humno|humnao|ser(?:es)? humanos?|"
    r"gente|pessoas?|alguem|person|people|humans?|human being|someone|somebody|anyone|anybody|some one)"
)
_STAFF = (
    r"(?:agentes?|ajente|asesora?s?|asesores|acesora?|asesro|asistentes? human[oa]|operadora?|ejecutiv[oa]s?|representantes?|encargad[oa]s?|vendedora?|"
    r"duen[oa]s?|gerente|supervisora?|jef[ea]|responsable|recepcionista|teleoperadora?|dependient[ea]|companer[oa]s?|moderadora?|admin|"
    r"administradora?|colaboradora?|empleado|empleada|personal(?= (?:de|del|human))|especialista|tecnic[oa]|comercial|servicio al cliente|servicio a clientes|atencion al cliente|"
    r"atencion a clientes|soporte(?: tecnico)?|ventas|post ?venta|facturacion|atendentes?|vendedora?|dono|dona|suporte|sac|"
    r"agents?|representative|rep|operator|manager|supervisor|advisor|adviser|staff|(?:team|staff) member|customer (?:service|care|support)|"
    r"(?:your|the|tu|su|vuestro|el) (?:team|support|boss|owner|equipo))"
)
_WHO = rf"(?:{_ANYBODY}|{_STAFF})"
_OF_THEM = (
    r"(?:(?:un|una|uma|um|el|la|los|las|o|a|an|the|algun|alguna|algum|alguma|otr[oa]|outr[oa]|tu|su|vuestr[oa]|nuestr[oa]|your|real|"
    r"actual|live|proper|verdader[oa]|another|area de|departamento de|persona|person|some|any|de) ){0,3}"
)
_REAL = r"(?:real|reales|de verdad|de verdade|posta|human[oa]s?|de carne y hueso|de carne e osso|viv[oa]|en vivo|en persona)"
_PLEASE = (
    r"(?:por fa\w*|porfa\w*|porfis|pf|plis|pls|plz|please|ya|ya mismo|ahora|ahora mismo|ahorita|aqui|aca|ahi|urgente(?:mente)?|urgent(?:ly)?|"
    r"cuanto antes|lo antes posible|inmediatamente|de inmediato|gracias|wey|guey|we|che|loco|parce|tio|hermano|amigo|now|right now|asap|"
    r"instead|thanks|agora|por gentileza|obrigad[oa]|verdad)"
)
_NO_BOT = r"(?:y |and |e |que )?(?:no|not|nao|en vez|en lugar|instead)\b"
_SO_IT_IS_US = (
    rf"(?=$| {_PLEASE}\b| {_REAL}\b| {_NO_BOT}| (?:que|q|who|that) (?:me|nos|pueda|puede|sepa|entienda|hable|resuelva|solucione|can|knows|speaks|will)\b|"
    r" (?:para|pra) (?:hablar|que me|que nos|poder|resolver|ayudarme|explicar|falar)| to (?:talk|help|speak|chat|assist|answer|call)|"
    r" (?:del|de el|de la|de tu|de su|de vuestro|do|da|from the|from your|on the|at the) (?:equipo|area|local|negocio|departamento|tienda|empresa|team|loja|line|store|shop)|"
    r" de (?:ustedes|vosotros|ventas|soporte|atencion|carne|facturacion|postventa)| con (?:quien|urgencia)| (?:y|o|and|or|porque|pq|because|pero|but)\b)"
)
_WISH = (
    r"(?:vull|voldria|quiero|kiero|qiero|quier|quieor|quisiera|quisieramos|queremos|queria|querria|necesito|necesitamos|nesesito|necesitaria|prefiero|preferiria|deseo|"
    r"exijo|solicito|requiero|ocupo|me urge|urge|me gustaria|pido|pedi|puedo|podria|podriamos|podemos|puedo yo|se puede|es posible|seria posible|"
    r"hay (?:forma|manera|modo|chance|posibilidad) de|como (?:puedo|hago para|hago pa|hacemos para)|dejame|dejenme|dejeme|permitame|"
    r"quero|queria|gostaria de|preciso|prefiro|posso|poderia|da pra|tem como|consigo|"
    r"want|need|like|prefer|can i|could i|may i|can we|let me|id like|id rather|i wanna|gotta|wish|how (?:do|can) i|trying|possible|rather)"
)
_TALK = (
    r"(?:h?ablar(?:le|me|lo|nos)?|habalr|havlar|hablr|charlar|platicar|comunicar(?:me|nos)?|contactar(?:me|nos)?|contacto|ponerme en contacto|entrar en contacto|"
    r"chatear|conversar|tratar(?:lo)?|dialogar|consultar(?:lo|le)?|parlar|hablo|seguir|atenderme|resolverlo|verlo|explicarselo|"
    r"falar|conversar|tratar|talk|speak|speek|chat|connect|get in touch|get through|contact|reach|deal|be connected|be transferred|be put through)"
)
_HAND_ON = (
    r"(?:me |nos )?(?:(?:puede[ns]?|podes|podeis|podria[ns]?|podriais|pode|poderia|can you|could you|please|quiero que|necesito que|que) (?:me |nos )?)?"
    r"(?:pas(?:a|as|ais|an|e|es|en|ar|ame|anos|adme|adnos|enme|ennos|eme|arme|arnos|aria|arias|o)|"
    r"comuni(?:ca|cas|cais|can|que|quen|came|canos|queme|quenme|carme|car|cadme|carias|caria)|"
    r"pon(?:me|ganme|edme|game|erme|er|es|en|eis|s|ga|gan)|pone(?:me|s|n)?|"
    r"deriv(?:a|as|ais|an|e|en|es|ame|eme|enme|anos|arme|ar|adme)|transf(?:ier[ae]\w*|erirme|erir|erime|eri[s]?)|"
    r"conect(?:a|as|an|e|en|ame|eme|enme|arme|ar)|contact(?:a|as|ame|eme|enme|adme|arme)|enlaz(?:ame|a)|enlac(?:eme|e)|comunic)"
)
_ATTEND = (
    r"(?:atiend[ae]n?|atend(?:a|er|es|eis|an)|ayud[ae]n?|ayudar|contest[ae]n?|contestar|respond[ae]n?|responder|llam[ae]n?|llamar|habl[ae]n?|marqu?[ae]n?|contact[ae]n?|contactar|"
    r"escrib[ae]n?|expli(?:que|car)|resuelv[ae]|resolver|solucion[ae]|revis[ae]|atienda|atenda|ajud[ae]|ajudar|oriente|asesore|asesorar)"
)
_HELLO = (
    r"(?:(?:hola|buenas|buenos dias|buen dia|buenas tardes|buenas noches|oi|ola|hi|hey|hello|por favor|porfa|porfavor|please|pls|ok|no|si|ya|pero|mejor|solo|"
    r"vos no|tu no|disculpe?|oiga|oye|che|a ver|bueno|entonces|es que|urgente|quiero|que|bom dia|boa tarde|boa noite|eu|i|just|ey) )*"
)
_BOT = r"(?:bots?|robots?|robos?|chat ?bots?|contestadora?s?|maquinas?|maquinitas?|ia|inteligencia artificial|machines?|ai|respuestas? automaticas?)"
_THEY_CALL = r"(?:llamar|marcar|telefonear|dar una llamada|hacer una llamada|pegar un telefonazo|devolver la llamada|ligar|telefonar|retornar)"
_LATER = r"(?! (?:\w+ ){0,3}(?:cuando|antes|al llegar|al entregar|si|en cuanto|apenas|al momento|a la hora|before|when|if|once|quando|assim que|ao|se|por tu nombre|by|la atencion|mucho la|a la puerta|al timbre|(?:el|la|un|o|the) (?:repartidor\w*|mensajero|transportista|cadete|domiciliario|cartero|chofer|conductor|motorizado|rider|entregador|motoboy|courier|driver))\b)"
_QUEJA = r"(?:quejas?|reclamos?|reclamacion(?:es)?|reclamacao|pqrs?|complaint)"
_MAKE = r"(?:poner|presentar|hacer|dejar|levantar|interponer|meter|radicar|elevar|registrar|fazer|abrir|make|file|lodge|submit)"

PERSON = _compiled(
    r"\bcon alguien (?:que sepa|competente|responsable)\b|\bpas(?:a|e|ad|en)me con un[oa]$",
    r"\b(?:hable|he hablado|hablamos) (?:\w+ )?con (?:(?:vuestr|tu|su|un)\w* )+(?:companer[oa]|chic[oa]|senor\w*|agente|asesora?|persona)\b",
    # «quiero hablar mañana con el encargado»
    rf"\b{_WISH} (?:\w+ ){{0,4}}{_TALK} (?:\w+ ){{0,3}}(?:con|com|al|ao|to|with|amb) {_OF_THEM}{_WHO}\b(?! (?:de aduanas?|que (?:recibe|reciba)))",
    rf"\b{_WISH} (?:\w+ ){{0,3}}(?:contactar|consultar|reach|contact) (?:a )?{_OF_THEM}{_WHO}\b",
    rf"^{_HELLO}{_TALK} (?:\w+ ){{0,2}}(?:con|com|al|to|with) {_OF_THEM}{_WHO}\b",
    rf"^{_HELLO}(?:con|com) {_OF_THEM}{_WHO}{_SO_IT_IS_US}",
    rf"\b(?:quiero|quisiera|necesito|prefiero|deseo|quero|preciso|puedo) (?:\w+ )?{_TALK} (?:directamente )?(?:con|com) (?:el|ella|ellos|ellas|vosotros|ustedes|voces|usted)$",
    r"\b(?:quiero|quisiera|necesito|prefiero|deseo|puedo|podria|podemos) (?:hablar|comunicarme|explicar\w*|resolverlo|platicar) (?:\w+ ){0,2}(?:por telefono|de viva voz|por llamada)$",
    r"\b(?:want|need|like|prefer|can i|could i) (?:to )?(?:talk|speak) (?:\w+ ){0,3}(?:on|over|by) (?:the )?phone\b",
    # «pásame con ventas», but not «¿puede pasar otra persona?»
    rf"\b{_HAND_ON} (?:\w+ )?(?:con|al) {_OF_THEM}{_WHO}\b(?! (?:\w+ )?(?:en la tienda|en el local))",
    rf"\b(?:me |nos )pas(?:as?|ais|an|e|en|ar|arias?) a {_OF_THEM}{_WHO}\b",
    rf"\bpas(?:ame|anos|adme|enme|eme|arme|ennos|arnos) a {_OF_THEM}{_WHO}\b",
    rf"\bpon(?:me|ganme|edme|game|e|gan|eme|er) a {_OF_THEM}{_ANYBODY}\b",
    rf"\b(?:contact(?:ame|eme|enme|arme)|llam(?:en|a|e) a|traigan?(?:me)?|traeme) (?:a )?{_OF_THEM}{_WHO}\b",
    rf"\b(?:me (?:passa|passe|passem|transfere|transfira|conecta|coloca)|passa me|pode(?:m|ria)? (?:me )?(?:passar|transferir)(?: me)?|passar|me passar) (?:\w+ )?(?:para|pra|pro|com|a|ao) {_OF_THEM}{_WHO}\b",
    rf"\b(?:puts? (?:me )?(?:through|on)|connect me|transfer me|pass me(?: on)?|switch me|hand me(?: over)?|direct me|get me(?: through)?|forward me|send me)(?: over)? (?:to|with) {_OF_THEM}{_WHO}\b",
    # «quiero un humano», but not «necesito alguien que firme»
    rf"\b(?:quiero|kiero|qiero|quisiera|necesito|nesesito|prefiero|preferiria|deseo|solicito|requiero|ocupo|urge|me urge|exijo|dame|deme|denme|me das?|me dan|me regala[ns]?|regalame|regaleme|ponme|poneme|"
    rf"busco|mandame|mandenme|quero|preciso(?: de)?|prefiro|i want|i need|i demand|give me|get me|want|need|rather have|fetch me|bring me|show me) (?:(?:a|con|ver|ver a|hablar|con|ya|por favor) )*{_OF_THEM}{_WHO}{_SO_IT_IS_US}",
    # Nothing but somebody.
    rf"^{_HELLO}{_OF_THEM}{_WHO}(?: {_REAL})*(?: {_PLEASE})*$",
    rf"^{_HELLO}(?:una |un |a |an |uma |um )?(?:persona|pessoa|person|asesor|agente|human|gente|alguien|alguem|someone) {_REAL}(?: {_PLEASE})*$",
    # Is anybody there?
    rf"^{_HELLO}(?:(?:pero|acaso|es que|aqui|ahi|ai|oigan|entonces|che) )*(?:no )?(?:hay|esta|estan|habra|existe|queda|tem|is there|are there|is|tem) (?:\w+ )?(?:{_WHO}|nadie|ninguem|alguien|anyone|anybody)(?: {_REAL})?"
    r"(?: (?:ahi|alli|aqui|aca|disponible|conectad[oa]|en linea|atendiendo|escuchando|del otro lado|detras|there|here|available|online|ai|aqui|disponivel|leyendo\w*|de verdad|posta|out there))*"
    rf"(?=$| (?:que|q|who|that|para|pra|to|con quien|com quem|i can) | {_PLEASE}$)(?! (?:que|who) (?:hable?|habla|speaks?|fale|trabaje) (?!con|de|como|with|to|about)\w)(?! (?:que|who) (?:reciba|firme|recoja|receba|will sign|can sign))",
    r"\bno hay (?:\w+ )?(?:nadie|ningun\w* (?:persona|asesor|humano)) (?:que|q) (?:me|nos|pueda|atienda|ayude)\b",
    r"\b(?:con quien|com quem) (?:puedo|podria|tengo que|debo|posso|hay que) (?:hablar|comunicarme|falar|tratar)(?:$| (?:de|sobre|disso|por) (?:esto|este|eso|mi|esta|isso)\b)",
    r"\bwho (?:can|do|should) i (?:talk|speak) to$",
    # Somebody is to attend.
    rf"\b(?:que|necesito|quiero|prefiero|puede|podria|puedes) (?:\w+ ){{0,2}}(?:{_ANYBODY}|{_STAFF}|humano) (?:\w+ )?(?:me|nos) {_ATTEND}\b{_LATER}",
    rf"\b(?:que|q) (?:me|nos) {_ATTEND} (?:ya |por favor |mejor )?{_OF_THEM}{_WHO}\b",
    rf"\b(?:necesito|quiero|quisiera|prefiero|exijo|preciso|quero) que (?:\w+ ){{0,2}}{_WHO} (?:real |humano |de ustedes )?(?:revise|vea|mire|atienda|gestione|resuelva|solucione|verifique|estudie|lea|conteste|responda|se (?:comunique|comunicara|ponga en contacto|contacte|contactara|encargue)|intervenga|veja|resolva)\b",
    rf"\bque (?:(?:me|nos|lo|la|los|esto|mi \w+) ){{0,2}}(?:mire|vea|revise|gestione|lleve|resuelva|solucione|estudie|explique|veja|resolva|ver|mirar|revisar|resolver|gestionar|atender) (?:un|una|algun|alguna|um|uma) {_WHO}\b|\bque (?:me |lo |la )?(?:mire|vea|revise|gestione|resuelva) alguien\b",
    r"\bque se (?:comunique|comuniquen|contacten?|pongan? en contacto) (?:conmigo|con nosotros)\b|\b(?:want|need|have) (?:someone|somebody|a person|a human|an agent) (?:to )?(?:call|contact|look|check|review|handle|get back|answer|reply)\b",
    rf"^{_HELLO}(?:(?:senorita|senor|senora|amig[oa]|veci\w+|disculpa|sumerce|que pena) )*(?:me|nos) (?:pasa|pasas|pasan|consigue|consigues|manda|mandan|ubica|busca|asigna|asignan|colabora[ns]? con|ayuda[ns]? con|presta|facilita|llama|da|das) (?:por favor )?(?:a )?(?:un|una|algun|alguna|el|la|al) (?:{_STAFF}|human[oa]|persona)\b(?! (?:de|del) (?!ventas|soporte|verdad|atencion|tienda|turno))",
    rf"^{_HELLO}(?:chama|chame|chamem|llamen? a|llama a|call|fetch|bring|cham[ae] ai) (?:o|a|um|uma|an|the|your|el|la|un|una|su|tu|al) (?:{_STAFF}|human[oa]?|persona|pessoa|person)(?: {_PLEASE})*$",
    rf"^{_HELLO}(?:sera que |sera posible que |podria ser que )?(?:me|nos) (?:atiend[ae]|ayuda|contesta|responde|atenderia|puede[ns]? (?:atender|ayudar|contestar|responder|contactar|llamar|marcar|asesorar|escribir)|podria[ns]? (?:atender|ayudar|contestar|responder|contactar|llamar|marcar|asesorar|escribir)|atende) {_OF_THEM}{_WHO}\b(?! (?:\w+ )?(?:en|na|no) (?:la |el |su |vuestra )?(?:tienda|local|sucursal|loja))",
    rf"\b(?:puede|podria|pueden|podrian|puedes) (?:atender|contestar|responder|ayudar|llamar|contactar)(?:me|nos) {_OF_THEM}{_WHO}\b",
    rf"^{_HELLO}(?:sera que )?{_OF_THEM}{_WHO} (?:que )?(?:me|nos) (?:puede|pueden|podria|podrian|pode|poderia|pudiera|atienda|ayude|atiende|ayuda|pueda|responde|contesta) ?(?:contestar|atender|ayudar|responder|ajudar|llamar|echar una mano)?(?: {_PLEASE}| con (?:mi|esto|un)\b.*)*$",
    rf"^{_HELLO}{_OF_THEM}{_WHO} (?:pode|poderia) me (?:ajudar|atender|responder)(?: {_PLEASE})*$",
    rf"\b(?:can|could|may|would) {_OF_THEM}(?:human|person|agent|someone|somebody|anyone|anybody|representative) (?:\w+ )?(?:help|answer|talk to|assist|contact|call|speak to|get back to) (?:me|us)(?! (?:choose|find|pick|with the size|before|when|at the))\b",
    r"\b(?:atend(?:eme|edme|ame)|atienda(?:n)?me|contest(?:ame|eme)) (?:vos|tu|usted|en persona|una persona|alguien|un humano)\b",
    rf"\b(?:ayuda|respuesta|atencion|asistencia|ajuda|soporte|contacto|help|answer|support) (?:de|from|con|by) {_OF_THEM}{_WHO}(?: {_REAL})?(?=$| {_PLEASE}| {_NO_BOT})(?<!servicio al cliente)(?<!atencion al cliente)",
    r"\b(?:quiero|necesito|prefiero|exijo|busco|deseo|dame|quisiera|solicito|quero|prefiro|preciso(?: de)?|i want|i need) (?:\w+ )?(?:ayuda|atencion|soporte|servicio|trato|asistencia|contacto|servicio al cliente|atendimento|suporte|help|support|service) (?:human[oa]|personal|personalizad[oa]|real|mas human[oa])\b(?! (?:para|de|en)\b)",
    rf"^{_HELLO}(?:la )?(?:atencion|ayuda|asistencia|soporte|contacto|trato|servicio al cliente|atencion al cliente|atendimento|suporte|human|live) (?:human[oa]|personal|personalizad[oa]|de una persona|con (?:una )?persona|support|help|chat|agent|person|service)(?: {_PLEASE})*$",
    r"\b(?:customer (?:service|care|support) (?:rep\w*|agent|person)|(?:real|actual|live|human) (?:human|person|agent|being|operator|rep\w*|assistance|help))\b(?! (?:hair|size|shape))",
    rf"(?:^|\b{_WISH} )(?:\w+ ){{0,4}}(?:con (?:gente|personas|seres humanos) (?:real|reales|de verdad)|(?:with|to) (?:real|actual) people)\b",
    # No machine.
    rf"\b(?:no|ya no|nao|dont|do not|not) (?:\w+ ){{0,2}}(?:h?ablar|seguir|h?ablo|charlar|conversar|tratar|falar|platicar|chatear|talk|talking|speak|chat|want to talk|want to speak|atiendan?|contesten?|responda[n]?) (?:mas |mais |anymore )?(?:con|com|a|to|with|por)? ?(?:un |una |el |la |los |las |este |esta |o |a |um |uma |the |this |puros? )*{_BOT}\b",
    r"\b(?:no|ya no|nao|dont|do not) (?:quiero|queremos|quero|soporto|aguanto|me gustan?|want|like) (?:mas |mais |esto con |al |any |a |this |that |more )*(?:un |uns |um |el |los |este |estos |o |the )*(?:bots?|robots?|chat ?bots?|robo|contestadora)\b(?! (?:de|aspirador\w*|para|que|limpia\w*))",
    r"\bno quiero (?:mas )?maquinas$",
    rf"\b(?:nada de|basta de|basta con|paso de|odio|odeio|hartos? de|harta de|cansad[oa] de|chega de|fuera|no more|no mas|stop this|stop the|enough (?:with|of)|hate|sick of|tired of|sin mas) (?:hablar con |falar com |talking to |tanto |este |estos |esta |los |las |el |la |un |the |this |these |a |essa |esse )*{_BOT}\b(?! (?:de|aspirador\w*|para))",
    rf"\b(?:deja|deje|para) de ser un {_BOT}\b",
    rf"^{_HELLO}(?:sin|no) (?:bots?|robots?|chat ?bots?)(?: {_PLEASE})*$",
    # Call me.
    rf"^(?!.*\b(?:repartidor|mensajero|transportista|cadete|domiciliario)).*\bll[ae]m(?:ame|adme|enme|eme|arme|alme|amen|en me)\b{_LATER}",
    rf"^{_HELLO}(?:a que hora |cuando |y |si |entonces |por )*(?:me|nos) (?:puede[ns]?|podria[ns]?|podriais|podeis|podes|pudieran?|podrian) {_THEY_CALL}\b{_LATER}",
    rf"^{_HELLO}(?:puede[ns]?|podria[ns]?|podriais|podeis|podes|pudieran?) (?:llamar|marcar|telefonear|devolver la llamad)(?:me|nos|a)\b{_LATER}",
    rf"\b(?:quiero|necesito|prefiero|quisiera|espero|exijo|pido|prefiriria|me gustaria) que (?:alguien )?me (?:llamen?|marquen?|llamar(?:a|an|as|ais)|marcar(?:a|an)|telefoneen|devuelvan la llamada|contacten?|contactes|llameis|llames)\b{_LATER}",
    rf"\bque (?:alguien|una persona|un asesor|algun asesor) me (?:llame|marque|contacte|escriba)\b{_LATER}",
    rf"^{_HELLO}(?:me|nos) (?:llama[ns]?|llamais|marca[ns]?|llamas|llamarias?) (?:por favor|porfa\w*|al|a mi|a este|ya|ahora|mañana|manana)\b(?! (?:llegar|entregar|salir)){_LATER}",
    rf"^{_HELLO}(?:cuando |a que hora )?(?:me|nos) (?:llama[ns]?|llamais|marca[ns]?|ligam?)(?: {_PLEASE})*$",
    rf"\b(?:marquenme|marqueme|marcame|telefoneame|peguenme una llamada|denme una llamada|echame una llamada|hablenme|hableme al)\b{_LATER}",
    r"\bcall me(?: back)?(?=$| (?:please|pls|back|now|asap|at \d|on \d|today|tomorrow|urgently|as soon))|\b(?:give (?:me|us) a (?:call|ring)|call us back)\b|^(?:please |pls |hi |hello )*(?:ring|phone) me\b",
    rf"^{_HELLO}(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody) (?:please )?(?:call|phone|ring) (?:me|us)\b{_LATER}",
    rf"^{_HELLO}(?:voces )?(?:pode|podem|poderia|poderiam) (?:me )?ligar(?: me)?(?: (?:pra|para) mim)?\b{_LATER}|\b(?:me (?:liga|ligue|liguem)|liguem? (?:pra|para) mim|quero que (?:me )?(?:alguem )?(?:me )?liguem?)\b{_LATER}",
    # A complaint of one's own; its procedure is a question.
    rf"\b(?:quiero|quisiera|necesito|voy a|vamos a|deseo|vengo a|me gustaria|exijo|pretendo|quero|queria|gostaria de|vou|preciso|want to|need to|like to|going to|gonna|wanna|i will|ill) (?:\w+ )?{_MAKE} (?:un |una |uma |a |mi |otra |la |an official |a formal )?{_QUEJA}\b(?! (?:si|if|se) )",
    rf"^{_HELLO}(?:quiero|vengo a|voy a|quisiera|necesito) (?:reclamar|quejarme)\b(?! (?:mi|la|el|un|una|los|las) )|\bi want to complain\b|\bquero reclamar\b",
)  # fmt: skip
LOOSELY_PERSON = _compiled(
    r"\b(?:quiero|quisiera|necesito|prefiero|exijo|pido) (?:\w+ )?que (?:me|nos) (?:atienda|atiendan|explique|expliquen|responda|respondan|conteste|contesten|llame|llamen)\b|\bdile a (?:tu|su|vuestro) \w+|\bque (?:me|nos) (?:atienda|explique)n?$",
    r"\b(?:me|nos) (?:\w+ )?(?:pas|comunic|pon|comuniqu)\w+ con (?!tarjeta|bizum|paypal|factura)\w+|\b(?:pasame|pasarme|pasenme|comunicame|comuniqueme|ponme|ponganme) con (?!tarjeta|bizum|paypal|factura)\w+",
    rf"\b(?:h?abl(?:ar|o|amos)|comunicar\w*|contactar\w*|convers\w*|chate\w*|platic\w*|llamar|llamo|falar?|talk|speak|reach|contact|connect\w*|tratar(?! a )) (?:\w+ ){{0,3}}(?:con|com|a|al|ao|to|with) {_OF_THEM}{_WHO}\b(?! (?:que (?:recibe|reciba)))",
    rf"^{_HELLO}(?:preciso|necesito|quiero|busco|i need|i want) (?:un |una |a |an |uma |um |el |al )?{_STAFF}\b(?! (?:de aduanas?|de viajes?))",
    rf"^{_HELLO}(?:alguien|una persona|somebody|someone|alguem) (?:me|nos) (?:puede|podria|pueden|pode) (?:ayudar|atender|asesorar|orientar)\b",
    rf"^{_HELLO}(?:can|could) (?:someone|somebody|anyone|anybody|a person) (?:\w+ )?(?:help|assist|call) (?:me|us)\b",
    r"\b(?:con quien|com quem) (?:puedo|podria|tengo que|debo|posso|hay que|me) (?:hablar|comunicarme|comunico|contactar|contacto|falar)\b|\bwho (?:can|do|should) i (?:talk|speak) to\b",
    rf"^{_HELLO}(?:me|nos) (?:puede[ns]?|podria[ns]?|podriais|podeis|podes) (?:llamar|marcar)\b(?! (?:la atencion|a la puerta|al timbre|a mi puerta))",
    rf"^{_HELLO}(?:puede[ns]?|podria[ns]?|podriais|podeis|podes) (?:llamar|marcar)(?:me|nos)\b",
    rf"^{_HELLO}(?:can|could|will) (?:you|someone) (?:please )?(?:call|phone) me\b",
    rf"^{_HELLO}llam(?:ame|enme|eme|adme)\b",
    rf"\b{_MAKE} (?:un |una |uma |a |mi |la )?{_QUEJA}\b|\b(?:como|donde) (?:\w+ )?(?:pongo|presento|hago|levanto|interpongo|radico|dejo|faco) (?:un |una |uma )?{_QUEJA}\b",
    r"\b(?:hojas?|libro|buzon) de (?:reclamaci\w+|reclamos?|quejas?)\b",
    r"\b(?:tienen|teneis|tenes|hay|ofrecen|do you have|is there|voces tem|tem) (?:\w+ ){0,2}(?:atencion humana|soporte humano|atendimento humano|live (?:chat|agent|support))\b",
)  # fmt: skip

# Words against us, and what makes them ours.
_INSULT = (
    r"(?:estafador(?:es|a|as)?|ladron(?:es|a|as)?|rater[oa]s?|sinverguenzas?|sin verguenzas?|chantas?|garcas?|timador(?:es)?|delincuentes?|mentiros[oa]s?|inutiles|inutil|incompetentes?|"
    r"impresentables?|payas[oa]s?|caraduras?|jetas|bandid[oa]s?|corrupt[oa]s?|trampos[oa]s?|ratas|chorros|choros|piratas|mafios[oa]s?|mafia|pendej[oa]s?|cabron(?:es)?|culer[oa]s?|mamon(?:es)?|boludos|pelotud[oa]s?|"
    r"forros?|soretes?|gonorreas?|malparid[oa]s?|hijueput\w*|hijuep\w*|hpta?s?|imbecil(?:es)?|idiotas?|estupid[oa]s?|ineptos?|ineptas?|gilipollas|capullos?|subnormal(?:es)?|hdp|tarad[oa]s?|"
    r"tont[oa]s|asquerosos|bastardos|cagones|cerdos|miserables|patetic[oa]s|vividores|avivados|hampones|bandoleros|malandr[oi]\w*|canallas|descarad[oa]s?|mediocres|irresponsables|incumplid[oa]s|maleducad[oa]s?|groser[oa]s|conchud[oa]s|tranzas|transas|farsantes?|charlatan(?:es)?|embusteros?|mangantes|miserables|abusivos|abusadores|abusones|"
    r"hij[oa]s? de \w+|hijos de su \w+|ladroes|ladrao|golpistas?|picaretas?|palhac[oa]s?|vigaristas?|safad[oa]s?|caloteir[oa]s?|enganadores|bandidos|trambiqueiros|otari[oa]s?|babacas?|lixo|"
    r"scammers?|thieves|thief|crooks?|liars?|idiots?|morons?|fraudsters?|criminals?|assholes?|bastards?|useless|incompetent|con artists?|clowns?|stupid|dumb|a joke|pathetic)"
)
_DISGRACE = (
    r"(?:estafa|robo|fraude|timo|atraco|verguenza|mierda|basura|porqueria|burla|chiste|desastre|asco|abuso|tomadura de pelo|falta de respeto|falta de consideracion|locura de servicio|cagada|chingadera|mamada|"
    r"boludez|gonorrea|hijueputez|verga|roubo|vergonha|broma|merda|porcaria|palhacada|piada|lixo|desrespeito|falta de respeito|absurdo|descaro|sinverguenceria|cachondeo|pitorreo|atropello|"
    r"scam|fraud|joke|disgrace|shame|rip ?off|shitshow|mess|nightmare(?! before)|robbery|theft|swindle|fucking \w+)"
)
_AWFUL = (
    r"(?:pesim[oa]s?|malisim[oa]s?|horribles?|horroros[oa]s?|terribles?|inaceptables?|indignantes?|vergonzos[oa]s?|lamentables?|nefast[oa]s?|patetic[oa]s?|deplorables?|asqueros[oa]s?|desastros[oa]s?|"
    r"intolerables?|inadmisibles?|inaudit[oa]s?|ridicul[oa]s?|penos[oa]s?|inconcebible|pessim[oa]s?|absurd[oa]s?|inaceitavel|vergonhos[oa]s?|horrivel|terrivel|lamentavel|"
    r"unacceptable|ridiculous|awful|terrible|appalling|disgusting|pathetic|outrageous|disgraceful|shameful|horrendous|abysmal|atrocious|horrible)"
)
_SERVICE = (
    r"(?:servicio|atencion|experiencia|empresa|tienda|trato|comunicacion|negocio|compania|gestion|compra|soporte|app|pagina|web|bot|robot|chat|respuesta|servico|atendimento|loja|suporte|"
    r"service|support|experience|company|shop|store|customer service|business|communication|response|people)"
)
_SWORN = (
    r"(?:mierda|joder|carajo|cojones|ostias|hostias|cabron(?:es)?|pendej[oa]s?|culer[oa]s|verga|chingad\w+|chingados?|chinga|pelotud[oa]s?|gonorreas?|malparid[oa]s?|hijueput\w*|hijuep\w*|hijoputa\w*|mamagu?evo\w*|"
    r"carechimba|pirob[oa]s?|huevonada|pinches?(?! (?:de|para|y|chef))|put[oa]s?|merda|caralho|shit|shitty|crap|crappy|damn|fuck\w*|bullshit|wtf|pqp|vsf|vtnc|fdp|hdp|hpta)"
)
_ME = r"(?:me|nos)"
_MUY = r"(?:(?:muy|ya|bien|re|tan|super|bastante|mas|que|recontra|sumamente|totalmente|completamente|muito|so|very|really|absolutely|extremely|quite|beyond|getting|bloody|just|too|un|poco|todo|toda) )*"
_MONEY = r"(?:dinero|plata|lana|guita|pasta|pisto|feria|varo|dinheiro|grana|money|cash)"
_OFFICE = (
    r"(?:profeco|indecopi|sernac|superintendencia|sic|defensa (?:del|al) consumidor|consumo|omic|facua|procon|reclame aqui|condusef|abogad[oa]s?|advogad[oa]|policia|fiscalia|juzgado|juicio|justicia|justica|"
    r"lawyers?|attorney|police|court|trading standards|bbb|consumer (?:protection|affairs))"
)

ANGER = _compiled(
    # Waiting, and threats of a bad word.
    r"\b(?:llevo|llevamos) (?:ya |mas de |casi |como )*(?:un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte|varios|varias|much[oa]s|media|tod[oa] (?:el|la)|\d+)(?: (?:horas?|dias?|semanas?|mes|meses|minutos|manana|tarde|rato|ano))?(?: y medi[oa])? (?:esperando(?! (?:a )?que (?:saqu|traig|repon|abr|salg|vuelv))|sin (?:respuesta|noticias|saber|solucion|que)|llamando|intentando|escribiendo)\b",
    r"\bno vuelvo a (?:comprar|pedir)\w*\b(?! hasta)|\bno pienso pagar\b|\bme parece fatal\b|\bos vais a enterar\b|\bse va[n]? a enterar\b|\ba ver si (?:me |nos )?(?:contest|respond|atend)\w+|\b(?:bot|robot|chat|asistente) (?:\w+ ){0,3}(?:tont[oa]|inutil|estupid[oa]|idiota)\b|\botra vez con (?:las|la|lo)\b|\bquien (?:cono|carajo|mierda|diablos) (?:me|nos) \w+",
    r"\b(?:un|una|dos|tres|cuatro|cinco|\d+) (?:horas?|dias|semanas?|meses) esperando\b|\bpor ?que (?:no|nadie) (?:me |nos )?(?:contest|respond|atend|atiend)\w+|\bnadie (?:me |nos )?hace nada\b|\b(?:he|hemos) llamado (?:ya )?(?:\w+|\d+) veces\b",
    r"\b(?:poner|dejar|poneros|dejaros|ponerles|dejarles) (?:una )?(?:mala |pesima )?(?:resena|opinion|valoracion|critica)\b(?! (?:buena|positiva|de cinco))|\bresena (?:negativa|mala|de una estrella)\b",
    r"\b(?:dejad|dejen|deja) de (?:escribir|mandar|enviar|molestar)\w*\b|\bno (?:me |nos )?(?:escribais|escriban|escribas|molesteis|molesten) mas\b",
    r"^(?:pero |que )?(?:eres|sos) (?:muy |tan |un |una |mas )?(?:tont[oa]|inutil|estupid[oa]|idiota|imbecil|burr[oa])\b",
    rf"(?<!no )(?<!nao )\b(?:son|sois|eres|sos|es usted|ustedes son|vosotros sois|parecen|pareceis|sao|you are|youre|ur|you \w+ are|they are|are all|vcs sao|menud[oa]s?|vaya|pand[ao] de|manga de|hatajo de|atajo de|partida de|bola de|banda de|bando de|cambada de|corja de|quadrilha de|pedazos? de|montones? de|"
    rf"pinches?|malditos?|malditas?|put[oa]s|unos|unas|bunch of|pack of|fucking|bloody|cuerda de|serie de) (?:(?:un|una|uns|um|uma|unos|unas|tod[oa]s|muy|bien|re|tan|mas|solo|pur[oa]s?|puros|los|las|el|la|ustedes|a|an|all|such|total|complete|verdader[oa]s|grandes|malditos|absolute|bando de|bunch of) ){{0,3}}(?!ratas de|chorros de|piratas de|ratas\b(?<!unas ratas)(?<! de ratas)|chorros\b(?<!unos chorros)(?<! de chorros)|piratas\b(?<!unos piratas)(?<! de piratas)){_INSULT}\b(?! (?:de (?:enchufe|juguete|agua|laboratorio|goma)|del caribe))",
    rf"^(?:(?:que|y|pero|cambada de|corja de|par de|pinches?|malditos?|putos?|ah|ay|vaya|seus?|you|fucking|bando de|manga de|todos) )*(?:{_INSULT})(?: (?:todos|asquerosos|de mierda|hijos de \w+|que son))*$",
    rf"(?<!no )(?<!not )(?<!isnt )(?<!nao )\b(?:es|fue|son|parece|parecen|sido|esto|eso|que|vaya|menud[oa]|(?:isso|isto|voces|vcs) e|e (?:um|uma)|foi|sao|is this|was|its|thats|is|been|what a|pur[oa]) (?:(?:un|una|um|uma|a|an|the|total|tremend[oa]|pur[oa]|autentic[oa]|verdader[oa]|menud[oa]|vaya|gran|puta|completa|such|complete|absolute|huge|fucking|real|bloody|total|pinche|biggest|mi|de|la|muy|me|tipo|baita|grande) ){{0,3}}{_DISGRACE}\b"
    r"(?! (?:en|de (?!servic|atenc|emp|tien|atend|pagin|prod|compr|envi|resp|trat)|con (?!ustedes|vosotros|el cliente)|a mano|shop|book|gift|organica|reciclable|ajena|preguntar|pedir|molestar|venir|me da|of thrones|de suerte))",
    rf"^{_DISGRACE}(?: (?:total|absoluta|pura))*$|^(?:puta|pura|menuda|vaya|que|pinche) {_DISGRACE}\b(?! (?:preguntar|pedir|ajena|molestar))",
    rf"\b(?:mierda|basura|porqueria|asco|verguenza|desastre|merda|porcaria|lixo|puto|puta|pinche|shit|crap) (?:de )?(?:tu |su |vuestr[oa] |el |la )?{_SERVICE}\b|\b{_SERVICE} (?:\w+ ){{0,2}}(?:de mierda|de porqueria|de quinta|de cuarta|de merda|basura|de lixo|sucks?|stinks)\b|\byou(?: guys| all)? suck\b",
    r"\b(?:isso|isto) e (?:um )?golpe\b|\b(?:e|foi|parece|so pode ser) um golpe\b|\bcai (?:num|em um|no) golpe\b",
    # What was done to me.
    rf"\b{_ME} (?:han|habeis|has|estan|estais|quieren|quereis|siento|sinto|senti|sentimos|siguen) (?:\w+ )?(?:estafad[oa]s?|estafando|estafar|timad[oa]s?|timando|timar|engana\w+|robad[oa]s?$|robando$|robando {_MONEY}|robado (?:mi |el |la )?{_MONEY}|mentid[oa]|mintiendo|tomado el pelo|tomando el pelo|tomar el pelo|viendo la cara|visto la cara|burlad[oa]s?|vacilando|vacilado|"
    r"toread[oa]|lesad[oa]|roubad[oa]|usad[oa])\b",
    rf"\b{_ME} (?:estafaron|timaron|enganaron|mintieron|cagaron|garcaron|clavaron|vieron la cara|tumbaron|chingaron|transaron|basurearon|enganaram|enrolaram|passaram a perna|mentiram|mienten|basurean|estafasteis|enganasteis)\b(?! (?:con otra|en otra))",
    rf"\b{_ME} (?:robaron|roban|robasteis|roubaram)(?:$| (?:todo|mi |el |la |o |meu )?{_MONEY}\b)|\b(?:fui|fomos) (?:engana|rouba|estafa|tima)\w+",
    r"\b(?:you|you guys|they|youve|you have|u) (?:\w+ )?(?:stole|stolen|robbed|scammed|lied|cheated|conned|ripped)\b(?! (?:item|goods))|\b(?:been|got|getting|was) (?:scammed|robbed|ripped off|conned|lied to|cheated)\b(?! (?:by another|elsewhere|before))|\b(?:stole|stealing) my money\b",
    r"\b(?:tomando(?:me|nos)? el pelo|tomadura de pelo|viendo la cara de|se (?:estan )?burlan(?:do)?(?: de)?|se rien de|se estan riendo|os (?:estais )?(?:riendo|burlando)|me boludean|me estan boludeando|jugando con (?:mi|la) |laughing at me|kidding me|tirando do serio|me fazendo de palhaco|de idiota)\b",
    r"\b(?:tomando|tomar|toman|agarrando|tratando|tratar|viendo|ver|vieron|ven) (?:la cara )?(?:de|por|como|a) (?:un |una |unos )?(?:bolud|pelotud|idiot|tont|gilipollas|pendej|imbecil|estupid|guevon|huevon|otari|bob|trouxa|gil)\w*|\b(?:take|taking|think) (?:me for|im|i am) (?:a fool|an idiot|stupid|a mug)\b|\b(?:quieren|quereis) ver(?:me|nos)? la cara\b",
    r"\b(?:me|nos) (?:hicieron|hacen|haceis|hizo|haces|estan haciendo|estais haciendo|van a hacer) (?:enojar|enfadar|encabronar|calentar|emputar|cabrear|perder (?:la paciencia|los nervios|el tiempo)|pasar un coraje)\b|\b(?:wasting|waste of) my time\b",
    # Threats.
    r"\b(?:los|les|te|os|lo|la|le) (?:voy|vamos|pienso|quiero|vou) (?:a )?(?:denunciar|demandar|reportar|acusar|meter una demanda|mandar|meter|echar|poner una (?:demanda|denuncia))\b(?! (?:un|una|la|el|mi|foto|fotos|los|las|por|cuando) (?!demanda|denuncia))",
    r"\b(?:voy|vamos|pienso|ire) (?:a )?(?:\w+ )?(?:(?:denunciar|demandar|acusar)(?:los|les|te|os|la|lo)?\b(?! (?:un robo|el robo|la perdida|por robo))|reportar(?:los|les|te|os))",
    r"\b(?:los|os|les|te) (?:denuncio|denunciare|denunciaremos|demando|demandare|demandaremos|reporto|reportare|acuso)\b|\b(?:denunciar|demandar|reportar)(?:los|os)\b",
    rf"\b(?:los|les|te|os|lo) (?:voy a )?(?:\w+ ){{0,2}}(?:report|denunci|acus)\w+ (?:a|ante|en|con|al) (?:la |el )?{_OFFICE}\b|\breport(?:o|are|arlos)? (?:a|ante) (?:la )?profeco\b",
    rf"\b(?:voy|vamos|ire|iremos|vou|pienso|im going|going|ill|i will|gonna|vamos a) (?:a )?(?:ir |poner |presentar |meter |interponer |hacer |abrir |acionar |registrar |reclamar |recurrir |acudir |llamar |chamar |ligar |entrar |escribir |call |go |get |contact |report |take |hablar |consultar |iniciar |acudir )*(?:(?:una?|la|el|los|mi|mis|o|a|no|na|ao|ante|al|en|con|to|my|the|um|uma|esto|you|this|your company|meu|lo) )*"
    rf"(?:{_OFFICE}|denuncia|demanda|querella|hojas? de reclamacion\w*|reclamacion formal|queja formal|processo|processar|juicio|chargeback)\b(?! (?:por (?:el )?(?:robo|perdida|extravio)|para el seguro|para (?:la|una) factura))",
    r"\b(?:quiero|exijo|deme|dame|dadme|denme|traigame|sacad\w*|necesito|quisiera) (?:\w+ )?(?:la |las |una |el |vuestra )?(?:hojas? de reclamacion\w*|libro de (?:quejas|reclamaciones))\b",
    r"\b(?:mis? abogad[oa]s?|my (?:lawyer|attorney)|meus? advogad[oa]s?) (?:\w+ ){0,2}(?:va[n]?|se pondra\w*|los|les|os|contactara\w*|will|is going|vai|vao|entrara)\b(?! (?:a (?:recibir|recoger|pagar)))|\b(?:noticias|hear|hearing) (?:de|from) (?:mis?|my) (?:abogad\w+|lawyers?|attorney)\b|\bnos veremos en (?:los )?(?:tribunales|juzgados?)|\bsee you in court\b",
    r"\b(?:con|de) (?:mis?|meus?) a[bd]\w*gad[oa]s?$|\b(?:voy|vamos|vou) a? ?(?:los |les |os )?(?:escrachar|funar|quemar|exponer|publicar|denunciar|expor)(?:los|las|les|os)? (?:\w+ ){0,3}(?:redes|internet|google|twitter|tiktok|facebook|instagram)\b|\b(?:escrachar|funar)(?:los|les)?\b",
    r"\bsue (?:you|your|u)\b|\breport(?:ing)? (?:you|your company|this company) (?:to|for)\b|\b(?:vou|vamos) (?:processar|denunciar|reclamar no|meter|por) (?:voces|vcs|no|na|essa|esta|a loja)\b|\b(?:una|leave a|leaving a) (?:mala|bad|terrible|one star|1 star) (?:resena|review)\b",
    rf"\b(?:devuelvan(?:me|nos)|devuelve(?:me|nos)|devolved(?:me|nos)|devuelva(?:me|nos)|regresen(?:me|nos)|devolvan|devolvam|devolveme) (?:ya )?(?:mi|el|la|o|meu|todo mi) {_MONEY}\b|\b(?:quiero|exijo|quero) (?:que me devuelvan )?(?:ya )?(?:mi|meu) {_MONEY} (?:de vuelta )?(?:ya|ahora|agora|de volta agora)\b",
    r"\b(?:nunca|jamas|never|nao) (?:mas|mais|en mi vida|again|vuelvo|volvere|vuelvo a|volvemos|will i|compro|voy a volver|in my life)\b(?=$| (?:a |les?|os|vuelvo|volvere|vuelva|compro|comprare|compramos|voy|pido|piso|con|aqui|en|con ustedes|compraria|en ustedes|buying|buy|shop|shopping|using|order|had|seen|compro|comprarei|se|vi|vou|had|me habian?|habia|habian|a comprar)\b)",
    r"\bnever (?:\w+ )?(?:buy|buying|shop|shopping|order|ordering|using|use|coming|come|dealing|recommend\w*)(?: \w+){0,4} (?:again|here|from you|you)\b",
    # Fed up.
    rf"\b(?:estoy|estamos|ando|andamos|me (?:tienen|teneis|tiene|tenes)|nos tienen|quede|me siento|to|estou|estamos|fiquei|ando) {_MUY}(?:hart[oa]s?|caliente(?!s? con el cafe)|enojad[oa]s?|enfadad[oa]s?|furios[oa]s?|indignad[oa]s?|cabread[oa]s?|encabronad[oa]s?|emputad[oa]s?|emput[oa]|molest[oa]s?|mamad[oa]s?|podrid[oa]s?|cansad[oa]s? (?:de|con)|aburrid[oa]s? (?:de|con)|embolad[oa]s?|emberracad[oa]s?|"
    r"verrac[oa]s?|berrac[oa]s?|sacad[oa]s?|quemad[oa]s?|rabios[oa]s?|decepcionad[oa]s?|defraudad[oa]s?|hinchad[oa] (?:las|los)|las bolas llenas|los huevos llenos|hasta|(?:com|con) (?:mucha |muita )?(?:raiva|rabia|bronca)|put[oa](?: da vida)?|irritad[oa]|revoltad[oa]|chatead[oa]|de saco cheio|cansad[oa] d|p da vida)\b(?! (?:para|las \d|los \d|el (?:lunes|martes)|manana))",
    r"\bhart[oa]s? de (?:esperar|que|esto|esta|este|ustedes|vosotros|tant|llamar|su|sus|vuestr|reclamar|pedir|preguntar|escribir|tener|la|las|los)\w*|\b(?:re caliente|recaliente|re podrid[oa]|re enojad[oa])\b",
    r"\bhasta (?:las narices|el gorro|la coronilla|la madre|los huevos|los cojones|el cono|el mono|las pelotas|las bolas|la verga|el orto|el culo|la pija|el cuello de|aqui de|los mismisimos|el tope|el mogote|el forro)\b|\b(?:me tienen|teneis) hasta\b",
    r"\b(?:que (?:rabia|bronca|coraje|raiva|odio|indignacion|impotencia|verguenza|asco|descaro|cara dura|poca verguenza|caraduras?|desfachatez|vergonha|palhacada|absurdo|desrespeito|desgracia|mal servicio|pesimo|mala onda|mala leche|falta de (?:respeto|seriedad|profesionalidad|consideracion)|poca (?:seriedad|vergonha|madre)))\b(?! (?:preguntar|pedir|me da preguntar|molestar|ajena|con (?:ustedes|vosotros) por preguntar))",
    r"\b(?:es el colmo|ya es el colmo|el colmo|no tienen? (?:madre|verguenza|nombre|perdon)|no teneis (?:verguenza|nombre|perdon)|dan? asco|dais asco|poca verguenza|poca madre|ya basta|basta ya|ya estuvo bueno|no hay derecho(?! a)|dar(?:os|les|te)? verguenza|verguenza (?:deberia|os|les|te|tendria)\w*|no sirven? (?:ni )?para nada|no servis para nada|no serve pra nada|nao servem? (?:pra|para) nada|nao prestam?|nao vale nada|una falta de respeto|falta de respeto|falta de respeito|un insulto|es un abuso|un descaro|mala atencion|me lavo las manos)\b(?! (?:que no|si|de moda))",
    r"\b(?:im|i am|am|so|very|really|getting|makes me|feel|was|we are|were) (?:\w+ ){0,2}(?:angry|furious|fed up|pissed|livid|outraged|sick of|disgusted|mad at|mad about|so mad|fuming|sick and tired)\b|\b(?:fed up|pissed off|furious|sick and tired)\b|^(?:so |very )?angry$",
    # How it is here.
    rf"^(?:(?:que|muy|tan|absolutamente|totalmente|simplemente|es|absolutely|totally|completely|simply|just|so|realmente|really|y|un|una|todo|muito|que|very) )*{_AWFUL}(?: (?:todo|servicio|de verdad|la verdad|ustedes))*$",
    rf"\b(?:esto|eso|isso|isto|todo esto|lo (?:vuestro|suyo|de ustedes)|me parece|es sencillamente|es realmente|seu|this|that|it) (?:is|was|has been|es|fue|e|foi|ya es|me parece|esta|resulta|parece)? ?(?:\w+ ){{0,2}}{_AWFUL}\b(?! (?:histories|of|de lavar|que))|\bits (?:\w+ )?{_AWFUL}\b",
    rf"\b{_AWFUL} (?:\w+ )?{_SERVICE}\b|\b{_SERVICE} (?:\w+ ){{0,3}}{_AWFUL}\b|\bque {_AWFUL}\b|\bque \w+ (?:tan|mas) {_AWFUL}\b",
    rf"\b{_SERVICE} (?:tan |muy |mas |es |tao |e |muito |so |really |very |is )*(?:mal[oa]s?|maluc[oa]|deficiente|mediocre|ruim|ruins|bad|peor|pior|worst|asco|fatal)\b(?! (?:pagin|idea))|\b(?:mal|mala|muy mala|muy mal|peor|pior|worst|bad|shit|crap|lousy) (?:servicio|servico|atencion|atendimento|experiencia|empresa|tienda|trato|loja|service|experience|company|store|shop|customer service|support|ever)\b|\b(?:el|la|o|a|the) (?:peor|pior|worst) (?:\w+ )?(?:tienda|experiencia|empresa|compra|atencion|servicio|loja|compania|company|shop|store|service|experience|customer)\b",
    # Swearing.
    r"\b(?:que|donde|cuando|por que|porque|quien|como|cual|cuanto|onde|quando|what|where|when|why|who|how|pq|para que|en que) (?:(?:the|la|el|los|las|a|o|in) )?(?:actual )?(?:mierda|carajo|cojones|cono(?= (?:pasa|haceis|hacen|es esto|quereis|esta|pas)|$)|chingados?|chingada|putas?|verga|vergas|demonios|diablos|hostias|ostias|merda|porra|caralho|diabos|cacete|hell|fuck|heck|hijueputas?|jueputas?|puneta|pija|pedo con (?:mi|su|ustedes))\b(?! (?:madre|\w+ cuesta))",
    r"\bme cago en\b|\btomar por (?:el )?culo\b|\bque (?:os|te|les) (?:den$|den por|follen|jodan)\b|\b(?:vayan|vaya|vete|ve|anden) a (?:chingar|tomar por|cagar|la mierda)\b|\b(?:va|vao) (?:se f\w+|tomar no)|\bvay[a]?n(?:se)?\b (?:\w+ )?(?:a la|al) (?:mierda|verga|chingada|carajo|diablo|infierno|demonio)\b|\b(?:vete|iros|idos|andate|andense|vayanse|vayase|vete ya|vaya|vayan|anda|ir|va) (?:\w+ )?(?:a la (?:mierda|verga|chingada|concha)|al (?:carajo|diablo|infierno|cuerno))\b",
    r"\bching(?:a|ue|uen|ate|ense|uense|ad|adera|aderas|aron|aos) (?:a )?(?:tu|su|vuestra|sus) \w+|\bchinguen\b|\bchinguense\b|\bno (?:mamen|jodan?|jodas|me jodan|me jodas|joroben|chinguen)\b|\b(?:dejen|deja|dejad) de (?:joder|chingar|mamar)\b|\bjod(?:anse|ase|eos|ete)\b",
    r"\b(?:la|re|re mil|mil|gran) (?:concha|re puta|puta|recontra) (?:de|que|madre)\b|(?<!de )\bputa madre\b|\bhij[oa]s? de (?:su|la|mil|put\w*|perra|re|tu|una|sus|remil|chingad\w*|fruta)(?: (?:gran|mil|remil|puta|re|puto|madre|chingada|pinche|perra|reputa|yuta))+|\bhij[oa]s? de (?:puta|perra|puto|putas|mil putas)\b|\b(?:chupen?(?:me)?la|chupala|chupenla|mamenla|metanselo|metetelo|metanse|metete)\b",
    r"\bvai (?:tomar|se|pra|a|te)\b|\btomar no c\w*|\bfilh[oa]s? d[ae] (?:uma )?(?:puta|mae|egua)\b|\b(?:puta que (?:os |me |la |lo )?pariu|que o pariu|puta merda|va se f\w*|se fod\w*|se fud\w*|foda se|caralho|arrombad[oa]s?|cuzao|cuzoes|desgracad[oa]s?|pqp|vsf|vtnc|vtmnc|fdp)\b|\b(?:que|essa|uma|de|nessa) (?:merda|porra|porcaria|bosta)\b",
    r"\bf+u+c+k\w*|\b(?:bullshit|wtf|stfu|bloody hell|goddamn\w*|ffs|for (?:fucks|gods|christs) sake|piece of (?:shit|crap|garbage)|screw you|go to hell|full of shit|asshole|assholes|bastards|motherfuck\w*|shitty|damn you|kiss my ass|suck my|you suck|this sucks|total garbage|absolute garbage|garbage service)\b",
    r"\b(?:hdp|conchetumare|conchatumadre|concha (?:de )?(?:su|tu) madre|lptm|hpta|hptas?|hijueput\w*|jueput\w*|hijoeput\w*|hijoputas?|hijosdeputa|malparid[oa]s?|gonorreas?|careverga|carechimba|pirob[oa]s?|mamagu?evos?|mama guevos?|culer[oa]s|ojetes|pinches? (?!chef|de |para |y )\w+|a la verga|valen verga|vale verga|me vale madre|vales? madre|son unos? mamones)\b",
)  # fmt: skip
SWORN = re.compile(rf"\b{_SWORN}\b")
"""Bare words: of a product they may be the name."""
SUSPICION = re.compile(
    r"\b(?:es|son|sera|is this|is it|are you|is|isto e|isso e|e) (?:esto |this |it )?(?:un|una|um|uma|a)? ?(?:estafa|fraude|timo|golpe|scam|fraud|estafadores|scammers)\b"
)
"""Asked, it is a doubt whether to buy; said, it is anger."""
LOOSELY_ANGER = _compiled(
    r"\bdev(?:uelv|olv)\w+ el recibo\b|\b(?:cobrad[oa]|cobraron|cargado|cobro|cobrasteis|charged) (?:\w+ ){0,2}(?:dos veces|doble|de mas|duas vezes|twice)\b",
    rf"\b(?:es|son|fue|esta|estaba|parece|parecio|e|foi|is|was|are) (?:\w+ ){{0,2}}{_AWFUL}\b(?! (?:twos|histories|case|de))",
    rf"\b{_AWFUL} (?:calidad|quality|qualidade|producto|product|produto)\b|\bcalidad (?:\w+ )?{_AWFUL}\b",
    SUSPICION.pattern,
    r"\bno mames\b(?! (?:que (?:bonit|padre|chid|ric|buen|lind)))|\b(?:quiero|give me|i want|exijo|quero) (?:mi|my|meu) (?:dinero|plata|lana|guita|money|dinheiro)\b",
    r"\b(?:nadie|nunca|no one|nobody|ninguem) (?:me |nos )?(?:contesta|contestan|responde|responden|atiende|hace caso|da (?:una )?(?:solucion|respuesta)|ayuda|answers|replies|responds|helps|is answering|is helping|atende|responde)\b|\bno me (?:dan|dais) (?:una )?(?:solucion|respuesta)\b",
)  # fmt: skip
NOT_ANGER = re.compile(
    r"\b(?:(?:um|sao|com|ou|sou|e) robos?|estafeta|scamorza|angry birds|horrible histories|terrible twos|worst case|sin verguenza ajena|robos? aspirador\w*|"
    r"(?:me )?da (?:un poco de |mucha |algo de |cosa y )?verguenza (?:preguntar|pedir|decir)(?:lo)?|que verguenza (?:preguntar|pedir|molestar)|de puta madre|de la hostia|"
    r"(?:no|nao|not|isnt|arent) (?:es|son|sea|sean|fue|era|e|sao|seja|a|an|are|is|sera)? ?(?:un|una|um|uma|a|an)? ?(?:estafa|robo|fraude|golpe|scam|fraud|timo|scammers|estafadores)|"
    r"esta (?:de )?poca madre|(?:enfadad|cabread|enojad|molest)[oa] con mi \w+|mierda de (?:perro|caballo|vaca|gato|tiempo|dia|jefe)|(?:abono|bolsas?) (?:de|para) mierda|pinche (?:calor|frio|trafico|lluvia)|que verguenza (?:me|que)|joder (?:que|q) (?:bien|buen\w*|ric\w*|rapid\w*|majos?))\b"
)
"""What sounds like it and is not."""
SOLD = re.compile(
    r"^(?:\w+ ){0,4}(?:tienen|teneis|tenes|tienes|tiene|venden|vendeis|vendes|vende|manejan|traen|hay|hacen|haceis|busco|quiero comprar|me interesa|do you|is the|are the|have you|"
    r"vendem|tem|voces (?:tem|vendem|fazem)|cuanto (?:cuesta|vale|sale|es|esta|cuestan)|cuesta|vale|sale|precio|how much|quanto (?:custa|e))\b"
)
"""A question about what is sold."""
THINGS = re.compile(
    r"\b(?:libro|libros|novela|vino|cerveza|camiseta|playera|remera|sudadera|taza|salsa|mezcal|tequila|juego|disco|vinilo|poster|perfume|figura|pelicula|serie|pegatina|sticker|book|shirt|tee|mug|movie|album|game|"
    r"poster|livro|camiseta|caneca|jogo|filme|quadro|agenda|cuaderno|gorra|cartel|receta|coctel)\b"
)
"""What may have such a name."""
_PRAISED = re.compile(
    r"\b(?:enhorabuena|felicidades|felicitaciones|que (?:bueno|buena|rico|rica|buenisim\w+|delicia|maravilla|pasada)|buenisim[oa]s?|riquisim[oa]s?|delicios[oa]s?|parabens|(?:que|de|tan) (?:bonit|chul|lind|guap|ric|chid|padr|precios|bacan|buen)[oa]s?)\b"
)
_NO_PRAISE = re.compile(
    r"\b(?:sois|son|sos|eres|es usted|servicio|atencion|pero|nunca|nadie|no(?! (?:mames|manches))|nao|esperando|semanas|dias|verguenza|estafa\w*|ladrones)\b"
)


def is_praise(folded: str) -> bool:
    """Strong words said of something good: «la hostia de café, enhorabuena»."""
    return _PRAISED.search(folded) is not None and _NO_PRAISE.search(folded) is None


COMPLAINS = re.compile(
    r"\b(?:llevo|llevamos|llevan|esperando|nadie (?:me |nos )?(?:contesta|responde|atiende|ayuda)|otra vez|todavia no|aun no|sigo|seguimos|cansad[oa]|por que no|nobody (?:answers|replies|responds|helps)|still (?:waiting|no|not|nothing|havent)|waiting|weeks|ninguem|ate agora|esperando|estou ha|ya pasaron)\b"
)
"""What makes capitals and exclamation marks more than a loud question."""

_THAT = r"(?:eso|esto|esa|ese|tu respuesta|su respuesta|la respuesta|esa respuesta|esta respuesta|lo que (?:me )?(?:dices|dice|decis|respondes|mandaste|enviaste|mandas)|esa info\w*|la info\w*|tu info\w*|isso|isto|essa resposta|a resposta|sua resposta|that|this|it|your (?:answer|reply|response)|the (?:answer|reply))"
_WELL = r"(?:(?:pero|hola|no|uff?|es que|pues|ok|gracias|bueno|mmm?|la verdad|sigue|y|lo siento|perdon|disculpa|a mi|todo|hey|sorry|but|thanks|mas|che|ya|no gracias|eh|ay|oye|well|and|so) )*"
NOT_HELPED = _compiled(
    rf"^{_WELL}(?:{_THAT} )?(?:tampoco |ya |todavia |aun |sigue sin )?(?:no |tampoco |sin )?(?:me |nos |le )?(?<!hola )(?:(?<=no )|(?<=no me )|(?<=no nos )|(?<=tampoco )|(?<=tampoco me ))(?:sirve|sirvio|sirvieron|sirven|ayuda|ayudo|ayudan|ayudaron|resuelve|resolvio|soluciona|soluciono|aclara|aclaro|aporta|servir|ha (?:servido|ayudado|aclarado|resuelto))"
    rf"(?: (?:para nada|de nada|de mucho|en nada|nada|mucho|mucha|tampoco|mi (?:duda|problema|pregunta|consulta)|el problema|la duda|{_THAT}|gracias|lo siento|bot|che|pero gracias|la verdad))*$",
    rf"\b{_THAT} (?:\w+ )?(?:no|tampoco) (?:me |nos )?(?:sirve|sirvio|ayuda|ayudo|resuelve|resolvio|soluciona|aclara|aporta|responde|contesta|dice nada|tiene (?:nada que ver|sentido)|tiene que ver|me dice)\b",
    rf"\bno (?:me |nos )?(?:sirve|sirvio|ayuda|ayudo|resuelve|aclara|convence) (?:de nada |para nada |nada )?{_THAT}\b(?! (?:talla|talle|color|producto|modelo|cupon|codigo|tamano|numero|bolsa|taza))",
    r"\bno (?:me |nos )?(?:ayudas|ayudaste|estas ayudando|esta ayudando|has ayudado|ha ayudado|habeis ayudado|ayudais|estais ayudando|sirves|servis|serviste|has servido|entiendes|entendes|entendiste|has entendido|ha entendido|entendio usted|estas entendiendo|estas respondiendo|respondiste|has respondido|respondes|contestaste|contestas|has contestado|comprendes|comprendiste|captas|escuchas|lees|leiste|has leido|me explique)\b(?! (?:a (?!lo|mi|la pregunta|eso|nada)|el (?:telefono|whatsapp|mail|correo)|los|las|mis|al|bien como))",
    r"\bno (?:me )?(?:entiende|entendio|comprende|esta entendiendo)(?=$| (?:nada|lo que|la pregunta|mi|bien|usted|que)\b)",
    r"\bno (?:me )?(?:respond\w+|contest\w+|resolv\w+|resuelv\w+|aclar\w+) (?:a )?(?:mi (?:pregunta|duda|consulta|inquietud)|la pregunta|lo que|a lo que|nada de lo que|eso)\b",
    r"\bno (?:es|era|fue|iba por|va por) (?:\w+ ){0,2}(?:lo que (?:\w+ ){0,2}(?:pregunte|pregunto|preguntaba|preguntando|preguntado|preguntamos|decia|dije|digo|quise decir|queria saber|quiero saber|consulte|consultaba|consultando|te pedi|te dije|le pregunte|te pregunte|necesito saber|queria decir|le dije|pedi que)|mi pregunta|la pregunta|a lo que me referia|(?:a )?eso a lo que|esa mi pregunta|por ahi)\b",
    rf"^{_WELL}(?:eso )?no (?:es|era|fue) (?:eso|esa|esto|por ahi|asi|nada de eso|ninguna|ninguna de esas?|ninguno|ninguna de las anteriores)(?: (?:no|la verdad|gracias|tampoco|lo que .*))*$|^{_WELL}eso no (?:es|era|fue)(?: no)?$",
    r"\b(?<!pedir )(?<!comprar )(?<!quiero )(?<!hacer )(?:otra vez lo mismo|de nuevo lo mismo)(?! que)\b|\b(?:(?:siempre|solo|otra vez|de nuevo|me|ya) (?:\w+ ){0,2}(?:dices|respondes|repites|repetis|contestas|mandas|decis|repite|responde|contesta|manda|dice) (?:siempre )?lo mismo|deja de repetir|dejen de repetir|no te repitas|repites lo mismo|siempre la misma respuesta|la misma respuesta)\b",
    r"\bya (?:te|se|os) lo (?:he )?(?:dije|dicho|explique|explicado|pregunte|conte)\b|\beso ya (?:lo|me lo) (?:se|sabia|lei|habia leido|dijiste|has dicho|probe|hice|he leido|intente|dijo)\b|\bya (?:lo )?(?:probe|intente|hice) (?:eso|lo que)\b",
    r"\b(?:sigo|seguimos|me quedo|quede|continuo) (?:\w+ )?(?:(?:con|en) la(?:s)? (?:misma )?(?:duda|mismas)|sin (?:entender|respuesta|saber|solucion|aclarar|resolver)|igual$|en las mismas|sem entender|sem resposta)\b|\bsigue sin (?:servir|ayudar|responder|contestar|resolver|aclarar)\w*\b",
    r"\b(?:mala|pesima|vaya) respuesta\b|\brespuesta (?:\w+ )?(?:equivocada|incorrecta|inutil|erronea|mala|que no)\b|\b(?:no tiene )?nada que ver(?=$| con (?:lo que|mi|la pregunta))|\bno era (?:eso )?lo que (?:queria|buscaba) saber\b|\bte estoy preguntando (?:otra|por otra|algo)\b|\b(?:pregunte|preguntado|preguntando|preguntaba|pregunto) (?:por )?otra cosa\b|\bresponde(?:me)? (?:a )?lo que (?:te )?pregunt\w+\b",
    r"\b(?:that|this|it|your (?:answer|reply|response)|which|that still|the answer) (?:\w+ )?(?:didnt|did not|doesnt|does not|isnt|is not|wasnt|was not|not|hasnt|has not|dont) (?:\w+ )?(?:help|helped|helpful|answer|answered|my question|what i (?:asked|meant|wanted to know|was asking|am asking|asking)|useful|make sense|solve)\b(?! with my)",
    rf"^{_WELL}(?:it |that |this )?(?:still )?(?:didnt|did not|doesnt|does not|not|no|isnt|wasnt|of no|no) (?:\w+ )?(?:help|helpful|useful|any help|helping|any use|use)(?: (?:me|at all|either|thanks|really|much))*$",
    r"\bnot what (?:i|im|i am|i was) (?:\w+ )?(?:asked|asking|meant|mean|wanted to know|was asking|said)\b|\bnot my question\b|\bi (?:asked|was asking|am asking) (?:about )?(?:something else|a different)\b",
    r"\b(?:you|u|bot|you still|youre|you are|this bot) (?:dont|do not|didnt|did not|doesnt|does not|arent|are not|havent|have not|not|cant|cannot|hasnt|never) (?:\w+ )?(?:understand|understood|understanding|get it|get me|answer|answered|answering|help me|helped|helping|listen|listening|read|reading|get what)\b|\bunhelpful\b|\byou (?:have )?misunderst\w+|\bthats no (?:help|use)\b|\bwrong answer\b|\bsame answer (?:again|over)|\byou (?:keep|already) (?:saying|repeating|said|told me)\b|\bi already (?:know|read|tried) that\b|\bstill (?:dont|do not|doesnt) (?:understand|know|answer)\b|\bmakes no sense$",
    r"\b(?:gracias|thanks|thank you|obrigad[oa]) (?:por|for) (?:nada|nothing)$",
    rf"^{_WELL}(?:thats|that is|its|it is|thats still|this is) not (?:it|that|right|correct|the answer)$",
    rf"^{_WELL}(?:{_THAT} |voce |vc |ainda |tambem )*nao (?:me )?(?:ajudou|ajuda|ajudaram|adiantou|adianta|respondeu|responde|entendeu|entende|resolveu|resolve|esclareceu|serve|ta entendendo)(?: (?:em nada|nada|muito|minha (?:duda|duvida|pergunta)|a minha (?:duvida|pergunta)|isso|nao|obrigad[oa]|o que .*))*$",
    r"\b(?:voce|vc|o bot|isso|essa resposta|isto|a resposta|sua resposta) (?:ainda )?nao (?:me )?(?:ajudou|ajuda|entendeu|entende|respondeu|responde|resolve|resolveu|esclarece|serve|esta entendendo|esta respondendo|ta entendendo|ta ajudando|esta ajudando)\b",
    r"\bnao (?:foi|e|era) (?:isso|bem isso|nada disso|o que (?:\w+ ){0,2}(?:perguntei|perguntando|queria saber|quis dizer|disse|quero saber|perguntado)|minha pergunta|essa (?:a )?(?:minha )?pergunta)\b|\b(?:resposta (?:errada|inutil)|nada a ver|continuo (?:sem|com)|ja (?:te )?(?:disse|falei|expliquei)|isso eu ja sei|de novo a mesma|sempre a mesma (?:coisa|resposta)|perguntei outra coisa|minha duvida continua)\b",
)  # fmt: skip
LOOSELY_NOT_HELPED = _compiled(
    rf"^{_WELL}(?:eso |esto )?no es lo que (?:busco|buscaba|necesito|necesitaba|quiero|queria|pedi|te pedi)$",
    rf"^{_WELL}(?:eso )?no (?:me )?(?:funciona|funciono|queda claro|quedo claro|entiendo|entendi)(?: (?:nada|eso|bien))*$|^{_WELL}nao (?:entendi|serviu|funcionou|funciona)(?: nada)?$|^{_WELL}(?:i dont understand|i do not understand|doesnt work|it doesnt work|it did not work|didnt work)$",
    rf"^{_WELL}not what i (?:need|want|was looking for|wanted)$",
)  # fmt: skip
CONDITION = re.compile(
    r"\b(?:si(?! (?:pero|bueno|ya|gracias)\b)|if|en caso de que|what happens|que pasa|whether|caso)(?: \w+){0,7} $"
    r"|^(?:e |mas )?se $"
)
"""What comes before words about an answer when they are about goods: «y si no me sirve», «se isso não ajudar»."""
