// What the conformance kit and `npm run golden` share: fixture cases, and a conversion of bytes in chosen chunks, in process.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { adapters } from '../../adapters/registry.ts'
import {
  adapterFlags,
  addHostFlags,
  addRecordFlags,
  addRunFlags,
  addSourceFlags,
  type ConvertFlags,
  impliedReader,
  readerOf,
} from '../../src/commands/convert-flags.ts'
import { givenSnapshot } from '../../src/commands/given-snapshot.ts'
import { spotCheck } from '../../src/event/spot-check.ts'
import { wholeRelease } from '../../src/kernel/reasons/release.ts'
import { Blocks } from '../../src/output/blocks.ts'
import { imbalance } from '../../src/read/ledger.ts'
import { exitStatus } from '../../src/report/exit.ts'
import { ReportText } from '../../src/report/report.ts'
import { convertInput } from '../../src/run/convert-input.ts'
import { type Knowledge, openKnowledge } from '../../src/run/knowledge.ts'
import type { InputOutcome } from '../../src/run/outcome.ts'
import { ndjsonSink } from '../../src/sinks/ndjson.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import { kindStage } from '../../src/stages/kind.ts'
import type { Stage } from '../../src/stages/stage.ts'
import { memoryIo, NO_STDIN } from '../io.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const fixtures = join(root, 'fixtures')

/** The name under which every input is converted: goldens do not hang on where the checkout lies. */
const INPUT_PATH = 'input.txt'

/** One folder of `fixtures/<adapter>/<format>/`. */
export interface Case {
  readonly adapter: string
  readonly format: string
  /** `perf/script/seed-curl`. */
  readonly name: string
  readonly folder: string
  readonly input: Buffer
  /** Words of the command line. */
  readonly args: readonly string[]
}

/** The cases of every registered adapter, in the order of their names. */
export function readCases(): readonly Case[] {
  return adapters.flatMap(({ name: adapter }) =>
    foldersIn(join(fixtures, adapter)).flatMap((format) =>
      foldersIn(join(fixtures, adapter, format)).map((name) => readCase(adapter, format, name)),
    ),
  )
}

function readCase(adapter: string, format: string, title: string): Case {
  const folder = join(fixtures, adapter, format, title)
  const [first] = readdirSync(folder)
    .filter((file) => file.startsWith('input.'))
    .toSorted()
  if (first === undefined) throw new Error(`${folder}: no input.*`)
  const args = existsSync(join(folder, 'args')) ? readFileSync(join(folder, 'args'), 'utf8').split('\n') : []
  return {
    adapter,
    format,
    name: `${adapter}/${format}/${title}`,
    folder,
    input: readFileSync(join(folder, first)),
    args: args.filter((word) => word !== ''),
  }
}

function foldersIn(path: string): readonly string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}

/** What a conversion came to, as the user would have it. */
export interface Result {
  /** NDJSON, latin1. */
  readonly ndjson: string
  /** What `--quarantine` would hold, one text a unit: `line offset word column bytes`. */
  readonly rejected: readonly string[]
  readonly outcome: InputOutcome
  /** Why the books do not balance, or what our own schema refused; undefined when all is well. */
  readonly fault: string | undefined
  /** `--report`. */
  readonly report: string
}

/** Converts bytes as `tracenorm convert --validate full ARGS` would; opened once, used for many inputs. */
export interface Converter {
  /** `sizes`: bytes of the chunks, the last one again and again. */
  convert(bytes: Uint8Array, sizes?: readonly number[]): Promise<Result>
}

/** What stands behind the readers, where it is not what `convert` has. */
export interface Behind {
  readonly stages?: readonly Stage[]
  readonly openSink?: (output: Blocks) => Sink
}

/** `folder`: where files that the words name (`--program=drops.bt`) are. */
export async function openConverter(words: readonly string[], folder: string, behind: Behind = {}): Promise<Converter> {
  const flags = parse(words)
  const here = process.cwd()
  process.chdir(folder)
  const knowledge = await knowledgeOf(flags).finally(() => process.chdir(here))
  return { convert: (bytes, sizes = [64 * 1024]) => convert(bytes, sizes, flags, knowledge, folder, behind) }
}

