// The words of the editor's form, and which of them are stored. Nothing that was typed goes away unless somebody says so.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { phrase } from "./phrasings.jsx";

function formOf(faq) {
  const phrasings = (faq?.phrasings ?? []).map(({ text, source }) => phrase(text, source));
  return {
    phrasings: phrasings.length ? phrasings : [phrase()],
    answer: faq?.answer ?? "",
    language: faq?.language ?? "es",
    category_id: faq?.category_id ?? "",
    channel_kinds: faq?.channel_kinds ?? [],
    is_sensitive: !!faq?.is_sensitive,
    files: faq?.files ?? [],
  };
}

export function plain(own) {
  return {
    ...own,
    phrasings: own.phrasings.map(({ text, source }) => ({ text: text.trim(), source })).filter(({ text }) => text),
    files: own.files.filter((file) => file.id).map((file) => file.id),
  };
}

// The server would refuse it as well; a book that was pasted need not travel there to be told so.
export function isTooLong(own, limits) {
  const length = (text) => [...text].length;
  return length(own.answer.trim()) > limits.answer || plain(own).phrasings.some(({ text }) => length(text) > limits.phrasing);
}

const said = (own) => JSON.stringify(plain(own));

// What was sent as an upload is a file of the FAQ now; all else stays as it is typed.
function settled(own, sent, faq) {
  const became = new Map(sent.files.map((id, at) => [id, faq.files[at]]));
  return { ...own, files: own.files.map((file) => became.get(file.id) ?? file) };
}

// A new FAQ gets an address by its first save. What was typed meanwhile waits here for the form at that address.
let carried = null;

function start(faq) {
  const fresh = formOf(faq);
  // What a new one starts with is not stored either: it may be saved as it stands.
  const stored = { text: said(faq.id ? fresh : { ...fresh, phrasings: [] }), version: faq.version };
  if (!faq.id || carried?.id !== faq.id) return [fresh, stored];
  const { own, sent, version } = carried;
  return version === faq.version ? [settled(own, sent, faq), stored] : [own, { text: sent.text, version }];
}

// `base` is what is stored as far as this form has seen it, with the version it was read from: the two move together, so
// that a save never names a version whose words were not on the screen. `made`: the id a new one got.
export function useForm(faq, done, saved) {
  const [first] = useState(() => start(faq));
  const [own, setOwn] = useState(first[0]);
  const [base, setBase] = useState(first[1]);
  const [made, setMade] = useState("");
  const [round, setRound] = useState(0);
  const seen = useRef({ done, version: faq.version });
  const sent = useRef(null);
  const dirty = said(own) !== base.text;
  const take = () => {
    const fresh = formOf(faq);
    setOwn(fresh);
    setBase({ text: said(fresh), version: faq.version });
  };
  const reset = () => { take(); setRound((n) => n + 1); };
  // Before anybody can type the next letter: what is compared here is what is on the screen.
  useLayoutEffect(() => {
    const isSaved = done > seen.current.done;
    const isOther = faq.version !== seen.current.version;
    seen.current = { done, version: faq.version };
    if (!isSaved && !isOther) return;
    const was = isSaved ? sent.current : null;
    const stored = said(formOf(faq));
    const isAsSent = said(own) === was?.text;
    if (isSaved && !faq.id) {
      setMade(saved.id);
      if (isAsSent) setBase({ text: was.text, version: 0 });
    } else if (isSaved && !was) reset();
    else if (isSaved && isAsSent && faq.version >= saved.version) take();
    else if (isSaved && faq.version === saved.version) {
      setOwn(settled(own, was, faq));
      setBase({ text: stored, version: faq.version });
    } else if (isSaved) setBase({ text: was.text, version: saved.version });
    else if (stored === base.text || stored === said(own)) setBase({ text: stored, version: faq.version });
    else if (!dirty) take();
  }, [faq.version, done]);

  const latest = useRef({});
  latest.current = { own, made, version: saved?.version };
  useEffect(() => {
    carried = null;
    return () => {
      const now = latest.current;
      const isMore = now.made && sent.current && said(now.own) !== sent.current.text;
      if (isMore) carried = { id: now.made, own: now.own, sent: sent.current, version: now.version };
    };
  }, []);

  const change = (more) => setOwn((now) => ({ ...now, ...(typeof more === "function" ? more(now) : more) }));
  const send = () => {
    sent.current = { text: said(own), files: plain(own).files };
    return { ...plain(own), version: base.version };
  };
  // The next save that is told is not this form's own: its words give way.
  const giveWay = () => { sent.current = null; };
  return { own, change, dirty, reset, send, giveWay, made, round };
}
