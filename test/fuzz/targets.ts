import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { adapters } from '../../adapters/registry.ts'
import { InputError, TracenormError } from '../../src/errors.ts'
import { spotCheck } from '../../src/event/spot-check.ts'
import { ALL_COLUMNS } from '../../src/sinks/csv/columns.ts'
import { csvSink } from '../../src/sinks/csv.ts'
import { NO_STDIN } from '../io.ts'
import { type Case, readCases, root } from '../kit/harness.ts'
import type { Random } from '../kit/random.ts'
import { faultOf } from './judge.ts'
import { mutated } from './mutate.ts'
import type { System } from './system.ts'

/** An input, and what is wrong with how it is taken. */
export interface Trial {
  readonly bytes: Buffer
  /** Beside the input: words of the command line, the program. */
  readonly beside: string
  /** Undefined: nothing. What is thrown is wrong, too. */
  run(): Promise<string | undefined>
}

export interface Target {
  readonly name: string
  draw(random: Random, system: System): Trial
}

const cases = readCases()
const inputs = cases.map(({ input }) => input)
const READERS = ['auto', ...adapters.flatMap(({ name, formats }) => formats.map((form) => `${name}:${form.name}`))]

function one<T>(list: readonly T[], random: Random): T {
  const item = list[random.below(list.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}

/** A fixture's own flags, mostly; else any reader. */
function wordsFor({ args }: Case, random: Random): readonly string[] {
  const kinds = args.some((word) => word.startsWith('--kind')) ? [] : ['--kind=all']
  return random.below(4) === 0 ? ['--kind=all', `--from=${one(READERS, random)}`] : [...args, ...kinds]
}

const readers: Target = {
  name: 'readers',
  draw(random, system) {
    const fixture = one(cases, random)
    const words = wordsFor(fixture, random)
    const bytes = mutated(fixture.input, inputs, random)
    return {
      bytes,
      beside: words.join(' '),
      run: async () => faultOf(system, await system.openConverter(words, fixture.folder), bytes, random),
    }
  },
}

const sources = cases.flatMap((fixture) =>
  readdirSync(fixture.folder)
    .filter((name) => name.endsWith('.bt'))
    .map((name) => ({ fixture, program: readFileSync(join(fixture.folder, name)) })),
)

const programs: Target = {
  name: 'programs',
  draw(random, system) {
    const { fixture, program } = one(sources, random)
    const bytes = mutated(
      program,
      sources.map((source) => source.program),
      random,
    )
    // A command line has no NUL.
    const text = bytes.toString('latin1').replaceAll('\0', ' ')
    return {
      bytes,
      beside: `-e, over ${fixture.name}`,
      run: () =>
        unlessRefused(async () =>
          faultOf(system, await system.openConverter(['-e', text], fixture.folder), fixture.input, random),
        ),
    }
  },
}

const sideFiles = readdirSync(join(root, 'fixtures/reasons'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:format|btf|h|json|txt)$/.test(name))
  .map((name) => readFileSync(join(root, 'fixtures/reasons', name)))
const SNAPSHOT = Buffer.from(
  JSON.stringify(JSON.parse(readFileSync(join(root, 'schemas/snapshot.v1.schema.json'), 'utf8')).examples[0]),
)

const reasons: Target = {
  name: 'reasons',
  draw(random, { readReasons, readSnapshot, cpu }) {
    const isSnapshot = random.below(6) === 0
    const bytes = mutated(isSnapshot ? SNAPSHOT : one(sideFiles, random), sideFiles, random)
    return {
      bytes,
      beside: isSnapshot ? '--snapshot' : '--reasons',
      async run() {
        const start = cpu()
        if (isSnapshot) readSnapshot(bytes.toString('utf8'))
        else {
          const read = readReasons(bytes)
          const names = 'table' in read ? Object.values(read.table.core) : []
          const wrong = names.find((name) => !/^[A-Z][A-Z0-9_]{0,127}$/.test(name))
          if (wrong !== undefined) return `a reason called ${wrong}`
        }
        return cpu() - start > 1_000_000 ? 'slow' : undefined
      },
    }
  },
}

const EXPRESSIONS = [
  'drop.reason == "NO_SOCKET" && skb.len > 100',
  'process.comm.matches("^a+(b|c)*[[:digit:]]{1,3}$") || message.contains("x")',
  'args.map(a, a + a).exists(a, a != "")',
  'stack.exists(f, has(f.offset) && f.offset > 0x10) ? size(flags) == 0 : kind in ["drop", "trace"]',
  'timestamp(ts) > timestamp("2020-01-01T00:00:00Z") && double(payload) > 1.5e3',
  '[1, 2, 3].filter(x, x > cpu).size() + "abc".size() > 2 || !has(drop.code)',
]

const filters: Target = {
  name: 'filters',
  draw(random, system) {
    const fixture = one(cases, random)
    const bytes = mutated(
      Buffer.from(one(EXPRESSIONS, random)),
      EXPRESSIONS.map((text) => Buffer.from(text)),
      random,
    ).subarray(0, 4096)
    const text = bytes.toString('utf8')
    return {
      bytes,
      beside: `over ${fixture.name}`,
      run: () =>
        unlessRefused(async () => {
          const stages = [system.whereStage([{ text, name: 'expression' }])]
          const converter = await system.openConverter([...fixture.args], fixture.folder, { stages })
          return faultOf(system, converter, fixture.input, random)
        }),
    }
  },
}

const FORM = { columns: ALL_COLUMNS, header: true, bom: false }

const tables: Target = {
  name: 'tables',
  draw(random, system) {
    const fixture = one(cases, random)
    const bytes = mutated(fixture.input, inputs, random)
    const delimiter = one([',', ';', '\t', '|', '"'], random) === ';' ? ';' : ','
    const safe = random.below(2) === 0
    return {
      bytes,
      beside: `${fixture.args.join(' ')} --kind all --to csv --delimiter ${delimiter}${safe ? ' --csv-safe' : ''}`,
      async run() {
        const converter = await system.openConverter(wordsFor(fixture, random), fixture.folder, {
          openSink: (output) => csvSink(output, { ...FORM, delimiter, safe }, spotCheck('full')),
        })
        const { ndjson: table, outcome, fault } = await converter.convert(bytes)
        if (fault !== undefined) return fault
        const rows: readonly unknown[][] = parse(Buffer.from(table, 'latin1'), { delimiter, record_delimiter: '\r\n' })
        if (rows.length !== outcome.ledger.written + 1) return `rows: ${rows.length - 1} of ${outcome.ledger.written}`
        return rows.every((row) => row.length === ALL_COLUMNS.length) ? undefined : 'cells: a row has others'
      },
    }
  },
}

const packed: Target = {
  name: 'packed',
  draw(random, { openInput }) {
    const content = Buffer.concat([one(inputs, random), one(inputs, random)])
    const file = gzipSync(content)
    const way = random.below(3)
    const cut = file.subarray(0, random.below(file.length))
    const bytes =
      way === 0
        ? cut
        : way === 1
          ? Buffer.concat([file, random.bytes(1 + random.below(99))])
          : mutated(file, [], random)
    return {
      bytes,
      beside: ['cut', 'with rubbish behind', 'damaged'][way] ?? '',
      async run() {
        const folder = mkdtempSync(join(tmpdir(), 'tracenorm-fuzz-'))
        const came: Buffer[] = []
        try {
          writeFileSync(join(folder, 'x.gz'), bytes)
          for await (const chunk of openInput(join(folder, 'x.gz'), NO_STDIN)) came.push(Buffer.from(chunk))
        } catch (error) {
          if (!(error instanceof InputError)) throw error
        } finally {
          rmSync(folder, { recursive: true })
        }
        const all = Buffer.concat(came)
        const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
        if (way === 0 && isPacked && !content.subarray(0, all.length).equals(all))
          return 'bytes: others than were packed'
        return way === 1 && !all.subarray(0, content.length).equals(content)
          ? 'bytes: some good ones are missing'
          : undefined
      },
    }
  },
}

/** A refusal in words is an answer. */
async function unlessRefused(run: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof TracenormError) return undefined
    throw error
  }
}

export const TARGETS: readonly Target[] = [readers, programs, reasons, filters, tables, packed]
