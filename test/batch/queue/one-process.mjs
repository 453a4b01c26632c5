// A process of a batch over a queue: `batch` with the words given, and a lease of so many
// milliseconds.
import { adapters } from '../../../dist/adapters/registry.js'
import { batchCommand } from '../../../dist/src/commands/batch.js'
import { ioOfProcess } from '../../../dist/src/commands/this-process.js'

const [lease, deliveries, filings, thread, ...words] = process.argv.slice(2)
const home = new URL('../../../', import.meta.url)
const leasing = { ackWaitMs: Number(lease), deliveries: Number(deliveries), filings: Number(filings), mostWaiting: 16 }
let status = 0
const context = {
  ...ioOfProcess('0.1.0', { home, coworker: new URL(thread, import.meta.url) }),
  adapters,
  ends: (ending) => {
    status = ending
  },
}
try {
  await batchCommand(context, leasing).parseAsync(words, { from: 'user' })
} catch (error) {
  process.stderr.write(`${error?.stack}\n`)
  status = error?.code ?? 70
}
process.exit(typeof status === 'number' ? status : 1)
