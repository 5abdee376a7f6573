// A message in the thread: what was said, by whom, when, and what became of it.
import { memo } from "react";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Avatar } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { Alarm, Archive, BellOff, BellRing, Bot, Check, MessageReply, PhoneMoved, Reopen, Smartphone, Tag, Tap, Transfer, UserCheck, UserX } from "./icons.js";
import { Cards, Document, Film, Picture, Place, Sticker, Unsupported, Voice } from "./media.jsx";
import { Edited, Marks, Offers, Revoked, TemplateMedia, templateParts } from "./marks.jsx";
import { TypingDots } from "./row.jsx";
import { Outcome, SILENT, Tick } from "./ticks.jsx";
import { cx, exact, firstName, hour, percent, phone, useInbox } from "./util.js";

const FILES = { image: Picture, video: Film, audio: Voice, sticker: Sticker };
const CAME = new Set(["referral", "optin"]); // they came in by an ad or a form: nothing was tapped here
const BARE = new Set(["sticker"]);
const LINK = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g;

// Links become links; everything else stays the text it was.
function Text({ text }) {
  return <span className="words">{text.split(LINK).map((part, i) => (i % 2 ? <a key={i} href={part} target="_blank" rel="noopener noreferrer nofollow">{part}</a> : part))}</span>;
}

const onlyEmoji = (text) => /^(\p{Extended_Pictographic}|\p{Emoji_Component}|\s){1,12}$/u.test(text || "") && /\p{Extended_Pictographic}/u.test(text);

export function Quote({ quote, onJump }) {
  const { t } = useInbox();
  return <button type="button" className="bx-quote" onClick={() => onJump?.(quote.id)}><b className="cut">{quote.author_name || t("thread.quoted")}</b><span>{quote.text || t("thread.quoted_media")}</span></button>;
}

function Words({ message }) {
  const { template } = message.data || {};
  if (!template) return message.text ? <Text text={message.text} /> : null;
  const { title, body, foot } = templateParts(template, message.text);
  return <><TemplateMedia template={template} />{title && <b className="bx-tpl-title">{title}</b>}<Text text={body} />{foot && <span className="bx-tpl-foot">{foot}</span>}</>;
}

function Body({ message, first, onJump }) {
  const { t } = useInbox();
  if (message.revoked_at) return <Revoked message={message} />;
  const out = message.direction === "out";
  const files = message.attachments || [];
  const known = message.kind !== "unsupported";
  return (
    <>
      <Marks message={message} first={first} />
      {message.reply_to && <Quote quote={message.reply_to} onJump={onJump} />}
      {files.map((file) => { const Shown = FILES[file.kind] || Document; return <Shown key={file.id} file={file} />; })}
      {message.location && <Place location={message.location} />}
      {message.contacts?.length > 0 && <Cards contacts={message.contacts} />}
      {message.kind === "interactive" && !out && !CAME.has(message.data?.interactive) && <span className="bx-tapped"><Tap size={14} strokeWidth={1.75} aria-hidden="true" />{t("media.tapped")}</span>}
      {!known && <Unsupported text={message.text} />}
      {known && <Words message={message} />}
      {message.edited_at && <Edited message={message} />}
    </>
  );
}

