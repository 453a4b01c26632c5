// What perf says on stderr, often merged into its output. See docs/formats/perf.md, "Talk".
import type { Level } from '../../src/contract.ts'

/** How serious a line of perf's own talk is. Undefined: the line is not one. */
export function talkLevel(line: string): Level | undefined {
  if (/^\[ perf (?:data convert|\w+): .* \]$/.test(line)) return 'info'
  if (WARNINGS.some((warning) => warning.test(line))) return 'warning'
  return ERRORS.some((error) => error.test(line)) ? 'error' : undefined
}

const WARNINGS: readonly RegExp[] = [
  /^Warning:$/,
  /^WARNING: /,
  /^Processed \d+ (?:events|samples) and lost /,
  /^Check IO\/CPU overload!$/,
  /^Was the 'perf record' command properly terminated\?$/,
  /^Found \d+ unknown events!$/,
  /^Found invalid callchains!$/,
  /^\d+ samples with id not present in the header$/,
  /^\d+ out of order events recorded\.$/,
  /^AUX data lost \d+ times out of \d+!$/,
  /^'bpf-output' not valid for hardware events\. Ignoring\.$/,
]

const ERRORS: readonly RegExp[] = [
  /^incompatible file format \(rerun with -v to learn more\)$/,
  /^zero-sized data \(.*\), nothing to do!$/,
  /^failed to open .*: /,
  /^Samples for '[^']*' event do not have \w+ attribute set\. Cannot print '[^']*' field\.$/,
  /^Can't provide '\w+' time, missing clock data\. /,
]
