import { execFileSync, execSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = process.env.TRACENORM_CORPUS ?? '../shared'
/** Where inputs are unpacked and made; kept for the next run. */
export const place = join(tmpdir(), 'tracenorm-bench')

/**
 * A capture, copied once to a temporary folder, for what is made of it; undefined, and said so, when it is not there.
 */
export function capture(path: string): string | undefined {
  return inPlace(join('corpus', path), path)
}

/** A big capture, unpacked once to a temporary folder; undefined, and said so, when it is not there. */
export function bigCapture(path: string): string | undefined {
  return inPlace(join('corpus-big', path), path)
}

function inPlace(source: string, path: string): string | undefined {
  const packed = join(root, source)
  if (!existsSync(packed)) {
    console.log(
      `${packed} is not there: left out (TRACENORM_CORPUS names the folder that holds corpus/ and corpus-big/)`,
    )
    return undefined
  }
  const unpacked = join(place, path.replaceAll('/', '-').replace(/\.zst$/, ''))
  if (!existsSync(unpacked)) {
    mkdirSync(place, { recursive: true })
    if (packed.endsWith('.zst')) execFileSync('zstd', ['-dqf', packed, '-o', unpacked])
    else copyFileSync(packed, unpacked)
  }
  return unpacked
}

/** `text`, `times` over, as one file. */
export function repeated(path: string, times: number): string {
  const file = `${path}.x${times}`
  if (!existsSync(file)) execSync(`for i in $(seq ${times}); do cat '${path}'; done > '${file}'`)
  return file
}

/** perf text in which no process, place, time or address repeats. */
export function nothingRepeats(events: number): string {
  const file = join(place, `nothing-repeats-${events}.txt`)
  if (existsSync(file)) return file
  mkdirSync(place, { recursive: true })
  const lines: string[] = []
  for (let n = 0; n < events; n++) {
    const comm = `task-${n.toString(36)}`.padStart(16)
    const tid = String(1000 + (n % 4_000_000)).padStart(7)
    const time = `${5000 + Math.floor(n / 1e6)}.${String(n % 1e6).padStart(6, '0')}`.padStart(12)
    const address = (0xffff888000000000n + BigInt(n) * 256n).toString(16)
    const socket = (0xffff888100000000n + BigInt(n) * 512n).toString(16)
    lines.push(
      `${comm} ${tid} [${String(n % 64).padStart(3, '0')}] ${time}: skb:kfree_skb: skbaddr=0x${address} rx_sk=0x${socket} protocol=2048 location=place_${n.toString(36)}+0x${(n % 4096).toString(16)} reason: NO_SOCKET`,
    )
  }
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

/** True when a program can be run. */
export function has(program: string): boolean {
  try {
    execSync(`command -v ${program}`, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
