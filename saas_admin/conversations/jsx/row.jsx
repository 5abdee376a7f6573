// One conversation in the list: who, the last words, how long they have waited, whose it is.
import { memo } from "react";
import { Avatar } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Alarm, Bot, Clock, Contact, Layout, FileText, ImageIcon, Lock, MapPin, Mic, Question, Sticker, Triangle, Video } from "./icons.js";
import { cx, dayKey, duration, exact, firstName, now, phone, sentence, shortDueParams, shortMoment, useInbox, useMinute, waitLevel } from "./util.js";

export const KIND_ICON = { image: ImageIcon, document: FileText, audio: Mic, video: Video, sticker: Sticker, location: MapPin, contacts: Contact, template: Layout, unsupported: Question };

export function Wait({ since }) {
  useMinute();
  const { t, lang } = useInbox();
  const ms = now() - Date.parse(since);
  return (
    <span className={cx("chip", waitLevel(since))} data-tip={t("row.waiting_since", { at: exact(since, lang) })}>
      <Clock size={12} strokeWidth={2} aria-hidden="true" />
      {ms < 60_000 ? t("row.just_now") : t("row.waits", { time: duration(ms, lang) })}
    </span>
  );
}

export const TagChip = ({ tag, children }) => (
  <span className="chip" data-tip={tag.name}><i className={`bx-dot c-${tag.color}`} /><span className="cut">{tag.name}</span>{children}</span>
);

export const TypingDots = () => <span className="bx-dots" aria-hidden="true"><i /><i /><i /></span>;

function Words({ row, typing }) {
  const { t, me, members } = useInbox();
  if (typing) return <span className="bx-writes">{t("thread.is_typing")} <TypingDots /></span>;
  const Icon = KIND_ICON[row.preview_kind];
  const agent = row.preview_author === "agent" && (row.preview_author_id === me.id ? t("row.you") : `${firstName(members.find((member) => member.id === row.preview_author_id)?.name) || t("row.team")}:`);
  const prefix = row.preview_author === "bot" ? t("row.bot") : agent;
  return (
    <>
      {prefix && <span className="t3">{prefix}</span>}
      {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden="true" />}
      <span className="cut">{row.preview || (row.preview_kind ? t(`kind.${row.preview_kind}`) : "")}</span>
    </>
  );
}

// A person was promised: until when, and loudly once that has passed.
function Promised({ at }) {
  useMinute();
  const { t, lang } = useInbox();
  const over = now() - Date.parse(at), due = shortDueParams(at, lang);
  return (
    <span className={cx("chip due", over >= 0 ? "bad strong" : over > -600_000 && "warn")} data-tip={t("hand.due_tip", { at: exact(at, lang) })}>
      <Alarm size={12} strokeWidth={2} aria-hidden="true" />{over >= 0 ? t("hand.overdue", { time: duration(over, lang) }) : due.day ? sentence(t("hand.due_chip_on", due)) : t("hand.due_chip", due)}
    </span>
  );
}

function Chips({ row }) {
  const { t } = useInbox();
  const chips = [];
  if (row.hand_over_due_at && row.state === "open") chips.push(<Promised key="promised" at={row.hand_over_due_at} />);
  // What was promised for another day says more than how long they wait, and so does what is overdue.
  const isEnough = chips.length > 0 && (row.has_failed || Date.parse(row.hand_over_due_at) < now() || dayKey(row.hand_over_due_at) !== dayKey(now()));
  if (row.bucket === "pending" && row.waiting_since && !isEnough) chips.push(<Wait key="wait" since={row.waiting_since} />);
  if (row.has_failed) chips.push(<span key="failed" className="chip bad"><Triangle size={12} strokeWidth={2} aria-hidden="true" />{t("row.failed")}</span>);
  const end = row.late_expires_at || row.window_expires_at;
  if (chips.length < 2 && end && row.state !== "closed" && Date.parse(end) < now()) {
    chips.push(<span key="shut" className="chip bad"><Lock size={12} strokeWidth={2} aria-hidden="true" />{t("row.window_shut")}</span>);
  }
  const room = 2 - chips.length;
  row.tags.slice(0, room).forEach((tag) => chips.push(<TagChip key={tag.id} tag={tag} />));
  if (row.tags.length > room) {
    chips.push(<span key="more" className="chip" data-tip={row.tags.map((tag) => tag.name).join(", ")}>+{row.tags.length - room}</span>);
  }
  return chips;
}

export const Row = memo(function Row({ row, selected, after, active, typing, onOpen }) {
  useMinute();
  const { t, lang, me, href } = useInbox();
  const unread = row.unread > 0;
  const mine = row.assignee_id && row.assignee_id === me.id;
  return (
    <a
      id={`row-${row.id}`} role="option" tabIndex={-1} href={href(row.id)} aria-selected={selected} draggable="false"
      className={cx("bx-row", unread && "un", selected && "on", active && "at", after && "after", row.leaving && "leaving")}
      onClick={(event) => { if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return; event.preventDefault(); onOpen(row.id); }}
    >
      <Avatar name={row.customer_name || ""} url={row.avatar_url} tint={row.tint} size={40} channel={row.channel_kind} />
      <span className="bx-body">
        <span className="l1">
          {row.has_bot && row.voice === "bot" && row.state !== "closed" && <span className="bx-bot" role="img" aria-label={t("voice.has_thread")} data-tip={t("voice.has_thread")}><Bot size={14} strokeWidth={1.75} aria-hidden="true" /></span>}
          <b className="cut" data-tip={row.customer_name}>{row.customer_name || phone(row.phone) || t("panel.unnamed")}</b>
          <time dateTime={row.last_message_at} data-tip={exact(row.last_message_at, lang)}>{shortMoment(row.last_message_at, lang)}</time>
        </span>
        <span className="l2"><Words row={row} typing={typing} /></span>
        <span className="l3">
          <Chips row={row} />
          <span className="end">
            {unread ? <b className="cnt" aria-label={t("row.unread", { n: row.unread })}>{row.unread > 99 ? "99+" : row.unread}</b>
              : row.assignee_id ? <span role="img" aria-label={mine ? t("row.yours") : t("row.owned", { name: row.assignee_name })} data-tip={mine ? t("row.yours") : t("row.owned", { name: row.assignee_name })}><Avatar id={row.assignee_id} name={row.assignee_name} size={20} /></span> : null}
          </span>
        </span>
      </span>
    </a>
  );
});

export function RowSkeletons({ count = 7 }) {
  const t = useT();
  return (
    <div className="bx-skeletons" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <div key={i} className="bx-row"><i className="sk round" /><span className="bx-body"><i className="sk" style={{ width: `${42 + ((i * 17) % 26)}%` }} /><i className="sk" style={{ width: `${70 + ((i * 13) % 25)}%` }} /><i className="sk chip" /></span></div>
      ))}
      {count > 2 && <p className="slow small t3">{t("ui.loading.slow")}</p>}
    </div>
  );
}
