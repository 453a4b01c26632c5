/** The line that bpftrace begins with: 0.9 to 0.23, and from 0.24 on. */
export const BANNER = /^Attach(?:ing [0-9]+ probes?\.\.\.|ed [0-9]+ probes?)$/