function parse(words: readonly string[]): ConvertFlags {
  const command = new Command('convert')
  addSourceFlags(command, adapters)
  addHostFlags(command, process.env)
  addRecordFlags(command)
  addRunFlags(command)
  command.exitOverride().parse([...words], { from: 'user' })
  return command.opts<ConvertFlags>()
}

async function knowledgeOf(flags: ConvertFlags): Promise<Knowledge> {
  const { kernel, distro, reasons, snapshot, timezone, clock, bootTime, program, e } = flags
  return openKnowledge({
    stdin: NO_STDIN,
    flags: adapterFlags(flags, adapters),
    kernel,
    distro,
    reasons,
    snapshot: snapshot === undefined ? undefined : await givenSnapshot(snapshot, memoryIo()),
    time: {
      ...(timezone !== undefined && { zone: timezone }),
      ...(clock !== undefined && { clock }),
      ...(bootTime !== undefined && { bootNs: bootTime }),
    },
    program,
    programText: e,
  })
}

async function convert(
  bytes: Uint8Array,
  sizes: readonly number[],
  flags: ConvertFlags,
  knowledge: Knowledge,
  folder: string,
  { stages = [], openSink = (output) => ndjsonSink(output, spotCheck('full')) }: Behind,
): Promise<Result> {
  const blocks: string[] = []
  const rejected: string[] = []
  const outcome = await convertInput(chunksOf(bytes, sizes), INPUT_PATH, {
    adapters,
    from: readerOf(flags.from, adapters),
    implied: impliedReader(flags, adapters),
    // `--program auto` looks beside the capture.
    knowledge: (path) => knowledge.forReader(join(folder, path)),
    timekeeper: knowledge.timekeeper,
    stamp: {
      host: flags.host,
      release: flags.kernel === undefined ? undefined : wholeRelease(flags.kernel),
      labels: flags.label,
      provenance: flags.provenance,
      id: flags.id === true ? { salt: flags.idSalt } : undefined,
    },
    stages: [...stages, kindStage(flags.kind)],
    sink: openSink(new Blocks((block) => blocks.push(block.toString('latin1')))),
    rejected(unit) {
      rejected.push([unit.line, unit.offset, unit.why.word, unit.column, unit.bytes].join(' '))
      return false
    },
  })
  return {
    ndjson: blocks.join(''),
    rejected,
    outcome,
    fault: imbalance(outcome.ledger) ?? outcome.bugs[0],
    get report() {
      return reportText(outcome, knowledge)
    },
  }
}

function reportText(outcome: InputOutcome, knowledge: Knowledge): string {
  const status = exitStatus(
    {
      internal: outcome.bugs.length,
      failed: 0,
      stopped: false,
      rejected: outcome.ledger.units.rejected.units,
      notUnderstood: outcome.notUnderstood ? 1 : 0,
      unjudged: false,
    },
    'keep-going',
  )
  let text = ''
  // No version of ours: a release changes no golden.
  const report = new ReportText('0', knowledge.candidatesOf, (piece) => {
    text += piece
  })
  report.input(outcome)
  report.end({ status, stopped: false })
  const { inputs, totals, ...head } = JSON.parse(text)
  return `${JSON.stringify({ ...head, inputs, totals }, undefined, 2)}\n`
}

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0
  for (let index = 0; start < bytes.length; index++) {
    const end = start + (sizes[index] ?? sizes.at(-1) ?? bytes.length)
    // A chunk is good until the next one is asked for: a copy, that is spoilt then.
    const chunk = Uint8Array.prototype.slice.call(bytes, start, end)
    yield chunk
    chunk.fill(0)
    start = end
  }
}

/** The files of a case that a conversion makes, by their names. */
export async function goldensOf({ input, args, folder }: Case): Promise<ReadonlyMap<string, Buffer>> {
  const { ndjson, report } = await (await openConverter(args, folder)).convert(input)
  return new Map([
    ['records.ndjson', Buffer.from(ndjson, 'latin1')],
    ['report.json', Buffer.from(report, 'utf8')],
  ])
}
