// The pages of the module, above each of them. The one that is open scrolls into sight on a phone.
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

const TABS = [
  ["overview", "/bots"],
  ["faqs", "/bots/faqs"],
  ["unanswered", "/bots/unanswered", "conversations:read"],
  ["playground", "/bots/playground"],
  ["behaviour", "/bots/behaviour"],
  ["thresholds", "/bots/thresholds"],
  ["ai", "/bots/ai", "bots:manage"],
];

export function BotTabs({ unanswered, permissions }) {
  const t = useT();
  const lang = useLang();
  const here = useRef(null);
  const strip = useRef(null);
  const [more, setMore] = useState("");
  const { pathname } = useLocation();
  const path = pathname.replace(/\/$/, "");
  // A page under a tab (one FAQ, one channel) belongs to it.
  const isOn = (href) => (href === "/bots" ? path === href || path.startsWith("/bots/channels/") : path === href || path.startsWith(`${href}/`));
  useEffect(() => { here.current?.scrollIntoView({ block: "nearest", inline: "center" }); }, [path]);
  // On a phone the strip fades where there is more of it.
  const measure = () => {
    const { scrollLeft, scrollWidth, clientWidth } = strip.current ?? {};
    setMore(`${scrollLeft > 4 ? " before" : ""}${scrollLeft + clientWidth < scrollWidth - 4 ? " after" : ""}`);
  };
  useEffect(() => {
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, [path, lang, unanswered, permissions]);
  return (
    <nav className={`btabs${more}`} ref={strip} onScroll={measure} aria-label={t("bots.tabs.label")}>
      <div className="seg">
        {TABS.filter(([, , needs]) => !needs || (permissions ?? []).includes(needs)).map(([name, href]) => (
          <Link key={name} to={href} ref={isOn(href) ? here : undefined} className={isOn(href) ? "on" : ""} aria-current={isOn(href) ? "page" : undefined}>
            {t(`bots.tabs.${name}`)}
            {name === "unanswered" && unanswered > 0 ? <b>{formatNumber(unanswered, lang)}</b> : null}
          </Link>
        ))}
      </div>
    </nav>
  );
}
