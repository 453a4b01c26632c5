// Runs the bundled program on small inputs, and keeps the code that V8 compiled for them beside the scripts: with it,
// a start of the program compiles next to nothing. scripts/bundle.ts runs it, with perf text on stdin.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Script } from 'node:vm'
import { setFlags } from '../../src/launch/flags.ts'
import { CACHE, scriptsIn } from '../../src/launch/scripts.ts'
import { PLATFORMS } from '../../src/platforms/platform.ts'
import type { ProgramOfProcess } from '../../src/program-of-process.ts'
import { ARCHIVE, BPFTRACE, DROPWATCH, FTRACE, PERF_JSON, PERF_TRACE } from './samples.ts'

const root = new URL('../../', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'tracenorm-'))
const at = (name: string): string => join(folder, name)
const drops = fileURLToPath(new URL('adapters/bpftrace/programs/drops.bt', root))

const recording = fileURLToPath(new URL('fixtures/perf/data/pipe/input.data', root))

/** What needs a server, or a newer Node, to run. The code that runs when they are loaded is kept. */
const RARE = ['./batch-queue.cjs', './zstd.cjs']

/** A log platform that takes everything. */
const platform = createServer((request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(204).end())
})
await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve))
const address = platform.address()
const port = typeof address === 'object' && address !== null ? address.port : 0
const ship = ['ship', '-q', '--batch-age', '1ms', '--ts-fallback', 'now', '--to', `loki+http://127.0.0.1:${port}`]

/** The first is the run that has to start fast: the script that all runs need keeps the code of this one. */
const RUNS = [
  ['-q'],
  ['-q', '-o', at('drops.ndjson'), '--program', drops, at('bpftrace.txt')],
  ['-q', '-o', at('drops.ndjson.gz'), at('dropwatch.txt')],
  ['-q', '-o', at('others.ndjson'), at('perf-trace.txt'), at('perf.json'), at('trace_pipe.txt')],
  ['-q', '-o', at('none.ndjson'), at('archive.tar.gz')],
  ['filter', '-q', '-o', at('few.ndjson'), 'drop.reason == "NO_SOCKET" || cpu == 1', at('drops.ndjson.gz')],
  ['export', '-q', '-o', at('drops.csv'), at('drops.ndjson')],
  ['-q', '-o', at('drops.ndjson'), '--jobs', '2', at('dropwatch.txt')],
  ['batch', '-q', '--jobs', '1', '--out', at('results'), at('*.txt'), '--merge-output', at('all.ndjson')],
  ['batch', '-q', '--jobs', '1', '--out', at('shards'), at('perf*'), '--shard', '1/1'],
  ['batch', '-q', '--out', at('shards'), '--merge-manifests'],
  ['-q', '-o', at('recorded.ndjson'), recording],
  ['-q', '--side-files', '-o', at('drops.ndjson'), at('dropwatch.txt')],
  ['reasons', 'list', '--kernel', '6.12'],
  ['reasons', 'show', 'NO_SOCKET'],
  ['schema', '--strict'],
  ...PLATFORMS.map((platform) => ['schema', '--for', platform]),
  [...ship, '--spool', at('spool'), '--dead-letter', at('dead.ndjson'), at('drops.ndjson')],
  ['export', '-q', '-o', at('drops.parquet'), at('drops.ndjson')],
  ['export', '-q', '--to', 'es-bulk', '--ts-fallback', 'start', '-o', at('bulk'), at('drops.ndjson')],
  ['export', '-q', '--to', 'loki', '--ts-fallback', 'start', '--out-dir', at('bodies'), at('drops.ndjson')],
]

setFlags()
// No thread is started, because no file is large. V8 accepts no cache that is made after the start of one.
const places = { home: root, coworker: new URL('dist/coworker.cjs', root) }
const fresh = new Map<URL, Script>()
// The script is made of src/program-of-process.ts.
const bring = scriptsIn(new URL('dist/program/', root), (file, script) => fresh.set(file, script))
const { program } = bring('./program.cjs') as { readonly program: ProgramOfProcess }
// Without it the decoders of the program unpack, and not the programs of this host.
process.env.PATH = ''
writeFileSync(at('archive.tar.gz'), ARCHIVE)
writeFileSync(at('bpftrace.txt'), BPFTRACE)
writeFileSync(at('dropwatch.txt'), DROPWATCH)
writeFileSync(at('perf-trace.txt'), PERF_TRACE)
writeFileSync(at('perf.json'), PERF_JSON)
writeFileSync(at('trace_pipe.txt'), FTRACE)
try {
  for (const words of RUNS) {
    const ending = await program.run(words, '', places)
    if (ending !== 0) throw new Error(`tracenorm ${words.join(' ')} ended with ${ending}`)
    keepCode()
  }
  for (const name of RARE) bring(name)
  keepCode()
} finally {
  rmSync(folder, { recursive: true })
}
program.leave(0)

function keepCode(): void {
  for (const [file, script] of fresh) writeFileSync(new URL(file.href + CACHE), script.createCachedData())
  fresh.clear()
}
