// The company's model: how it stands and what to do about it, what the month has cost, its settings.
import { useEffect, useState } from "react";
import { CircleCheck, Moon, Plug, Power, TriangleAlert } from "lucide-react";
import { Button, Field, useFirstError } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatExact, formatMoment, formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { ConfirmDialog } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { LeaveGuard } from "$/public/external/saas_admin/ui/jsx/leave.jsx";
import { Problem, useDraft, useProblems } from "$/public/external/saas_admin/settings/jsx/frame.jsx";

const NAMES = ["base_url", "model", "embedding_model"];
const PRICES = ["price_in", "price_out", "price_embedding"];
const AMOUNTS = [...PRICES, "monthly_cap"];
const LOOKS = {
  "": { icon: CircleCheck, chip: "ok", name: "answers" },
  none_set: { icon: Plug, chip: "", name: "none_set" },
  off: { icon: Power, chip: "", name: "off" },
  trouble: { icon: TriangleAlert, chip: "bad", name: "trouble" },
  capped: { icon: TriangleAlert, chip: "warn", name: "capped" },
  paused: { icon: Moon, chip: "warn", name: "paused" },
};

const dollars = (text, lang) => new Intl.NumberFormat(lang, { style: "currency", currency: "USD", useGrouping: "always", maximumFractionDigits: Number(text) > 0 && Number(text) < 0.01 ? 6 : 2 }).format(Number(text));

export function AiSettings({ ai, errors, params, problem, verdict, busy, testing, done, onSubmit, onTest, onSwitch, onRemoveKey }) {
  return (
    <div className="form bai" style={{ marginTop: 18 }}>
      <Standing ai={ai} verdict={verdict} testing={testing} onTest={onTest} onSwitch={onSwitch} onRemoveKey={onRemoveKey} />
      {ai?.calls || ai?.can_ask ? <Meter ai={ai} /> : null}
      <Settings ai={ai} errors={errors} params={params} problem={problem} busy={busy || testing} done={done} onSubmit={onSubmit} />
    </div>
  );
}

function Standing({ ai, verdict, testing, onTest, onSwitch, onRemoveKey }) {
  const t = useT();
  const lang = useLang();
  const [asking, setAsking] = useState(false);
  const trouble = verdict || ai?.trouble;
  const look = LOOKS[verdict && !ai?.silence ? "trouble" : (ai?.silence ?? "")] ?? LOOKS[""];
  const Icon = look.icon;
  const line = {
    answers: ai?.checked_at ? t("bots.ai.state.answers_line", { when: formatMoment(ai.checked_at, lang) }) : t("bots.ai.state.untested"),
    trouble: trouble ? t(`bots.ai.trouble.${trouble}`) : "",
  }[look.name] ?? t(`bots.ai.state.${look.name}_line`);
  return (
    <section className="card pad" aria-live="polite">
      <span className={`chip ${look.chip}`.trim()}><Icon className="i s12" aria-hidden="true" />{t(`bots.ai.state.${look.name}`)}</span>
      <p className="read measure" style={{ marginTop: 10 }} title={ai?.checked_at ? formatExact(ai.checked_at, lang) : undefined}>{line}</p>
      {look.name === "trouble" && ai?.trouble_detail && !verdict ? <p className="small t3 measure">{t("bots.ai.trouble.detail", { detail: ai.trouble_detail })}</p> : null}
      {look.name === "trouble" ? <p className="small t3 measure" style={{ marginTop: 4 }}>{t("bots.ai.state.off_line")}</p> : null}
      {ai?.embedding_trouble && look.name !== "trouble" ? (
        <div role="group" aria-label={t("bots.ai.form.embedding_model")} style={{ marginTop: 12 }}>
          <span className="chip warn"><TriangleAlert className="i s12" aria-hidden="true" />{t("bots.ai.state.embedding_trouble")}</span>
          <p className="read measure" style={{ marginTop: 8 }}>{t(`bots.ai.trouble.${ai.embedding_trouble}`)}</p>
          {ai.embedding_trouble_detail ? <p className="small t3 measure">{t("bots.ai.trouble.detail", { detail: ai.embedding_trouble_detail })}</p> : null}
          <p className="small t3 measure" style={{ marginTop: 4 }}>{t("bots.ai.state.embedding_line")}</p>
        </div>
      ) : null}
      {ai?.has_key || ai?.can_ask ? (
        <div className="row" style={{ gap: 8, flexWrap: "wrap", marginTop: 14 }}>
          <Button busy={testing} onClick={() => onTest?.()}>{t("bots.ai.act.test")}</Button>
          <Button onClick={() => onSwitch?.(!ai.is_on)}>{t(ai.is_on ? "bots.ai.act.switch_off" : "bots.ai.act.switch_on")}</Button>
          {ai.has_key ? <Button kind="g" onClick={() => setAsking(true)}>{t("bots.ai.act.remove_key")}</Button> : null}
        </div>
      ) : null}
      <ConfirmDialog open={asking} title={t("bots.ai.act.remove_title")} text={t("bots.ai.act.remove_text")} verb={t("bots.ai.act.remove_key")} onClose={() => setAsking(false)} onConfirm={() => { setAsking(false); onRemoveKey?.(); }} />
    </section>
  );
}