export const Bubble = memo(function Bubble({ message, channel, bot, first, last, reactions, onJump, onRetry, onDiscard, onReply, onWhy }) {
  const { t, lang, me, can, channelName } = useInbox();
  const { kind, id, name } = message.author || {};
  const out = message.direction === "out";
  const gone = !!message.revoked_at;
  const files = gone ? false : message.attachments?.length > 0 || message.location || message.contacts?.length;
  const author = out && kind === "bot" ? bot || t("row.bot_name") : out && id !== me.id && name ? firstName(name) : null;
  const loud = out && !SILENT.has(message.status);
  const said = message.draft_id?.startsWith("bot-"); // it has a receipt
  return (
    <div className={cx("bx-m", out ? "out" : "in", kind === "bot" && "bot", !first && "cont", message.pending && "pending")} data-message={message.id}>
      <div className="col">
        <div className={cx("line", reactions?.length > 0 && "reacted")}>
          <div className={cx("b", BARE.has(message.kind) && "bare", files && "media", files && message.text && "captioned", (gone || message.kind === "unsupported") && "dashed", !files && onlyEmoji(message.text) && "big")} title={exact(message.at, lang)}>
            <Body message={message} first={first} onJump={onJump} />
            {reactions?.length > 0 && <span className="bx-reactions" aria-label={t("thread.reactions", { list: reactions.join(" ") })}>{reactions.join(" ")}</span>}
          </div>
          {onReply && can("conversations:reply") && !message.pending && !gone && <button type="button" className="ib sm quote" aria-label={t("thread.reply_to")} data-tip={t("thread.reply_to")} onClick={() => onReply(message)}><MessageReply size={14} strokeWidth={1.75} /></button>}
        </div>
        {!gone && <Offers message={message} isOpen={channel === "webchat"} />}
        {loud && <Outcome message={message} onRetry={onRetry} onDiscard={onDiscard} />}
        {last && loud && said && <div className="meta"><Why message={message} bot={author} onWhy={onWhy} /><span className="rest"><Sure message={message} before="first" /></span></div>}
        {last && !loud && (
          <div className="meta">
            {message.waits && <span>{t("status.kept")} ·</span>}
            {said ? <Why message={message} bot={author} onWhy={onWhy} /> : author && <>{kind === "bot" && <Bot size={14} strokeWidth={1.75} aria-hidden="true" />}<span>{author} ·</span></>}
            {out && message.data?.native && <><Smartphone size={12} strokeWidth={2} aria-hidden="true" /><span>{t("mark.native", { app: channelName(channel) })} ·</span></>}
            <span className="rest">
              {said && <><Sure message={message} before="first" /><span className={message.receipt?.certainty ? undefined : "first"} aria-hidden="true">·</span></>}
              <time dateTime={message.at} data-tip={exact(message.at, lang)}>{hour(message.at, lang)}</time>
              {out && <Tick status={message.status} />}
            </span>
          </div>
        )}
      </div>
    </div>
  );
});

// Which way it came, from what, how sure: the button opens the whole receipt.
function Why({ message, bot, onWhy }) {
  const say = useT();
  const { route, title } = message.receipt || {};
  const words = [bot, route && [say(`receipts.route.${route}`), title && `«${title}»`].filter(Boolean).join(" ")].filter(Boolean).join(" · ");
  return <button type="button" className="bx-why" aria-label={`${words}. ${say("receipts.why")}`} data-tip={say("receipts.title")} onClick={() => onWhy(message.id)}><Bot size={14} strokeWidth={1.75} aria-hidden="true" /><span className="cut">{words}</span></button>;
}

function Sure({ message, before }) {
  const say = useT();
  const { lang } = useInbox();
  const { certainty, probability } = message.receipt || {};
  return certainty ? <><span className={before} aria-hidden="true">·</span><span>{say(`receipts.level.${certainty}`, { percent: percent(probability, lang) })}</span></> : null;
}

const ACTS = { opened: MessageReply, taken: UserCheck, assigned: Transfer, unassigned: UserX, closed: Archive, reopened: Reopen, tagged: Tag, untagged: Tag, opted_in: BellRing, opted_out: BellOff, moved: PhoneMoved, escalated: Alarm, given_back: Bot };
// A number as people read it; what else an address may be stays as it is.
const readable = (address) => (/^\d{10,15}$/.test(address || "") ? phone(`+${address}`) : address || "");

export const Activity = memo(function Activity({ activity }) {
  const { t, lang, me } = useInbox();
  const Icon = ACTS[activity.kind] || Check;
  const data = activity.data || {};
  const by = !activity.actor_name ? "none" : activity.actor_name === me.name ? "you" : "who";
  const kind = data.purpose === "any" ? `${activity.kind}_any` : activity.kind;
  const words = t(`activity.${kind}.${by}`, { old: readable(data.old), new: readable(data.new), who: "\u0001", to: data.to === me.name ? t("activity.to_you") : data.to || "", tag: data.tag || "" });
  const [before, after] = words.split("\u0001");
  return (
    <div className={cx("bx-act", activity.kind === "escalated" && "loud")}>
      <Icon size={14} strokeWidth={1.75} aria-hidden="true" />
      <span>{before}{after !== undefined && <b>{activity.actor_name}</b>}{after} · <time dateTime={activity.at} data-tip={exact(activity.at, lang)}>{hour(activity.at, lang)}</time></span>
    </div>
  );
});

export const TypingBubble = ({ name, tint, url }) => {
  const { t } = useInbox();
  return <div className="bx-m in typing"><Avatar name={name} tint={tint} url={url} size={20} /><div className="b"><TypingDots /><span className="sr">{t("thread.typing_name", { name: name || t("composer.customer") })}</span></div></div>;
};
