// The answer: its words with variables, its files, and what the customer will read.
import { useEffect, useId, useRef, useState } from "react";
import { Braces, Bot, CheckCheck, FileText, Mic, Paperclip, TriangleAlert, Video, X } from "lucide-react";
import { Button, Segmented, useRoom } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Menu, MenuItem } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { fill, lengthFor, unknownIn } from "./fill.js";

const ICONS = { video: Video, audio: Mic };

export function size(bytes, lang) {
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "kilobyte"] : [bytes / 1024 / 1024, "megabyte"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

function VariableMenu({ variables, sample, onPick }) {
  const t = useT();
  return (
    <Menu label={t("faqs.variables.label")} align="start" trigger={(props) => <button {...props} className="btn s xs"><Braces className="i s14" aria-hidden="true" />{t("faqs.variables.do")}</button>}>
      {(close) => variables.map((name) => (
        <MenuItem key={name} onClick={() => { close(false); onPick(name); }}>
          <span className="blk">{t(`faqs.variables.${name}`)}</span>
          <span className="blk small t3 fsample">{sample?.[name] || t("faqs.variables.empty")}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}

function FileChip({ file, canManage, onRemove }) {
  const t = useT();
  const lang = useLang();
  const Icon = ICONS[file.kind] ?? FileText;
  return (
    <li className={file.problem ? "ffile bad" : "ffile"}>
      {file.thumb_url && !file.problem ? <img src={file.thumb_url} alt="" /> : <span className="ftile sm">{file.problem ? <TriangleAlert className="i" aria-hidden="true" /> : <Icon className="i" aria-hidden="true" />}</span>}
      <span className="grow">
        <span className="blk cut strong" title={file.filename}>{file.filename}</span>
        <span className={file.problem ? "blk small" : "blk small t3"} role={file.problem ? "alert" : undefined}>{file.problem || (file.id ? size(file.size, lang) : t("faqs.files.going", { percent: Math.round((file.progress ?? 0) * 100) }))}</span>
      </span>
      {canManage ? <button type="button" className="ib sm" aria-label={t("faqs.files.remove", { name: file.filename })} onClick={onRemove}><X className="i s14" aria-hidden="true" /></button> : null}
    </li>
  );
}

// Sent at once; what comes back is an upload that saving turns into a file of the FAQ.
function useUpload(onFiles) {
  const t = useT();
  const change = useRef(onFiles);
  change.current = onFiles;
  return (chosen) => {
    for (const file of chosen) {
      const key = `u${Math.random()}`;
      const patch = (more) => change.current((files) => files.map((each) => (each.key === key ? { ...each, ...more } : each)));
      change.current((files) => [...files, { key, id: "", filename: file.name, size: file.size, kind: file.type.split("/")[0], progress: 0 }]);
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("file", file);
      request.open("POST", "/media");
      request.responseType = "json";
      request.upload.onprogress = (event) => event.lengthComputable && patch({ progress: event.loaded / event.total });
      request.onload = () => (request.status === 200 ? patch({ id: request.response.id, kind: request.response.kind, mime: request.response.mime, size: file.size, url: `/media/${request.response.id}`, thumb_url: request.response.kind === "image" ? `/media/${request.response.id}/thumb` : "" }) : patch({ problem: request.response?.error?.message ?? t("faqs.files.failed") }));
      request.onerror = () => patch({ problem: t("faqs.files.failed") });
      request.send(form);
    }
  };
}

export function Answer({ own, isNext, change, onFiles, limits, errors, params, variables, sample, channels, canManage }) {
  const t = useT();
  const lang = useLang();
  const id = useId();
  const box = useRef(null);
  const chooser = useRef(null);
  const upload = useUpload(onFiles);
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(Math.max(box.current.scrollHeight, 108), 420)}px`;
  }, [own.answer]);
  const insert = (name) => {
    const { selectionStart: from, selectionEnd: to } = box.current;
    const place = `{${name}}`;
    change({ answer: own.answer.slice(0, from) + place + own.answer.slice(to) });
    requestAnimationFrame(() => { box.current.focus(); box.current.setSelectionRange(from + place.length, from + place.length); });
  };
  const unknown = unknownIn(own.answer, variables);
  const where = own.channel_kinds.length ? channels.filter((each) => own.channel_kinds.includes(each.kind)) : channels;
  const tight = where.filter((each) => lengthFor(each, own.answer) > each.limit);
  const room = useRoom(own.answer.trim(), limits.answer);
  const problem = room.problem ?? (errors?.answer ? t(`errors.${errors.answer}`, params) : unknown ? t("errors.faq_variable", { variable: `{${unknown}}` }) : undefined);
  const drop = (event) => { event.preventDefault(); setOver(false); if (canManage) upload([...event.dataTransfer.files].slice(0, limits.files - own.files.length)); };
  return (
    <section className={over ? "card fanswer over" : "card fanswer"} onDragOver={(event) => { if (event.dataTransfer.types.includes("Files")) { event.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)} onDrop={(event) => event.dataTransfer.files.length && drop(event)}>
      <header><h2 className="title-s grow"><label htmlFor={id}>{t("faqs.answer.title")}</label></h2>{canManage ? <VariableMenu variables={variables} sample={sample} onPick={insert} /> : null}</header>
      <div className="body" style={{ display: "grid", gap: 10 }}>
        <div>
          <div className={problem ? "input area err" : "input area"}>
            <textarea ref={box} autoFocus={isNext || undefined} id={id} value={own.answer} readOnly={!canManage} aria-invalid={problem ? true : undefined} aria-describedby={`${id}-note`} placeholder={t("faqs.answer.example")} onChange={(event) => change({ answer: event.target.value })} />
          </div>
          {problem ? <div className="row fnote"><span className="error grow" role="alert" id={`${id}-note`}><TriangleAlert className="i s12" aria-hidden="true" />{problem}</span>{room.counter}</div> : (
            <span className="hint row fnote" id={`${id}-note`}>
              <span className="grow">{tight.length ? t("faqs.answer.tight", { channels: tight.map((each) => `${t(`common.channel.${each.kind}`)} (${formatNumber(each.limit, lang)})`).join(", ") }) : t("faqs.answer.hint")}</span>
              {room.counter}
            </span>
          )}
        </div>
        {own.files.length ? <ul className="ffiles" aria-label={t("faqs.files.label")}>{own.files.map((file) => <FileChip key={file.key ?? file.id} file={file} canManage={canManage} onRemove={() => onFiles((files) => files.filter((each) => each !== file))} />)}</ul> : null}
        {errors?.files ? <span className="error" role="alert"><TriangleAlert className="i s12" aria-hidden="true" />{t(`errors.${errors.files}`, params)}</span> : null}
        {canManage && own.files.length < limits.files ? (
          <div className="row" style={{ gap: 10 }}>
            <Button icon={<Paperclip className="i s14" aria-hidden="true" />} onClick={() => chooser.current?.click()}>{t("faqs.files.add")}</Button>
            <span className="small t3 desk">{t("faqs.files.hint")}</span>
            <input ref={chooser} type="file" multiple hidden onChange={(event) => { upload([...event.target.files].slice(0, limits.files - own.files.length)); event.target.value = ""; }} />
          </div>
        ) : null}
      </div>
    </section>
  );
}

// As it arrives on a phone: the question, then what we send.
export function Preview({ own, sample, company }) {
  const t = useT();
  const [stranger, setStranger] = useState(false);
  const question = own.phrasings.find((each) => each.text.trim())?.text;
  const answer = fill(own.answer, { ...sample, ...(stranger ? { name: "" } : {}) }).trim();
  const files = own.files.filter((file) => file.id && !file.problem);
  return (
    <section className="card" aria-label={t("faqs.preview.title")}>
      <header><h2 className="title-s grow">{t("faqs.preview.title")}</h2></header>
      <div className="fphone">
        <p className="cap t3 fphone-head"><Bot className="i s12" aria-hidden="true" />{company}</p>
        <p className="fb in">{question || <span className="t3">{t("faqs.phrasings.first_example")}</span>}</p>
        {files.map((file) => (
          <div key={file.id} className="fb out fmedia">
            {file.thumb_url ? <img src={file.thumb_url} alt={file.filename} /> : <span className="row" style={{ gap: 8 }}><FileText className="i" aria-hidden="true" /><span className="cut">{file.filename}</span></span>}
          </div>
        ))}
        <p className="fb out" aria-live="polite">
          {answer || <span className="t3">{t("faqs.preview.empty")}</span>}
          <span className="meta cap">{t("faqs.preview.by")}<CheckCheck className="i s12" aria-hidden="true" /></span>
        </p>
      </div>
      {own.answer.includes("{name}") ? (
        <div style={{ padding: "0 16px 16px" }}>
          <Segmented fill label={t("faqs.preview.who")} value={stranger ? "stranger" : "known"} onValue={(who) => setStranger(who === "stranger")} options={[{ value: "known", label: t("faqs.preview.known", { name: sample?.name ?? "" }) }, { value: "stranger", label: t("faqs.preview.stranger") }]} />
        </div>
      ) : null}
    </section>
  );
}
