// The shared captures of bpftrace 0.11 to 0.27, each with the program that printed it.
import { describe, expect, it } from 'vitest'
import { loadBundle } from '../../../src/kernel/reasons/bundle.ts'
import { pickTable, reasonsOfPick } from '../../../src/kernel/reasons/pick.ts'
import { readFormat } from '../../../src/kernel/reasons/read-format.ts'
import { NO_REASONS, type Reasons, reasonsOf } from '../../../src/kernel/reasons/reasons.ts'
import { corpusFolders, corpusText, filesOf, goldenFolders, hasCorpus, hasFile } from './corpus.ts'
import { type Event, type Reading, readText } from './reading.ts'

interface Capture {
  /** `bpftrace0.17-seed/run.stdout`. */
  readonly name: string
  readonly program: string
  /** Drops, as the capture's notes count them. */
  readonly drops: number
}

/** The file that each capture's `counted_by` names, its program, and the count that stands there. */
const COUNTED: Readonly<Record<string, readonly [file: RegExp, program: string]>> = {
  seed: [/^(?:run|run-q|run-v|run-B-line|run-B-none)\.stdout$|^out\.(?:txt|json)$/, 'seed.bt'],
  structured: [/^run\.stdout$/, 'structured.bt'],
  conversions: [/^run(?:-json)?\.stdout$/, 'conversions.bt'],
  kv: [/^run\.stdout$/, 'kv.bt'],
  csv: [/^run\.stdout$/, 'csv.bt'],
  jsonish: [/^run(?:-json)?\.stdout$/, 'jsonish.bt'],
  weird: [/^run(?:-json)?\.stdout$/, 'weird.bt'],
  named: [/^run\.stdout$/, 'named.bt'],
  named2: [/^run\.stdout$/, 'named2.bt'],
  kstack: [/^run(?:-json)?\.stdout$/, 'kstack.bt'],
  multi: [/^run\.stdout$/, 'multi.bt'],
  warnings: [/^run(?:-k|-kk)?(?:-json)?\.stdout$/, 'errors.bt'],
  empty: [/^run(?:-json)?\.stdout$/, 'empty.bt'],
  sigint: [/^run\.stdout$/, 'kv.bt'],
  killed: [/^kill\.stdout$/, 'structured.bt'],
  lost: [/^run(?:-json)?\.stdout$/, 'lossy.bt'],
  'chatty-child': [/^out\.txt$/, 'seed.bt'],
}

function captures(): readonly Capture[] {
  return corpusFolders(/^bpftrace/).flatMap((folder) => {
    const counted = COUNTED[folder.replace(/^bpftrace[\d.]+-/, '')]
    if (counted === undefined) return []
    const [file, program] = counted
    const meta: { readonly expected_event_count: number } = JSON.parse(corpusText(`${folder}/meta.json`))
    const old = program.replace('.bt', '-11.bt')
    const used = filesOf(folder, /\.bt$/).includes(old) ? old : program
    return filesOf(folder, file).map((name) => ({
      name: `${folder}/${name}`,
      program: `${folder}/${used}`,
      drops: meta.expected_event_count,
    }))
  })
}

/** JSON of programs that print drops and nothing else. */
function recordings(): readonly Omit<Capture, 'drops'>[] {
  return captures()
    .filter(({ name }) => /-(?:structured|weird|named2?)\/run\.stdout$/.test(name))
    .map(({ name, program }) => ({ name: name.replace('run.stdout', 'run-json.stdout'), program }))
    .filter(({ name }) => hasFile(name))
}

function read(file: string, program: string, reasons: Reasons = NO_REASONS): Reading {
  return readText(corpusText(file), { program: corpusText(program), reasons })
}

function reasonsIn(folder: string): Reasons {
  const found = readFormat(corpusText(`${folder}/format.skb.kfree_skb.txt`))
  if (!('table' in found)) throw new Error(found.refused)
  return reasonsOf(found.table, 'format')
}

