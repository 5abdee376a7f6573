// The templates of a channel: found by name, state, category and language, and seen as the customer sees them.
import { useEffect, useMemo, useState } from "react";
import { ArrowUpRight, Copy, FileText, Image, MapPin, Phone, RefreshCw, Reply, Search, TriangleAlert, Video } from "lucide-react";
import { Ago, Empty, SkeletonRows } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatDate, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { Dialog } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { useRefresh } from "./list.jsx";

const TONE = { approved: "ok", pending: "info", rejected: "bad", paused: "warn", disabled: "" };
const QUALITY_TONE = { green: "ok", yellow: "warn", red: "bad" };
const HEADER = { image: Image, video: Video, document: FileText, location: MapPin };
const BUTTON = { url: ArrowUpRight, phone: Phone, copy: Copy, reply: Reply };

function languageName(code, lang) {
  try {
    const name = new Intl.DisplayNames([lang], { type: "language" }).of(code.replace("_", "-"));
    return name.charAt(0).toUpperCase() + name.slice(1);
  } catch {
    return code;
  }
}

// {{1}} and {{nombre}} become the example, marked; without one the place stays visible.
function filled(text, part, slots) {
  return String(text ?? "").split(/(\{\{[^{}]*\}\})/).map((piece, index) => {
    const name = /^\{\{\s*(.*?)\s*\}\}$/.exec(piece)?.[1];
    if (name === undefined) return piece;
    const example = slots.find((slot) => slot.key === `${part}.${name}`)?.example;
    return <mark key={index} className="slot">{example || piece}</mark>;
  });
}

export function PhoneBubble({ template }) {
  const t = useT();
  const Kind = HEADER[template.header_kind];
  const slots = template.slots ?? [];
  return (
    <div className="tphone">
      <div className="tbubble">
        {Kind ? <div className="tmedia"><Kind className="i s20" aria-hidden="true" /><span>{t(`channels.templates.header_${template.header_kind}`)}</span></div> : null}
        {template.header_kind === "text" && template.header ? <p className="strong">{filled(template.header, "header", slots)}</p> : null}
        <p style={{ whiteSpace: "pre-wrap" }}>{filled(template.body, "body", slots)}</p>
        {template.footer ? <p className="small t3">{template.footer}</p> : null}
      </div>
      {(template.buttons ?? []).map((button, index) => {
        const Icon = BUTTON[button.kind] ?? ArrowUpRight;
        return <div className="tbutton" key={index}><Icon className="i s14" aria-hidden="true" /><span className="cut">{button.title}</span></div>;
      })}
    </div>
  );
}

function Chips({ row }) {
  const t = useT();
  return (
    <>
      <span className={`chip ${TONE[row.status] ?? ""}`}><span className="d" />{t(`channels.templates.status.${row.status}`)}</span>
      {row.quality && QUALITY_TONE[row.quality] ? <span className={`chip ${QUALITY_TONE[row.quality]}`}>{t(`channels.templates.quality.${row.quality}`)}</span> : null}
    </>
  );
}

function Details({ row, provider }) {
  const t = useT();
  const lang = useLang();
  const category = (value) => t(`channels.templates.category.${value}`);
  return (
    <div className="form" style={{ gap: 14 }}>
      <div>
        <h2 className="title-s" style={{ overflowWrap: "anywhere" }}>{row.name}</h2>
        <p className="small t3">{languageName(row.language, lang)} · {category(row.category)} · {formatDate(row.changed_at, lang)}</p>
      </div>
      <div className="row" style={{ gap: 6, flexWrap: "wrap" }}><Chips row={row} /></div>
      <p className="t2">{t(`channels.templates.status_text.${row.status}`, { provider })}</p>
      {row.reason ? <p className="small t3" lang="en">{t("channels.templates.reason", { provider, text: row.reason })}</p> : null}
      {row.former_category ? (
        <p className="row" style={{ gap: 8, alignItems: "flex-start" }}><TriangleAlert className="i s14" style={{ color: "var(--warn)", marginTop: 3 }} aria-hidden="true" /><span className="grow">{t("channels.templates.moved", { provider, from: category(row.former_category), to: category(row.category) })}</span></p>
      ) : null}
      {row.is_sendable ? null : <p className="small t3">{t("channels.templates.not_sendable")}</p>}
      <div>
        <div className="strong" style={{ marginBottom: 6 }}>{t("channels.templates.preview")}</div>
        <PhoneBubble template={row} />
        {row.slots?.some((slot) => slot.example) ? <p className="small t3" style={{ marginTop: 6 }}>{t("channels.templates.examples", { provider })}</p> : null}
      </div>
    </div>
  );
}

function Filter({ name, value, values, words, onValue }) {
  const t = useT();
  if (values.length < 2) return null;
  return (
    <div className="input">
      <select aria-label={t(`channels.templates.filter_${name}`)} value={value} onChange={(event) => onValue(event.target.value)}>
        <option value="">{t(`channels.templates.filter_${name}`)}</option>
        {values.map((each) => <option key={each} value={each}>{words(each)}</option>)}
      </select>
    </div>
  );
}

