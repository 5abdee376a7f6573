// What stands in the place of a page that could not be read: nothing of it is lost, and it can be asked for again.
import { useEffect, useState } from "react";
import { Empty } from "./feedback.jsx";
import { Button } from "./forms.jsx";
import { useT } from "./i18n.js";

const PATIENCE = 15_000;

// `failed` counts the times it could not be read: each ends the wait.
export function Retry({ failed, level = 2, onRetry }) {
  const t = useT();
  const [waits, setWaits] = useState(false);
  useEffect(() => setWaits(false), [failed]);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => setWaits(false), PATIENCE);
    return () => clearTimeout(timer);
  }, [waits]);
  return (
    <div role="alert">
      <Empty scene="broken" level={level} title={t("ui.retry.title")} text={t("ui.retry.text")}>
        <Button busy={waits} onClick={() => { setWaits(true); onRetry?.(); }}>{t("ui.retry.do")}</Button>
      </Empty>
    </div>
  );
}