function Meter({ ai }) {
  const t = useT();
  const lang = useLang();
  const share = Math.max(0, ai?.share ?? 0);
  const percent = Math.floor(share * 100);
  const month = new Intl.DateTimeFormat(lang, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${ai.month}-15T00:00:00Z`));
  const isFree = PRICES.every((name) => Number(ai[name]) === 0);
  const tone = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "ok";
  const spent = t("bots.ai.meter.spent", { cost: dollars(ai.cost, lang), cap: dollars(ai.monthly_cap, lang) });
  return (
    <section className="card pad">
      <div className="row" style={{ gap: 10, flexWrap: "wrap" }}>
        <h2 className="title-s" style={{ flex: "1 1 200px" }}>{t("bots.ai.meter.title", { month })}</h2>
        <span className="t2 num">{isFree ? t("bots.ai.meter.calls", { n: ai.calls }) : spent}</span>
      </div>
      {isFree ? <p className="t3 measure" style={{ marginTop: 8 }}>{t("bots.ai.meter.free")}</p> : (
        <div role="meter" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.min(100, percent)} aria-valuetext={spent} aria-label={t("bots.ai.meter.title", { month })} style={{ height: 8, borderRadius: 4, background: "var(--surface-3)", margin: "12px 0 8px", overflow: "hidden" }}>
          <div style={{ width: `${Math.min(100, share * 100)}%`, height: "100%", borderRadius: 4, background: `var(--${tone}-solid)` }} />
        </div>
      )}
      <p className="small t3 num">
        {isFree ? null : `${t("bots.ai.meter.share", { share: formatNumber(percent, lang) })} · ${t("bots.ai.meter.calls", { n: ai.calls })} · `}
        {t("bots.ai.meter.tokens", { read: formatNumber(ai.tokens_in, lang), written: formatNumber(ai.tokens_out, lang) })}
      </p>
    </section>
  );
}

const namesOf = (offered, price) => offered.filter((each) => each[price]).map((each) => each.model).join(", ");

function Lent({ offered }) {
  const t = useT();
  const lang = useLang();
  return (
    <ul style={{ listStyle: "none", margin: 0, padding: 0, display: "grid", gap: 6 }}>
      {offered.map((each) => (
        <li key={each.model} className="row" style={{ gap: 12, flexWrap: "wrap" }}>
          <span className="mono" style={{ flex: "1 1 160px", overflowWrap: "anywhere" }}>{each.model}</span>
          <span className="small t2 num">{PRICES.filter((name) => each[name]).map((name) => `${t(`bots.ai.form.${name}`)}: ${dollars(each[name], lang)}`).join(" · ")}</span>
        </li>
      ))}
    </ul>
  );
}

function Settings({ ai, errors, params, problem, busy, done, onSubmit }) {
  const t = useT();
  const say = useProblems(errors, params);
  const form = useFirstError(errors);
  const [key, setKey] = useState("");
  const lang = useLang();
  const written = (amount) => (lang === "es" ? amount.replace(".", ",") : amount);
  const stored = Object.fromEntries([...NAMES.map((name) => [name, ai?.[name] ?? ""]), ...AMOUNTS.map((name) => [name, written(ai?.[name] ?? "")])]);
  const { own, edited, changed, change, reset } = useDraft(stored, !!ai?.month, done);
  // What was stored is shown as it is stored; the key is not kept in the page.
  useEffect(() => { if (done) { setKey(""); change(stored); } }, [done]);
  const submit = (event) => { event.preventDefault(); onSubmit?.({ ...edited, key }); };
  const offered = ai?.offered ?? [];
  // The operator's key, for as long as nothing of one's own is typed.
  const isLent = offered.length > 0 && !key && !own.base_url;
  const keyHint = isLent ? t("bots.ai.form.key_lent") : !ai?.has_key ? t("bots.ai.form.key_hint") : ai.key_hint ? t("bots.ai.form.key_stored", { hint: ai.key_hint }) : t("bots.ai.form.key_stored_plain");
  const field = (name, more) => <Field name={name} value={own[name]} error={say(name)} onValue={(value) => change({ [name]: value })} autoComplete="off" {...more} />;
  return (
    <form className="form" onSubmit={submit} noValidate ref={form}>
      <section className="card">
        <header><h2 className="title-s grow">{t("bots.ai.form.connection")}</h2></header>
        <div className="body form">
          <Field name="key" type="password" label={t("bots.ai.form.key")} hint={keyHint} error={say("key")} value={key} onValue={setKey} autoComplete="new-password" maxLength={300} mono />
          {field("model", { label: t("bots.ai.form.model"), hint: isLent ? t("bots.ai.form.model_lent", { models: namesOf(offered, "price_in") }) : t("bots.ai.form.model_hint"), mono: true, maxLength: 80, required: true })}
          {field("base_url", { label: t("bots.ai.form.base_url"), hint: t("bots.ai.form.base_url_hint", { url: ai?.default_base_url ?? "" }), mono: true, maxLength: 300, inputMode: "url" })}
          {field("embedding_model", { label: t("bots.ai.form.embedding_model"), hint: isLent && namesOf(offered, "price_embedding") ? t("bots.ai.form.embedding_lent", { models: namesOf(offered, "price_embedding") }) : t("bots.ai.form.embedding_hint"), mono: true, maxLength: 80 })}
        </div>
      </section>
      <section className="card">
        <header><h2 className="title-s grow">{t("bots.ai.form.prices")}</h2></header>
        <div className="body form">
          <p className="t3 measure">{t(isLent ? "bots.ai.form.prices_lent" : "bots.ai.form.prices_line")}</p>
          {isLent ? <Lent offered={offered} /> : (
            <div className="row" style={{ gap: 14, flexWrap: "wrap", alignItems: "flex-start" }}>
              {PRICES.map((name) => <div key={name} className="bprice">{field(name, { label: t(`bots.ai.form.${name}`), inputMode: "decimal", suffix: "USD" })}</div>)}
            </div>
          )}
          <div className="bnumber">{field("monthly_cap", { label: t("bots.ai.form.monthly_cap"), hint: isLent ? t("bots.ai.form.cap_lent", { most: dollars(ai.most_cap, lang) }) : t("bots.ai.form.cap_hint"), inputMode: "decimal", suffix: "USD" })}</div>
        </div>
      </section>
      <Problem code={problem} params={params} />
      <LeaveGuard dirty={changed || !!key} />
      {changed || key ? (
        <div className="savebar" role="region" aria-label={t("settings.unsaved")}>
          <span className="grow t2">{t("settings.unsaved")}</span>
          <Button kind="g" onClick={() => { reset(); setKey(""); }} disabled={busy}>{t("settings.discard")}</Button>
          <Button kind="p" type="submit" busy={busy}>{t(ai?.has_key || key || isLent ? "bots.ai.act.save_and_test" : "common.save")}</Button>
        </div>
      ) : null}
    </form>
  );
}
