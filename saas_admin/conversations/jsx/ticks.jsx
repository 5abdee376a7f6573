// What became of a message we sent: a mark, always with its word.
import { Check, CheckCheck, Clock, Question, Reopen, Triangle } from "./icons.js";
import { useInbox } from "./util.js";

const MARKS = { queued: Clock, sending: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck, failed: Triangle, unknown: Question };
export const SILENT = new Set(["received", "queued", "sending", "sent", "delivered", "read"]);

export function Tick({ status }) {
  const { t } = useInbox();
  const Mark = MARKS[status];
  return Mark ? <span className={`bx-tick ${status}`} role="img" aria-label={t(`status.${status}`)} data-tip={t(`status.${status}`)}><Mark size={14} strokeWidth={1.75} /></span> : null;
}

// Failed and unknown speak for themselves: the provider's reason in words, and what can be done.
export function Outcome({ message, onRetry, onDiscard }) {
  const { t, lang, can } = useInbox();
  const failed = message.status === "failed";
  const reason = message.error?.[lang] || message.error?.es;
  return (
    <div className={failed ? "bx-outcome bad" : "bx-outcome warn"}>
      <Tick status={message.status} />
      <span>{failed ? reason || t("status.failed_reason") : t("status.unknown")}</span>
      {message.error?.can_retry && can("conversations:reply") && (
        <button type="button" className="link" onClick={() => onRetry(message)}><Reopen size={12} strokeWidth={2} aria-hidden="true" />{t("status.retry")}</button>
      )}
      {message.error?.can_discard && <button type="button" className="link" onClick={() => onDiscard(message)}>{t("status.discard")}</button>}
    </div>
  );
}
