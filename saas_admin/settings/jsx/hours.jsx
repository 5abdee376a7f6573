// Business hours: spans per weekday, days off.
import { Copy, Plus, X } from "lucide-react";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Problem, ReadOnly, SaveBar, useDraft, useProblems } from "./frame.jsx";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const START = ["09:30", "14:00"];

function opensAt(iso, zone, lang) {
  return new Intl.DateTimeFormat(lang, { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(new Date(iso));
}

// Hours are typed («9:30», «930», «9») and read back as 09:30, whatever clock the browser likes.
function tidy(text) {
  const found = /^(\d{1,2})[:.h ]?(\d{2})?$/.exec(text.trim());
  return found ? `${found[1].padStart(2, "0")}:${found[2] ?? "00"}` : text.trim();
}

function Clock({ value, label, onValue }) {
  return <input className="clock" inputMode="numeric" maxLength={5} autoComplete="off" value={value} aria-label={label} onChange={(event) => onValue(event.target.value)} onBlur={() => onValue(tidy(value))} />;
}

export function HoursForm({ company, errors, params, problem, busy, done, canEdit, onSubmit }) {
  const t = useT();
  const lang = useLang();
  const say = useProblems(errors, params);
  const stored = {
    hours: Object.fromEntries(DAYS.map((day) => [day, company?.hours?.[day] ?? []])),
    holidays: (company?.holidays ?? []).map(({ date, name }) => ({ date, name })),
  };
  const { own, changed, change, reset } = useDraft(stored, !!company?.id, done);
  const setDay = (day, spans) => change({ hours: { ...own.hours, [day]: spans } });
  const setSpan = (day, at, which, value) => setDay(day, own.hours[day].map((span, index) => (index === at ? span.map((old, side) => (side === which ? value : old)) : span)));
  const add = (day) => {
    const last = own.hours[day].at(-1);
    setDay(day, [...own.hours[day], last ? [last[1] < "16:30" ? "16:30" : last[1], "20:00"] : START]);
  };
  const copy = (day) => change({ hours: Object.fromEntries(DAYS.map((each) => [each, own.hours[day].map((span) => [...span])])) });
  const setHoliday = (at, more) => change({ holidays: own.holidays.map((each, index) => (index === at ? { ...each, ...more } : each)) });
  const isEmpty = DAYS.every((day) => own.hours[day].length === 0);
  const submit = (event) => {
    event.preventDefault();
    onSubmit?.({ ...own, hours: Object.fromEntries(DAYS.map((day) => [day, own.hours[day].map((span) => span.map(tidy))])) });
  };
  const now = company?.id ? (company.is_open ? t("settings.hours.now_open") : company.next_opening ? t("settings.hours.now_closed", { when: opensAt(company.next_opening, company.time_zone, lang) }) : t("settings.hours.now_never")) : "";

  return (
    <form className="form" onSubmit={submit} noValidate>
      <ReadOnly when={!canEdit} />
      <p className="row num" style={{ gap: 10 }}><span className={company?.is_open ? "live" : "live off"} />{now}</p>
      <fieldset className="card plain" disabled={!canEdit}>
        <header><h2 className="title-s grow">{t("settings.hours.week")}</h2><span className="small t3">{t("settings.hours.zone", { zone: (company?.time_zone ?? "").replace(/_/g, " ") })}</span></header>
        <ul>
          {DAYS.map((day) => (
            <li key={day} className="dayrow">
              <span className="strong">{t(`settings.day.${day}`)}</span>
              <div className="grow">
                {own.hours[day].length === 0 ? <span className="t3">{t(isEmpty ? "settings.hours.always" : "settings.hours.closed")}</span> : null}
                {own.hours[day].map(([from, to], at) => (
                  <div key={at} className="span">
                    <Clock value={from} label={`${t(`settings.day.${day}`)}, ${t("settings.hours.from")}`} onValue={(value) => setSpan(day, at, 0, value)} />
                    <span aria-hidden="true">–</span>
                    <Clock value={to} label={`${t(`settings.day.${day}`)}, ${t("settings.hours.to")}`} onValue={(value) => setSpan(day, at, 1, value)} />
                    {canEdit ? <button type="button" className="ib sm" aria-label={t("settings.hours.remove", { day: t(`settings.day.${day}`) })} onClick={() => setDay(day, own.hours[day].filter((_, index) => index !== at))}><X className="i s14" aria-hidden="true" /></button> : null}
                  </div>
                ))}
                {say(day) ? <span className="error" role="alert">{say(day)}</span> : null}
              </div>
              {canEdit ? (
                <span className="row" style={{ gap: 4 }}>
                  <button type="button" className="ib" disabled={own.hours[day].length >= 4} aria-label={`${t(`settings.day.${day}`)}: ${t("settings.hours.add")}`} data-tip={t("settings.hours.add")} onClick={() => add(day)}><Plus className="i" aria-hidden="true" /></button>
                  <button type="button" className="ib" aria-label={t("settings.hours.copy_of", { day: t(`settings.day.${day}`) })} data-tip={t("settings.hours.copy")} disabled={isEmpty} onClick={() => copy(day)}><Copy className="i" aria-hidden="true" /></button>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      </fieldset>
      <fieldset className="card plain" disabled={!canEdit}>
        <header><h2 className="title-s grow">{t("settings.hours.holidays")}</h2><span className="small t3 desk">{t("settings.hours.holidays_hint")}</span></header>
        <div className="body" style={{ display: "grid", gap: 10 }}>
          {own.holidays.length === 0 ? <p className="t3">{t("settings.hours.no_holidays")}</p> : null}
          {own.holidays.map((each, at) => (
            <div key={at} className="row holiday">
              <div className="input date"><input type="date" value={each.date} aria-label={t("settings.hours.holiday_date")} onChange={(event) => setHoliday(at, { date: event.target.value })} /></div>
              <div className="input"><input value={each.name} maxLength={80} placeholder={t("settings.hours.holiday_name")} aria-label={t("settings.hours.holiday_name")} onChange={(event) => setHoliday(at, { name: event.target.value })} /></div>
              {canEdit ? <button type="button" className="ib" aria-label={`${t("settings.hours.holiday_remove")} ${each.date}`} onClick={() => change({ holidays: own.holidays.filter((_, index) => index !== at) })}><X className="i" aria-hidden="true" /></button> : null}
            </div>
          ))}
          {say("holidays") ? <span className="error" role="alert">{say("holidays")}</span> : null}
          {canEdit ? <div><Button icon={<Plus className="i s14" aria-hidden="true" />} onClick={() => change({ holidays: [...own.holidays, { date: "", name: "" }] })}>{t("settings.hours.holiday_add")}</Button></div> : null}
        </div>
      </fieldset>
      <Problem code={problem} params={params} />
      {canEdit ? <SaveBar changed={changed} busy={busy} onReset={reset} /> : null}
    </form>
  );
}
