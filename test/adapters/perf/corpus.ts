// The shared captures of perf script with their truth: what a reader of perf.data, written on its own, found in the
// recordings.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const CORPUS = join(process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')

export const hasCorpus = existsSync(CORPUS)

/** One packet, as the recording has it. */
export interface Truth {
  readonly time_ns: number
  readonly pid: number
  readonly tid: number
  readonly cpu: number
  readonly skbaddr: string
  readonly location: string
  readonly rx_sk: string
  readonly protocol: number
  readonly reason: number
  readonly nr_callchain?: number
}

/** A text that perf script printed. */
export interface Text {
  /** `perf6.1-seed-curl/script-ns.stdout`. */
  readonly name: string
  /** `6.1`. */
  readonly version: string
  /** The arguments of perf script but for `-i FILE`: `-F +misc`, or empty for the default. */
  readonly options: string
  /** What `-F` and `--fields` were given, joined. */
  readonly fields: string | undefined
  readonly bytes: Buffer
  /** What perf script read: `perf6.1-seed-curl/perf.data`. */
  readonly recording: string
  /** Undefined: the recording has no truth. */
  readonly truth: readonly Truth[] | undefined
  /** By the recording's number of a reason. */
  readonly reasons: ReadonlyMap<number, string>
  /** Thread names in order, where the capture's JSON holds them for each packet of the truth. */
  readonly comms: readonly string[] | undefined
}

/** Every `script*.stdout` and `perf-script*.stdout` of the shared captures of perf. */
export function texts(): readonly Text[] {
  if (!hasCorpus) return []
  return readdirSync(CORPUS)
    .filter((name) => /^(?:xtool-)?perf[\d.]+-/.test(name))
    .flatMap(textsOf)
}

export function corpusFile(path: string): Buffer {
  return readFileSync(join(CORPUS, path))
}

function textsOf(capture: string): readonly Text[] {
  const folder = join(CORPUS, capture)
  const commands = readFileSync(join(folder, 'command.txt'), 'utf8')
  const reasons = reasonsOf(folder)
  return readdirSync(folder)
    .filter((file) => /^(?:perf-)?script.*\.stdout$/.test(file))
    .map((file) => {
      const command = commandOf(commands, file.replace(/\.stdout$/, ''))
      const data = /-i (\S+)/.exec(command)?.[1] ?? 'perf.data'
      const truth = truthOf(folder, data)
      return {
        name: `${capture}/${file}`,
        version: /perf([\d.]+)/.exec(capture)?.[1] ?? '',
        options: optionsOf(command),
        fields: fieldsOf(command),
        bytes: readFileSync(join(folder, file)),
        recording: `${capture}/${data}`,
        truth,
        reasons,
        comms: truth && commsOf(folder, truth),
      }
    })
}

/** The command that a label stands for: `[script-F-comm] $ perf script -i perf.data -F comm`. */
function commandOf(commands: string, label: string): string {
  const line = commands.split('\n').find((text) => text.startsWith(`[${label}] $ `))
  return line === undefined ? '' : line.slice(label.length + 5)
}

function optionsOf(command: string): string {
  return command
    .replace(/^.*?perf script ?/, '')
    .replace(/-i \S+ ?/, '')
    .replace(/ ?(?:<|2>).*$/, '')
    .replaceAll("'", '')
    .trim()
}

function fieldsOf(command: string): string | undefined {
  const lists = [...command.matchAll(/(?:-F|--fields)[ =]?(?:'([^']*)'|(\S+))/g)].map(
    ([, quoted, bare]) => quoted ?? bare,
  )
  return lists.length === 0 ? undefined : lists.join(',')
}

function truthOf(folder: string, data: string): readonly Truth[] | undefined {
  const file = join(folder, data.replace(/^perf/, 'truth').replace(/\.data$/, '.jsonl'))
  if (!existsSync(file)) return undefined
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

function reasonsOf(folder: string): ReadonlyMap<number, string> {
  const file = join(folder, 'format.skb.kfree_skb.txt')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return new Map([...text.matchAll(/\{ (\d+), "(\w+)" \}/g)].map(([, code, name = '']) => [Number(code), name]))
}

function commsOf(folder: string, truth: readonly Truth[]): readonly string[] | undefined {
  const file = join(folder, 'perf.json')
  if (!existsSync(file)) return undefined
  // perf's JSON escapes a byte of 0x80 and more wrongly, and has two members `comm` where a payload has one: these
  // captures do not decide here.
  const text = readFileSync(file, 'latin1')
  if (/\\uffffff|[\x80-\xff]/.test(text)) return undefined
  const samples: readonly { readonly timestamp: number; readonly tid: number; readonly comm: string }[] =
    samplesOf(text)
  const byTime = new Map(samples.map(({ timestamp, tid, comm }) => [`${timestamp} ${tid}`, comm]))
  const comms = truth.map(({ time_ns, tid }) => byTime.get(`${time_ns} ${tid}`))
  return comms.every((comm) => comm !== undefined) ? comms : undefined
}

function samplesOf(
  json: string,
): readonly { readonly timestamp: number; readonly tid: number; readonly comm: string }[] {
  try {
    return JSON.parse(json).samples
  } catch {
    return []
  }
}
