// Shipping to JetStream, with a server of NATS.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterAll, describe, expect, it } from 'vitest'
import { scratchFolder, tracenorm } from '../cli/program.ts'
import { madeLines } from './shipping.ts'

const scratch = scratchFolder()
const isThere = spawnSync('nats-server', ['--version']).status === 0
if (!isThere) console.warn('nats-server is not installed: shipping to NATS is not tested')

let server: ChildProcess | undefined
afterAll(() => server?.kill('SIGKILL'))

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

describe.skipIf(!isThere)('ship to NATS', () => {
  it('stores each record once by its id, in order, and waits for a stream that takes it', async () => {
    const port = await freePort()
    const words = ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', scratch.in('store')]
    server = spawn('nats-server', words, { stdio: 'ignore' })
    const ship = ['ship', '--to', `nats://127.0.0.1:${port}/drops.web`, '--batch-age', '1ms']
    const lines = madeLines(600)
    const input = lines.join('')
    // The server may need a moment: the first run waits for it, and finds no stream.
    const none = await tracenorm([...ship, '--timeout', '2s', '--retry-for', '1s'], { input: madeLines(1).join('') })
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('no success for')])
    const link = await connect({ servers: `127.0.0.1:${port}`, waitOnFirstConnect: true })
    const manager = await jetstreamManager(link)
    await manager.streams.add({ name: 'DROPS', subjects: ['drops.>'] })
    for (let run = 0; run < 2; run++) expect((await tracenorm(ship, { input })).status).toBe(0)
    const { state } = await manager.streams.info('DROPS')
    expect(state.messages).toBe(600)
    const first = await manager.streams.getMessage('DROPS', { seq: 1 })
    const last = await manager.streams.getMessage('DROPS', { seq: 600 })
    expect([`${first?.string()}\n`, `${last?.string()}\n`]).toEqual([lines[0], lines[599]])
    await link.close()
  }, 60_000)
})
