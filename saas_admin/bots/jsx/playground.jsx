// A conversation with the bot at the left, the receipt of the answer that is looked at on the right.
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { ArrowUp, Paperclip, ReceiptText, RotateCcw, X } from "lucide-react";
import { Button } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Dialog } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { Problem } from "$/public/external/saas_admin/settings/jsx/frame.jsx";
import { Receipt } from "./receipt.jsx";

const EXAMPLES = ["shipping", "pay", "person"];

function Turn({ turn, isLast, isShown, onShow, onTap }) {
  const t = useT();
  return (
    <>
      <p className="fb in bmine">{turn.question}</p>
      {turn.silence && isLast ? <p className="small bsilent">{t(`bots.playground.silent.${turn.silence}`)}</p> : null}
      {turn.texts.map((text, at) => <p key={at} className="fb bsaid">{text}</p>)}
      {turn.files.map((name) => <p key={name} className="fb bsaid row" style={{ gap: 6 }}><Paperclip className="i s14" aria-hidden="true" />{name}</p>)}
      {turn.choices.length ? (
        <div className="bchoices" role="group" aria-label={turn.opener || t("bots.playground.choices")}>
          {turn.choices.map((choice) => <button key={choice.id} type="button" disabled={!isLast} onClick={() => onTap(choice)}>{choice.description || choice.title}</button>)}
        </div>
      ) : null}
      <button type="button" className={isShown ? "breceipt on" : "breceipt"} aria-pressed={isShown} onClick={onShow}><ReceiptText className="i s14" aria-hidden="true" />{t(`receipts.route.${turn.route}`)}</button>
      {turn.is_over && isLast ? <p className="small t3 bend">{t("bots.playground.over")}</p> : null}
      {turn.is_confirmed ? <p className="small t3 bend">{t("bots.playground.confirmed")}</p> : null}
    </>
  );
}

export function Playground({ turns, channels, channel, pending, problem, params, isOn, canTeach, onAsk, onChannel, onAgain }) {
  const t = useT();
  const [text, setText] = useState("");
  const [shown, setShown] = useState(null);
  const [sheet, setSheet] = useState(false);
  const log = useRef(null);
  const box = useRef(null);
  const last = turns.length - 1;
  const over = turns[last]?.is_over;
  const looked = turns[shown ?? last];
  useEffect(() => { setShown(null); setSheet(false); }, [turns.length]);
  useEffect(() => { if (log.current) log.current.scrollTop = log.current.scrollHeight; }, [turns.length, pending, problem]);
  const ask = (words, tapped = "") => {
    if (!words.trim() || pending || over) return;
    onAsk?.(words, tapped);
    setText("");
    box.current?.focus();
  };
  const show = (at) => {
    setShown(at);
    if (window.matchMedia("(max-width: 1023px)").matches) setSheet(true);
  };
  const again = () => { onAgain?.(); setText(""); box.current?.focus(); };
  return (
    <div className="bplay">
      <section className="card bchat" aria-label={t("bots.playground.chat")}>
        <header>
          {channels.length ? (
            <select className="fchip" aria-label={t("bots.playground.channel")} value={channel} onChange={(event) => onChannel?.(event.target.value)}>
              {channels.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
              <option value="">{t("bots.playground.no_channel")}</option>
            </select>
          ) : null}
          <span className="grow" />
          <Button kind="g" size="xs" icon={<RotateCcw className="i s14" aria-hidden="true" />} disabled={!turns.length && !problem && !pending} onClick={again}>{t("bots.playground.again")}</Button>
        </header>
        <div className="blog" role="log" aria-live="polite" ref={log} tabIndex={0} aria-label={t("bots.playground.log")}>
          {!turns.length && !pending ? (
            <div className="bhello">
              <p className="t3">{t("bots.playground.hello")}</p>
              <div className="bchoices">{EXAMPLES.map((name) => <button key={name} type="button" onClick={() => ask(t(`bots.playground.example.${name}`))}>{t(`bots.playground.example.${name}`)}</button>)}</div>
            </div>
          ) : null}
          {turns.map((turn, at) => <Turn key={at} turn={turn} isLast={at === last && !pending} isShown={(shown ?? last) === at} onShow={() => show(at)} onTap={(choice) => ask(choice.title, choice.id)} />)}
          {pending ? <><p className="fb in bmine">{pending}</p><p className="fb bsaid bwait" role="status"><i /><i /><i /><span className="sr">{t("bots.playground.thinking")}</span></p></> : null}
          <Problem code={problem} params={params} />
        </div>
        {over ? (
          <footer><Button kind="s" icon={<RotateCcw className="i s14" aria-hidden="true" />} onClick={again}>{t("bots.playground.begin")}</Button></footer>
        ) : (
          <form className="bask" onSubmit={(event) => { event.preventDefault(); ask(text); }}>
            <div className="input"><input ref={box} value={text} onChange={(event) => setText(event.target.value)} aria-label={t("bots.playground.ask")} placeholder={t("bots.playground.placeholder")} maxLength={2000} autoComplete="off" /></div>
            <button type="submit" className="btn p" aria-label={t("bots.playground.send")} disabled={!text.trim() || !!pending}><ArrowUp className="i" aria-hidden="true" /></button>
          </form>
        )}
      </section>
      <aside className="card pad bpaper" aria-label={t("receipts.title")}>
        {looked ? (
          <>
            <Receipt turn={looked} />
            {canTeach && ["person", "offer"].includes(looked.route) && !["asked", "anger"].includes(looked.reason) ? <p className="small" style={{ marginTop: 16 }}><Link className="link" to={`/bots/faqs/new?question=${encodeURIComponent(looked.question)}`}>{t("bots.playground.teach")}</Link></p> : null}
          </>
        ) : <><h2 className="title-s">{t("receipts.title")}</h2><p className="t3">{t("bots.receipt.empty")}</p>{isOn ? null : <p className="small t3" style={{ marginTop: 10 }}>{t("bots.playground.is_off")}</p>}</>}
      </aside>
      <Dialog open={sheet && !!looked} kind="drawer" title={t("receipts.title")} onClose={() => setSheet(false)}>
        <button type="button" className="ib bcross" aria-label={t("receipts.close")} onClick={() => setSheet(false)}><X className="i" aria-hidden="true" /></button>
        <div style={{ marginTop: 14 }}>{looked ? <Receipt turn={looked} /> : null}</div>
      </Dialog>
    </div>
  );
}
