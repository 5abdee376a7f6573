// Who speaks for the company in this thread, and what the bot leaves to a person who takes over.
import { memo } from "react";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Bot, Clock, Transfer, UserRound } from "./icons.js";
import { TypingDots } from "./row.jsx";
import { cx, dueParams, duration, exact, hour, hourAsWritten, now, sentence, useInbox, useMinute } from "./util.js";

// Above the composer: calm, always true, one verb.
export function WhoSpeaks({ talk }) {
  const { t, can, act } = useInbox();
  const { id, has_bot, voice, state } = talk.conversation;
  if (!has_bot || state === "closed") return null;
  const isBot = voice === "bot", name = talk.bot_name;
  const may = can(isBot ? "conversations:assign" : "conversations:reply");
  return (
    <div className="bx-speaks" role="status" aria-label={t("voice.label")}>
      {isBot ? <Bot size={14} strokeWidth={1.75} aria-hidden="true" /> : <UserRound size={14} strokeWidth={1.75} aria-hidden="true" />}
      <span className="grow cut">{isBot ? (name ? t("voice.bot", { name }) : t("voice.bot_unnamed")) : t("voice.person")}</span>
      {may && <button type="button" className="link" onClick={() => (isBot ? act.silence(id) : act.giveBack(id))}>{t(isBot ? "voice.take" : "voice.give_back")}</button>}
    </div>
  );
}

// What it is about to say, as far as it has come.
export function BotWriting({ name, text }) {
  const { t } = useInbox();
  return (
    <div className="bx-m out bot writing">
      <div className="col">
        <div className="b" aria-hidden={text ? true : undefined}>{text ? <span className="words">{text}</span> : <TypingDots />}</div>
        <div className="meta"><Bot size={14} strokeWidth={1.75} aria-hidden="true" /><span>{t("voice.writes", { name: name || t("voice.assistant") })}</span></div>
      </div>
    </div>
  );
}

// A shop that has not said when it is open promises no hour: what we hold ourselves to is no promise.
const words = (due, { is_told }) => (is_told === false ? (due.day ? "hand.due_chip_on" : "hand.due_chip") : due.day ? "hand.due_on" : "hand.due");

function Due({ at, data }) {
  useMinute();
  const { t, lang } = useInbox();
  const left = Date.parse(at) - now(), due = at && dueParams(at, lang);
  const there = data.is_told && hourAsWritten(data.due_at, lang);
  if (!at) return data.answered_at || data.ended_at ? <span className="due t3">{t(data.answered_at ? "hand.settled" : "hand.ended")}</span> : null;
  return (
    <span className={cx("due", left <= 0 ? "bad" : left < 600_000 && "warn")} data-tip={t("hand.due_tip", { at: exact(at, lang) })}>
      <Clock size={12} strokeWidth={2} aria-hidden="true" />
      <span>
        {left <= 0 ? t("hand.overdue", { time: duration(-left, lang) }) : sentence(t(words(due, data), due))}
        {there && <span className="t3">{" · "}{t("hand.shop_hour", { time: there })}</span>}
        {left > 0 && <span className="t3">{" · "}{t("hand.due_in", { time: duration(left, lang) })}</span>}
      </span>
    </span>
  );
}

const MOOD = { angry: "bad", impatient: "warn", calm: "" };

// `dueAt` while this is the one that still waits. For whoever takes over: why, what was asked, what was tried, in what mood, until when.
export const HandOver = memo(function HandOver({ activity, dueAt }) {
  const { t, lang, can } = useInbox();
  const say = useT();
  const { reason = "", asked, tried = [], mood, closest } = activity.data || {};
  return (
    <section className="bx-hand" aria-label={t("hand.label")}>
      <header>
        <Transfer size={16} strokeWidth={1.75} aria-hidden="true" />
        <div className="grow"><b>{t("hand.title")}</b><span>{say(`receipts.reason.${reason.split(":")[0]}`)}</span></div>
        <time className="t3 small num" dateTime={activity.at} data-tip={exact(activity.at, lang)}>{hour(activity.at, lang)}</time>
      </header>
      <dl>
        {asked && <><dt>{t("hand.asked")}</dt><dd className="asked">{asked}</dd></>}
        {tried.length > 0 && <><dt>{t("hand.tried")}</dt><dd><ul>{tried.map((one, i) => <li key={i}><span className="cut">{one.title || one.question}</span><span className="t3 small">{say(`receipts.route.${one.route}`)}</span></li>)}</ul></dd></>}
        {closest && <><dt>{t("hand.closest")}</dt><dd>{can("bots:read") ? <a className="cut block" href={`/bots/faqs/${closest.faq_id}`}>{closest.title}</a> : closest.title}</dd></>}
      </dl>
      <footer>
        <Due at={dueAt} data={activity.data || {}} />
        <span className="grow" />
        {mood && <span className={cx("chip", MOOD[mood])} aria-label={`${t("hand.mood")}: ${t(`hand.moods.${mood}`)}`}>{t(`hand.moods.${mood}`)}</span>}
      </footer>
    </section>
  );
});
