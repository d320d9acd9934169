import { Link } from '../../ui/Link';
import { Said } from '../../ui/Said';
import { problemWords } from '../../ui/format';

const WAITS = /^waits for review (\S+)$/;

/** Why a write waits or was refused. One that waits for a question leads to it. */
export function Cause({ problem }: { problem: string }) {
  const review = WAITS.exec(problem)?.[1];
  const words = problemWords(problem);
  if (!review) return words === problem ? <Said text={problem} /> : words; // the system's own words stay
  return (
    <>
      Not sent before{' '}
      <Link to="/review/$id" params={{ id: review }}>
        this question
      </Link>{' '}
      is decided: the system may have it already.
    </>
  );
}
