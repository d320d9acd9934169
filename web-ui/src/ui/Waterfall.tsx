import classes from './Waterfall.module.css';
import { attributeWords, bits, percent, probability } from './format';

export interface Step {
  name: string;
  left?: string | null;
  right?: string | null;
  level: string;
  bits: number;
}

/**
 * How a score came about, step by step: each bar begins where the one before ended, to the right for a match, to the left against.
 * It is a table, so that it reads aloud as it looks.
 */
export function Waterfall({
  label,
  steps,
  score,
  thresholds,
  names = {},
}: {
  label: string;
  steps: Step[];
  score: number;
  thresholds?: { review: number; match: number } | undefined;
  names?: Record<string, string>;
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
  const lines = (
    <>
      <line className={classes.zero} x1={x(0)} x2={x(0)} y1={0} y2={18} strokeWidth={1} vectorEffect="non-scaling-stroke" />
      {thresholds &&
        [thresholds.review, thresholds.match].map((at) => (
          <line key={at} className={classes.threshold} x1={x(at)} x2={x(at)} y1={0} y2={18} vectorEffect="non-scaling-stroke" />
        ))}
    </>
  );
  return (
    <table className={classes.table} aria-label={label}>
      <tbody>
        {bars.map(({ step, from, to }, i) => (
          <tr key={`${step.name}${i}`}>
            <th scope="row">{names[step.name] ?? attributeWords(step.name)}</th>
            <td className={classes.values}>
              {step.left != null && step.right != null && step.left === step.right ? (
                <b>{step.left}</b>
              ) : (
                step.left != null &&
                step.right != null && (
                  <>
                    <b>{step.left}</b> · <b>{step.right}</b>
                  </>
                )
              )}{' '}
              {step.level}
            </td>
            <td className={classes.bar}>
              <svg viewBox="0 0 100 18" preserveAspectRatio="none" aria-hidden="true">
                {lines}
                <rect
                  className={step.bits < 0 ? classes.against : classes.for}
                  x={Math.min(x(from), x(to))}
                  width={Math.max(0.6, Math.abs(x(to) - x(from)))}
                  y={4}
                  height={10}
                />
              </svg>
            </td>
            <td className={classes.bits}>{bits(step.bits)}</td>
          </tr>
        ))}
        <tr className={classes.total}>
          <th scope="row">Together</th>
          <td className={classes.values}>{percent(probability(score))} likely the same</td>
          <td className={classes.bar}>
            <svg viewBox="0 0 100 18" preserveAspectRatio="none" aria-hidden="true">
              {lines}
              <rect
                className={score < 0 ? classes.against : classes.for}
                x={Math.min(x(0), x(score))}
                width={Math.max(0.6, Math.abs(x(score) - x(0)))}
                y={4}
                height={10}
              />
            </svg>
          </td>
          <td className={classes.bits}>{bits(score)}</td>
        </tr>
      </tbody>
    </table>
  );
}
