// A file of FAQs: read, shown row by row as it would come in, then imported. Nothing is stored before the button says how much.
import { useEffect, useId, useRef, useState } from "react";
import { Link } from "react-router";
import { ChevronRight, CircleCheck, FileSpreadsheet, TriangleAlert, Upload } from "lucide-react";
import { SkeletonRows } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button, Checkbox } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Difference } from "./history.jsx";
import { languageName } from "./words.jsx";

const OUTCOMES = ["new", "adds", "changed", "unchanged", "error"];
const TONE = { new: "ok", adds: "acc", changed: "info", unchanged: "", error: "bad" };
const PAGE = 100;

async function send(file, options, t) {
  const form = new FormData();
  form.append("file", file, file.name ?? "faqs");
  const query = new URLSearchParams(Object.entries(options).filter(([, value]) => value));
  let answer;
  try {
    answer = await fetch(`/faq-import?${query}`, { method: "POST", body: form });
  } catch {
    return { problem: t("faqs.import.offline") };
  }
  // An answer that is no JSON came from a server that failed, or from a proxy before it.
  const body = await answer.json().catch(() => null);
  return answer.ok && body ? { report: body } : { problem: body?.error?.message ?? t("errors.unexpected") };
}

function Chooser({ onFile }) {
  const t = useT();
  const id = useId();
  const input = useRef(null);
  const [over, setOver] = useState(false);
  const [pasting, setPasting] = useState(false);
  const [text, setText] = useState("");
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files[0]) onFile(event.dataTransfer.files[0]);
  };
  return (
    <div className="fstack">
      <div className={over ? "fdrop over" : "fdrop"} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <span className="ftile"><FileSpreadsheet className="i s20" aria-hidden="true" /></span>
        <p className="title-s desk">{t("faqs.import.drop")}</p>
        <p className="title-s phone">{t("faqs.import.take")}</p>
        <p className="small t3 measure">{t("faqs.import.kinds")}</p>
        <div className="row" style={{ gap: 8, flexWrap: "wrap", justifyContent: "center" }}>
          <Button kind="p" icon={<Upload className="i s14" aria-hidden="true" />} onClick={() => input.current?.click()}>{t("faqs.import.choose")}</Button>
          <Button aria-expanded={pasting} onClick={() => setPasting(!pasting)}>{t("faqs.import.paste")}</Button>
        </div>
        <input ref={input} type="file" accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv,application/json" hidden onChange={(event) => { if (event.target.files[0]) onFile(event.target.files[0]); event.target.value = ""; }} />
      </div>
      {pasting ? (
        <section className="card pad">
          <label htmlFor={id} className="strong blk" style={{ marginBottom: 6 }}>{t("faqs.import.paste_label")}</label>
          <div className="input area"><textarea id={id} className="mono" rows={8} autoFocus value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} /></div>
          <div className="row" style={{ marginTop: 10, justifyContent: "flex-end" }}><Button kind="p" disabled={!text.trim()} onClick={() => onFile(new File([text], "faqs.txt", { type: "text/plain" }))}>{t("faqs.import.look")}</Button></div>
        </section>
      ) : null}
      <section className="card">
        <header><h2 className="title-s grow">{t("faqs.import.how")}</h2><a className="link small" href="/faq-export.csv" download="faqs.csv">{t("faqs.import.sheet")}</a></header>
        <dl className="facts body">
          {["question", "answer", "category", "language", "status", "sensitive", "channels"].map((name) => <div key={name} style={{ display: "contents" }}><dt className="mono">{t(`faqs.import.name.${name}`)}</dt><dd>{t(`faqs.import.about.${name}`)}</dd></div>)}
        </dl>
      </section>
    </div>
  );
}

function Columns({ columns, fields, onMap }) {
  const t = useT();
  const known = columns.filter((column) => column.field).length;
  return (
    <details className="card more fmap" open={known === columns.length ? undefined : true}>
      <summary><ChevronRight className="i s14 t3" aria-hidden="true" /><span className="grow"><span className="strong">{t("faqs.import.columns")}</span><span className="t3 num">{t("faqs.import.known", { n: columns.length, known })}</span></span></summary>
      <ul className="fcolumns">
        {columns.map((column, at) => (
          <li key={at}>
            <span className="grow"><span className="strong blk cut" title={column.name}>{column.name || t("faqs.import.unnamed", { n: at + 1 })}</span><span className="small t3 blk cut">{column.sample || t("faqs.import.no_sample")}</span></span>
            <div className="input"><select aria-label={t("faqs.import.column_of", { name: column.name || t("faqs.import.unnamed", { n: at + 1 }) })} value={column.field} onChange={(event) => onMap(at, event.target.value)}>
              <option value="">{t("faqs.import.leave_out")}</option>
              {fields.map((field) => <option key={field} value={field}>{t(`faqs.import.field.${field}`)}</option>)}
            </select></div>
          </li>
        ))}
      </ul>
    </details>
  );
}

