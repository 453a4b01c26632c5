// What the conformance kit and `npm run golden` share: fixture cases, and a conversion of bytes in chosen chunks, in
// process.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { adapters } from '../../adapters/registry.ts'
import { addConvertFlags } from '../../src/commands/convert.ts'
import type { ConvertFlags } from '../../src/commands/convert-flags.ts'
import { type OutputFlags, productOf } from '../../src/commands/output-flags.ts'
import { planOf } from '../../src/commands/plan-of.ts'
import type { Adapter, OpenReader } from '../../src/contract.ts'
import type { Blocks } from '../../src/output/blocks.ts'
import { imbalance } from '../../src/read/ledger.ts'
import { exitStatus } from '../../src/report/exit.ts'
import { ReportText } from '../../src/report/report.ts'
import type { Knowledge } from '../../src/run/knowledge.ts'
import type { InputOutcome } from '../../src/run/outcome.ts'
import type { Plan } from '../../src/run/plan.ts'
import { wire } from '../../src/run/wire.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import type { Stage } from '../../src/stages/stage.ts'
import { memoryIo } from '../io.ts'
import { convertBytes } from './convert-bytes.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const fixtures = join(root, 'fixtures')

/** The name under which every input is converted: goldens do not depend on the folder of the checkout. */
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
  /** NDJSON, or what `--to` says; latin1. */
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

/** What comes after the readers, beside or in the place of what `convert` has. */
export interface Downstream {
  readonly stages?: readonly Stage[]
  readonly openSink?: (output: Blocks) => Sink
}

/** `folder`: where files that the words name (`--program=drops.bt`) are. */
export async function openConverter(
  words: readonly string[],
  folder: string,
  downstream: Downstream = {},
): Promise<Converter> {
  const wired = await wire(await planFor(words, folder), loadedOnce)
  return {
    async convert(bytes, sizes = [64 * 1024]) {
      const { output, rejected, outcome } = await convertBytes(wired, bytes, {
        ...downstream,
        sizes,
        folder,
        path: INPUT_PATH,
      })
      return {
        ndjson: output,
        rejected: rejected.map(({ line, offset, why, column, bytes: text }) =>
          [line, offset, why.word, column, text].join(' '),
        ),
        outcome,
        fault: imbalance(outcome.ledger) ?? outcome.bugs[0],
        get report() {
          return reportText(outcome, wired.knowledge)
        },
      }
    },
  }
}

/** The adapters, each format imported once: an import in vitest asks another process each time. */
const loadedOnce: readonly Adapter[] = adapters.map((adapter) => {
  const formats = new Map<string, Promise<OpenReader>>()
  return {
    ...adapter,
    load(format) {
      const loaded = formats.get(format) ?? adapter.load(format)
      formats.set(format, loaded)
      return loaded
    },
  }
})

/** The plan of `tracenorm convert --validate full WORDS` in `folder`. */
async function planFor(words: readonly string[], folder: string): Promise<Plan> {
  const here = process.cwd()
  process.chdir(folder)
  try {
    return await planned([...words, '--validate=full'])
  } finally {
    process.chdir(here)
  }
}

/** The plan of `tracenorm convert WORDS`. */
export async function planned(words: readonly string[]): Promise<Plan> {
  const command = new Command('convert')
  addConvertFlags(command, adapters, process.env)
  command
    .exitOverride()
    .configureOutput({ writeErr() {} })
    .parse([...words], { from: 'user' })
  const flags = command.opts<ConvertFlags & OutputFlags>()
  return planOf(flags, productOf(flags, 'ndjson').plan, adapters, memoryIo())
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

/** The files of a case that a conversion makes, by their names. */
export async function goldensOf({ input, args, folder }: Case): Promise<ReadonlyMap<string, Buffer>> {
  const { ndjson, report } = await (await openConverter(args, folder)).convert(input)
  return new Map([
    ['records.ndjson', Buffer.from(ndjson, 'latin1')],
    ['report.json', Buffer.from(report, 'utf8')],
  ])
}
