// One FAQ of the list: what is asked, how the answer begins, how many ways of asking it knows.
import { Link, useNavigate } from "react-router";
import { Check, Copy, Ellipsis, EyeOff, Paperclip, Pencil, RotateCcw, Send, ShieldAlert, Trash2 } from "lucide-react";
import { Ago } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { formatAgo, formatExact, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Menu, MenuItem } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { languageName, Meter, StatusChip } from "./words.jsx";

const plain = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

// The words that were looked for, marked where they stand; accents do not matter.
function Marked({ text, query }) {
  const words = plain(query).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
  // A letter and its accent are one place: without that, places before and after plain() would differ.
  const letters = [...text.normalize("NFC")];
  const folded = letters.map((letter) => plain(letter).slice(0, 1) || letter).join("");
  const marks = letters.map(() => false);
  for (const word of words) {
    for (let from = folded.indexOf(word); from >= 0; from = folded.indexOf(word, from + 1)) marks.fill(true, from, from + word.length);
  }
  const pieces = [];
  letters.forEach((letter, index) => {
    if (index && marks[index] === marks[index - 1]) pieces[pieces.length - 1].text += letter;
    else pieces.push({ text: letter, on: marks[index] });
  });
  return pieces.map((piece, index) => (piece.on ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>));
}

function RowMenu({ row, onPublish, onUnpublish, onRemove }) {
  const t = useT();
  const navigate = useNavigate();
  const label = t("faqs.menu.of", { title: row.title });
  return (
    <Menu label={label} trigger={(props) => <button {...props} className="ib" aria-label={label}><Ellipsis className="i" aria-hidden="true" /></button>}>
      {(close) => (
        <>
          <MenuItem icon={<Pencil className="i" aria-hidden="true" />} onClick={() => { close(false); navigate(`/bots/faqs/${row.id}`); }}>{t("faqs.menu.edit")}</MenuItem>
          {row.status === "published" ? (
            <MenuItem icon={<EyeOff className="i" aria-hidden="true" />} onClick={() => { close(); onUnpublish(); }}>{t("faqs.unpublish")}</MenuItem>
          ) : (
            <MenuItem icon={<Send className="i" aria-hidden="true" />} onClick={() => { close(); onPublish(); }}>{t("faqs.publish")}</MenuItem>
          )}
          <hr />
          <MenuItem danger icon={<Trash2 className="i" aria-hidden="true" />} onClick={() => { close(); onRemove(); }}>{t("faqs.delete")}</MenuItem>
        </>
      )}
    </Menu>
  );
}

// A deleted one: what it said, and the way back.
export function BinRow({ row, query, picked, onPick, onBringBack }) {
  const t = useT();
  const lang = useLang();
  return (
    <li className={picked ? "frow on" : "frow"}>
      <label className="check" aria-label={t("faqs.bulk.pick", { title: row.title })}>
        <input type="checkbox" checked={picked} onChange={onPick} />
        <span className="cbx"><Check className="i s12" aria-hidden="true" /></span>
      </label>
      <div className="grow">
        <p className="title-s cut" title={row.title}><Marked text={row.title} query={query} /></p>
        <p className={row.answer ? "t2 cut" : "t3 cut"}>{row.answer ? <Marked text={row.answer} query={query} /> : t("faqs.no_answer")}</p>
        <p className="small t3"><time dateTime={row.updated_at} data-tip={formatExact(row.updated_at, lang)}>{t("faqs.bin.deleted", { when: formatAgo(row.updated_at, lang) })}</time></p>
      </div>
      <Button icon={<RotateCcw className="i s14" aria-hidden="true" />} aria-label={t("faqs.bin.of", { title: row.title })} onClick={onBringBack}>{t("faqs.bin.do")}</Button>
    </li>
  );
}

export function FaqRow({ row, query, picked, canManage, manyLanguages, showCategory, onFocus, onPick, ...acts }) {
  const t = useT();
  const lang = useLang();
  return (
    <li className={picked ? "frow on" : "frow"}>
      {canManage ? (
        <label className="check" aria-label={t("faqs.bulk.pick", { title: row.title })}>
          <input type="checkbox" checked={picked} onChange={onPick} />
          <span className="cbx"><Check className="i s12" aria-hidden="true" /></span>
        </label>
      ) : null}
      <div className="grow">
        <Link className="main title-s cut" to={`/bots/faqs/${row.id}`} title={row.title} onFocus={onFocus}><Marked text={row.title} query={query} /></Link>
        {row.found ? <p className="small t3 cut">{t("faqs.found_in")} <Marked text={row.found} query={query} /></p> : null}
        <p className={row.answer ? "t2 cut" : "t3 cut"}>{row.answer ? <Marked text={row.answer} query={query} /> : t("faqs.no_answer")}</p>
        <p className="fmeta small t3">
          {showCategory && row.category ? <span className="cut">{row.category}</span> : null}
          {manyLanguages ? <span>{languageName(row.language, lang)}</span> : null}
          {row.channel_kinds.length ? <span className="row" style={{ gap: 3 }}>{row.channel_kinds.map((kind) => <ChannelGlyph key={kind} kind={kind} size={14} />)}</span> : null}
          {row.files ? <span className="row" style={{ gap: 4 }}><Paperclip className="i s12" aria-hidden="true" />{t("faqs.files.count", { n: row.files })}</span> : null}
          <Ago at={row.updated_at} />
        </p>
      </div>
      <div className="fright">
        <span className="row" style={{ gap: 6 }}>
          {row.twin ? <span className="chip warn" data-tip={t(`faqs.twin.${row.twin}_hint`)}><Copy className="i s12" aria-hidden="true" />{t(`faqs.twin.${row.twin}`)}</span> : null}
          {row.is_sensitive ? <span className="chip info"><ShieldAlert className="i s12" aria-hidden="true" />{t("faqs.sensitive.chip")}</span> : null}
          <StatusChip status={row.status} />
        </span>
        <Meter n={row.phrasings} />
      </div>
      {canManage ? <RowMenu row={row} {...acts} /> : null}
    </li>
  );
}
