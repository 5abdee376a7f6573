// The provider's window for free text: a ring that empties by the minute, and the sentence when it is shut.
import { Lock } from "./icons.js";
import { cx, duration, exact, now, pastMoment, useInbox, useMinute } from "./util.js";

export function windowOf(talk) {
  const hours = talk?.capabilities?.window_hours;
  if (!hours) return null;
  const end = talk.conversation.window_expires_at || talk.window?.expires_at;
  const left = end ? Date.parse(end) - now() : 0;
  return { end, left, share: Math.max(0, Math.min(1, left / (hours * 3_600_000))), shut: left <= 0, level: left <= 0 ? "shut" : left <= 30 * 60_000 ? "bad" : left <= 4 * 3_600_000 ? "low" : "" };
}

export function WindowPill({ talk }) {
  useMinute();
  const { t, lang } = useInbox();
  const state = windowOf(talk);
  if (!state) return null;
  if (state.shut) return <span className="bx-win shut" data-tip={state.end ? exact(state.end, lang) : undefined}><Lock size={12} strokeWidth={2} aria-hidden="true" />{t("window.shut")}</span>;
  const turn = 2 * Math.PI * 6.5;
  return (
    <span className={cx("bx-win", state.level)} data-tip={t("window.until", { at: exact(state.end, lang) })}>
      <svg className="bx-ring" viewBox="0 0 16 16" aria-hidden="true"><circle className="bg" cx="8" cy="8" r="6.500" /><circle className="fg" cx="8" cy="8" r="6.500" strokeDasharray={`${Math.max(1.5, turn * state.share)} ${turn}`} /></svg>
      {t("window.left", { time: duration(state.left, lang) })}
    </span>
  );
}

export function WindowShut({ talk }) {
  const { t, lang } = useInbox();
  const state = windowOf(talk);
  return (
    <div className="bx-shut" role="note">
      <Lock size={18} strokeWidth={1.75} aria-hidden="true" />
      <div><b>{state.end ? t("window.closed_at", { moment: pastMoment(state.end, lang, t) }) : t("window.never_open")}</b><p>{t("window.why")}</p></div>
    </div>
  );
}