// Whether the first row is a header: asked only where no name of it is known.
function FirstRow({ report, onFirst }) {
  const t = useT();
  if (report.kind !== "csv") return null;
  if (report.is_header_sure) return report.is_below_others ? <p className="small t3">{t("faqs.import.header_row", { row: report.header_row })}</p> : null;
  return (
    <section className="card pad ffirst">
      <Checkbox name="first" checked={!report.header_row} onValue={(is) => onFirst(is ? "question" : "header")} label={t("faqs.import.first")} />
      <p className="small t3">{t("faqs.import.first_hint")}</p>
    </section>
  );
}

// Which column, and what stands there.
function where(t, wrong) {
  if (!wrong) return "";
  const column = wrong.column || t(`faqs.import.name.${wrong.field}`);
  return `${t(wrong.value ? "faqs.import.at" : "faqs.import.at_empty", { column, value: wrong.value })} `;
}

// What the button will do: how many are new, how many that are there already change.
function goWords(t, fresh, changed) {
  if (!changed) return t("faqs.import.go_new", { n: fresh });
  return fresh ? t("faqs.import.go_both", { n: fresh, changed }) : t("faqs.import.go_changed", { n: changed });
}

function says(t, row) {
  if (row.problem) return `${where(t, row.wrong)}${t(`errors.${row.problem}`, row.params)}`;
  if (row.outcome === "new") return t(row.is_draft ? "faqs.import.does.new_draft" : "faqs.import.does.new", { n: row.adds });
  const added = row.adds ? t("faqs.import.does.adds", { n: row.adds }) : "";
  // What changes stands below, old beside new.
  return added || (row.changes.length ? "" : t("faqs.import.does.unchanged"));
}

function Rows({ rows, chosen }) {
  const t = useT();
  const [most, setMost] = useState(PAGE);
  useEffect(() => setMost(PAGE), [chosen]);
  const seen = chosen ? rows.filter((row) => row.outcome === chosen) : rows;
  const hasMore = seen.length > most;
  return (
    <section className="card plain">
      <ul className="frows" aria-label={t("faqs.import.rows")}>
        {seen.slice(0, most).map((row) => (
          <li key={row.row} className={row.problem ? "bad" : undefined}>
            <span className="num t3 small n">{row.row}</span>
            <div className="grow">
              <span className="strong blk cut" title={row.title}>{row.title || t("faqs.import.no_title")}</span>
              <span className={row.problem ? "small blk why" : "small t3 blk"}>{says(t, row)}{row.faq_title && row.faq_title !== row.title ? <> · {t("faqs.import.goes_to", { title: row.faq_title })}</> : null}</span>
              {row.differences.length ? <dl className="fdiff small">{row.differences.map((each) => <Difference key={each.what} difference={each} />)}</dl> : null}
              {row.twin ? <span className="small blk warn"><TriangleAlert className="i s12" aria-hidden="true" /> {t(row.is_certain ? "faqs.import.twin_same" : "faqs.import.twin_near", { text: row.twin })}</span> : null}
            </div>
            <span className={`chip ${TONE[row.outcome]}`}>{t(`faqs.import.row.${row.outcome}`)}</span>
          </li>
        ))}
      </ul>
      {hasMore ? <p style={{ padding: 14, textAlign: "center" }}><Button onClick={() => setMost(most + 500)}>{t("faqs.more")}</Button></p> : null}
    </section>
  );
}

function Counts({ counts, chosen, onChoose }) {
  const t = useT();
  const lang = useLang();
  return (
    <div className="ffilters" role="group" aria-label={t("faqs.import.summary")}>
      {OUTCOMES.filter((name) => counts[name]).map((name) => (
        <button key={name} type="button" className={chosen === name ? "fchip on" : "fchip"} aria-pressed={chosen === name} onClick={() => onChoose(chosen === name ? "" : name)}>
          {t(`faqs.import.outcome.${name}`)}<b className="num">{formatNumber(counts[name], lang)}</b>
        </button>
      ))}
    </div>
  );
}

function Done({ report, onAgain }) {
  const t = useT();
  const counts = { ...report.counts, ...report.faqs };
  const lines = OUTCOMES.filter((name) => counts[name]).map((name) => <li key={name}>{t(`faqs.import.result.${name}`, { n: counts[name] })}</li>);
  return (
    <div className="fstack">
      <section className="card pad fdone" role="status">
        <CircleCheck className="i s20" aria-hidden="true" />
        <div className="grow">
          <h2 className="title-s">{t("faqs.import.done")}</h2>
          <ul className="t2 num">{lines}</ul>
        </div>
        <Button onClick={onAgain}>{t("faqs.import.again")}</Button>
        <Link className="btn p" to="/bots/faqs">{t("faqs.to_list")}</Link>
      </section>
      {counts.error ? <Rows rows={report.rows} chosen="error" /> : null}
    </div>
  );
}

