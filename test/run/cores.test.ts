// Several threads give what one gives: everything is converted twice.

import { writeFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { Blocks } from '../../src/output/blocks.ts'
import { convertInput } from '../../src/run/convert-input.ts'
import { coresOf } from '../../src/run/cores/cores.ts'
import { Coworker } from '../../src/run/cores/coworker.ts'
import type { Sharing } from '../../src/run/cores/crew.ts'
import type { InputOutcome } from '../../src/run/outcome.ts'
import type { Plan } from '../../src/run/plan.ts'
import { type Wired, wire } from '../../src/run/wire.ts'
import { scratchFolder } from '../cli/program.ts'
import { firstCapture } from '../first-capture.ts'
import { damaged } from '../kit/damaged.ts'
import { planned, readCases } from '../kit/harness.ts'
import { type Random, randomOf } from '../kit/random.ts'

const scratch = scratchFolder()

/** How a file was converted. */
interface Conversion {
  readonly output: string
  readonly rejected: readonly string[]
  readonly outcome: InputOutcome
  /** Bytes that the run itself read, one after the other. */
  readonly ownBytes: number
}

async function converted(path: string, plan: Plan, sharing?: Sharing): Promise<Conversion> {
  const wired = await wire(plan, adapters)
  const blocks: string[] = []
  const rejected: string[] = []
  const output = new Blocks((block) => blocks.push(block.toString('latin1')))
  const cores = sharing && coresOf(wired, output, sharing)
  let ownBytes = 0
  const capture = await firstCapture(path)
  const outcome = await convertInput(capture.bytes, 'input.txt', {
    ...wired.conversion,
    sink: wired.openProduct(output).sink,
    cores: cores && {
      async *share(chunks, pipeline) {
        for await (const chunk of cores.share(chunks, pipeline)) {
          ownBytes += chunk.length
          yield chunk
        }
      },
    },
    rejected({ line, offset, why, column, bytes }, reader) {
      rejected.push([reader, line, offset, why.word, why.text, column, bytes].join(' '))
      return false
    },
  })
  await capture.close()
  return { output: blocks.join(''), rejected, outcome, ownBytes }
}

/** Coworkers that take turns in this thread. */
function colleagues(wired: Wired, random: Random): Sharing['hire'] {
  return (board, input, to) => {
    const coworker = new Coworker(input, wired, board)
    const buffer = board.buffer()
    let isStopped = false
    const work = async (): Promise<void> => {
      while (!isStopped) {
        for (let turns = random.below(4); turns > 0; turns--) await setImmediate()
        const taken = board.take(buffer)
        if (taken === 'end') return
        if (taken !== 'wait') to.piece(structuredClone(await coworker.convert(taken)))
        else await setImmediate()
      }
    }
    work().catch((error) => to.failed(error))
    return {
      stop() {
        isStopped = true
      },
    }
  }
}

async function expectSame(bytes: Buffer, args: readonly string[], random: Random, seed: string): Promise<number> {
  const path = scratch.in('input.txt')
  writeFileSync(path, bytes)
  const plan = await planned(args)
  const alone = await converted(path, plan)
  const hire = colleagues(await wire(plan, adapters), random)
  const stretchBytes = 200 + random.below(6000)
  const headBytes = 500 + random.below(4000)
  const shared = await converted(path, plan, {
    jobs: 1 + random.below(3),
    stretchBytes,
    headBytes,
    leastBytes: 0,
    hire,
  })
  expect(shared.outcome, seed).toEqual(alone.outcome)
  expect(shared.outcome.bugs, seed).toEqual([])
  expect(shared.rejected, seed).toEqual(alone.rejected)
  expect(shared.output === alone.output, `${seed}: ${differenceOf(shared.output, alone.output)}`).toBe(true)
  return shared.ownBytes
}

function differenceOf(shared: string, alone: string): string {
  const [a, b] = [shared.split('\n'), alone.split('\n')]
  const at = a.findIndex((line, index) => line !== b[index])
  return `record ${at}\n${a[at]}\n${b[at]}`
}

const ARGS = [
  [],
  ['--kind', 'all'],
  ['--where', 'drop.reason == "NO_SOCKET"', '--to', 'csv'],
  ['--select', 'capture,process,drop'],
  ['--boot-time', '2026-11-23T10:00:00.123456789Z', '--provenance', 'full'],
  ['--host', 'web-7', '--kernel', '6.12', '--id', '--validate', 'full'],
]

const COMMS = ['curl', 'nf sender', 'swapper', 'ksoftirqd/1', 'caf\u00e9']
const TIDS = [0, 883, 18299, 4194303]
const REASONS = ['NO_SOCKET', 'NOT_SPECIFIED', '0x10003', 'TCP_CSUM', 'CONSUMED']
const CHAIN =
  '\tffffffff9601f047 kfree_skb_reason+0x37 ([kernel.kallsyms])\n\t          10a7c0 connect+0x10 (/usr/lib/libc.so.6)\n'
const BETWEEN = [
  '\n',
  '# captured on    : Mon Nov 23 12:38:57 2026\n',
  'curl: (7) Failed to connect\n',
  '[LOST 3 EVENTS]\n',
  '            curl     883 [000]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 protocol=2048 location=tcp_v4_rcv+0x157 rea\n',
  '# ========\n# hostname : web-7\n# os release : 6.12.57+deb13-amd64\n# ========\n#\n',
]

/** What perf prints on a host that drops packets; one line in `calm` is another one. */
function steady(random: Random, lines: number, calm: number): Buffer {
  const pick = <T>(list: readonly T[]): T | undefined => list[random.below(list.length)]
  const hasChains = random.below(3) === 0
  const width = random.below(2) === 0 ? 5 : 7
  const line = (at: number): string => {
    if (random.below(calm) === 0) return pick(BETWEEN) ?? ''
    const comm = hasChains ? pick(COMMS) : pick(COMMS)?.padStart(16)
    const addr = (0xffff88810000 + random.below(2 ** 30)).toString(16)
    const head = `${comm} ${String(pick(TIDS)).padStart(width)} [00${random.below(8)}] ${340 + at}.${100_000 + random.below(900_000)}`
    const rest = `skbaddr=0x${addr}7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: ${pick(REASONS)}`
    return `${head}: skb:kfree_skb: ${rest}\n${hasChains ? `${CHAIN}\n` : ''}`
  }
  return Buffer.from(Array.from({ length: lines }, (_, at) => line(at)).join(''), 'latin1')
}

it.each(Array.from({ length: 9 }, (_, seed) => seed))('is what one thread makes, seed %i', async (seed) => {
  const random = randomOf(seed)
  const args = ARGS[seed % ARGS.length] ?? []
  const calm = [1e9, 300, 60][seed % 3] ?? 1
  const text = steady(random, 500, calm)
  await expectSame(text, args, random, `${seed}`)
  await expectSame(damaged(text, random), args, random, `${seed}, damaged`)
})

it('is that of captures of all tools in any order', async () => {
  const inputs = readCases()
    .filter(({ args, input }) => args.length === 0 && input.length < 20_000)
    .map(({ input }) => input)
  for (let seed = 0; seed < 6; seed++) {
    const random = randomOf(seed)
    const mixed = Array.from({ length: 8 }, () => inputs[random.below(inputs.length)] ?? Buffer.alloc(0))
    await expectSame(Buffer.concat(mixed), [], random, `${seed}`)
  }
})

it('is most of a capture in which nothing but samples comes', async () => {
  for (let seed = 0; seed < 2; seed++) {
    const random = randomOf(seed)
    const text = steady(random, 3000, 1e9)
    expect(await expectSame(text, [], random, `${seed}`)).toBeLessThan(text.length / 3)
  }
})
