import type { Level } from '../../../src/contract.ts'

/**
 * A line that dropwatch prints about itself (src/main.c and src/lookup*.c of 1.4 to 1.5.5). See
 * docs/formats/dropwatch.md, "What it says".
 */
export interface DropwatchTalk {
  readonly level: Level
  readonly stream: 'stdout' | 'stderr' | 'prompt'
  /** How surely no other program prints it, 0 to 100. */
  readonly only: number
  /** Which events were lost, by this line. */
  readonly lost?: 'socket' | 'deactivation' | 'unknown type'
}

const CERTAIN = 95
/** Other programs may print it too. */
const LIKELY = 70
const COMMON = 30

const SAID: DropwatchTalk = { level: 'info', stream: 'stdout', only: CERTAIN }
const MAYBE_SAID: DropwatchTalk = { level: 'info', stream: 'stdout', only: LIKELY }
const COMMON_WORDS: DropwatchTalk = { level: 'info', stream: 'stdout', only: COMMON }
const FAILED: DropwatchTalk = { level: 'error', stream: 'stdout', only: CERTAIN }
const FAILED_ERR: DropwatchTalk = { level: 'error', stream: 'stderr', only: LIKELY }
const PROMPT: DropwatchTalk = { level: 'info', stream: 'prompt', only: CERTAIN }

/** On stderr, by perror, hence two colons. stderr is unbuffered, so it may be inside any other line. */
export const RECEIVE_FAILED = 'Receive operation failed:: '

/** Whole lines. */
const FIXED: ReadonlyMap<string, DropwatchTalk> = new Map([
  ['Initializing kallsyms db', SAID],
  ['Initalizing kallsyms db', SAID],
  ['Initializing null lookup method', SAID],
  ['Initalizing null lookup method', SAID],
  ['Enabling monitoring...', MAYBE_SAID],
  ['Waiting for activation ack....', SAID],
  ['Kernel monitoring activated.', SAID],
  ['Issue Ctrl-C to stop monitoring', SAID],
  ['Alert limit reached, deactivating!', SAID],
  ['Deactivation requested, turning off monitoring', SAID],
  ['Waiting for deactivation ack...', { level: 'warning', stream: 'stdout', only: CERTAIN, lost: 'deactivation' }],
  ['Got a stop message', SAID],
  ['Setting alert mode', MAYBE_SAID],
  ['Alert mode successfully set', SAID],
  ['Truncation length successfully set', SAID],
  ['Queue length successfully set', SAID],
  ['Waiting for alert mode setting ack...', SAID],
  ['Waiting for truncation length setting ack...', SAID],
  ['Waiting for queue length setting ack...', SAID],
  ['Waiting for existing configuration query response', SAID],
  ['Waiting for statistics query response', SAID],
  ['invalid boolean value', { ...FAILED, only: COMMON }],
  ['Getting existing configuration', MAYBE_SAID],
  ['Alert mode: Summary', SAID],
  ['Alert mode: Packet', SAID],
  ['Alert mode: Invalid alert mode', SAID],
  // So says dwdump -q, its sister program.
  ['Alert mode: summary', SAID],
  ['Alert mode: packet', SAID],
  ['Getting statistics', COMMON_WORDS],
  ['Software statistics:', MAYBE_SAID],
  ['Hardware statistics:', MAYBE_SAID],
  ['Command Syntax:', COMMON_WORDS],
  ['set:', COMMON_WORDS],
  ['Got a sigint while not receiving', SAID],
  ["Odd, the kernel told us that it activated and we didn't ask", SAID],
  ['Received acknowledgement for non-solicited config request', SAID],
  ['Unknown state received!  exiting!', FAILED],
  ['Got a config message', MAYBE_SAID],
  ['Terminating dropwatch...', SAID],
  ['Shutting down ...', COMMON_WORDS],
  ["Unable to find NET_DM family, dropwatch can't work", FAILED],
  ['Cleaning up on socket creation error', { ...FAILED, only: LIKELY }],
  ['dropwatch [-l|--lmethod <method | list>]', SAID],
  ['Available lookup methods:', MAYBE_SAID],
  ['kas - use /proc/kallsyms', SAID],
])