export function FaqImport({ fields, languages }) {
  const t = useT();
  const lang = useLang();
  const [file, setFile] = useState(null);
  const [options, setOptions] = useState({ language: "", columns: "", first: "" });
  const [report, setReport] = useState(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState("");
  const [chosen, setChosen] = useState("");
  const [whole, setWhole] = useState(false);
  const asked = useRef(0);

  const ask = async (wanted, more, act) => {
    const turn = ++asked.current;
    setBusy(act ? "import" : "look");
    setProblem("");
    const answer = await send(wanted, { ...more, ...(act ? { do: "1", all_or_nothing: whole ? "1" : "" } : {}) }, t);
    if (turn !== asked.current) return;
    setBusy("");
    if (answer.problem) setProblem(answer.problem);
    else setReport(answer.report);
  };
  const begin = (wanted) => {
    const fresh = { language: "", columns: "", first: "" };
    setFile(wanted);
    setOptions(fresh);
    setReport(null);
    setChosen("");
    setWhole(false);
    ask(wanted, fresh);
  };
  const again = () => { setFile(null); setReport(null); setProblem(""); setBusy(""); asked.current += 1; };
  const set = (more) => {
    const wanted = { ...options, ...more };
    setOptions(wanted);
    ask(file, wanted);
  };
  const map = (at, field) => set({ columns: report.columns.map((column, index) => (index === at ? field : column.field) || "-").join(",") });

  if (report?.is_done) return <div style={{ marginTop: 20 }}><Done report={report} onAgain={again} /></div>;
  if (!file) return <div style={{ marginTop: 20 }}><Chooser onFile={begin} /></div>;
  const counts = report?.counts ?? {};
  const faqs = report?.faqs ?? {};
  const changed = (faqs.adds ?? 0) + (faqs.changed ?? 0);
  const good = (faqs.new ?? 0) + changed;
  return (
    <div className="fstack" style={{ marginTop: 20 }}>
      <section className="card pad ffrom">
        <span className="ftile"><FileSpreadsheet className="i s20" aria-hidden="true" /></span>
        <div className="grow"><p className="strong cut" title={file.name}>{file.name}</p><p className="small t3 num">{report ? t("faqs.import.read", { n: report.rows.length }) : problem ? null : t("faqs.import.reading")}</p></div>
        {report ? (
          <label className="row small t2" style={{ gap: 8 }}>{t("faqs.import.language")}
            <select className="fchip" value={report.language} onChange={(event) => set({ language: event.target.value })}>{languages.map((code) => <option key={code} value={code}>{languageName(code, lang)}</option>)}</select>
          </label>
        ) : null}
        <Button onClick={again}>{t("faqs.import.other")}</Button>
      </section>
      {problem ? <p className="banner bad" role="alert"><span className="lead"><TriangleAlert className="i" aria-hidden="true" /></span><span className="grow">{problem}</span></p> : null}
      {!report && busy ? <SkeletonRows n={6} avatar={false} /> : null}
      {report?.problem ? <p className="banner" role="alert"><span className="lead"><TriangleAlert className="i" aria-hidden="true" /></span><span className="grow">{t(`errors.${report.problem}`)}</span></p> : null}
      {report ? <FirstRow report={report} onFirst={(first) => set({ first, columns: "" })} /> : null}
      {report?.kind === "csv" ? <Columns columns={report.columns} fields={fields} onMap={map} /> : null}
      {report && !report.problem ? (
        <>
          <Counts counts={counts} chosen={chosen} onChoose={setChosen} />
          <Rows rows={report.rows} chosen={chosen} />
          <div className="savebar" role="region" aria-label={t("faqs.import.title")}>
            <span className="grow t2 num">
              {good ? t("faqs.import.nothing_yet") : t("faqs.import.nothing_to_do")}
              {counts.error && good ? <span className="blk"><Checkbox name="whole" checked={whole} onValue={setWhole} label={t("faqs.import.whole")} /></span> : null}
            </span>
            <Button kind="p" busy={busy === "import"} disabled={!good || (whole && counts.error > 0) || busy === "look"} onClick={() => ask(file, options, true)}>{good ? goWords(t, faqs.new ?? 0, changed) : t("faqs.import.do")}</Button>
          </div>
        </>
      ) : null}
    </div>
  );
}
