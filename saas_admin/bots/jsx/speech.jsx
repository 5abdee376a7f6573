// What the bot says by itself, as the customer reads it, while somebody chooses how it speaks.
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

export function openingOf(samples, own) {
  const language = own.language === "customer" || !samples?.[own.language] ? samples?.own : own.language;
  const words = samples?.[language];
  if (!words) return { lines: [], text: "" };
  const name = (own.name ?? "").trim();
  const disclosure = name ? words.disclosure.replace("{bot}", name) : words.unnamed;
  return { text: `${(own.greeting ?? "").trim()} ${disclosure}`.trim(), lines: words[own.address_form] ?? words.tu };
}

export function SpeechPreview({ samples, own }) {
  const t = useT();
  const { text, lines } = openingOf(samples, own);
  return (
    <aside className="stick" aria-label={t("bots.preview.label")}>
      <div className="fphone bphone">
        <span className="small t3 bphone-note">{t("bots.preview.first")}</span>
        <p className="fb bsaid" aria-live="polite">{text}</p>
        <span className="small t3 bphone-note">{t("bots.preview.later")}</span>
        {lines.map((line) => <p key={line} className="fb bsaid">{line}</p>)}
      </div>
      <p className="small t3" style={{ padding: "0 16px" }}>{t("bots.preview.note")}</p>
    </aside>
  );
}