const plain = (text) => String(text ?? "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const useIsNarrow = () => {
  const [narrow, setNarrow] = useState(false);
  useEffect(() => {
    const query = window.matchMedia("(max-width: 1023px)");
    const hear = () => setNarrow(query.matches);
    hear();
    query.addEventListener("change", hear);
    return () => query.removeEventListener("change", hear);
  }, []);
  return narrow;
};

export function TemplateList({ rows: now, syncedAt, loaded, syncing, kind, provider, canManage, onSync, onRefresh }) {
  const t = useT();
  const lang = useLang();
  const rows = useLast(now, loaded) ?? [];
  const [words, setWords] = useState("");
  const [wanted, setWanted] = useState({ status: "", category: "", language: "" });
  const [chosen, setChosen] = useState("");
  const narrow = useIsNarrow();
  useRefresh(onRefresh, 30);
  const values = (name) => [...new Set(rows.map((row) => row[name]))].sort();
  const found = useMemo(
    () => rows.filter((row) => (!words || plain(`${row.name} ${row.body}`).includes(plain(words))) && Object.entries(wanted).every(([name, value]) => !value || row[name] === value)),
    [rows, words, wanted],
  );
  const want = (name) => (value) => setWanted((before) => ({ ...before, [name]: value }));
  const open = found.find((row) => row.id === chosen) ?? (narrow ? null : found[0]);
  if (!loaded && !rows.length) return <SkeletonRows n={5} avatar={false} />;
  const sync = canManage ? <Button kind={rows.length ? "s" : "p"} busy={syncing} icon={<RefreshCw className="i s14" aria-hidden="true" />} onClick={() => onSync?.()}>{t("channels.templates.sync")}</Button> : null;
  const ready = rows.filter((row) => row.status === "approved" && row.is_sendable).length;
  return (
    <>
      <div className="row" style={{ gap: 16, flexWrap: "wrap", margin: "16px 0 12px" }}>
        <p className="t3 grow" role="status">
          {syncing ? t("channels.templates.syncing", { provider }) : rows.length ? `${t("channels.templates.count", { n: rows.length })} ${t("channels.templates.ready", { n: ready })} ` : null}
          {syncing ? null : <span>{t("channels.templates.synced_at")}: <Ago at={syncedAt} empty={t("channels.templates.never")} /></span>}
        </p>
        {rows.length ? sync : null}
      </div>
      {rows.length ? (
        <>
          <div className="row tfilters">
            <div className="input grow"><span className="affix"><Search className="i" aria-hidden="true" /></span><input type="search" data-search value={words} aria-label={t("channels.templates.search")} placeholder={t("channels.templates.search")} onChange={(event) => setWords(event.target.value)} /></div>
            <Filter name="status" value={wanted.status} values={values("status")} words={(value) => t(`channels.templates.status.${value}`)} onValue={want("status")} />
            <Filter name="category" value={wanted.category} values={values("category")} words={(value) => t(`channels.templates.category.${value}`)} onValue={want("category")} />
            <Filter name="language" value={wanted.language} values={values("language")} words={(value) => languageName(value, lang)} onValue={want("language")} />
          </div>
          {found.length ? (
            <div className="tcols">
              <ul className="card">
                {found.map((row) => (
                  <li key={row.id} className={open?.id === row.id ? "trow on" : "trow"}>
                    <button type="button" className="main" aria-pressed={open?.id === row.id} onClick={() => setChosen(row.id)}>
                      <span className="strong cut blk">{row.name}</span>
                      <span className="small t3 cut blk">{row.body}</span>
                      <span className="row" style={{ gap: 6, marginTop: 6, flexWrap: "wrap" }}>
                        <Chips row={row} />
                        <span className="small t3">{t(`channels.templates.category.${row.category}`)} · {languageName(row.language, lang)}</span>
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
              {open && !narrow ? <aside className="card pad stick"><Details row={open} provider={provider} /></aside> : null}
            </div>
          ) : (
            <Empty scene="search" title={t("channels.templates.no_match")} text={t("channels.templates.no_match_text")}>
              <button type="button" className="btn s" onClick={() => { setWords(""); setWanted({ status: "", category: "", language: "" }); }}>{t("channels.templates.clear")}</button>
            </Empty>
          )}
          <Dialog open={narrow && !!open} onClose={() => setChosen("")} title={t("channels.templates.preview")} actions={<button type="button" className="btn s" onClick={() => setChosen("")}>{t("common.close")}</button>}>
            {open ? <Details row={open} provider={provider} /> : null}
          </Dialog>
        </>
      ) : (
        <Empty scene="channels" title={t("channels.templates.empty")} text={how(t, kind)}>{sync}</Empty>
      )}
    </>
  );
}

function how(t, kind) {
  return t(kind === "twilio" ? "channels.templates.how.twilio" : "channels.templates.how.whatsapp_cloud");
}
