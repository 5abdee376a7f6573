// Two thresholds and what they would have done: the counts follow the hand, the examples come when it rests.
import { useEffect, useId, useRef, useState } from "react";
import { ArrowRight } from "lucide-react";
import { Empty } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { formatDate, formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { LeaveGuard } from "$/public/external/saas_admin/ui/jsx/leave.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { Problem, SaveBar } from "$/public/external/saas_admin/settings/jsx/frame.jsx";
import { ReadOnlyBy } from "./fields.jsx";
import { percent } from "./words.js";

const LOWEST = 50;
const HIGHEST = 99;
const ZONES = ["direct", "middle", "person"];

// By hundredths, as the server counts: the same rule, so that the numbers do not jump when it answers.
function count(preview, direct, person) {
  const zones = Object.fromEntries(ZONES.map((name) => [name, { total: 0, right: 0, wrong: 0 }]));
  zones.direct.total = preview.exact;
  preview.buckets.forEach(([total, right, wrong], at) => {
    const zone = zones[at >= direct ? "direct" : at < person ? "person" : "middle"];
    zone.total += total;
    zone.right += right;
    zone.wrong += wrong;
  });
  return zones;
}

// All of 0 to 100 is drawn, as in the chart below; the hand stops at `min` and `max`, and that is said.
function Slider({ label, hint, value, min, max, disabled, onValue }) {
  const t = useT();
  const lang = useLang();
  const id = useId();
  const [stopped, setStopped] = useState(false);
  const move = (wanted) => { const given = Math.min(max, Math.max(min, wanted)); setStopped(given !== wanted); onValue(given); };
  const range = t("bots.thresholds.range", { least: percent(min / 100, lang), most: percent(max / 100, lang) });
  return (
    <div className="field">
      <div className="lb"><label htmlFor={id}>{label}</label><output htmlFor={id} className="num">{percent(value / 100, lang)}</output></div>
      <input id={id} type="range" className="range brange" min={0} max={100} step={1} value={value} disabled={disabled} aria-valuetext={percent(value / 100, lang)} aria-describedby={`${id}-note`} onChange={(event) => move(Number(event.target.value))} />
      <span className="hint" id={`${id}-note`}>{hint} {disabled ? null : <span className={stopped ? "strong bover" : undefined} role="status">{range}</span>}</span>
    </div>
  );
}

function Hill({ preview, direct, person }) {
  const t = useT();
  const lang = useLang();
  const sums = Array.from({ length: 50 }, (_, at) => preview.buckets.slice(at * 2, at === 49 ? 101 : at * 2 + 2).reduce((sum, [total]) => sum + total, 0));
  const top = Math.max(1, ...sums);
  return (
    <div className="bscale">
      <div className="bhill" role="img" aria-label={t("bots.thresholds.hill")}>
        {sums.map((sum, at) => <span key={at} className={at * 2 >= direct ? "p-direct" : at * 2 < person ? "p-person" : "p-middle"} style={{ height: sum ? `${Math.max(4, (sum / top) * 100)}%` : "1px" }} />)}
      </div>
      <div className="small t3 num baxis" aria-hidden="true">{[0, 0.5, 1].map((at) => <span key={at}>{percent(at, lang)}</span>)}</div>
    </div>
  );
}

function Zone({ name, zone, whole, before }) {
  const t = useT();
  const lang = useLang();
  const known = zone.right + zone.wrong;
  const moved = zone.total - before;
  return (
    <li className="bzone">
      <div className="row" style={{ gap: 8 }}><span className={`bdot p-${name}`} /><span className="strong grow">{t(`bots.thresholds.zone.${name}`)}</span></div>
      <div className="kpi-n num">{formatNumber(zone.total, lang)} <span className="small t3">{whole ? percent(zone.total / whole, lang) : ""}</span></div>
      <p className="small t3">{moved ? t(moved > 0 ? "bots.thresholds.more" : "bots.thresholds.less", { n: Math.abs(moved) }) : t("bots.thresholds.same")}</p>
      <p className="small t2">{known ? t(`bots.thresholds.known.${name}`, { right: formatNumber(zone.right, lang), wrong: formatNumber(zone.wrong, lang) }) : t("bots.thresholds.unknown")}</p>
    </li>
  );
}

function Moved({ preview }) {
  const t = useT();
  const lang = useLang();
  if (!preview.moves) return null;
  return (
    <section className="card">
      <header><h2 className="title-s grow">{t("bots.thresholds.moves", { n: preview.moves })}</h2></header>
      {preview.moved.length ? null : <p className="small t3" style={{ padding: "0 20px 16px" }}>{t("bots.thresholds.moves_hidden")}</p>}
      <ul>
        {preview.moved.map((each) => (
          <li key={`${each.at}${each.question}`} className="bmoved">
            <div className="grow">
              <div className="strong">{each.question}</div>
              <div className="small t3">{each.title ? t("bots.thresholds.best", { title: each.title, probability: percent(each.probability, lang) }) : percent(each.probability, lang)}</div>
            </div>
            {each.is_right === null ? null : <span className={each.is_right ? "chip ok" : "chip bad"}>{t(each.is_right ? "bots.thresholds.right" : "bots.thresholds.wrong")}</span>}
            <span className="row small t2 bway">{t(`bots.thresholds.short.${each.before}`)}<ArrowRight className="i s12" aria-hidden="true" /><span className="sr">{t("bots.thresholds.becomes")}</span>{t(`bots.thresholds.short.${each.after}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ThresholdsForm({ preview: now, admins, directAt, personAt, problem, params, busy, canEdit, onLook, onSave }) {
  const preview = useLast(now, !!now?.buckets);
  const t = useT();
  const lang = useLang();
  const set = { direct: Math.round(directAt * 100), person: Math.round(personAt * 100) };
  const [own, setOwn] = useState(set);
  const touched = useRef(false);
  useEffect(() => { setOwn(set); touched.current = false; }, [set.direct, set.person]);
  useEffect(() => {
    if (!touched.current) return undefined;
    const timer = setTimeout(() => onLook?.(own.direct / 100, own.person / 100), 300);
    return () => clearTimeout(timer);
  }, [own.direct, own.person]);
  if (!preview?.buckets) return null;
  const change = (more) => { touched.current = true; setOwn((before) => ({ ...before, ...more })); };
  const zones = count(preview, own.direct, own.person);
  const today = count(preview, set.direct, set.person);
  const changed = own.direct !== set.direct || own.person !== set.person;
  // One that was not moved is not sent: a colleague may have set it meanwhile.
  const touchedShare = (name) => (own[name] === set[name] ? null : own[name] / 100);
  return (
    <div className="form" style={{ gap: 16, marginTop: 20 }}>
      <ReadOnlyBy when={!canEdit} names={admins} />
      <section className="card pad form">
        <div className="bsliders">
          <Slider label={t("bots.thresholds.direct")} hint={t("bots.thresholds.direct_hint")} value={own.direct} min={Math.max(LOWEST, own.person + 1)} max={HIGHEST} disabled={!canEdit} onValue={(direct) => change({ direct })} />
          <Slider label={t("bots.thresholds.person")} hint={t("bots.thresholds.person_hint")} value={own.person} min={0} max={own.direct - 1} disabled={!canEdit} onValue={(person) => change({ person })} />
        </div>
        {preview.total ? (
          <>
            <Hill preview={preview} direct={own.direct} person={own.person} />
            <ul className="bzones" aria-live="polite">{ZONES.map((name) => <Zone key={name} name={name} zone={zones[name]} whole={preview.total} before={today[name].total} />)}</ul>
            <p className="small t3">{t("bots.thresholds.of", { n: preview.total, date: formatDate(preview.since, lang) })}{preview.exact ? ` ${t("bots.thresholds.exact", { n: preview.exact })}` : ""}</p>
          </>
        ) : (
          <Empty scene="search" title={t("bots.thresholds.empty")} text={t("bots.thresholds.empty_text")} level={3} />
        )}
      </section>
      {changed ? <Moved preview={preview} /> : null}
      <Problem code={problem} params={params} />
      {canEdit ? <SaveBar changed={changed} busy={busy} onReset={() => setOwn(set)} onSave={() => onSave?.(touchedShare("direct"), touchedShare("person"))} /> : null}
      <LeaveGuard dirty={canEdit && changed} />
    </div>
  );
}
