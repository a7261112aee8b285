import type { ReactNode } from "react";

/** Line drawings on a grid of 24, in the colour and size of the text around them. They say nothing by themselves. */
export function Icon({
  size = "1.25em",
  strokeWidth = 1.8,
  children,
}: {
  size?: string | undefined;
  strokeWidth?: number;
  children: ReactNode;
}) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={strokeWidth}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flexShrink: 0 }}
    >
      {children}
    </svg>
  );
}

const drawings = {
  sun: (
    <path d="M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M5 19l1.7-1.7M17.3 6.7 19 5" />
  ),
  moon: <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z" />,
  leave: <path d="M14 4H6v16h8M10 12h11M17.5 8.5 21 12l-3.5 3.5" />,
  lock: <path d="M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11" />,
  clock: <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3 2" />,
  back: <path d="M9 6 4.5 10.5 9 15M4.5 10.5H14a5.5 5.5 0 0 1 0 8.5h-4" />,
  out: <path d="M5 12h14M13 6l6 6-6 6" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  cross: <path d="m7 7 10 10M17 7 7 17" />,
  minus: <path d="M6 12h12" />,
  copy: <path d="M9 9h11v11H9zM5 15H4V4h11v1" />,
  print: <path d="M7 8V3.5h10V8M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z" />,
  receipt: <path d="M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9.5 8.5h5M9.5 12.5h5" />,
  previous: <path d="M15 5.5 8.5 12l6.5 6.5" />,
  envelope: <path d="M3.5 6h17v12h-17zM4 6.5l8 6.5 8-6.5" />,
  warning: <path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

/** One of the product's drawings, by name. */
export function Drawing({ name, size }: { name: IconName; size?: string }) {
  return <Icon size={size}>{drawings[name]}</Icon>;
}
