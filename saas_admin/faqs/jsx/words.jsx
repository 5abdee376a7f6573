// What the pages of FAQs share: how many ways of asking there are, names of languages, the state of one.
import { useEffect, useRef } from "react";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export const FEW = 3;
export const ENOUGH = 5;

export function languageName(code, lang) {
  const name = new Intl.DisplayNames([lang], { type: "language" }).of(code);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

// Five steps: below three it is told, from five on nothing more is asked for.
export function Meter({ n, words = true }) {
  const t = useT();
  const lang = useLang();
  const tone = n < FEW ? "low" : n < ENOUGH ? "mid" : "full";
  const label = t("faqs.phrasings.count", { n });
  return (
    <span className={`fmeter ${tone}`} data-tip={words ? undefined : label} role={words ? undefined : "img"} aria-label={words ? undefined : label}>
      <span className="steps" aria-hidden="true">{[0, 1, 2, 3, 4].map((step) => <i key={step} className={step < n ? "on" : undefined} />)}</span>
      {words ? <span className="num">{label}</span> : <span className="num" aria-hidden="true">{formatNumber(n, lang)}</span>}
    </span>
  );
}

export function StatusChip({ status }) {
  const t = useT();
  return <span className={status === "published" ? "chip ok" : "chip"}><span className="d" />{t(`faqs.status.${status}`)}</span>;
}

// Single keys for a list; never while somebody types or something lies above it.
export function useListKeys(actions) {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let afterG = 0; // «g o» and its kin belong to the shell
    const press = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest?.('input:not([type="checkbox"]), textarea, select, [contenteditable="true"], dialog, [role="menu"]')) return;
      if (document.querySelector("dialog[open]")) return;
      if (Date.now() - afterG < 1200) { afterG = 0; return; }
      if (event.key === "g") { afterG = Date.now(); return; }
      const act = latest.current[event.key];
      if (act && act(event) !== false) event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}
