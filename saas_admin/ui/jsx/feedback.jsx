// Empty states are drawn scenes, loading is the shape of what comes, a broken page says so calmly.
import { useEffect, useState } from "react";
import { RotateCcw } from "lucide-react";
import { formatAgo, formatExact, hasWords, useLang, useT } from "./i18n.js";

const line = { stroke: "var(--line-control)", strokeWidth: 2, strokeLinecap: "round", strokeLinejoin: "round", fill: "none" };
const SCENES = {
  // A shop window whose bell waits for its first visitor.
  channels: (
    <svg width="150" height="112" viewBox="0 0 150 112" aria-hidden="true">
      <rect x="24" y="22" width="102" height="80" rx="4" fill="#f3dccb" />
      <rect x="34" y="56" width="82" height="46" rx="2" fill="#5f4a3b" />
      <rect x="39" y="62" width="46" height="32" rx="2" fill="#fdf8ec" />
      <rect x="90" y="62" width="21" height="40" rx="2" fill="#f4ead6" />
      <circle cx="107" cy="83" r="1.6" fill="#5f4a3b" />
      {[0, 1, 2, 3, 4, 5, 6].map((n) => (
        <path key={n} d={`M${26 + n * 14} 40h14v16a7 7 0 0 1-14 0Z`} fill={n % 2 ? "#fffaf0" : "#0e5f63"} />
      ))}
      <rect x="26" y="38" width="98" height="4" rx="2" fill="#0e5f63" />
      <rect x="45" y="78" width="10" height="14" rx="2" fill="#c9623a" /><rect x="58" y="78" width="10" height="14" rx="2" fill="#d9a12e" /><rect x="71" y="78" width="10" height="14" rx="2" fill="#2f5d57" />
      <g transform="translate(88 2)"><rect width="54" height="26" rx="10" fill="var(--surface)" stroke="var(--line-strong)" /><path d="M12 25.400v9l9-9Z" fill="var(--surface)" /><circle cx="16" cy="13" r="2.200" fill="var(--accent)" /><circle cx="27" cy="13" r="2.200" fill="var(--accent)" opacity=".6" /><circle cx="38" cy="13" r="2.200" fill="var(--accent)" opacity=".3" /></g>
      <rect x="14" y="102" width="122" height="4" rx="2" fill="var(--line-strong)" />
    </svg>
  ),
  // A cup that fell, and nothing worse.
  broken: (
    <svg width="110" height="96" viewBox="0 0 74 64" aria-hidden="true">
      <g transform="rotate(82 36 36)">
        <path d="M46 26h5a7.5 7.5 0 0 1 0 15h-6" fill="none" stroke="#8fa9a2" strokeWidth="4" />
        <path d="M14 20h34v20c0 8-5 13-13 13h-8c-8 0-13-5-13-13Z" fill="#b9cec7" />
        <ellipse cx="31" cy="20" rx="17" ry="4.5" fill="#dfe9e5" />
        <ellipse cx="31" cy="20.6" rx="13.5" ry="3" fill="#5a3a26" />
      </g>
      <path d="M50 52c6-3 18-2 20 3 1 3-6 4-14 4s-14-1-14-3 4-3 8-4Z" fill="#5a3a26" />
    </svg>
  ),
  search: (
    <svg width="96" height="96" viewBox="0 0 96 96" aria-hidden="true">
      <rect x="18" y="22" width="52" height="60" rx="6" fill="var(--surface-3)" />
      <path d="M28 36h32M28 46h24M28 56h28" {...line} stroke="var(--line-strong)" strokeWidth="3" />
      <circle cx="60" cy="58" r="16" fill="var(--surface)" stroke="#2f6f5b" strokeWidth="4" />
      <path d="m72 70 12 12" stroke="#2f6f5b" strokeWidth="5" strokeLinecap="round" />
    </svg>
  ),
  lock: (
    <svg width="96" height="96" viewBox="0 0 96 96" aria-hidden="true">
      <rect x="26" y="14" width="44" height="70" rx="4" fill="#c9623a" /><rect x="31" y="19" width="34" height="60" rx="2" fill="#a84d2c" />
      <rect x="37" y="30" width="22" height="16" rx="2" fill="#fbeede" /><path d="M41 36h14M41 40h9" stroke="#a84d2c" strokeWidth="2" strokeLinecap="round" />
      <circle cx="60" cy="56" r="2.400" fill="#f4c58d" /><rect x="18" y="84" width="60" height="4" rx="2" fill="var(--line-strong)" />
    </svg>
  ),
};

