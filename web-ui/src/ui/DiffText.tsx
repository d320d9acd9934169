/** A value with the part marked that differs from another one; values that share little are left alone, marks would not help. */
export function DiffText({ value, against }: { value: string; against?: string | undefined }) {
  const part = against === undefined ? null : difference(value, against);
  if (!part) return <>{value}</>;
  return (
    <>
      {value.slice(0, part[0])}
      <mark style={{ background: 'var(--k-mark)', color: 'inherit', borderRadius: 2 }}>{value.slice(part[0], part[1])}</mark>
      {value.slice(part[1])}
    </>
  );
}

/** Start and end of what is different in `value`; null where nothing is, or nearly all. */
export function difference(value: string, against: string): [number, number] | null {
  if (value === against) return null;
  const shorter = Math.min(value.length, against.length);
  let start = 0;
  while (start < shorter && value[start] === against[start]) start++;
  let end = 0;
  while (end < shorter - start && value[value.length - 1 - end] === against[against.length - 1 - end]) end++;
  const from = start;
  const to = value.length - end;
  if (from === to || to - from > value.length * 0.6) return null;
  return [from, to];
}