describe.skipIf(!hasCorpus)('a capture', () => {
  it.each(captures())('$name gives $drops drops', ({ name, program, drops }) => {
    const reading = read(name, program)
    expect(reading.drops).toHaveLength(drops)
    expect(reading.rejected).toEqual([])
    expect(reading.ambiguous).toBe(0)
  })

  it('of any file rejects nothing that the tool printed itself', () => {
    const rejecting = corpusFolders(/^bpftrace/).flatMap((folder) => {
      const [program = ''] = filesOf(folder, /\.bt$/)
      return filesOf(folder, /\.(?:stdout|stderr|json)$|^out\.txt$/)
        .filter((file) => file !== 'meta.json')
        .filter((file) => program !== '' && read(`${folder}/${file}`, `${folder}/${program}`).rejected.length > 0)
        .map((file) => `${folder}/${file}`)
    })
    expect(rejecting).toEqual([])
  })

  it.each(recordings())('$name: each call that printed is a drop in JSON too', ({ name, program }) => {
    const { drops, rejected } = read(name, program)
    const printed = corpusText(name)
      .split('\n')
      .filter((line) => line.startsWith('{"type": "printf"'))
    expect([drops.length, rejected]).toEqual([printed.length, []])
  })

  it.each(corpusFolders(/^bpftrace.*-maps$/))('%s: its map counts what its lines tell', (folder) => {
    const [program = ''] = filesOf(folder, /\.bt$/)
    const meta: { readonly expected_event_count: number } = JSON.parse(corpusText(`${folder}/meta.json`))
    const totals = ['run.stdout', 'run-json.stdout'].map((file) => {
      const { drops, events } = read(`${folder}/${file}`, `${folder}/${program}`)
      const total = events.find(({ metric }) => metric?.name === '@total')
      return [drops.length, total?.metric?.value]
    })
    expect(totals[0]).toEqual([meta.expected_event_count, meta.expected_event_count])
    expect(totals[1]?.[0]).toBe(totals[1]?.[1])
  })

  it.each(corpusFolders(/^bpftrace.*-interval$/))('%s: its snapshots add up', (folder) => {
    const meta: { readonly expected_event_count: number } = JSON.parse(corpusText(`${folder}/meta.json`))
    const { events } = read(`${folder}/run.stdout`, `${folder}/interval.bt`)
    const counts = events.filter(({ metric }) => metric?.name === '@').map(({ metric }) => metric?.value ?? 0)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(meta.expected_event_count)
  })

  it.each(corpusFolders(/^bpftrace.*-chatty-child$/))(
    "%s: no drop of the tool is missed among a child's lines",
    (folder) => {
      for (const file of ['run.stdout', 'run-json.stdout', 'merged.stdout']) {
        // One of the three is in a line that the child left open: in text nobody can tell it.
        expect(read(`${folder}/${file}`, `${folder}/seed.bt`).drops.length).toBeGreaterThanOrEqual(3)
      }
    },
  )

  it.each(corpusFolders(/^bpftrace.*-weird$/))(
    '%s: hostile thread names come out alike in text and JSON, also as keys',
    (folder) => {
      const [text, json] = ['run.stdout', 'run-json.stdout'].map(
        (file) => read(`${folder}/${file}`, `${folder}/weird.bt`).events,
      )
      const commsOf = (events: readonly Event[] | undefined, kind: string): readonly (string | undefined)[] =>
        (events ?? []).filter((event) => event.kind === kind).map(({ process }) => process?.comm)
      expect(commsOf(text, 'drop')).toEqual(commsOf(json, 'drop'))
      expect(new Set(commsOf(text, 'drop')).size).toBe(41)
      expect(commsOf(text, 'metric').toSorted()).toEqual(commsOf(json, 'metric').toSorted())
    },
  )

  it('with a full ring tells what it lost once as parts and once as the sum', () => {
    const { events } = read('bpftrace0.27-lost/run.stderr', 'bpftrace0.27-lost/lossy.bt')
    expect(events.flatMap(({ loss }) => (loss === undefined ? [] : [[loss.count, loss.mode]]))).toEqual([
      [1449, 'delta'],
      [1449, 'total'],
    ])
  })

  it('without its program is output, and one hint says how it becomes events', () => {
    const { undecoded, hints, drops } = readText(corpusText('bpftrace0.17-seed/run.stdout'))
    expect([undecoded, drops.length, new Set(hints).size]).toEqual([2, 0, 1])
  })
})

/** One packet, as dropwatch, perf and bpftrace saw it. */
interface Match {
  /** Its name in dropwatch; perf to 6.17 knows those of no subsystem and prints their numbers. */
  readonly reason?: string | null
  readonly perf_reason?: string | null
  readonly bpftrace_line?: number
  readonly bpftrace_ns?: number
  /** To 5.16 there were none. */
  readonly bpftrace_reason?: number | null
  readonly bpftrace_comm?: string
}

