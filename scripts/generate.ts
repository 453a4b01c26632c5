// Everything that is made from the schemas and from the folders of adapters/ (run by `npm run generate`).
//   tsx scripts/generate.ts [--schemas DIR] [--out DIR]
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { columnsModule } from './generate/columns.ts'
import { fieldsModule } from './generate/fields.ts'
import { machineModule } from './generate/machine.ts'
import { membersModule } from './generate/members.ts'
import { fieldReference } from './generate/reference.ts'
import { registryModule } from './generate/registry.ts'
import { type EventSchema, type Schema, selfContained } from './generate/schema.ts'
import { tableFieldsModule } from './generate/table-fields.ts'
import { documentTypes, typesModule } from './generate/types.ts'
import { documentValidator, strictSchemaModule, strictValidators } from './generate/validators.ts'
import { emitReasonTables } from './reasons.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { schemas: { type: 'string', default: join(root, 'schemas') }, out: { type: 'string', default: root } },
})

function read<T extends Schema>(name: string): T {
  return JSON.parse(readFileSync(join(values.schemas, `${name}${SCHEMA}`), 'utf8'))
}

function write(path: string, text: string): void {
  const file = join(values.out, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

const SCHEMA = '.v1.schema.json'
const GENERATED = 'src/event/generated'
/** The schema of data in this package, which only a test uses. */
const OWN_DATA = 'reasons'

const event = read<EventSchema>('event')
write(`${GENERATED}/types.ts`, typesModule(event))
write(`${GENERATED}/members.ts`, membersModule(event))
write(`${GENERATED}/columns.ts`, columnsModule(event))
write(`${GENERATED}/fields.ts`, fieldsModule(event))
write(`${GENERATED}/table-fields.ts`, tableFieldsModule(event))
const validators = strictValidators(event)
write(`${GENERATED}/event-validators.js`, validators.code)
write(`${GENERATED}/validators.ts`, validators.typed)
write(`${GENERATED}/strict-schema.ts`, strictSchemaModule(event))
write('docs/event-format.md', fieldReference(event))

// A module for each document, so that only a program that needs it loads it.
for (const file of readdirSync(values.schemas).toSorted()) {
  const name = file.slice(0, -SCHEMA.length)
  if (!file.endsWith(SCHEMA) || name === OWN_DATA) continue
  const schema = selfContained(read(name), read)
  const { code, typed } = documentValidator(name, schema)
  write(`${GENERATED}/${name}-validator.js`, code)
  write(`${GENERATED}/validate-${name}.ts`, typed)
  if (name !== 'event') write(`${GENERATED}/${name}-types.ts`, documentTypes(name, schema))
}

const MACHINE = 'src/shapes/machine'
const WASM = `${MACHINE}/generated/wasm.ts`
write(WASM, machineModule(join(root, MACHINE), join(root, WASM)))

const adapters = join(root, 'adapters')
write(
  'adapters/registry.ts',
  registryModule(readdirSync(adapters).filter((folder) => existsSync(join(adapters, folder, 'adapter.ts')))),
)
emitReasonTables(values.out)