/** Lines that end in a value. */
const OPEN: readonly (readonly [start: string, rest: RegExp, talk: DropwatchTalk])[] = [
  ['Stop request failed, error: ', /^\S/, { ...FAILED, only: LIKELY }],
  ['Failed activation request, error: ', /^\S/, FAILED],
  ['Failed config request, error: ', /^\S/, FAILED],
  ['Setting truncation length to ', /^\d+$/, SAID],
  ['Setting queue length to ', /^\d+$/, MAYBE_SAID],
  ['setting alert capture limit to ', /^-?\d+$/, SAID],
  ['setting software drops monitoring to ', /^[01]$/, SAID],
  ['setting hardware drops monitoring to ', /^[01]$/, SAID],
  ['Truncation length: ', /^\d+$/, MAYBE_SAID],
  ['Queue length: ', /^\d+$/, COMMON_WORDS],
  ['Got an unexpected ack for sequence ', /^\d+$/, { ...SAID, level: 'warning' }],
  [
    'Received message of unknown type ',
    /^5$/,
    { level: 'warning', stream: 'stdout', only: LIKELY, lost: 'unknown type' },
  ],
  ['Received message of unknown type ', /^\d+$/, { level: 'warning', stream: 'stdout', only: LIKELY }],
  ['Unknown lookup method ', /^\S/, { ...FAILED, only: LIKELY }],
  [RECEIVE_FAILED, /^No buffer space available$/, { level: 'error', stream: 'stderr', only: CERTAIN, lost: 'socket' }],
  [RECEIVE_FAILED, /^\S/, FAILED_ERR],
  ['Unable to send activation msg:: ', /^\S/, FAILED_ERR],
  ['Unable to send deactivation msg:: ', /^\S/, FAILED_ERR],
  ['Failed to set alert mode: ', /^\S/, FAILED_ERR],
  ['Failed to set truncation length: ', /^\S/, FAILED_ERR],
  ['Failed to set queue length: ', /^\S/, FAILED_ERR],
  ['Failed to get existing configuration: ', /^\S/, FAILED_ERR],
  ['Failed to get statistics: ', /^\S/, FAILED_ERR],
  ['Error Scanning File: : ', /^\S/, FAILED_ERR],
  [
    'dropwatch: ',
    /^(invalid option -- |unrecognized option |option .*requires an argument)/,
    { ...FAILED_ERR, only: CERTAIN },
  ],
]

/** A line of `help`, of 1.4 (`caputre`) to 1.5.5. A terminal may have turned the TABs into blanks. */
const HELP =
  /^\s*(exit|help|alertlimit <number>|alertmode <mode>|trunc <len>|queue <len>|[sh]w <true \| false>|start|stop|show|stats)\s+ - \S/

const PROMPT_TEXT = 'dropwatch>'
/** The first chars of all these lines except help. A quick look, for the many lines of other tools. */
const BEGINNINGS: ReadonlySet<string> = new Set(
  [...FIXED.keys(), ...OPEN.map(([start]) => start), PROMPT_TEXT].map((line) => line.slice(0, 4)),
)
/** Commands that people type. */
const COMMAND = /^(\^C)*(start|stop|exit|help|show|stats|set [a-z]+ \S+)?$/

/**
 * The line as dropwatch's talk. Undefined: it is not in the catalogue. Drops, blocks and `Tail dropped:` are read
 * elsewhere.
 */
export function talkOf(line: string): DropwatchTalk | undefined {
  return (BEGINNINGS.has(line.slice(0, 4)) ? spokenTalk(line) : undefined) ?? helpTalk(line)
}

function spokenTalk(line: string): DropwatchTalk | undefined {
  const fixed = FIXED.get(line)
  if (fixed !== undefined) return fixed
  if (
    line.startsWith(PROMPT_TEXT) &&
    (line.length === PROMPT_TEXT.length || line.charCodeAt(PROMPT_TEXT.length) === 32)
  )
    return PROMPT
  for (const [start, rest, talk] of OPEN) {
    if (line.startsWith(start) && rest.test(line.slice(start.length))) return talk
  }
  return undefined
}

function helpTalk(line: string): DropwatchTalk | undefined {
  return line.includes(' - ') && HELP.test(line) ? COMMON_WORDS : undefined
}

/** Lines that may follow a terminal's echo: all that are whole by themselves. */
export const WHOLE_LINES: readonly string[] = [...FIXED.keys()].filter((line) => line.length > 'Command Syntax:'.length)

/** True when `text` begins a line of the catalogue: a terminal's edge may have cut it. */
export function beginsTalk(text: string): boolean {
  if (text.length < 8) return false
  for (const line of FIXED.keys()) if (line.startsWith(text)) return true
  return false
}

/** True for the echo of something typed at dropwatch, without a prompt: `stop`, `^C`. */
export function isEcho(text: string): boolean {
  return COMMAND.test(text)
}
