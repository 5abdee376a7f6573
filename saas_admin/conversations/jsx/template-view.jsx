// A template as the customer will see it, its variables filled as they are typed.
import { Copy, External, FileText, ImageIcon, MapPin, MessageReply, Phone, Video } from "./icons.js";
import { pieces } from "./fit.js";
import { cx, useInbox } from "./util.js";

const HEADER = { image: ImageIcon, video: Video, document: FileText, location: MapPin };
const BUTTON = { url: External, phone: Phone, copy: Copy, reply: MessageReply };

export const ButtonChip = ({ kind, title, opener }) => {
  const Icon = BUTTON[kind];
  return <span className={cx("bx-offer", opener && "opener")}>{Icon && <Icon size={14} strokeWidth={1.75} aria-hidden="true" />}<span className="cut">{title}</span></span>;
};

export function languageName(code, lang) {
  try {
    const name = new Intl.DisplayNames([lang], { type: "language" }).of(code.replace("_", "-"));
    return name.charAt(0).toUpperCase() + name.slice(1);
  } catch { return code; }
}

function Filled({ text, part, values, labels }) {
  return pieces(text, part, values).map((piece, i) => (piece.text !== undefined ? piece.text : piece.value ? <b key={i} className="filled">{piece.value}</b> : <mark key={i}>{labels[piece.key] || piece.name}</mark>));
}

export function Preview({ template, values, labels }) {
  const { t } = useInbox();
  const Kind = HEADER[template.header_kind];
  return (
    <div className="bx-wa" role="group" aria-label={t("templates.preview")}>
      <div className="bubble">
        {Kind && <span className="head"><Kind size={20} strokeWidth={1.75} aria-hidden="true" />{t(`kind.${template.header_kind}`)}</span>}
        {template.header_kind === "text" && template.header && <p className="strong"><Filled text={template.header} part="header" values={values} labels={labels} /></p>}
        <p className="words"><Filled text={template.body} part="body" values={values} labels={labels} /></p>
        {template.footer && <p className="small t3">{template.footer}</p>}
      </div>
      {template.buttons.map((button, i) => <ButtonChip key={i} {...button} />)}
    </div>
  );
}
