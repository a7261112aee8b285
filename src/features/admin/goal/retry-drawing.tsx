import { Icon } from "../../shell/icons.tsx";

/** Round the same way again. */
export function RetryDrawing() {
  return (
    <Icon>
      <path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.2M20 4.5v4.7h-4.7" />
    </Icon>
  );
}
