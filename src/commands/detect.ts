import { Command } from 'commander'
import type { Adapter } from '../contract.ts'
import { openInput } from '../input/open.ts'
import { findReader } from '../read/detect.ts'
import { Unclaimed } from '../read/window.ts'
import { answer } from './answer.ts'

/** `tracenorm detect [FILE...]`: which reader would take this file, how sure, and why. */
export function detectCommand(adapters: readonly Adapter[]): Command {
  return new Command('detect')
    .description('tells which reader would take a file, how sure that is, and why')
    .argument('[files...]', 'captures, plain or gzip; none, or -, is stdin')
    .option('--json', 'one object a file')
    .action(async (files: readonly string[], flags: { readonly json?: true }) => {
      for (const path of files.length === 0 ? ['-'] : files) {
        const found = await detectIn(path, adapters)
        await answer(`${flags.json === true ? JSON.stringify(found) : inWords(found)}\n`)
        if (found.reader === undefined) process.exitCode = 3
      }
    })
}

interface Detected {
  readonly path: string
  readonly reader?: string
  readonly score?: number
  readonly why: string
}

async function detectIn(path: string, adapters: readonly Adapter[]): Promise<Detected> {
  const unclaimed = new Unclaimed()
  const found = await find(path, unclaimed, adapters)
  if (typeof found === 'string') return { path, why: 'no reader knows its first lines' }
  const { adapter, verdict } = found
  return { path, reader: `${adapter.name}:${verdict.format}`, score: verdict.score, why: verdict.why }
}

async function find(
  path: string,
  unclaimed: Unclaimed,
  adapters: readonly Adapter[],
): Promise<ReturnType<typeof findReader>> {
  for await (const chunk of openInput(path)) {
    unclaimed.append(chunk.subarray(0, unclaimed.room))
    const found = findReader(unclaimed.window(), false, adapters)
    if (found !== 'more') return found
  }
  return findReader(unclaimed.window(), true, adapters)
}

function inWords({ path, reader, score, why }: Detected): string {
  return reader === undefined ? `${path}: ${why}` : `${path}: ${reader} (${score} of 100): ${why}`
}
