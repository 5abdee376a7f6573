// The activity log: a sentence per line, what changed in words below it.
import { useEffect, useRef, useState } from "react";
import { ChevronDown, Download } from "lucide-react";
import { Empty } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatDay, formatExact, formatTime, hasWords, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { SelectField, useProblems } from "./frame.jsx";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const GROUPS = ["session", "account", "member", "invitation", "company", "security", "bot", "faq", "channel", "export", "audit"];
const VALUES = { role: "common.role", roles: "common.role", sight: "settings.sight", register: "settings.bot.registers", language: "settings.bot.languages", answers: "settings.bot.when", address_form: "bots.form", schedule: "bots.schedule", give_back: "bots.give_back", group: "audit.group", locale: "settings.locale", kind: "common.channel" };

function useWords() {
  const t = useT();
  const lang = useLang();
  const dayOf = (date) => new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(date));
  const hours = (week) => DAYS.map((day) => [day, week[day]]).filter(([, spans]) => spans?.length).map(([day, spans]) => `${t(`settings.day.${day}`)} ${spans.map((span) => span.join("–")).join(", ")}`).join(" · ");
  const value = (name, raw) => {
    if (raw === null || raw === undefined || raw === "") return t("settings.audit.nothing");
    if (typeof raw === "boolean") return t(raw ? "settings.audit.yes" : "settings.audit.no");
    if (Array.isArray(raw)) return raw.map((each) => (each?.date ? `${dayOf(each.date)} ${each.name ?? ""}`.trim() : value(name, each))).join(", ") || t("settings.audit.nothing");
    if (typeof raw === "object") return (name === "hours" ? hours(raw) : JSON.stringify(raw)) || t("settings.audit.nothing");
    const key = `${VALUES[name]}.${String(raw).replace("-", "_")}`;
    if (VALUES[name] && hasWords(key)) return t(key);
    return /_after$|_at$/.test(name) ? formatExact(raw, lang) : String(raw);
  };
  return {
    value,
    field: (name) => (hasWords(`audit.field.${name}`) ? t(`audit.field.${name}`) : name),
    sentence: (row) => (hasWords(`audit.${row.action}`) ? t(`audit.${row.action}`, { target: row.target_name }) : `${row.action} ${row.target_name}`),
    actor: (row) => row.actor_name || t("settings.audit.automatic"),
  };
}

function Line({ row }) {
  const t = useT();
  const lang = useLang();
  const words = useWords();
  const [open, setOpen] = useState(false);
  const names = [...new Set([...Object.keys(row.before ?? {}), ...Object.keys(row.after ?? {})])];
  return (
    <li className="arow">
      <time className="num t3" dateTime={row.at} data-tip={formatExact(row.at, lang)}>{formatTime(row.at, lang)}</time>
      <div className="grow">
        <span><span className="strong">{words.actor(row)}</span> {words.sentence(row)}</span>
        {row.ip ? <span className="small t3"> · {t("settings.audit.from_ip", { ip: row.ip })}</span> : null}
        {open ? (
          <dl className="diff">
            {names.map((name) => (
              <div key={name}>
                <dt>{words.field(name)}</dt>
                <dd>
                  {name in (row.before ?? {}) ? <><span className="sr">{t("settings.audit.was")}: </span><del>{words.value(name, row.before[name])}</del></> : null}
                  {name in (row.before ?? {}) && name in (row.after ?? {}) ? <span aria-hidden="true"> → </span> : null}
                  {name in (row.after ?? {}) ? <><span className="sr">{t("settings.audit.now")}: </span><ins>{words.value(name, row.after[name])}</ins></> : null}
                </dd>
              </div>
            ))}
          </dl>
        ) : null}
      </div>
      {names.length ? <button type="button" className="ib sm" aria-expanded={open} aria-label={t("settings.audit.details")} onClick={() => setOpen(!open)}><ChevronDown className="i s14" style={open ? { transform: "rotate(180deg)" } : undefined} aria-hidden="true" /></button> : <span style={{ width: 28 }} />}
    </li>
  );
}

export function AuditLog({ rows, people, next, loaded, errors, onNarrow, onMore }) {
  const t = useT();
  const lang = useLang();
  const say = useProblems(errors);
  const [chosen, setChosen] = useState({ person: "", group: "", since: "", until: "", query: "" });
  const timer = useRef(null);
  const narrow = (more, wait = 0) => {
    const wanted = { ...chosen, ...more };
    setChosen(wanted);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onNarrow?.(wanted), wait);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const address = (kind) => `/settings/audit.${kind}?${new URLSearchParams(Object.entries(chosen).filter(([, value]) => value))}`;
  const days = [];
  for (const row of rows ?? []) {
    const day = formatDay(row.at, lang);
    if (days.at(-1)?.day !== day) days.push({ day, rows: [] });
    days.at(-1).rows.push(row);
  }
  return (
    <div>
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <SelectField label={t("settings.audit.person")} value={chosen.person} onValue={(person) => narrow({ person })} options={[["", t("settings.audit.everybody")], ...(people ?? []).map((each) => [each.id, each.name]), ["system", t("settings.audit.automatic")]]} />
        <SelectField label={t("settings.audit.group")} value={chosen.group} onValue={(group) => narrow({ group })} options={[["", t("settings.audit.anything")], ...GROUPS.map((group) => [group, t(`audit.group.${group}`)])]} />
        <Field name="since" type="date" label={t("settings.audit.since")} value={chosen.since} error={say("since")} onValue={(since) => narrow({ since }, 400)} />
        <Field name="until" type="date" label={t("settings.audit.until")} value={chosen.until} onValue={(until) => narrow({ until }, 400)} />
        <Field name="query" type="search" label={t("settings.audit.query")} placeholder={t("settings.audit.query_hint")} value={chosen.query} onValue={(query) => narrow({ query }, 300)} />
      </form>
      <div className="row" style={{ gap: 8, margin: "14px 0", justifyContent: "flex-end" }}>
        <a className="btn s xs" href={address("csv")} download><Download className="i s14" aria-hidden="true" />{t("settings.audit.export_csv")}</a>
        <a className="btn s xs" href={address("jsonl")} download><Download className="i s14" aria-hidden="true" />{t("settings.audit.export_jsonl")}</a>
      </div>
      {loaded && !rows?.length ? <Empty scene="search" title={t("settings.audit.empty")} text={t("settings.audit.empty_text")} /> : null}
      {days.map(({ day, rows: lines }) => (
        <section className="card" key={day} style={{ marginBottom: 12 }}>
          <header><h2 className="title-s grow">{day}</h2></header>
          <ul>{lines.map((row) => <Line key={row.id} row={row} />)}</ul>
        </section>
      ))}
      {next ? <div className="row" style={{ justifyContent: "center" }}><Button onClick={() => onMore?.()}>{t("settings.audit.more")}</Button></div> : null}
    </div>
  );
}
