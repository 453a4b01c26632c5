import { addLedger, type Ledger, openLedger } from '../read/ledger.ts'

/**
 * What ended the reading of an input early. `signal`. `silence`: after a signal a live pipe fell silent, and all that
 * came was read. `closed pipe`: the reader of the output is gone.
 */
export type Cut = 'signal' | 'silence' | 'closed pipe'

/** What became of an input. */
export interface InputOutcome {
  readonly path: string
  readonly ledger: Ledger
  /** Where each reader took over. */
  readonly readers: ReaderEntry[]
  /** Reason numbers that got no name, with their counts. */
  readonly codesLeft: Map<number, number>
  readonly conflicts: Map<string, number>
  readonly hints: Set<string>
  readonly assumptions: Set<string>
  /** Bugs of tracenorm that showed themselves. */
  readonly bugs: string[]
  /** How many entries the lists had no room for: memory is bounded. */
  readonly more: Record<ListName, number>
  /** Records written, by kind. */
  readonly kinds: Map<string, number>
  /** The sum of `drop.count` over the drop records made. */
  dropped: number
  /** Records without `ts` that would have one if a zone, or a pair of their clock, were given. */
  readonly untimed: { zone: number; clock: number }
  /** Records with a reason's number that would have its name if the kernel were known. */
  unnamed: number
  /** Records on which a stage could not decide: they are left out, and rejected. */
  unjudged: number
  /** Half or more of its lines were foreign, or all of its output was undecoded. */
  notUnderstood: boolean
  /** A file out of an archive of which no reader knows a line: it gives no records, and is no fault. */
  notRecognised: boolean
  /** Why it could not be read to its end. */
  failure: string | undefined
  cut: Cut | undefined
}

export interface ReaderEntry {
  readonly line: number
  readonly name: string
  readonly format: string
  readonly why: string
}

/** The lists by their names in the report. */
export type ListName = 'readers' | 'codes_left' | 'conflicts' | 'hints' | 'bugs'

/** Entries of each list. Of further codes and conflicts only the number is kept. */
export const MOST_LISTED = 1000

export function emptyOutcome(path: string): InputOutcome {
  return {
    path,
    ledger: openLedger(),
    readers: [],
    codesLeft: new Map(),
    conflicts: new Map(),
    hints: new Set(),
    assumptions: new Set(),
    bugs: [],
    more: { readers: 0, codes_left: 0, conflicts: 0, hints: 0, bugs: 0 },
    kinds: new Map(),
    dropped: 0,
    untimed: { zone: 0, clock: 0 },
    unnamed: 0,
    unjudged: 0,
    notUnderstood: false,
    notRecognised: false,
    failure: undefined,
    cut: undefined,
  }
}

/** What was counted since the last call; it begins anew. */
export function takeOutcome(outcome: InputOutcome): InputOutcome {
  const { ledger } = outcome
  const taken = { ...outcome, ledger: { ...ledger } }
  Object.assign(ledger, openLedger())
  Object.assign(outcome, { ...emptyOutcome(outcome.path), ledger })
  return taken
}

/** True where nothing is to be said of an input but counts. */
export function isPlain({
  readers,
  hints,
  assumptions,
  bugs,
  more,
  unjudged,
  failure,
  cut,
  ledger,
}: InputOutcome): boolean {
  const said = readers.length + hints.size + assumptions.size + bugs.length + unjudged
  const { rejected, unread } = ledger.units
  const isRead = rejected.units + unread.units + ledger.foreign === 0 && failure === undefined && cut === undefined
  return isRead && said === 0 && Object.values(more).every((count) => count === 0)
}

/** Adds the counts of a plain piece of the same input, which follows. */
export function addCounts(outcome: InputOutcome, piece: InputOutcome): void {
  addLedger(outcome.ledger, piece.ledger)
  for (const [code, times] of piece.codesLeft) countCode(outcome, code, times)
  for (const [conflict, times] of piece.conflicts) countConflict(outcome, conflict, times)
  for (const [kind, times] of piece.kinds) count(outcome.kinds, kind, times)
  outcome.dropped += piece.dropped
  outcome.unnamed += piece.unnamed
}

export function addReader({ readers, more }: InputOutcome, entry: ReaderEntry): void {
  if (readers.length < MOST_LISTED) readers.push(entry)
  else more.readers++
}

export function addBug({ bugs, more }: InputOutcome, bug: string): void {
  if (bugs.length < MOST_LISTED) bugs.push(bug)
  else more.bugs++
}

export function addHint({ hints, more }: InputOutcome, hint: string): void {
  if (!addTo(hints, hint)) more.hints++
}

export function addAssumption({ assumptions, more }: InputOutcome, assumption: string): void {
  if (!addTo(assumptions, assumption)) more.hints++
}

export function countConflict({ conflicts, more }: InputOutcome, conflict: string, times = 1): void {
  if (!countIn(conflicts, conflict, times)) more.conflicts += times
}

export function countCode({ codesLeft, more }: InputOutcome, code: number, times: number): void {
  if (!countIn(codesLeft, code, times)) more.codes_left += times
}

/** Adds to a count. For few keys: the map is not bounded. */
export function count<K>(counts: Map<K, number>, key: K, times = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + times)
}

/** Returns false where there is no room for another key. */
function countIn<K>(counts: Map<K, number>, key: K, times: number): boolean {
  if (counts.size >= MOST_LISTED && !counts.has(key)) return false
  count(counts, key, times)
  return true
}

function addTo(texts: Set<string>, text: string): boolean {
  if (texts.size >= MOST_LISTED && !texts.has(text)) return false
  texts.add(text)
  return true
}
