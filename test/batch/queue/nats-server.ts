// A nats-server of a test's own, on loopback, which can be killed and started again with what it stored.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** False: tests of queues are left out, and say so. Debian has it in the package nats-server. */
export const hasNatsServer = spawnSync('nats-server', ['--version']).status === 0

const HOST = '127.0.0.1'

export class NatsServer {
  readonly port: number
  private readonly store = mkdtempSync(join(tmpdir(), 'tracenorm-nats-'))
  private process: ChildProcess | undefined

  private constructor(port: number) {
    this.port = port
  }

  static async started(): Promise<NatsServer> {
    const server = new NatsServer(await freePort())
    await server.start()
    return server
  }

  /** Of a queue of this server. */
  address(name: string): string {
    return `nats://${HOST}:${this.port}/${name}`
  }

  async start(): Promise<void> {
    const words = ['-js', '-sd', this.store, '-a', HOST, '-p', String(this.port)]
    this.process = spawn('nats-server', words, { stdio: 'ignore' })
    while (!(await answers(this.port))) await setTimeout(20)
  }

  /** SIGTERM: as an administrator does. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { process } = this
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return
    const ended = new Promise((resolve) => process.once('exit', resolve))
    process.kill(signal)
    await ended
  }

  /** Ends it and removes what it stored. */
  async end(): Promise<void> {
    await this.kill()
    rmSync(this.store, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, HOST, resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST)
    const end = (does: boolean): void => {
      socket.destroy()
      resolve(does)
    }
    socket.once('data', () => end(true)).once('error', () => end(false))
  })
}
