/** The product's mark: a goal, and what is kept in it. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" width={size} height={size} style={{ flexShrink: 0 }}>
      <rect width="32" height="32" rx="9" fill="#1d6b57" />
      <path
        d="M7 24V10.5A2.5 2.5 0 0 1 9.5 8h13a2.5 2.5 0 0 1 2.5 2.5V24"
        fill="none"
        stroke="#faf7f2"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <circle cx="16" cy="19" r="4.2" fill="#efc352" />
    </svg>
  );
}
