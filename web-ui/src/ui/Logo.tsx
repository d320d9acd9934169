/** A mended bowl: the seams are what holds it together. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M3 10.5h26c0 9.5-5 15.5-13 15.5S3 20 3 10.5z" fill="var(--mantine-color-ink-8)" />
      <path
        d="M9 10.5l4 5.5-2 4 5 2 1 4M18 10.5l-1.5 4 5 3 2.5 4"
        fill="none"
        stroke="#e8b923"
        strokeWidth="2"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <path d="M3 10.5h26" stroke="#e8b923" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
