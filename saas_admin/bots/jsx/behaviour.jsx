// How the bot speaks, when, and where it stops: one form, with what customers read beside it.
import { useEffect, useState } from "react";
import { X } from "lucide-react";
import { Field, Segmented, useFirstError, Words } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { LeaveGuard } from "$/public/external/saas_admin/ui/jsx/leave.jsx";
import { Choice, Problem, SaveBar, SelectField, useDraft, useProblems } from "$/public/external/saas_admin/settings/jsx/frame.jsx";
import { ReadOnlyBy } from "./fields.jsx";
import { SpeechPreview } from "./speech.jsx";

export const FORMS = ["tu", "vos", "usted"];
export const SCHEDULES = ["always", "open", "closed"];
const KEPT = ["name", "persona", "address_form", "language", "greeting", "schedule", "most_answers", "forbidden_topics", "give_back", "give_back_hours", "answer_within"];
const WHOLE = ["most_answers", "give_back_hours", "answer_within"];

// What was saved comes back tidied: from then on that is what stands in the form.
export function useSaved(stored, ready, done) {
  const draft = useDraft(stored, ready, done);
  useEffect(() => { if (done) draft.change(stored); }, [done]);
  return draft;
}

// Topics are told as what came and what went: a topic that a colleague added meanwhile stays.
function withTopics(edited, was) {
  const now = edited.forbidden_topics;
  if (!now) return edited;
  const before = was.forbidden_topics || [];
  return { ...edited, forbidden_topics: { added: now.filter((each) => !before.includes(each)), removed: before.filter((each) => !now.includes(each)) } };
}

export function AddressForm({ value, onValue, options = FORMS, disabled, example }) {
  const t = useT();
  return (
    <div className="field bseg">
      <div className="lb"><span>{t("bots.behaviour.form")}</span></div>
      <Segmented label={t("bots.behaviour.form")} value={value} disabled={disabled} onValue={onValue} options={options.map((each) => ({ value: each, label: t(`bots.form.${each || "same"}`) }))} />
      {example ? <span className="hint" aria-live="polite">{example}</span> : null}
    </div>
  );
}

// Words, one after the other: Enter or a comma makes a chip of what was typed.
function Topics({ value, onValue, error, disabled }) {
  const t = useT();
  const [typed, setTyped] = useState("");
  const add = () => {
    const words = typed.split(",").map((each) => each.trim()).filter((each) => each && !value.some((other) => other.toLowerCase() === each.toLowerCase()));
    if (words.length) onValue([...value, ...words]);
    setTyped("");
  };
  const keys = (event) => {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && !typed && value.length) onValue(value.slice(0, -1));
  };
  return (
    <div onKeyDown={keys} onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) add(); }}>
      <Field name="topic" label={t("bots.behaviour.topics")} hint={t("bots.behaviour.topics_hint")} error={error} value={typed} onValue={setTyped} readOnly={disabled} placeholder={disabled ? undefined : t("bots.behaviour.topics_placeholder")} />
      {value.length ? (
        <ul className="btopics">
          {value.map((topic) => (
            <li key={topic} className="chip">{topic}{disabled ? null : <button type="button" aria-label={t("bots.behaviour.topic_remove", { topic })} onClick={() => onValue(value.filter((each) => each !== topic))}><X className="i s12" aria-hidden="true" /></button>}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Whole({ name, label, unit, hint, value, onValue, error, disabled }) {
  return <div className="bnumber"><Field name={name} label={label} hint={hint} error={error} value={String(value)} inputMode="numeric" readOnly={disabled} suffix={unit} onValue={onValue} /></div>;
}

export function BehaviourForm({ bot, bounds, lengths, samples, errors, params, problem, busy, done, canEdit, onSubmit }) {
  const t = useT();
  const lang = useLang();
  const stored = Object.fromEntries(KEPT.map((name) => [name, WHOLE.includes(name) ? String(bot?.[name] ?? "") : bot?.[name] ?? ""]));
  const { own, was, edited, changed, change, reset } = useSaved(stored, !!bot?.schedule, done);
  const said = useProblems(errors, params);
  const form = useFirstError(errors);
  const submit = (event) => { event.preventDefault(); onSubmit?.(withTopics(edited, was)); };
  const field = (name, rest) => <Words name={name} most={lengths?.[name]} label={t(`bots.behaviour.${name}`)} hint={t(`bots.behaviour.${name}_hint`)} value={own[name]} onValue={(value) => change({ [name]: value })} error={said(name)} readOnly={!canEdit} {...rest} />;
  const whole = (name, unit) => {
    const [least, most] = bounds?.[name] ?? [];
    const between = t("bots.behaviour.between", { least: formatNumber(least, lang), most: formatNumber(most, lang) });
    return <Whole name={name} label={t(`bots.behaviour.${name}`)} hint={name === "give_back_hours" ? `${between}.` : `${between}. ${t(`bots.behaviour.${name}_hint`)}`} unit={unit} value={own[name]} onValue={(value) => change({ [name]: value })} error={errors?.[name] === "number" ? between : said(name)} disabled={!canEdit} />;
  };
  return (
    <div className="cols bform">
      <form className="form" onSubmit={submit} noValidate ref={form}>
        <ReadOnlyBy when={!canEdit} names={bot?.admins} />
        <section className="form">
          <h2 className="title-s">{t("bots.behaviour.speaks")}</h2>
          {field("name", { optional: canEdit })}
          <AddressForm value={own.address_form} disabled={!canEdit} onValue={(address_form) => change({ address_form })} />
          <SelectField label={t("bots.behaviour.language")} value={own.language} disabled={!canEdit} options={["customer", "es", "en", "pt"].map((value) => [value, t(`bots.language.${value}`)])} onValue={(language) => change({ language })} />
          {field("greeting", { multiline: true, rows: 2, optional: canEdit })}
          {field("persona", { multiline: true, rows: 3, optional: canEdit })}
        </section>
        <section className="form">
          <h2 className="title-s">{t("bots.behaviour.when")}</h2>
          <Choice label={t("bots.behaviour.schedule")} name="schedule" value={own.schedule} disabled={!canEdit} onValue={(schedule) => change({ schedule })} options={SCHEDULES.map((value) => [value, t(`bots.schedule.${value}`), t(`bots.schedule.${value}_hint`)])} />
        </section>
        <section className="form">
          <h2 className="title-s">{t("bots.behaviour.stops")}</h2>
          <Topics value={own.forbidden_topics || []} disabled={!canEdit} error={said("forbidden_topics")} onValue={(forbidden_topics) => change({ forbidden_topics })} />
          <div className="bpair">
            {whole("most_answers", t("bots.behaviour.answers_unit"))}
            {whole("answer_within", t("bots.behaviour.minutes"))}
          </div>
          <Choice label={t("bots.behaviour.give_back")} name="give_back" value={own.give_back} disabled={!canEdit} onValue={(give_back) => change({ give_back })} options={["on_close", "after_hours", "never"].map((value) => [value, t(`bots.give_back.${value}`), t(`bots.give_back.${value}_hint`)])} />
          {own.give_back === "after_hours" ? whole("give_back_hours", t("bots.behaviour.hours")) : null}
        </section>
        <Problem code={problem} params={params} />
        {canEdit ? <SaveBar changed={changed} busy={busy} onReset={reset} /> : null}
        <LeaveGuard dirty={canEdit && changed} />
      </form>
      <SpeechPreview samples={samples} own={own} />
    </div>
  );
}
