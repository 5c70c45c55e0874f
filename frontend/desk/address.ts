// What the address of the desk asks for.

/** Whether anything but the tab is asked for; where a list goes on is no question. */
export function isNarrowed(search: string): boolean {
  return [...new URLSearchParams(search)].some(([name, value]) => !["tab", "cursor"].includes(name) && value !== "");
}
