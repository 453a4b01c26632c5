import type { OpenOutput } from '../output/open.ts'
import type { RunOutcome } from '../run/convert.ts'
import type { InputOutcome } from '../run/outcome.ts'
import type { Quarantined } from '../sinks/quarantine.ts'
import type { Blindness } from '../stages/stage.ts'
import { inputName, shellWord } from '../text/printable.ts'
import { latin1 } from '../text/utf8.ts'
import type { Signal } from './io.ts'
import { lineOfSentence } from './say.ts'

type StderrOutput = Pick<OpenOutput, 'write' | 'flush' | 'end'>

/** Only so many rejected units get a line; the count, the report and the quarantine have all of them. */
const FIRST_REJECTS = 5
/** Conflicts of one input that get a line. */
const FIRST_CONFLICTS = 3
/** So many hints are remembered, so that each is said once. */
const MOST_HINTS = 1000

/** What a run says on stderr: the first rejects, hints, and one line at the end. */
export class Stderr {
  private readonly speaks: boolean
  private readonly stderr: StderrOutput
  private readonly hinted = new Set<string>()
  private rejects = 0

  constructor(speaks: boolean, stderr: StderrOutput) {
    this.speaks = speaks
    this.stderr = stderr
  }

  /** Waits until all is written, or stderr has failed. */
  async end(): Promise<void> {
    await this.stderr.end().catch(nothing)
  }

  rejected(unit: Quarantined, quarantine: string | undefined): void {
    // A record that our own schema refused is reported as a bug, at the end.
    if (unit.why === 'invalid') return
    this.rejects++
    if (this.rejects > FIRST_REJECTS) return
    const { path, line, offset, column, text } = unit
    const place = line === undefined ? `byte ${offset + column}` : `line ${line}, column ${column}`
    const kept = quarantine === undefined ? '' : `; kept in ${shellWord(quarantine)}`
    this.say(`${inputName(path)}: ${place}: ${text}${kept}`)
  }

  hint(sentence: string): void {
    this.say(sentence)
  }

  drains(signal: Signal): void {
    this.say(`${signal}: the pipe is read to its end, or until it is silent for 2 s; a second signal ends at once`)
  }

  leftAsItWas(flag: string, path: string | undefined): void {
    if (path !== undefined) this.write(`${flag} ${shellWord(path)} is left as it was: what there is now is not all`)
  }

  /** Called at the end of an input. */
  input({ path, failure, bugs, hints, conflicts, more }: InputOutcome): void {
    // Failures and bugs are reported also with --quiet.
    if (failure !== undefined) this.write(failure)
    for (const bug of bugs.slice(0, FIRST_REJECTS)) this.write(`${inputName(path)}: ${bug}`)
    for (const hint of hints) this.hintOnce(hint)
    for (const conflict of [...conflicts.keys()].slice(0, FIRST_CONFLICTS)) this.say(`${inputName(path)}: ${conflict}`)
    if (conflicts.size > FIRST_CONFLICTS)
      this.say(
        `${inputName(path)}: ${conflicts.size - FIRST_CONFLICTS}${more.conflicts > 0 ? ' and more' : ''} further conflicts: see --report`,
      )
  }

  outcome(outcome: RunOutcome, signal: Signal | undefined): void {
    if (this.rejects > FIRST_REJECTS) this.say(`${this.rejects - FIRST_REJECTS} more were rejected`)
    const lacking = lackingIn(outcome)
    if (lacking !== undefined) this.say(lacking)
    for (const blindness of outcome.blindness) this.say(blindInWords(blindness))
    if (outcome.cut === 'signal') this.write(`interrupted by ${signal}: not all was read`)
    if (outcome.cut === 'silence') this.write(`interrupted by ${signal}: what came until the pipe was silent was read`)
    this.say(summaryOf(outcome))
  }

  private hintOnce(hint: string): void {
    if (this.hinted.has(hint)) return
    if (this.hinted.size < MOST_HINTS) this.hinted.add(hint)
    this.say(hint)
  }

  private say(sentence: string): void {
    if (this.speaks) this.write(sentence)
  }

  /** A stderr that has failed does not end the run. */
  private async write(sentence: string): Promise<void> {
    try {
      this.stderr.write(latin1(lineOfSentence(sentence)))
      await this.stderr.flush()
    } catch {}
  }
}

/** What records lack, and the flags that give it: one sentence a run. */
function lackingIn({ totals: { untimed, unnamed } }: RunOutcome): string | undefined {
  const { zone, clock } = untimed
  const ofHost = '--snapshot FILE of the capturing host'
  const byZone = '--timezone ZONE (an IANA name, ±HH:MM, or local)'
  const ways = [...(zone > 0 ? [clock > 0 ? `${byZone} for the ${zone} with a local time` : byZone] : []), ofHost]
  const sentences = [
    ...(zone + clock > 0 ? [`${having(zone + clock)} no ts: give ${ways.join(', or ')}`] : []),
    ...(unnamed > 0
      ? [`${having(unnamed)} the number of a reason and no name: give --kernel RELEASE, --reasons FILE, or ${ofHost}`]
      : []),
  ]
  return sentences.length === 0 ? undefined : sentences.join('; ')
}

function having(records: number): string {
  return records === 1 ? '1 record has' : `${records} records have`
}

function blindInWords({ flags, records, judged }: Blindness): string {
  const what = flags.includes(' ') ? `${flags} judge` : `${flags} judges`
  return judged === 0
    ? `${what} by ts, and none of ${records} records has one: nothing could be judged`
    : `${what} by ts, and ${records - judged} of ${records} records have none: they are left out`
}

/** `2 records (2 drop), 2 packets dropped, nothing rejected`. */
function summaryOf({ totals, stopped }: RunOutcome): string {
  const { kinds, written, dropped, undecoded, ambiguous, foreign, unjudged, notRecognised, skipped } = totals
  const made = totals.made - unjudged
  const rejected = totals.rejected + unjudged
  const parts = [
    `${written} ${written === 1 ? 'record' : 'records'}${kinds.size > 0 ? ` (${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')})` : ''}`,
    ...(dropped > 0 ? [`${dropped} ${dropped === 1 ? 'packet' : 'packets'} dropped`] : []),
    ...(made > written ? [`${made - written} left out`] : []),
    ...(undecoded > 0 ? [`${undecoded} lines undecoded`] : []),
    ...(ambiguous > 0 ? [`${ambiguous} with several readings`] : []),
    ...(foreign > 0 ? [`${foreign} foreign`] : []),
    `${rejected === 0 ? 'nothing' : rejected} rejected`,
    ...(notRecognised > 0 ? [`${notRecognised} ${notRecognised === 1 ? 'file' : 'files'} not recognised`] : []),
    ...(skipped.size > 0 ? [`skipped ${skippedInWords(skipped)}`] : []),
    ...(totals.notUnderstood > 0 ? ['most of the input was not understood'] : []),
    ...(stopped ? ['stopped there'] : []),
  ]
  return parts.join(', ')
}

/** `12 × link, 1 × device`. */
function skippedInWords(skipped: ReadonlyMap<string, number>): string {
  return [...skipped].map(([why, times]) => `${times} × ${why}`).join(', ')
}

function nothing(): void {}
