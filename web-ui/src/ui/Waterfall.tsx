import classes from './Waterfall.module.css';
import { attributeWords, bits, percent, probability } from './format';

export interface Step {
  name: string;
  left?: string | null;
  right?: string | null;
  level: string;
  bits: number;
}

/** What the two records say as they wrote it, where that differs from what was compared. */
export type Raw = { left: string; right: string };

const NAMES: Record<string, string> = { prior: 'Before comparing' };
const HEIGHT = 18;

/**
 * How a score came about, step by step: each bar begins where the one before ended, to the right for a match, to the left against.
 * It is a table, so that it reads aloud as it looks: the numbers of the bars are its columns.
 */
export function Waterfall({
  label,
  steps,
  score,
  thresholds,
  names = {},
  raw,
}: {
  label: string;
  steps: Step[];
  score: number;
  thresholds?: { review: number; match: number } | undefined;
  names?: Record<string, string>;
  raw?: (step: Step) => Raw | undefined;
}) {
  let sum = 0;
  const bars = steps.map((step) => {
    const from = sum;
    sum += step.bits;
    return { step, from, to: sum };
  });
  const marks = [0, score, ...bars.map((bar) => bar.to), ...(thresholds ? [thresholds.review, thresholds.match] : [])];
  const low = Math.min(...marks) - 0.5;
  const high = Math.max(...marks) + 0.5;
  const x = (value: number) => (100 * (value - low)) / (high - low);
  const bar = (from: number, to: number) => (
    <td role="cell" className={classes.bar}>
      <svg viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line className={classes.zero} x1={x(0)} x2={x(0)} y1={0} y2={HEIGHT} strokeWidth={1} vectorEffect="non-scaling-stroke" />
        {thresholds &&
          [thresholds.review, thresholds.match].map((at, i) => (
            <line key={i} className={classes.threshold} x1={x(at)} x2={x(at)} y1={0} y2={HEIGHT} vectorEffect="non-scaling-stroke" />
          ))}
        <rect className={to < from ? classes.against : classes.for} x={Math.min(x(from), x(to))} width={Math.max(0.6, Math.abs(x(to) - x(from)))} y={4} height={10} />
      </svg>
    </td>
  );
  return (
    <table className={classes.table} role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Compared</th>
          <th role="columnheader" scope="col" className={classes.values}>
            Found
          </th>
          <td role="cell" className={classes.bar}>
            {thresholds && (
              <div className={classes.axis} aria-hidden="true">
                <span style={{ right: `${100 - x(thresholds.review)}%` }}>asks</span>
                <span style={{ left: `${x(thresholds.match)}%` }}>merges</span>
              </div>
            )}
          </td>
          <th role="columnheader" scope="col" className={classes.bits}>
            Bits
          </th>
          <th role="columnheader" scope="col" className={classes.sum}>
            Sum
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {bars.map(({ step, from, to }, i) => (
          <tr role="row" key={`${step.name}${i}`}>
            <th role="rowheader" scope="row">{names[step.name] ?? NAMES[step.name] ?? attributeWords(step.name)}</th>
            <td role="cell" className={classes.values}>
              <Values left={step.left} right={step.right} /> {step.level}
              <Written raw={raw?.(step)} />
            </td>
            {bar(from, to)}
            <td role="cell" className={classes.bits}>{bits(step.bits)}</td>
            <td role="cell" className={classes.sum}>{bits(to)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot role="rowgroup">
        <tr role="row" className={classes.total}>
          <th role="rowheader" scope="row">Together</th>
          <td role="cell" className={classes.values}>{percent(probability(score))} likely the same</td>
          {bar(0, score)}
          <td role="cell" className={classes.bits}>{bits(score)}</td>
          <td role="cell" className={classes.sum} />
        </tr>
        {thresholds && (
          <tr role="row">
            <td role="cell" colSpan={5} className={classes.key}>
              Weights in bits. From {signed(thresholds.review)} on a person is asked, from {signed(thresholds.match)} on they are the same without asking.
            </td>
          </tr>
        )}
      </tfoot>
    </table>
  );
}

function Values({ left, right }: { left?: string | null | undefined; right?: string | null | undefined }) {
  if (left == null || right == null) return null;
  if (left === right) return <b>{left}</b>;
  return (
    <>
      <b>{left}</b> · <b>{right}</b>
    </>
  );
}

function Written({ raw }: { raw: Raw | undefined }) {
  if (!raw) return null;
  return (
    <span className={classes.raw}>
      written {raw.left === raw.right ? `“${raw.left}”` : `“${raw.left}” · “${raw.right}”`}
    </span>
  );
}

const signed = (value: number) => (value === 0 ? '0' : bits(value));
