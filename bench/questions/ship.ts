import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Aim, ask, ours, type Setting, type Verdict } from '../ask.ts'
import { million } from '../captures.ts'

const LF = 10
/** What Elasticsearch says of a document that it has stored. */
const CREATED = '{"create":{"_index":"drops","_id":"0123456789abcdef0123456789abcdef","status":201}}'

/** Shipping to a platform of this process, which acknowledges all at once, beside conversion. */
export async function shipping(setting: Setting): Promise<readonly Verdict[]> {
  const input = million(setting.isQuick)
  if (input === undefined) return []
  const { path, events } = input
  const server = createServer((request, response) => acknowledge(request, response))
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const words = ['--clock', 'realtime', path]
  const ship = (scheme: string, rest = ''): ReturnType<typeof ours> =>
    ours(`ship ${scheme}`, events, ['ship', '--to', `${scheme}+http://127.0.0.1:${port}${rest}`, ...words])
  try {
    return await ask(setting, {
      title: `Shipping, ${events} events`,
      base: 'convert',
      contenders: [
        ours('convert', events, words),
        ours('convert --id', events, ['--id', ...words]),
        ship('loki'),
        ship('hec'),
        ship('es', '/drops'),
      ],
      aims: [...AIMS.map(rateAim), MEMORY],
    })
  } finally {
    server.close()
  }
}

/** Elasticsearch gets records with ids. */
const AIMS = [
  ['ship loki', 'convert'],
  ['ship hec', 'convert'],
  ['ship es', 'convert --id'],
] as const

function rateAim([who, peer]: readonly [string, string]): Aim {
  return { what: who, who, peer, by: 'cpuSeconds', isRate: true, must: 0.5, aim: 0.7 }
}

const MEMORY: Aim = { what: 'peak memory, ship es', who: 'ship es', by: 'peakMiB', must: 192, aim: 128 }

/** Answers as the platform of the path does, when all of the request came. */
function acknowledge(request: IncomingMessage, response: ServerResponse): void {
  const { url = '' } = request
  let lines = 0
  request.on('data', (bytes: Buffer) => {
    for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) lines++
  })
  request.on('end', () => {
    if (url.endsWith('/_bulk')) response.end(`{"items":[${new Array(lines / 2).fill(CREATED).join(',')}]}`)
    else if (url.includes('/collector')) response.end('{"text":"Success","code":0}')
    else response.writeHead(204).end()
  })
}
