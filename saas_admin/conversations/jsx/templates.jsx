// Choosing a template and filling it: the one thing that leaves when the window is shut.
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { FieldFrame } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { ChevronLeft, Layout, Search, Send, Triangle, X } from "./icons.js";
import { isWeb, MEDIA, missing, said } from "./fit.js";
import { languageName, Preview } from "./template-view.jsx";
import { cx, firstName, useInbox } from "./util.js";

const PATIENCE = 3000; // then the draft waits in the thread, where it says so itself
const TONE = { marketing: "warn", utility: "ok", authentication: "info" };
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const matches = (template, query) => !query || plain(`${template.name} ${template.name.replaceAll("_", " ")} ${template.body}`).includes(plain(query));

// What a variable is called beside its box.
function labelsOf(template, t) {
  const named = (slot) => (/^\d+$/.test(slot.label) ? t("templates.variable", { n: slot.label }) : slot.label.replaceAll("_", " ").replace(/^./u, (letter) => letter.toUpperCase()));
  return Object.fromEntries(template.slots.map((slot) => {
    const [part, index] = slot.key.split(".");
    if (MEDIA.has(slot.kind)) return [slot.key, t(`templates.media_${slot.kind}`)];
    const button = part === "button" ? template.buttons[Number(index)]?.title || "" : "";
    if (slot.kind === "url_suffix") return [slot.key, t("templates.url_end", { button })];
    if (slot.kind === "code") return [slot.key, t("templates.code")];
    return [slot.key, part === "header" ? t("templates.in_header", { name: named(slot) }) : named(slot)];
  }));
}

function Choices({ list, chosen, query, onQuery, onChoose, onDone }) {
  const { t, lang } = useInbox();
  const at = list.findIndex((one) => one.id === chosen?.id);
  const box = useRef(null);
  useEffect(() => { box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }); }, [chosen?.id]);
  const keys = (event) => {
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (step !== undefined && list.length && !(event.target.value && (event.key === "Home" || event.key === "End"))) { event.preventDefault(); onChoose(list[Math.max(0, Math.min(list.length - 1, step))]); }
    if (event.key === "Enter") { event.preventDefault(); if (list.length) onDone(); }
  };
  return (
    <div className="pick">
      <label className="bx-search"><Search size={16} strokeWidth={1.75} aria-hidden="true" /><input type="search" value={query} onChange={(event) => onQuery(event.target.value)} onKeyDown={keys} placeholder={t("templates.search")} aria-label={t("templates.search")} aria-controls="bx-templates" aria-activedescendant={chosen ? `tpl-${chosen.id}` : undefined} role="combobox" aria-expanded="true" /></label>
      <div ref={box} id="bx-templates" role="listbox" aria-label={t("templates.list")} tabIndex={0} aria-activedescendant={chosen ? `tpl-${chosen.id}` : undefined} onKeyDown={keys}>
        {list.map((one) => (
          <div key={one.id} id={`tpl-${one.id}`} role="option" aria-selected={one.id === chosen?.id} className="opt" onClick={() => { onChoose(one); onDone(); }}>
            <span className="row"><b className="cut grow">{one.name}</b><span className={`chip ${TONE[one.category] || ""}`}>{t(`templates.category.${one.category}`)}</span></span>
            <span className="small t3 cut">{languageName(one.language, lang)}{" · "}{one.body}</span>
          </div>
        ))}
      </div>
      {!list.length && <p className="bx-note">{t("templates.none_found", { query })}</p>}
    </div>
  );
}

