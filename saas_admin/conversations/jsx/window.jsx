// The provider's window for free text: a ring that empties by the minute, and the sentence when it is shut.
import { Ban, Layout, Lock, UserRound } from "./icons.js";
import { cx, duration, exact, hour, now, pastMoment, weekday, useInbox, useMinute } from "./util.js";

const HOUR = 3_600_000;

// `late`: the provider's window is over, its exception for people is not (Messenger and Instagram, 7 days).
export function windowOf(talk) {
  const { window_hours: hours, late_hours: more } = talk?.capabilities || {};
  if (!hours) return null;
  const { window_expires_at: first, late_expires_at: second } = talk.conversation;
  const late = !!second && Date.parse(first) <= now() && Date.parse(second) > now();
  const end = late || (second && Date.parse(second) <= now()) ? second : first;
  const left = end ? Date.parse(end) - now() : 0;
  return { end, left, late, share: Math.max(0, Math.min(1, left / ((late ? more : hours) * HOUR))), shut: left <= 0, level: left <= 0 ? "shut" : left <= HOUR / 2 ? "bad" : late || left <= 4 * HOUR ? "low" : "" };
}

const lateWords = (state, t, lang) => t("window.late", { day: weekday(state.end, lang), time: hour(state.end, lang) });

export function WindowPill({ talk }) {
  useMinute();
  const { t, lang } = useInbox();
  const state = windowOf(talk);
  if (!state || talk.capabilities.is_blocked) return null;
  if (state.shut) return <span className="bx-win shut" data-tip={state.end ? exact(state.end, lang) : undefined}><Lock size={12} strokeWidth={2} aria-hidden="true" />{t("window.shut")}</span>;
  const turn = 2 * Math.PI * 6.5;
  return (
    <span className={cx("bx-win", talk.conversation.channel_kind, state.level)} data-tip={state.late ? lateWords(state, t, lang) : t("window.until", { at: exact(state.end, lang) })}>
      <svg className="bx-ring" viewBox="0 0 16 16" aria-hidden="true"><circle className="bg" cx="8" cy="8" r="6.500" /><circle className="fg" cx="8" cy="8" r="6.500" strokeDasharray={`${Math.max(1.5, turn * state.share)} ${turn}`} /></svg>
      {t(state.late ? "window.late_left" : "window.left", { time: duration(state.left, lang) })}
    </span>
  );
}

export function LateLine({ state }) {
  const { t, lang } = useInbox();
  return <p className="bx-late" role="note"><UserRound size={14} strokeWidth={1.75} aria-hidden="true" /><span>{lateWords(state, t, lang)}</span></p>;
}

export function WindowShut({ talk, onTemplates }) {
  const { t, lang, channelName } = useInbox();
  const state = windowOf(talk), limits = talk.capabilities;
  return (
    <div className="bx-shut" role="note">
      <Lock size={18} strokeWidth={1.75} aria-hidden="true" />
      <div className="grow"><b>{state.end ? t("window.closed_at", { moment: pastMoment(state.end, lang, t) }) : t("window.never_open")}</b>
        <p>{limits.has_templates ? t("window.why") : t("window.why_over", { channel: channelName(talk.conversation.channel_kind), n: Math.round((limits.late_hours || limits.window_hours) / 24) })}</p></div>
      {limits.has_templates && <button type="button" className="btn p" onClick={onTemplates}><Layout size={16} strokeWidth={1.75} aria-hidden="true" />{t("templates.send")}</button>}
    </div>
  );
}

export function Blocked({ name }) {
  const { t } = useInbox();
  return <div className="bx-locked" role="note"><Ban size={18} strokeWidth={1.75} aria-hidden="true" /><span>{t("composer.blocked", { name })}</span></div>;
}
