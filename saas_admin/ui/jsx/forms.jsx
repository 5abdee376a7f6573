// Fields with their label above, a hint that gives way to the error, and the value kept whatever the server says.
import { useEffect, useId, useRef, useState } from "react";
import { Check, Copy, Eye, EyeOff, TriangleAlert } from "lucide-react";
import { formatNumber, useLang, useT } from "./i18n.js";

export function FieldFrame({ id, label, optional, aside, hint, error, children }) {
  const t = useT();
  return (
    <div className="field">
      <div className="lb">
        <label htmlFor={id}>
          {label}
          {optional ? <span className="opt"> · {t("ui.form.optional")}</span> : null}
        </label>
        {aside}
      </div>
      {children}
      {error ? (
        <span className="error" id={`${id}-note`} role="alert">
          <TriangleAlert className="i s12" aria-hidden="true" />
          {error}
        </span>
      ) : hint ? (
        <span className="hint" id={`${id}-note`}>{hint}</span>
      ) : null}
    </div>
  );
}

// Uncontrolled on purpose: what was typed never leaves the box by a re-render. `multiline`, `mono`, `large`, `prefix`, `suffix`.
export function Field({ name, label, hint, error, optional, aside, type = "text", defaultValue, value, onValue, large, mono, multiline, rows = 3, prefix, suffix, placeholder, autoComplete, inputMode, maxLength, required, autoFocus, readOnly, spellCheck, reveal }) {
  const id = useId();
  const t = useT();
  const [shown, setShown] = useState(false);
  const hidden = reveal || type === "password";
  const Tag = multiline ? "textarea" : "input";
  const controlled = value !== undefined && value !== null;
  return (
    <FieldFrame id={id} label={label} optional={optional} aside={aside} hint={hint} error={error}>
      <div className={`input${large ? " l" : ""}${multiline ? " area" : ""}${error ? " err" : ""}`}>
        {prefix ? <span className="affix">{prefix}</span> : null}
        <Tag
          id={id}
          name={name}
          type={multiline ? undefined : hidden ? (shown ? "text" : "password") : type}
          rows={multiline ? rows : undefined}
          className={mono ? "mono" : undefined}
          placeholder={placeholder || undefined}
          autoComplete={autoComplete}
          inputMode={inputMode || undefined}
          maxLength={maxLength || undefined}
          readOnly={readOnly || undefined}
          spellCheck={spellCheck ?? (mono || hidden ? false : undefined)}
          autoCapitalize={mono || hidden || type === "email" ? "none" : undefined}
          autoFocus={autoFocus || undefined}
          aria-required={required || undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-note` : undefined}
          {...(controlled ? { value, onChange: (event) => onValue?.(event.target.value) } : { defaultValue, onChange: onValue ? (event) => onValue(event.target.value) : undefined })}
        />
        {suffix ? <span className="affix">{suffix}</span> : null}
        {hidden ? (
          <button type="button" className="ib" aria-pressed={shown} aria-label={t(shown ? "ui.form.hide" : "ui.form.show")} data-tip={t(shown ? "ui.form.hide" : "ui.form.show")} onClick={() => setShown(!shown)}>
            {shown ? <EyeOff className="i" aria-hidden="true" /> : <Eye className="i" aria-hidden="true" />}
          </button>
        ) : null}
      </div>
    </FieldFrame>
  );
}

// How much of `most` a text takes: counted near the limit, told beyond it. Nothing that was pasted is cut in silence.
export function useRoom(text, most) {
  const t = useT();
  const lang = useLang();
  const length = [...(text ?? "")].length;
  const isOver = !!most && length > most;
  const isNear = !!most && length > most * 0.8;
  return {
    counter: isNear ? <span className={isOver ? "small num toolong" : "small num t3"}>{formatNumber(length, lang)}/{formatNumber(most, lang)}</span> : null,
    problem: isOver ? t("ui.form.over", { n: length - most, most }) : undefined,
  };
}

export function Words({ most, value, error, ...rest }) {
  const room = useRoom(value, most);
  return <Field {...rest} value={value} aside={room.counter} error={room.problem ?? error} />;
}

// In the middle of the page, where no bar lies over it.
export function lookAtFirstError(form) {
  const first = form?.querySelector('[aria-invalid="true"]');
  first?.focus({ preventScroll: true });
  first?.scrollIntoView({ block: "center" });
}

// For a form: after a refusal the first field in error has the focus.
export function useFirstError(errors) {
  const form = useRef(null);
  useEffect(() => {
    if (Object.keys(errors ?? {}).length) lookAtFirstError(form.current);
  }, [errors]);
  return form;
}

export function Checkbox({ name, label, defaultChecked, checked, onValue }) {
  const own = checked === undefined ? { defaultChecked } : { checked };
  return (
    <label className="check">
      <input type="checkbox" name={name} value="on" {...own} onChange={(event) => onValue?.(event.target.checked)} />
      <span className="cbx"><Check className="i s12" aria-hidden="true" /></span>
      {label}
    </label>
  );
}

// Arrow keys move, as in a radio group. options: [{value, label, count?, icon?}]
export function Segmented({ options, value, onValue, label, fill, disabled }) {
  const root = useRef(null);
  const at = options.findIndex((option) => option.value === value);
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || disabled) return;
    event.preventDefault();
    const next = (at + step + options.length) % options.length;
    onValue?.(options[next].value);
    root.current?.children[next]?.focus();
  };
  return (
    <div className={fill ? "seg fill" : "seg"} role="radiogroup" aria-label={label} aria-disabled={disabled || undefined} ref={root} onKeyDown={move}>
      {options.map((option, index) => (
        <button key={option.value} type="button" role="radio" aria-checked={option.value === value} tabIndex={index === Math.max(at, 0) ? 0 : -1} disabled={disabled || undefined} onClick={() => onValue?.(option.value)}>
          {option.icon}
          {option.label}
          {option.count === undefined || option.count === null ? null : <b>{option.count}</b>}
        </button>
      ))}
    </div>
  );
}

// The spinner takes the icon's place, the label stays, the button cannot be pressed twice.
export function Button({ kind = "s", size = "", busy, icon, children, className = "", type = "button", disabled, ...rest }) {
  return (
    <button type={type} className={`btn ${kind} ${size} ${className}`} aria-busy={busy || undefined} disabled={disabled || busy || undefined} {...rest}>
      {busy ? <span className="spin" aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http on another machine has no clipboard API.
    const box = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
}

export function CopyLine({ text, label, many }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className={many ? "copyline many" : "copyline"}>
      <code tabIndex={0} aria-label={label}>{text}</code>
      <button type="button" className="btn s xs" onClick={async () => setCopied(await copyText(text))} aria-label={`${t("ui.copy.do")}: ${label}`}>
        {copied ? <Check className="i s14" aria-hidden="true" /> : <Copy className="i s14" aria-hidden="true" />}
        <span aria-live="polite">{t(copied ? "ui.copy.done" : "ui.copy.do")}</span>
      </button>
    </div>
  );
}
