import { Badge, createTheme, type CSSVariablesResolver } from "@mantine/core";

/** The product's look, in one place. */
export const theme = createTheme({
  primaryColor: "violet",
  primaryShade: 7,
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily:
    'system-ui, "Segoe UI", Roboto, "Noto Sans", "PingFang TC", "Microsoft JhengHei", "Noto Sans TC", "Noto Sans CJK TC", sans-serif',
  components: {
    // A state is never cut short, however narrow its column.
    Badge: Badge.extend({ styles: { root: { minWidth: "max-content" } } }),
  },
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, "Noto Sans Mono", monospace',
});

/** Colours of text that the library has none for, or too pale a one: each reads well on its ground (4.5:1). */
export const textColors: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": colors.gray[7],
    "--mantine-color-green-light-color": "#1b6e30",
    "--mantine-color-yellow-light-color": "#8a4700",
    "--text-good": colors.teal[9],
    "--text-waiting": "#a23e02",
  },
  dark: {
    "--mantine-color-dimmed": colors.dark[1],
    "--text-good": colors.teal[4],
    "--text-waiting": colors.orange[4],
  },
});
