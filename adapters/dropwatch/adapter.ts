import type { Adapter, Verdict } from '../../src/contract.ts'
import { contentOf, Lines } from '../../src/text/lines.ts'
import { unquoted } from '../../src/text/pasted.ts'
import { plainText } from '../../src/text/terminal.ts'
import { DROP_AT } from './text/head.ts'
import { beginsRecord, type Known, knownAs, surenessOf, surenessOfDamaged } from './text/known.ts'
import { countStart, repadded } from './text/line.ts'

export const adapter: Adapter = {
  name: 'dropwatch',
  formats: [
    {
      name: 'text',
      title: 'a session of dropwatch, in alert mode packet or summary',
      versions: '1.4 to 1.5.5',
      example:
        'drop at: tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)\n3 drops at tcp_v4_rcv+157 (0xffffffff8abc4f87) [software]',
      unit: 'line',
    },
  ],
  flags: [],
  detect,
  async load() {
    const { DropwatchReader } = await import('./text/reader.ts')
    return (context) => new DropwatchReader(context)
  },
}

function detect(lines: string): Verdict | undefined {
  let best: Verdict | undefined
  const line = new Lines(lines, true)
  while (line.moveTo(line.next)) {
    const verdict = detectLine(contentOf(line))
    if (verdict !== undefined && verdict.score > (best?.score ?? 0)) best = verdict
  }
  return best
}

function detectLine(raw: string): Verdict | undefined {
  const line = repadded(unquoted(plainText(raw)).trimEnd())
  const known = knownAs(line) ?? knownWithin(line, line.lastIndexOf(DROP_AT)) ?? knownWithin(line, countStart(line))
  if (known !== undefined)
    return { format: 'text', score: surenessOf(known), why: `${WHAT[known.is]}: ${line.slice(0, 60)}` }
  return beginsRecord(line)
    ? { format: 'text', score: surenessOfDamaged(line), why: `a damaged drop: ${line.slice(0, 60)}` }
    : undefined
}

/** A drop at `start`, after an echo (`^C`) or the stamp of a log. */
function knownWithin(line: string, start: number): Known | undefined {
  return start > 0 ? knownAs(line.slice(start)) : undefined
}

const WHAT: Readonly<Record<Known['is'], string>> = {
  head: 'the first line of a packet block',
  field: 'a line of a packet block',
  summary: 'a summary line',
  'tail dropped': 'a line of statistics',
  talk: 'a line that dropwatch says',
}