function Slot({ slot, label, value, error, onValue }) {
  const id = useId();
  const media = MEDIA.has(slot.kind);
  return (
    <FieldFrame id={id} label={label} error={error}>
      <div className={cx("input", error && "err")}><input id={id} name={slot.key} value={value} maxLength={1024} type={media ? "url" : "text"} inputMode={media ? "url" : undefined} placeholder={slot.example || undefined} aria-required="true" aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-note` : undefined} autoComplete="off" onChange={(event) => onValue(event.target.value)} /></div>
    </FieldFrame>
  );
}

function Consent({ allowed, name, value, error, onValue }) {
  const { t } = useInbox();
  const id = useId();
  if (allowed === true) return <p className="small t3">{t("templates.may", { name })}</p>;
  if (allowed === false) return <div className="bx-refused" role="alert"><Triangle size={16} strokeWidth={1.75} aria-hidden="true" /><span>{t("templates.may_not", { name })}</span></div>;
  return (
    <FieldFrame id={id} label={t("templates.consent")} hint={t("templates.consent_why")} error={error}>
      <div className={cx("input", error && "err")}><input id={id} name="consent" value={value} maxLength={300} placeholder={t("templates.consent_hint")} aria-required="true" aria-invalid={error ? true : undefined} aria-describedby={`${id}-note`} autoComplete="off" onChange={(event) => onValue(event.target.value)} /></div>
    </FieldFrame>
  );
}

function Nothing({ row, pending }) {
  const { t, can } = useInbox();
  return (
    <div className="none">
      <Layout size={28} strokeWidth={1.5} aria-hidden="true" />
      <p className="title-s">{t("templates.empty")}</p>
      <p className="t3">{t("templates.empty_text")}</p>
      {pending > 0 && <span className="chip">{t("templates.pending", { n: pending })}</span>}
      {can("channels:manage") && <a className="btn s" href={`/channels/${row.channel_id}/templates`}>{t("templates.open_channel")}</a>}
    </div>
  );
}

// `kept` outlives the dialog: what was typed for a template is there again when it is opened again.
export function TemplateDialog({ talk, found, outbox, kept, onAsk, onClose }) {
  const { t } = useInbox();
  const translate = useT();
  const row = talk.conversation;
  const box = useRef(null), form = useRef(null), titleId = useId();
  const [query, setQuery] = useState(""), [listing, setListing] = useState(false), [errors, setErrors] = useState({}), [trouble, setTrouble] = useState(null), [going, setGoing] = useState(null), [, redraw] = useState(0);
  const ready = found?.conversation_id === row.id && !found.error && found.templates;
  const list = useMemo(() => (ready ? found.templates.filter((one) => matches(one, query)) : []), [found, query]);
  const memory = (kept.current[row.id] ||= { chosen: null, values: {}, consent: "" });
  const chosen = ready ? list.find((one) => one.id === memory.chosen) || list[0] : null;
  const values = chosen ? { ...Object.fromEntries(chosen.slots.map((slot) => [slot.key, slot.value])), ...memory.values[chosen.id] } : {};
  const labels = useMemo(() => (chosen ? labelsOf(chosen, t) : {}), [chosen, t]);
  const ads = chosen?.category === "marketing", forbidden = ads && found.may_advertise === false;

  useEffect(() => { box.current.showModal(); onAsk(row.id); }, []);
  const focusFirst = (keys) => {
    const fields = [...(form.current?.querySelectorAll("input") || [])];
    const wanted = keys ? fields.find((field) => keys.includes(field.name)) : fields.find((field) => !field.value.trim());
    (wanted || (keys ? null : form.current?.querySelector("button[type=submit]")))?.focus();
  };
  const close = () => box.current?.close();
  const arrived = !!ready;
  useLayoutEffect(() => { if (arrived) focusFirst(); }, [arrived]);
  const change = (update) => { update(); setTrouble(null); redraw((n) => n + 1); };
  const choose = (one) => change(() => { memory.chosen = one.id; setErrors({}); });
  const write = (key, value) => change(() => { memory.values[chosen.id] = { ...memory.values[chosen.id], [key]: value }; setErrors(({ [key]: _, ...rest }) => rest); });
  const refuse = (fields) => { setErrors(fields); setTimeout(() => focusFirst(Object.keys(fields)), 0); };

  const submit = (event) => {
    event.preventDefault();
    if (!chosen || going || forbidden) return;
    const wrong = Object.fromEntries(missing(chosen, values).map((key) => [key, "required"]));
    chosen.slots.forEach((slot) => { if (MEDIA.has(slot.kind) && !wrong[slot.key] && !(isWeb(values[slot.key].trim()) && values[slot.key].trim().startsWith("https:"))) wrong[slot.key] = "link_format"; });
    if (ads && found.may_advertise == null && !memory.consent.trim()) wrong.consent = "consent_missing";
    if (Object.keys(wrong).length) { refuse(wrong); return; }
    const { name, language, category, header_kind, buttons, footer } = chosen;
    const media = MEDIA.has(header_kind) ? values["header.1"] || "" : "";
    setGoing(outbox.send({ conversation_id: row.id, template_id: chosen.id, values, consent: ads ? memory.consent : "", attachments: [], reply_to: null, said: { kind: "template", text: said(chosen, values), data: { template: { name, language, category, header_kind, buttons, footer, media } } } }));
  };
  // The bubble stands already; the dialog goes with the server's yes, or says here what it wants.
  const sent = going && outbox.items.find((item) => item.draft_id === going);
  useEffect(() => {
    if (!going) return undefined;
    if (!sent) { delete kept.current[row.id]; close(); return undefined; }
    if (sent.error) {
      outbox.drop(going);
      setGoing(null);
      if (sent.reason?.code === "consent_missing") refuse({ consent: "consent_missing" });
      else if (Object.keys(sent.reason?.fields || {}).length) refuse(sent.reason.fields);
      else setTrouble(sent.error);
      return undefined;
    }
    const timer = setTimeout(close, outbox.online ? PATIENCE : 0);
    return () => clearTimeout(timer);
  }, [going, sent]);

  const name = firstName(row.customer_name) || t("composer.customer");
  return (
    <dialog ref={box} className={cx("dlg bx-tpl", listing && "listing")} aria-labelledby={titleId} onClose={onClose} onClick={(event) => event.target === box.current && close()}>
      <header>
        {listing && <button type="button" className="ib phone" aria-label={t("templates.back")} onClick={() => setListing(false)}><ChevronLeft size={20} strokeWidth={1.75} /></button>}
        <h2 className="title grow cut" id={titleId}>{t("templates.title", { name })}</h2>
        <button type="button" className="ib" aria-label={t("templates.close")} onClick={close}><X size={16} strokeWidth={1.75} /></button>
      </header>
      {found?.error && found.conversation_id === row.id ? <div className="none" role="alert"><p className="t2">{t("templates.trouble")}</p><button type="button" className="btn s" onClick={() => onAsk(row.id)}>{t("error.retry")}</button></div>
        : !ready ? <div className="none bx-skeletons" role="status"><span className="sr">{t("templates.loading")}</span><i className="sk" style={{ width: "60%" }} /><i className="sk" style={{ width: "80%" }} /></div>
          : !found.templates.length ? <Nothing row={row} pending={found.pending} /> : (
            <div className="two">
              <Choices list={list} chosen={chosen} query={query} onQuery={setQuery} onChoose={choose} onDone={() => { setListing(false); setTimeout(focusFirst, 0); }} />
              {chosen && (
                <form ref={form} noValidate onSubmit={submit}>
                  <div className="scroll">
                    <div className="row which"><b className="cut grow">{chosen.name}</b><button type="button" className="link phone" onClick={() => setListing(true)}>{t("templates.other")}</button></div>
                    <Preview template={chosen} values={values} labels={labels} />
                    {chosen.slots.map((slot) => <Slot key={`${chosen.id}:${slot.key}`} slot={slot} label={labels[slot.key]} value={values[slot.key] || ""} error={errors[slot.key] && translate(`errors.${errors[slot.key]}`)} onValue={(value) => write(slot.key, value)} />)}
                    {ads && <Consent allowed={found.may_advertise} name={name} value={memory.consent} error={errors.consent && translate(`errors.${errors.consent}`)} onValue={(value) => change(() => { memory.consent = value; setErrors(({ consent: _, ...rest }) => rest); })} />}
                  </div>
                  {trouble && <p className="error" role="alert"><Triangle size={12} strokeWidth={2} aria-hidden="true" />{trouble}</p>}
                  <div className="acts">
                    <span className="small t3 grow">{found.pending > 0 ? t("templates.pending", { n: found.pending }) : ""}</span>
                    <button type="submit" className="btn p" disabled={forbidden || !!going} aria-busy={!!going || undefined}>{going ? <span className="spin" aria-hidden="true" /> : <Send size={16} strokeWidth={1.75} aria-hidden="true" />}{t("templates.send")}</button>
                  </div>
                </form>
              )}
            </div>
          )}
    </dialog>
  );
}
