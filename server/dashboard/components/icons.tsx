/**
 * @module
 * The icons: one stroke width, one box of 24, drawn in the colour of the text around them.
 */

const PATHS = {
  fleet:
    "M12 13v4.5M7 20h10M5.5 4h13a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 11.5v-6A1.5 1.5 0 0 1 5.5 4z",
  overview: "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z",
  devices: "M4 6.5h16M4 12h16M4 17.5h16",
  enrol: "M12 5v14M5 12h14",
  audit: "M7 4h10v16l-2.5-1.8L12 20l-2.5-1.8L7 20zM10 9h4M10 13h4",
  settings: "M5 7h9M18 7h1M5 17h1M10 17h9M16 5v4M8 15v4",
  search: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM20 20l-4.6-4.6",
  alarm: "M12 4 3 19.5h18zM12 10v4M12 16.8v.2",
  question:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1 1-1.1 1.8M12 16.8v.2",
  copy: "M9 9h10v11H9zM5 15V4h10",
  theme: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  leave: "M10 5H5v14h5M15 8l4 4-4 4M19 12H9",
  up: "M12 18V6M7 11l5-5 5 5",
  down: "M12 6v12M7 13l5 5 5-5",
  left: "M14.5 6 8.5 12l6 6",
  right: "M9.5 6l6 6-6 6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** An icon beside a text that says the same: hidden from screen readers. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
