import { Link } from '../../ui/Link';
import { problemWords } from '../../ui/format';

const WAITS = /^waits for review (\S+)$/;

/** Why a write waits or was refused. One that waits for a question leads to it. */
export function Cause({ problem }: { problem: string }) {
  const review = WAITS.exec(problem)?.[1];
  if (!review) return problemWords(problem);
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