export function Empty({ scene = "search", title, text, level = 2, children }) {
  const Heading = `h${level}`;
  return (
    <div className="empty">
      {SCENES[scene]}
      <Heading className="title-s">{title}</Heading>
      <p>{text}</p>
      {children}
    </div>
  );
}

// What was asked for could not be read: nothing is lost, and it can be asked for again. `code` is one of `errors`.
export function Failed({ code, level = 2, onRetry }) {
  const t = useT();
  const [waits, setWaits] = useState(false);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => setWaits(false), 1500);
    return () => clearTimeout(timer);
  }, [waits]);
  const why = code === "unavailable" ? "ui.failed.away" : hasWords(`errors.${code}`) ? `errors.${code}` : "ui.failed.text";
  return (
    <div role="alert">
      <Empty scene="broken" level={level} title={t("ui.failed.title")} text={t(why)}>
        <button type="button" className="btn s" disabled={waits} aria-busy={waits || undefined} onClick={() => { setWaits(true); onRetry?.(); }}>
          {waits ? <span className="spin" aria-hidden="true" /> : <RotateCcw className="i s14" aria-hidden="true" />}
          {t("common.retry")}
        </button>
      </Empty>
    </div>
  );
}

export function Crash() {
  const t = useT();
  return (
    <main style={{ minHeight: "100dvh", display: "grid", placeItems: "center", background: "var(--surface)" }}>
      <Empty scene="broken" level={1} title={t("ui.crash.title")} text={t("ui.crash.text")}>
        <button type="button" className="btn p" onClick={() => window.location.reload()}>{t("ui.crash.reload")}</button>
      </Empty>
    </main>
  );
}

const WIDTHS = [[38, 82], [52, 70], [30, 88], [44, 62], [35, 76], [48, 84]];
export function SkeletonRows({ n = 6, avatar = true, padding = "12px 20px" }) {
  const t = useT();
  return (
    <div className="loading" role="status" aria-label={t("ui.loading.label")}>
      {Array.from({ length: n }, (_, index) => (
        <div className="row" style={{ gap: 12, padding }} key={index} aria-hidden="true">
          {avatar ? <span className="sk c" style={{ width: 40, height: 40 }} /> : null}
          <div className="grow" style={{ display: "grid", gap: 8 }}>
            <span className="sk" style={{ height: 11, width: `${WIDTHS[index % 6][0]}%` }} />
            <span className="sk" style={{ height: 10, width: `${WIDTHS[index % 6][1]}%` }} />
          </div>
        </div>
      ))}
      <p className="slow small t3" style={{ padding }}>{t("ui.loading.slow")}</p>
    </div>
  );
}

// «hace 12 s», counting by itself; the exact moment with its zone in the tooltip.
export function Ago({ at, empty = "" }) {
  const lang = useLang();
  const [, again] = useState(0);
  useEffect(() => {
    if (!at) return undefined;
    const age = Date.now() - new Date(at).getTime();
    const timer = setInterval(() => again((n) => n + 1), age < 60000 ? 5000 : 30000);
    return () => clearInterval(timer);
  }, [at]);
  if (!at) return empty;
  return <time dateTime={at} data-tip={formatExact(at, lang)} suppressHydrationWarning>{formatAgo(at, lang)}</time>;
}
