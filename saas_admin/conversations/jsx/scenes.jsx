// Empty and broken: a drawn thing from the shop, one sentence, one way on.
import { Triangle } from "./icons.js";
import { number, useInbox } from "./util.js";

function Cup() {
  return (
    <svg width="108" height="92" viewBox="0 0 108 92" aria-hidden="true" className="bx-cup">
      <ellipse cx="52" cy="83" rx="42" ry="5" fill="var(--surface-3)" />
      <path d="M78 42h6a11 11 0 0 1 0 22h-9" fill="none" stroke="#8fa9a2" strokeWidth="6" />
      <path d="M23 34h56v27c0 13-8 20-20 20H43c-12 0-20-7-20-20Z" fill="#b9cec7" />
      <path d="M23 34h12v29c0 8 2 14 6 18-11-1-18-8-18-20Z" fill="#0b3b37" opacity=".09" />
      <ellipse cx="51" cy="34" rx="28" ry="7" fill="#dfe9e5" /><ellipse cx="51" cy="35" rx="23" ry="4.800" fill="#5a3a26" />
      <path d="M40 35.500c3-1.800 6 1.200 9 0s5-1.500 8-.3" fill="none" stroke="#8a6244" strokeWidth="1.600" strokeLinecap="round" />
      <g fill="#7f9a92"><circle cx="46" cy="55" r="1.500" /><circle cx="60" cy="64" r="1.500" /><circle cx="67" cy="51" r="1.300" /><circle cx="53" cy="71" r="1.300" /></g>
      <g fill="none" stroke="var(--line-strong)" strokeWidth="2.500" strokeLinecap="round"><path className="steam" d="M42 23c-3-4 3-6 0-11" /><path className="steam" d="M52 20c-3-4 3-7 0-12" /><path className="steam" d="M62 23c-3-4 3-6 0-11" /></g>
    </svg>
  );
}

function Drawer() {
  return (
    <svg width="112" height="84" viewBox="0 0 112 84" aria-hidden="true">
      <ellipse cx="56" cy="77" rx="44" ry="5" fill="var(--surface-3)" />
      <path d="M18 36h76v34a6 6 0 0 1-6 6H24a6 6 0 0 1-6-6Z" fill="#c89a72" /><path d="M18 36h76v8H18Z" fill="#000" opacity=".1" />
      <path d="m18 36 10-20h56l10 20Z" fill="#dcb694" /><path d="M30 32 38 20h36l8 12Z" fill="#6d4a31" />
      <path d="M40 30V12h30v18Z" fill="#fffaf0" /><path d="M45 18h20M45 23h14" stroke="#c9bda9" strokeWidth="2" strokeLinecap="round" />
      <rect x="44" y="54" width="24" height="9" rx="3" fill="#f6e9d8" /><circle cx="56" cy="58.500" r="2" fill="#a77b55" />
    </svg>
  );
}

function Lens() {
  return (
    <svg width="104" height="88" viewBox="0 0 104 88" aria-hidden="true">
      <ellipse cx="52" cy="81" rx="38" ry="5" fill="var(--surface-3)" />
      <path d="m64 56 18 18" stroke="#a77b55" strokeWidth="9" strokeLinecap="round" /><circle cx="47" cy="38" r="27" fill="#dfe9e5" /><circle cx="47" cy="38" r="27" fill="none" stroke="#5d8b86" strokeWidth="6" />
      <path d="M36 47c-2-10 4-19 14-20 4 9-1 19-11 21Z" fill="#8a5a3b" /><path d="M38 47c2-7 6-13 11-18" stroke="#5a3a26" strokeWidth="1.800" fill="none" strokeLinecap="round" />
    </svg>
  );
}

export function Scene({ drawing, title, text, children }) {
  return <div className="bx-empty">{drawing}<p className="title-s">{title}</p>{text && <p className="t3">{text}</p>}{children}</div>;
}

export function NothingHere({ filter, totals, onFilter }) {
  const { t, lang, unconnected } = useInbox();
  if (unconnected) {
    return (
      <Scene drawing={<Cup />} title={t("empty.no_channel")} text={t("empty.no_channel_text")}>
        <a className="btn p" href="/channels/new">{t("empty.connect")}</a>
      </Scene>
    );
  }
  const filtered = filter.owner !== "all" || filter.tag_ids.length || filter.channel_ids.length;
  if (filtered) {
    return (
      <Scene drawing={<Drawer />} title={t("empty.filtered")} text={t("empty.filtered_text")}>
        <button type="button" className="btn s" onClick={() => onFilter({ owner: "all", tag_ids: [], channel_ids: [] })}>{t("empty.see_all")}</button>
      </Scene>
    );
  }
  const going = totals?.in_progress?.all ?? 0;
  if (filter.bucket === "pending") {
    return (
      <Scene drawing={<Cup />} title={t("empty.pending")} text={t("empty.pending_text")}>
        {going > 0 && <button type="button" className="btn s" onClick={() => onFilter({ bucket: "in_progress" })}>{t("empty.see_in_progress")} <span className="t3 num">{number(going, lang)}</span></button>}
      </Scene>
    );
  }
  return <Scene drawing={<Drawer />} title={t(`empty.${filter.bucket}`)} text={t(`empty.${filter.bucket}_text`)} />;
}

export function NothingFound({ query, onClear }) {
  const { t } = useInbox();
  return (
    <Scene drawing={<Lens />} title={t("empty.not_found", { query: query.length > 30 ? `${query.slice(0, 29)}…` : query })} text={t("empty.not_found_text")}>
      <button type="button" className="btn s" onClick={onClear}>{t("empty.clear_search")}</button>
    </Scene>
  );
}

export function Trouble({ text, onRetry, verb }) {
  const { t } = useInbox();
  return (
    <div className="bx-empty" role="alert">
      <span className="chip bad"><Triangle size={12} strokeWidth={2} aria-hidden="true" />{t("error.title")}</span>
      <p className="t2">{text}</p>
      <button type="button" className="btn s" onClick={onRetry}>{verb || t("error.retry")}</button>
    </div>
  );
}

export const NothingOpen = () => {
  const { t } = useInbox();
  return <Scene drawing={<Cup />} title={t("empty.none_open")} text={t("empty.none_open_text")} />;
};