describe.skipIf(!hasCorpus)('what three tools saw', () => {
  it.each(goldenFolders())("%s: numbers become the others' names", async (folder) => {
    const { kernel }: { readonly kernel: string } = JSON.parse(corpusText(`${folder}/meta.json`))
    const pick = pickTable(await loadBundle(), kernel.split(' ')[1] ?? '')
    if (pick.kind !== 'found') throw new Error(pick.why)
    const lines = corpusText(`${folder}/bpftrace.txt`).split('\n')
    const { drops } = read(`${folder}/bpftrace.txt`, `${folder}/prog.bt`, reasonsOfPick(pick))
    const byTime = new Map(drops.map((drop) => [`${drop.ns} ${drop.process?.comm}`, drop]))
    const matches: readonly Match[] = corpusText(`${folder}/golden-match.jsonl`)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
    const seen = matches.filter(({ bpftrace_line }) => typeof bpftrace_line === 'number')
    for (const { reason, perf_reason, bpftrace_line = 0, bpftrace_ns, bpftrace_reason, bpftrace_comm } of seen) {
      const drop = byTime.get(`${bpftrace_ns} ${bpftrace_comm}`)?.drop
      const names = [reason, perf_reason].filter(
        (name) => name !== undefined && name !== null && !name.startsWith('0x'),
      )
      expect([drop?.code, ...names.map(() => drop?.reason)], lines[bpftrace_line - 1]).toEqual([
        bpftrace_reason ?? undefined,
        ...names,
      ])
    }
    expect(seen.length > 0 || lines.length < 3).toBe(true)
  })
})

describe.skipIf(!hasCorpus)('what two tools saw', () => {
  it.each(corpusFolders(/^xtool-/))('%s: as many drops as were counted', (folder) => {
    const { expected }: { readonly expected: { readonly counts: Readonly<Record<string, number>> } } = JSON.parse(
      corpusText(`${folder}/meta.json`),
    )
    for (const file of ['bpftrace.txt', 'bpftrace.json']) {
      const { drops, rejected, ambiguous } = read(`${folder}/${file}`, `${folder}/structured.bt`)
      expect([file, drops.length, rejected, ambiguous]).toEqual([file, expected.counts[file], [], 0])
    }
  })

  it.each(corpusFolders(/^xtool-/))('%s: text and JSON agree record by record, but for the time', (folder) => {
    const [text, json] = ['bpftrace.txt', 'bpftrace.json'].map((file) =>
      read(`${folder}/${file}`, `${folder}/structured.bt`, reasonsIn(folder)).drops.map(
        ({ ns: _n, form: _f, ...rest }) => rest,
      ),
    )
    expect(text?.length).toBeGreaterThan(100)
    expect(text).toEqual(json)
  })

  it.each(corpusFolders(/^xtool-/))("%s: numbers and perf's names are of the same reasons", (folder) => {
    // Addresses are used again: of each packet buffer and place, the reasons in their order.
    const perf = grouped(
      [
        ...corpusText(`${folder}/perf-script.stdout`).matchAll(/skbaddr=(0x\w+) .*location=([\w.]+).* reason: (\w+)/g),
      ].map(([, addr, symbol, reason]) => [`${addr} ${symbol}`, reason]),
    )
    const { drops } = read(`${folder}/bpftrace.txt`, `${folder}/structured.bt`, reasonsIn(folder))
    const ours = grouped(drops.map(({ skb, location, drop }) => [`${skb?.addr} ${location?.symbol}`, drop?.reason]))
    // The tools were not started and stopped at one moment: what one saw more of is left out.
    const both = [...ours].filter(([key, reasons]) => perf.get(key)?.length === reasons.length)
    expect(both.length).toBeGreaterThan(30)
    for (const [key, reasons] of both) expect(reasons, key).toEqual(perf.get(key))
  })
})

function grouped(
  pairs: readonly (readonly [key: string, reason: string | undefined])[],
): ReadonlyMap<string, readonly (string | undefined)[]> {
  const groups = new Map<string, (string | undefined)[]>()
  for (const [key, reason] of pairs) groups.set(key, [...(groups.get(key) ?? []), reason])
  return groups
}
